"""What a mail says: put together from the messages when it is sent, or shown before."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from bot.interactions import Microseconds, as_datetime
from bot.mail.words import WORDS
from bot.spoken import Language
from bot.store.conversations import Message
from bot.store.mails import FORWARDS, MailKind

UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Line:
    """One message as it is mailed. `more` are its files by name and its sources by title and address."""

    who: str
    at: str
    text: str
    sender: str
    more: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Letter:
    """The mail in both its forms. `stop` is the address that a mail program may press by itself."""

    subject: str
    text: str
    html: str
    stop: str = ""
    intro: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Contents:
    """What goes into a letter. `all` is how many messages there are, of which `said` may be the latest."""

    kind: MailKind
    site: str
    said: tuple[Message, ...]
    all: int
    language: Language = "en"
    timezone: ZoneInfo = UTC
    by: str = ""
    words: str = ""


def letter(contents: Contents, *, link: str, until: Microseconds | None = None, stop: str = "") -> Letter:
    """`link` leads a visitor to their conversation until then, and a colleague to the console."""
    words = WORDS[contents.language]
    forwarded = contents.kind in FORWARDS
    day = "" if until is None else f"{as_datetime(until).astimezone(contents.timezone):%Y-%m-%d}"
    intro, lines = _intro(contents), tuple(_line(one, contents) for one in contents.said)
    shown = {
        "words": words,
        "language": contents.language,
        "intro": intro,
        "note": contents.words,
        "lines": lines,
        "cut": words["latest"].format(shown=len(contents.said), all=contents.all) if _is_cut(contents) else "",
        "link": link,
        "go_on": "Open it in the console" if forwarded else words["go_on"],
        "small": [] if forwarded else [words["until"].format(day=day), words["why"]],
        "stop": stop,
    }
    text, html = (_templates.get_template(f"letter.{form}").render(shown) for form in ("txt", "html"))
    return Letter(_subject(contents), text.strip() + "\n", html, stop, intro, lines)


def _subject(contents: Contents) -> str:
    words = WORDS[contents.language]
    match contents.kind:
        case MailKind.FORWARD | MailKind.FORWARD_ALL:
            return f"A conversation on {contents.site}, forwarded by {contents.by}"
        case MailKind.TRANSCRIPT:
            return words["about_transcript"].format(site=contents.site)
    return words["about_answer"].format(site=contents.site)


def _intro(contents: Contents) -> str:
    words = WORDS[contents.language]
    match contents.kind:
        case MailKind.FORWARD | MailKind.FORWARD_ALL:
            return f"{contents.by} forwards you a conversation from the chat of {contents.site}."
        case MailKind.TRANSCRIPT:
            return words["transcript"].format(site=contents.site)
    names = [one.name for one in contents.said if one.sender == "staff" and one.name]
    return words["answered"].format(name=names[-1] if names else contents.site, site=contents.site)


def _is_cut(contents: Contents) -> bool:
    return contents.kind in (*FORWARDS, MailKind.TRANSCRIPT) and len(contents.said) < contents.all


def _line(said: Message, contents: Contents) -> Line:
    words = WORDS[contents.language]
    visitor = "Visitor" if contents.kind in FORWARDS else words["you"]
    who = {"visitor": visitor, "bot": words["bot"]}.get(said.sender, said.name or words["staff"])
    files = [(f"{words['file']}: {one['name']}", "") for one in said.files]
    links = [(str(one.get("title") or one.get("url")), str(one.get("url") or "")) for one in said.sources]
    at = f"{as_datetime(said.at).astimezone(contents.timezone):%Y-%m-%d %H:%M}"
    return Line(who, at, said.text, said.sender, (*files, *links))


def _web(url: str) -> bool:
    return url.startswith(("https://", "http://"))


_templates = Environment(
    loader=PackageLoader("bot.mail"),
    # The plain one is text: nothing in it is markup.
    autoescape=select_autoescape(("html",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["web"] = _web

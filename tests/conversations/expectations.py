"""What may be expected of an answer: a name in the `#> ` line, and how it is seen to hold."""

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from bot.interactions import Kind
from tests.conversations.script import BadScript, Line
from tests.conversations.visitor import Turn

Check = Callable[[Turn, Any], str | None]
"""The fault, in words; None when it holds."""
VALIDATING = re.compile(r"^(action_)?validate_")
GERMAN = set(re.findall(r"\w+", "der die das und ist nicht ein eine ich sie wir auf zu mit für von den es kann haben"))
ENGLISH = set(re.findall(r"\w+", "the a an and is are not you we it to of for with this that can have i in on your"))


def faults(line: Line, turn: Turn) -> list[str]:
    """Everything that is wrong with what came back for the line."""
    named = {name: value for name, value in line.expected.items() if name != "press"}
    if unknown := set(named) - set(CHECKS):
        raise BadScript(f"{', '.join(sorted(unknown))} can't be expected; {', '.join(sorted(CHECKS))} can.")
    if not named:
        raise BadScript(f"Nothing is expected after “{line.text}”.")
    found = [CHECKS[name](turn, value) for name, value in named.items()]
    return [*_always(line, turn), *(one for one in found if one)]


def _always(line: Line, turn: Turn) -> Iterable[str]:
    """What holds for every answer. Intents are for `rasa test` to judge: here counts what was done about them."""
    done = tuple(name for name in turn.understanding.get("actions", ()) if not VALIDATING.match(name))
    if done != line.actions and not turn.erased:
        understood = " ".join(f"{name} {sure:.2f}" for name, sure in turn.understanding.get("ranking", [])[:3])
        yield f"did {', '.join(done) or 'nothing'}, not {', '.join(line.actions) or 'nothing'} ({understood})"
    if any(not reply["text"].strip() for reply in turn.replies):
        yield "says nothing"
    if turn.text == turn.before and not line.expected.get("again"):
        yield "says the same words again"
    if re.search(r"\{\w*\}|\butter_\w+|\bNone\b", turn.text):
        yield "shows its machinery"
    for name, value in line.entities:
        kinds = [(one["kind"], str(one["value"])) for one in turn.understanding.get("entities", ())]
        if (name, value) not in kinds:
            yield f"found {kinds or 'no entity'}, not {name} {value}"


def _source(turn: Turn, pages: str | list[str]) -> str | None:
    cited = [urlsplit(source["url"]).path.removeprefix("/") for source in turn.sources]
    return None if cited and cited[0] in _listed(pages) else f"cites {cited or 'no page'}, not {_either(pages)} first"


def _cites(turn: Turn, pages: str | list[str]) -> str | None:
    cited = {urlsplit(source["url"]).path.removeprefix("/") for source in turn.sources}
    missing = set(_listed(pages)) - cited
    return f"cites {sorted(cited)}, without {sorted(missing)}" if missing else None


def _says(turn: Turn, words: str | list[str]) -> str | None:
    missing = [one for one in _listed(words) if not any(_in(part, turn.text) for part in str(one).split("|"))]
    return f"does not say {missing}" if missing else None


def _never_says(turn: Turn, words: str | list[str]) -> str | None:
    said = [one for one in _listed(words) if re.search(rf"(?<!\w){re.escape(one)}(?!\w)", turn.text, re.IGNORECASE)]
    return f"says {said}" if said else None


def _refuses(turn: Turn, wanted: bool) -> str | None:
    refused = turn.understanding.get("from_pages", {}).get("answered") is False
    return None if refused is wanted else f"{'answers' if wanted else 'refuses'}, by the pages"


def _asks(turn: Turn, wanted: bool) -> str | None:
    asked = "?" in turn.text
    return None if asked is wanted else f"{'does not ask' if wanted else 'asks'}"


def _options(turn: Turn, titles: list[str]) -> str | None:
    missing = [one for one in _listed(titles) if one not in turn.buttons]
    return f"has the buttons {turn.buttons}, not {missing}" if missing else None


def _offers_person(turn: Turn, wanted: bool) -> str | None:
    offered = any(title in ("Talk to a person", "Mit einem Menschen sprechen") for title in turn.buttons)
    return None if offered is wanted else f"{'does not offer' if wanted else 'offers'} a person"


def _person(turn: Turn, wanted: bool | str) -> str | None:
    """Whether a person is asked for now; as a text, the reason that staff are told."""
    reasons = [one.data.get("reason") for one in turn.happened if one.kind is Kind.HANDOVER]
    if isinstance(wanted, str):
        return None if wanted in reasons else f"asked for a person because of {reasons}, not {wanted}"
    if wanted is not turn.waiting:
        return "asks for no person" if wanted else "asks for a person"
    return None


def _notes(turn: Turn, kinds: str | list[str]) -> str | None:
    noted = {str(one.kind) for one in turn.happened}
    missing = set(_listed(kinds)) - noted
    return f"noted {sorted(noted)}, without {sorted(missing)}" if missing else None


def _remembers(turn: Turn, words: str | list[str]) -> str | None:
    missing = [one for one in _listed(words) if not any(_in(str(one), fact) for fact in turn.facts)]
    return f"remembers {list(turn.facts)}, without {missing}" if missing else None


def _forgot(turn: Turn, words: str | list[str]) -> str | None:
    kept = [one for one in _listed(words) if any(_in(str(one), fact) for fact in turn.facts)]
    return f"still remembers {kept}" if kept else None


def _slots(turn: Turn, values: dict[str, Any]) -> str | None:
    wrong = {name: turn.slots.get(name) for name, value in values.items() if turn.slots.get(name) != value}
    return f"goes on with {wrong}, not {values}" if wrong else None


def _card(turn: Turn, title: str) -> str | None:
    shown = [card["title"] for reply in turn.replies for card in reply["cards"]]
    return None if title in shown else f"shows the cards {shown}, not {title}"


def _language(turn: Turn, language: str) -> str | None:
    """By the small words of the bot's own sentences: what it quotes is in the page's language."""
    own = turn.text
    for source in turn.sources:
        own = own.replace(source.get("quote") or "\0", " ")
    words = re.findall(r"\w+", own.lower())
    german, english = (sum(word in small for word in words) for small in (GERMAN, ENGLISH))
    told = "de" if german > english else "en"
    return None if told == language else f"speaks {told}, not {language}"


def _again(turn: Turn, wanted: bool) -> str | None:
    return None if (turn.text == turn.before) is wanted else "does not say it again"


def _erased(turn: Turn, wanted: bool) -> str | None:
    return None if turn.erased is wanted else "leaves something behind"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _either(value: Any) -> str:
    return " or ".join(map(str, _listed(value)))


def _in(words: str, text: str) -> bool:
    return " ".join(words.lower().split()) in " ".join(text.lower().split())


CHECKS: dict[str, Check] = {
    "source": _source,
    "cites": _cites,
    "says": _says,
    "never_says": _never_says,
    "refuses": _refuses,
    "asks": _asks,
    "options": _options,
    "offers_person": _offers_person,
    "person": _person,
    "notes": _notes,
    "remembers": _remembers,
    "forgot": _forgot,
    "slots": _slots,
    "card": _card,
    "language": _language,
    "again": _again,
    "erased": _erased,
}

"""An alert as a mail: a sentence, what was held back before it, and where to look."""

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from bot.mail.letters import Letter


def alert_letter(*, site: str, told: str, more: str, quotes: Sequence[str], link: str, stop: str) -> Letter:
    """`quotes` is what visitors said, empty where the rule has it so."""
    shown = {"site": site, "told": told, "more": more, "quotes": quotes, "link": link, "stop": stop}
    text, html = (_templates.get_template(f"alert.{form}").render(shown) for form in ("txt", "html"))
    return Letter(f"{site}: {told}", text.strip() + "\n", html, stop)


_templates = Environment(
    loader=PackageLoader("bot.mail"),
    # The plain one is text: nothing in it is markup.
    autoescape=select_autoescape(("html",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

"""The report as one HTML file: nothing beside it is fetched, it runs no script, and as a rule it prints on one page."""

import re
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.insights.charts.theme import DARK, LIGHT
from bot.insights.one_page.charts import effect_of, shares_of, svg
from bot.insights.one_page.page import INVENTED, page_of

COLOURS: dict[str, str] = dict(
    [
        *((getattr(LIGHT, name), getattr(DARK, name)) for name in ("ink", "soft", "line", "paper")),
        *((LIGHT.labels[name], DARK.labels[name]) for name in LIGHT.labels),
        *zip(LIGHT.series, DARK.series, strict=True),
    ]
)
"""Of a chart drawn light, what stands for each of its colours when the reader's screen is dark."""


def html_of(told: Mapping[str, Any]) -> str:
    """The file. It reads no clock: the same report is the same file."""
    page, names = page_of(told), {colour: f"--c{number}" for number, colour in enumerate(COLOURS)}
    charts = [chart for chart in (shares_of(told), effect_of(told)) if chart is not None]
    pictures = [_in_both_themes(svg(one, dark=False, narrow=True), names, number) for number, one in enumerate(charts)]
    themes = {
        "light": "; ".join(f"{name}: {colour}" for colour, name in names.items()),
        "dark": "; ".join(f"{name}: {COLOURS[colour]}" for colour, name in names.items()),
    }
    pictured = list(zip(pictures, (one.title for one in charts), strict=True))
    return _templates.get_template("page.html").render(
        page=page, charts=pictured, themes=themes, invented=INVENTED, ink=names
    )


def _in_both_themes(picture: str, names: Mapping[str, str], number: int) -> str:
    """The SVG with names for its colours, and ids that no other picture of the file has."""
    for colour, name in names.items():
        picture = re.sub(f'"{re.escape(colour)}"', f'"var({name})"', picture, flags=re.IGNORECASE)
    picture = re.sub(r'\bid="', f'id="p{number}-', picture)
    return re.sub(r"url\(#", f"url(#p{number}-", picture)


_templates = Environment(
    loader=PackageLoader("bot.insights.one_page"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

"""How a board shows a chart: `picture_of` in its page, drawn by the macro `picture` of `boards/chart.html`, and `send`
at the address of its SVG. Below the picture the template puts the table with all of its numbers.

    chart = Lines(...)                                  # frozen, plain values; see bot/insights/charts/frame.py
    picture = picture_of(chart, height_of, f"/insights/people.svg?{query}", csv=f"/insights/people.csv?{query}")
    {% import "boards/chart.html" as charts %} {{ charts.picture(picture) }}
    return await send(request, chart, svg)              # at /insights/people.svg
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.gateway.boards import drawing
from bot.insights.charts.frame import Chart, width_of


@dataclass(frozen=True)
class Size:
    """In CSS pixels, so that a page has room for a picture before it is there."""

    width: int
    height: int


@dataclass(frozen=True)
class Picture:
    """`address` is the SVG's with its query; `csv` is where the data of the chart is, None where another link says."""

    title: str
    address: str
    wide: Size
    narrow: Size
    csv: str | None


def picture_of[C: Chart](
    chart: C, height_of: Callable[..., int], address: str, *, csv: str | None = None
) -> Picture:  # fmt: skip
    """`height_of(chart, narrow=)` is that of the chart's module."""
    wide, narrow = (
        Size(width_of(narrow=narrow), height_of(chart, narrow=narrow)) for narrow in (False, True)
    )  # fmt: skip
    return Picture(chart.title, address if "?" in address else f"{address}?", wide, narrow, csv)


async def send(request: web.Request, chart: Any, svg: Callable[..., str]) -> web.Response:
    """The chart as its address asks for it: `theme=dark`, `size=narrow`."""
    how = {"dark": request.query.get("theme") == "dark", "narrow": request.query.get("size") == "narrow"}
    drawn = await drawing.drawn_once((chart, *how.values()), svg, chart, **how)
    return web.Response(text=drawn, content_type="image/svg+xml")

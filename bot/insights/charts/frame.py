"""What every chart has around it: its sizes, the title that says what was found, the subtitle, axes in one look.

A kind of chart is a module with a frozen dataclass of plain values that has a `title` and a `subtitle`, with
`height_of(chart, narrow=)` and `svg(chart, dark=, narrow=)`. `bot/gateway/boards/pictures.py` calls the latter in a
process of its own: drawing takes a tenth of a second, and no visitor waits for it.
"""

from textwrap import wrap
from typing import Any, Protocol

from bot.insights.charts.theme import FONT, Theme

WIDE, NARROW = 640, 310
"""The picture's width in CSS pixels, on a screen and on a phone."""
PADDING = 8
TITLE_PX, SUBTITLE_PX = 20, 16
"""As high as a line of them."""
LETTER_PX, SMALL_LETTER_PX = 8.9, 6.4
"""As wide as a letter of title and subtitle is on the average in a wide font: the reader's own may be one."""


class Chart(Protocol):
    """What is drawn. The title says what was found, the subtitle what is shown, of when, and how far to believe it."""

    @property
    def title(self) -> str: ...
    @property
    def subtitle(self) -> str: ...


def width_of(*, narrow: bool) -> int:
    return NARROW if narrow else WIDE


def heading_px(chart: Chart, *, narrow: bool) -> int:
    """As high as title and subtitle are together."""
    width = width_of(narrow=narrow)
    title, subtitle = lines(chart.title, width), lines(chart.subtitle, width, small=True)
    return len(title) * TITLE_PX + len(subtitle) * SUBTITLE_PX


def lines(text: str, width: int, *, small: bool = False) -> list[str]:
    """The text in lines that fit into so many pixels."""
    return wrap(text, int((width - 2 * PADDING) / (SMALL_LETTER_PX if small else LETTER_PX))) or [""]


def framed(drawn: Any, chart: Chart, theme: Theme, *, narrow: bool, height: int) -> dict[str, Any]:
    """The Altair chart `drawn` as a specification, in its frame; `height` is that of the plot itself."""
    import altair as alt

    width = width_of(narrow=narrow)
    title = alt.TitleParams(
        text=lines(chart.title, width),
        subtitle=lines(chart.subtitle, width, small=True),
        anchor="start",
        color=theme.ink,
        subtitleColor=theme.soft,
        fontSize=15,
        subtitleFontSize=12,
        offset=14,
        frame="bounds",
    )
    # The numbers beside the plot are in the width too: a picture is never wider than its place.
    drawn = drawn.properties(
        width=width, height=height, title=title, autosize=alt.AutoSizeParams(type="fit-x", contains="padding")
    )
    drawn = drawn.configure(font=FONT, background="transparent", padding=PADDING)
    drawn = drawn.configure_view(stroke=None).configure_axis(
        labelColor=theme.soft, titleColor=theme.soft, gridColor=theme.line, domainColor=theme.line, ticks=False,
        labelFontSize=12, titleFontSize=12, titleFontWeight="normal",
    )  # fmt: skip
    found: dict[str, Any] = drawn.to_dict()
    return found


def as_svg(specification: dict[str, Any]) -> str:
    """The picture on no background; its words are text in the reader's own font."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(specification))

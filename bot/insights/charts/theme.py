"""The one look of all charts: the console's colours, light and dark, for the reader's own font.

What is a line or a point has a contrast of at least 3 to the paper, what is read at least 4.5; a test holds them to it.
On paper a chart is the light one.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """`labels` are the colours of how far a number may be believed, `segments` of who converses and who buys.

    `series` are for what has no colour of its own, in this order.
    """

    ink: str
    soft: str
    line: str
    paper: str
    labels: dict[str, str]
    segments: dict[str, str]
    series: tuple[str, ...]


LIGHT = Theme(
    "#171a20", "#5b6270", "#e1e4e9", "#fff",
    {"randomized": "#2453c9", "adjusted": "#7a4bb5", "descriptive": "#868e9c", "guess": "#8a4b00"},
    {"conversing buyer": "#2453c9", "conversing visitor": "#5d8bf4", "silent buyer": "#8a4b00",
     "passive visitor": "#868e9c"},
    ("#2453c9", "#8a4b00", "#7a4bb5", "#00796b", "#b3261e", "#868e9c"),
)  # fmt: skip
DARK = Theme(
    "#e8eaee", "#9aa3b2", "#2c323c", "#1a1e25",
    {"randomized": "#9db7ff", "adjusted": "#d0b3ff", "descriptive": "#6b7482", "guess": "#f2b968"},
    {"conversing buyer": "#9db7ff", "conversing visitor": "#5f86f0", "silent buyer": "#f2b968",
     "passive visitor": "#7d8696"},
    ("#9db7ff", "#f2b968", "#d0b3ff", "#6fd6c5", "#ff9d94", "#7d8696"),
)  # fmt: skip
FONT = "system-ui, sans-serif"
"""The reader's own: nothing is shipped, and nothing is fetched."""


def theme_of(*, dark: bool) -> Theme:
    return DARK if dark else LIGHT

"""Charts over time: drawn for what real shops have, with words that are words, as high as the page leaves room for."""

import re
from itertools import product
from types import ModuleType

import pytest

from bot.insights.charts import lines, panels, stacks
from bot.insights.charts.times import OverTime, Series

WEEKS = ("2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26")
WAYS = [{"dark": dark, "narrow": narrow} for dark, narrow in product((False, True), repeat=2)]


def a_chart(*series: Series, days: tuple[str, ...] = WEEKS, number: str = "count", title: str = "Found") -> OverTime:
    return OverTime(title, "People a week, in UTC. Descriptive.", days, "week", series, number)


def height_in(svg: str) -> float:
    found = re.search(r'<svg[^>]* height="([\d.]+)"', svg)
    assert found is not None
    return float(found.group(1))


BUYERS = Series("Conversing buyers", "conversing buyer", (3.0, 5.0, None, 4.0))
OTHERS = Series("=cmd()<script>alert(1)</script>", "of their own", (900.0, 0.0, 850.0, -20.0))


@pytest.mark.parametrize("kind", [panels, lines, stacks])
def test_a_chart_fits_its_place_in_every_mode(kind: ModuleType):
    chart = a_chart(BUYERS, OTHERS, title="People who talked with us bought three times as often as those who did not")

    drawn = [kind.svg(chart, **way) for way in WAYS]

    assert len(set(drawn)) == len(WAYS)
    for way, svg in zip(WAYS, drawn, strict=True):
        assert abs(height_in(svg) - kind.height_of(chart, narrow=way["narrow"])) <= 12
        assert f'width="{310 if way["narrow"] else 640}"' in svg


@pytest.mark.parametrize("kind", [panels, lines, stacks])
def test_what_somebody_typed_is_text_in_a_chart(kind: ModuleType):
    svg = kind.svg(a_chart(OTHERS), dark=False, narrow=False)

    assert "=cmd()&lt;script&gt;" in svg
    assert "<script" not in svg


@pytest.mark.parametrize("kind", [panels, lines, stacks])
@pytest.mark.parametrize("values", [(0.0,), (None,), (0.001,), (12_345_678_901.0,)])
def test_one_day_nothing_and_a_lot_are_drawn_too(kind: ModuleType, values: tuple[float | None, ...]):
    svg = kind.svg(a_chart(Series("Revenue", "", values), days=WEEKS[:1]), dark=False, narrow=True)

    assert svg.startswith("<svg")
    assert "NaN" not in svg and "Infinity" not in svg

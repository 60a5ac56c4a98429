"""The look of all charts: readable on light and on dark paper, and of its own for each segment and label."""

import pytest

from bot.insights.charts.frame import NARROW, lines
from bot.insights.charts.theme import DARK, LIGHT, Theme
from bot.insights.segments import Segment


def contrast(one: str, other: str) -> float:
    """By WCAG 2: from 1, the same, to 21, black and white."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * one for one in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_every_word_and_line_of_a_chart_stands_out_from_its_paper(theme: Theme):
    words = [contrast(one, theme.paper) for one in (theme.ink, theme.soft)]
    drawn = {*theme.labels.values(), *theme.segments.values(), *theme.series}

    assert min(words) >= 4.5
    assert {one for one in drawn if contrast(one, theme.paper) < 3} == set()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_every_segment_but_noise_has_a_colour_of_its_own(theme: Theme):
    assert set(theme.segments) == {one.value for one in Segment if one is not Segment.NOISE}
    assert len(set(theme.segments.values())) == 4


def test_a_long_title_goes_on_in_the_next_line():
    told = lines("Who talked with us bought three times as often as who did not, in every month of the year", NARROW)

    assert len(told) > 1
    assert max(map(len, told)) <= 34

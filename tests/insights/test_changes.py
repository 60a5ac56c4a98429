"""What is said of a change: both numbers, and never more than so few people can tell."""

import pytest

from bot.insights.changes import Change, of_count, of_money, of_share


def plain(change: Change | None) -> tuple[str, str] | None:
    return (
        None
        if change is None
        else tuple(one.replace("\N{NO-BREAK SPACE}", " ") for one in (change.before, change.told))
    )  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("now", "then", "told"),
    [
        ((300, 1_000), (200, 1_000), ("20.0 %", "+10.0 points (+6.2 to +13.7)")),
        ((200, 1_000), (300, 1_000), ("30.0 %", "−10.0 points (−13.7 to −6.2)")),
        ((205, 1_000), (200, 1_000), ("20.0 %", "no clear change: +0.5 points (−3.0 to +4.0)")),
        ((9, 1_000), (200, 1_000), ("20.0 %", "too few to judge")),
        ((995, 1_000), (200, 1_000), ("20.0 %", "too few to judge")),
        ((200, 1_000), (0, 0), ("–", "nobody then")),
        ((0, 0), (200, 1_000), None),
    ],
)
def test_a_share_has_the_interval_of_its_change(
    now: tuple[int, int], then: tuple[int, int], told: tuple[str, str] | None
) -> None:
    assert plain(of_share(*now, *then)) == told


@pytest.mark.parametrize(
    ("now", "then", "told"),
    [
        (1_200, 1_000, ("1,000", "+20 %")),
        (1_050, 1_000, ("1,000", "no clear change: +5 %")),
        (9, 1_000, ("1,000", "too few to judge")),
        (10, 0, ("0", "nobody then")),
        (0, 0, ("0", "as then")),
    ],
)
def test_a_number_of_people_is_not_judged_within_chance(now: int, then: int, told: tuple[str, str]) -> None:
    assert plain(of_count(now, then)) == told


@pytest.mark.parametrize(
    ("now", "then", "buyers", "told"),
    [
        ("150.00", "100.00", (10, 10), "+50 %"),
        ("-5.00", "100.00", (10, 10), "−105 %"),
        ("150.00", "100.00", (1, 10), "too few to judge"),
        ("150.00", "0.00", (10, 10), "too few to judge"),
        ("150.00", "-3.00", (10, 10), "too few to judge"),
        ("0.00", "0.00", (0, 0), "as then"),
    ],
)
def test_money_is_compared_where_enough_people_bought(now: str, then: str, buyers: tuple[int, int], told: str) -> None:
    assert of_money(now, then, "EUR", *buyers).told.replace("\N{NO-BREAK SPACE}", " ") == told

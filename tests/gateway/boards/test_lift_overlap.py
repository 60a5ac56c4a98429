"""Where nobody is held out, the page about lift shows how alike talkers and others are, and says what that proves."""

import csv
import io

import pytest

from bot.experiment import Arm
from bot.store.sites import add_site
from tests.cast import SHOP, at
from tests.gateway.boards.test_lift import PAGE, an_experiment
from tests.gateway.front_office import Browser, Office
from tests.insights.lift.happenings import buy, drawn, talk

__all__ = ["an_experiment"]


@pytest.fixture
async def nobody_held_out(office: Office) -> None:
    """400 people, of whom 100 talked, and 60 of them bought; so did 60 of the others."""
    await office.store.write(add_site, SHOP, at=at(), holdout=0.0)
    people = await drawn(office.store, Arm.OFFERED, 400)
    await talk(office.store, people[:100])
    await buy(office.store, [*people[:60], *people[100:160]])


async def test_a_picture_a_table_and_a_file_say_how_alike_they_are(mayas: Browser, nobody_held_out: None) -> None:
    page = await mayas.get(f"{PAGE}?guess=none")
    picture = await mayas.get(f"{PAGE}/overlap.svg?theme=dark&size=narrow")
    file = await mayas.get(f"{PAGE}/overlap.csv")

    assert f"{PAGE}/overlap.svg?" in page.text and "How alike talkers and others are" in page.words
    assert "of talkers have people alike who did not talk" in page.text
    assert picture.status == 200 and "alike who did not talk" in picture.text
    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert sum(int(row["talkers"]) for row in rows) == 100 and sum(int(row["others"]) for row in rows) == 300
    assert [row["left_out"] for row in rows] == ["0"] * 9 + ["1"]


async def test_the_page_says_in_words_how_strong_something_unknown_had_to_be(
    mayas: Browser, nobody_held_out: None
) -> None:
    page = await mayas.get(f"{PAGE}?guess=none")

    assert "times as likely to talk, and change their buying as much" in page.words


async def test_an_experiment_has_no_such_picture(mayas: Browser, an_experiment: None) -> None:
    page = await mayas.get(f"{PAGE}?guess=none")

    assert "overlap" not in page.text
    for what in ("overlap.svg", "overlap.csv"):
        assert (await mayas.get(f"{PAGE}/{what}")).status == 404

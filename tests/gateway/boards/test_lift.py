"""The page about lift: first the guess, then the verdict, and at each number how far it may be believed."""

import csv
import io

import pytest
from sqlalchemy import Connection, select

from bot.experiment import Arm
from bot.store.audit import Act
from bot.store.console_tables import audit
from bot.store.experiments import guess_of
from bot.store.sites import INVENTED, add_site
from tests.cast import SHOP, at
from tests.gateway.front_office import Browser, Office
from tests.insights.lift.happenings import buy, drawn, talk

PAGE = "/insights/lift"
GUESS = {"site": SHOP, "experiment": str(at()), "change": "20", "planned": "5,000"}


@pytest.fixture
async def an_experiment(office: Office) -> None:
    """900 offered of whom 270 bought, 100 held out of whom 9 did; a third of those offered talked."""
    offered, held_out = await drawn(office.store, Arm.OFFERED, 900), await drawn(office.store, Arm.HELD_OUT, 100)
    await talk(office.store, offered[:20])
    await buy(office.store, offered[:270])
    await buy(office.store, held_out[:9])


def audited(connection: Connection) -> list[tuple[str, str]]:
    rows = connection.execute(select(audit.c.act, audit.c.subject).where(audit.c.act == Act.GUESSED))
    return [(row.act, row.subject) for row in rows]


async def test_the_result_waits_for_a_guess(mayas: Browser, an_experiment: None) -> None:
    page = await mayas.get(PAGE)

    assert "Guess first 900 people were offered the chat and 100 were held out by lot" in page.words
    assert "8 of 10 experiments find" in page.words
    assert "Because of the chat" not in page.words and "talkers" not in page.words.lower()


async def test_a_guess_is_kept_and_stands_beside_the_result(
    mayas: Browser, office: Office, an_experiment: None
) -> None:
    kept = await mayas.post(f"{PAGE}/guess", GUESS)
    page = await mayas.get(kept.location)

    assert (kept.status, page.status) == (303, 200)
    assert "Maya guessed on 2026-03-02, when 1,000 people had been drawn: 20" in page.words
    assert "Because of the chat more people buy: 30.0 % of those offered it" in page.words
    guess = await office.store.read(guess_of, SHOP, at())
    assert guess is not None and (guess.change, guess.planned, guess.drawn) == (0.2, 5_000, 1_000)
    assert await office.store.read(audited) == [("guessed", f"site:{SHOP}")]


async def test_a_second_guess_changes_nothing_and_is_told_so(mayas: Browser, office: Office) -> None:
    await mayas.post(f"{PAGE}/guess", GUESS)

    again = await mayas.post(f"{PAGE}/guess", GUESS | {"change": "90"})

    guess = await office.store.read(guess_of, SHOP, at())
    assert (again.status, guess and guess.change) == (409, 0.2)
    assert "a guess is never changed" in again.words
    assert len(await office.store.read(audited)) == 1


async def test_a_guess_about_an_experiment_that_is_over_is_not_kept(mayas: Browser, office: Office) -> None:
    await office.store.write(add_site, SHOP, at=at(minutes=-1), holdout=0.3)

    late = await mayas.post(f"{PAGE}/guess", GUESS | {"experiment": str(at(days=-9))})

    assert late.status == 409
    assert "The holdout has changed since this page was opened" in late.words
    assert await office.store.read(guess_of, SHOP, at()) is None


@pytest.mark.parametrize(
    "wrong",
    [
        *({"change": change} for change in ("", "much", "nan", "inf", "-101", "1e9")),
        *({"planned": planned} for planned in ("", "0", "-5", "many", "٣", "9" * 40)),
    ],
)
async def test_what_is_no_guess_is_refused_with_what_would_be(mayas: Browser, wrong: dict[str, str]) -> None:
    page = await mayas.post(f"{PAGE}/guess", GUESS | wrong)

    assert page.status == 400
    assert "Give the change in percent" in page.words


async def test_a_guess_about_nobodys_site_is_not_found(mayas: Browser) -> None:
    assert (await mayas.post(f"{PAGE}/guess", GUESS | {"site": "nobodys"})).status == 404


async def test_who_has_no_guess_sees_the_result_too(mayas: Browser, an_experiment: None) -> None:
    page = await mayas.get(f"{PAGE}?guess=none")

    assert "Because of the chat more people buy" in page.words
    assert "Difference in buyers Share of buyers offered less share held out" in page.words
    assert "Talkers against the silent, biased" in page.words and "descriptive" in page.words
    assert "Offered the chat 900 0 20 270" in page.words


async def test_the_chart_is_drawn_light_dark_and_narrow_and_says_what_was_found(
    mayas: Browser, an_experiment: None
) -> None:
    pictures = [await mayas.get(f"{PAGE}/chart.svg?{how}") for how in ("", "theme=dark", "size=narrow")]

    assert {one.headers["Content-Type"] for one in pictures} == {"image/svg+xml; charset=utf-8"}
    assert all("The chat brings" in one.text for one in pictures)
    assert len({one.text for one in pictures}) == 3
    assert "<script" not in pictures[0].text


async def test_without_anything_to_compare_there_is_no_chart(mayas: Browser) -> None:
    page = await mayas.get(PAGE)

    assert "Nobody was drawn in these days" in page.words
    assert (await mayas.get(f"{PAGE}/chart.svg")).status == 404
    assert "chart.svg" not in page.text


async def test_the_figures_are_a_file_with_their_definitions(mayas: Browser, an_experiment: None) -> None:
    file = await mayas.get("/insights/lift.csv?since=2026-03-02&until=2026-03-02")

    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(file.text))}
    assert float(rows["conversion_difference"]["value"]) == pytest.approx(0.21)
    assert (rows["conversion_difference"]["label"], rows["naive_change"]["label"]) == ("randomized", "descriptive")
    assert all(row["definition"] for row in rows.values())
    assert 'filename="demo-lift-2026-03-02-' in file.headers["Content-Disposition"]


async def test_without_a_window_it_is_the_whole_experiment(mayas: Browser, office: Office) -> None:
    await office.store.write(add_site, SHOP, at=at(days=-200), holdout=0.2)
    office.clock.at = at(hours=5)

    assert 'name="since" value="2026-03-02"' in (await mayas.get(PAGE)).text
    assert 'name="since" value="2026-01-01"' in (await mayas.get(f"{PAGE}?since=2026-01-01")).text
    assert (await mayas.get(f"{PAGE}?since=never")).status == 400


async def test_every_page_of_the_demonstration_says_that_nobody_in_it_is_real(mayas: Browser, office: Office) -> None:
    await office.store.write(add_site, INVENTED, at=at())

    for path in ("/insights", "/insights/pages", PAGE):
        assert "nobody here is real" in (await mayas.get(f"{path}?site={INVENTED}")).words
        assert "nobody here is real" not in (await mayas.get(f"{path}?site={SHOP}")).words


async def test_an_unknown_site_is_not_found(mayas: Browser) -> None:
    for path in (PAGE, f"{PAGE}/chart.svg", "/insights/lift.csv"):
        assert (await mayas.get(f"{path}?site=nobodys")).status == 404

"""From the numbers of the experiment to the people who were drawn."""

import csv
import io

import pytest

from bot.experiment import Arm
from tests.gateway.front_office import Browser, Office
from tests.insights.lift.happenings import buy, drawn, talk

DAY = "since=2026-03-02&until=2026-03-02"
PAGE = "/insights/lift/people"


@pytest.fixture
async def an_experiment(office: Office) -> list[str]:
    """120 offered of whom 60 bought and two talked, 40 held out of whom nobody did either."""
    offered, held_out = await drawn(office.store, Arm.OFFERED, 120), await drawn(office.store, Arm.HELD_OUT, 40)
    await talk(office.store, offered[:2])
    await buy(office.store, offered[:60])
    return [*offered, *held_out]


async def test_every_number_of_who_was_drawn_leads_to_its_people(mayas: Browser, an_experiment: list[str]) -> None:
    text = (await mayas.get(f"/insights/lift?{DAY}&guess=none")).text
    pages = {
        (arm, what): await mayas.get(f"{PAGE}?{DAY}&arm={arm}&what={what}")
        for arm, what in (("offered", "drawn"), ("offered", "talked"), ("offered", "bought"), ("held_out", "drawn"))
    }

    for (arm, what), page in pages.items():
        assert f"{PAGE}?site=demo&amp;{DAY.replace('&', '&amp;')}&amp;arm={arm}&amp;what={what}" in text
        assert page.status == 200
    assert "arm=held_out&amp;what=bought" not in text
    counts = [page.words.split(" people ")[0].rsplit(" ", 1)[-1] for page in pages.values()]
    assert counts == ["120", "2", "60", "40"]
    assert "Who talked, of those offered the chat" in pages["offered", "talked"].words


async def test_people_come_fifty_at_a_time(mayas: Browser, an_experiment: list[str]) -> None:
    pages = [await mayas.get(f"{PAGE}?{DAY}&what=bought&part={part}") for part in range(3)]

    assert [page.text.count("/insights/person?") for page in pages] == [50, 10, 0]
    assert "51 to 60" in pages[1].words and "Nobody." in pages[2].words
    assert "part=1" in pages[0].text and "part=2" not in pages[1].text
    assert "?site=demo&amp;arm=offered&amp;what=bought&amp;window=90d" in pages[1].text


async def test_the_list_is_a_file(mayas: Browser, an_experiment: list[str]) -> None:
    file = await mayas.get(f"{PAGE}.csv?{DAY}&what=talked")

    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert [row["person"] for row in rows] == sorted(f"v:{one}" for one in an_experiment[:2])
    assert {(row["arm"], row["bought"], row["revenue"], row["currency"]) for row in rows} == {
        ("offered", "true", "10.00", "EUR")
    }
    assert rows[0]["drawn_at"] == "2026-03-02T12:01:00.000Z" and rows[0]["talked_at"] == "2026-03-02T12:20:00.000Z"
    assert file.headers["Content-Disposition"].endswith('demo-offered-talked-2026-03-02-2026-03-02.csv"')


@pytest.mark.parametrize("query", ["arm=none", "what=luck", "part=-1", "part=x", "part=99999999", "site=nobodys"])
async def test_what_there_is_not_is_not_found(mayas: Browser, query: str) -> None:
    assert (await mayas.get(f"{PAGE}?{query}")).status == 404
    assert (await mayas.get(f"{PAGE}.csv?{query}")).status == 404

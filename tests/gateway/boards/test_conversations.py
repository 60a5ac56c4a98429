"""From the numbers of the score to the conversations behind them, and on to their words, for whom those may concern."""

import pytest

from bot.insights.scores import judge_all
from tests.asking import HATS, ask, somebody
from tests.cast import SHOP
from tests.gateway.front_office import Browser, Office

DAY = "since=2026-03-02&until=2026-03-02"
PAGE = "/insights/conversations"


@pytest.fixture
async def talks(office: Office) -> list[str]:
    """One that was answered, and sixty with a question that was not."""
    good, *poor = [await somebody(office.store) for _ in range(61)]
    await ask(office.store, good, "Do you ship to Norway?", found=HATS)
    for one in poor:
        await ask(office.store, one, "Are kayaks sold here?")
    await judge_all(office.store)
    return [good, *poor]


async def test_each_number_of_the_score_leads_to_its_conversations(mayas: Browser, talks: list[str]) -> None:
    board = await mayas.get(f"/insights?{DAY}")
    good, poor = [await mayas.get(f"{PAGE}?{DAY}&score={band}") for band in ("80-100", "40-59")]

    for band, count in (("80-100", 1), ("40-59", 60)):
        assert f'{PAGE}?site={SHOP}&amp;{DAY.replace("&", "&amp;")}&amp;score={band}">{count}</a>' in board.text
    assert "score=20-39" not in board.text
    assert "1 conversation " in good.words and "60 conversations " in poor.words


async def test_they_come_fifty_at_a_time_and_each_once(adas: Browser, talks: list[str]) -> None:
    pages = [await adas.get(f"{PAGE}?{DAY}&part={part}") for part in range(3)]

    shown = [{one for one in talks if f'"/console/conversations/{one}"' in page.text} for page in pages]
    assert [len(one) for one in shown] == [50, 11, 0]
    assert shown[0] | shown[1] == set(talks)
    assert "51 to 61" in pages[1].words and "None." in pages[2].words


async def test_who_may_not_read_them_is_led_to_none(mayas: Browser, talks: list[str]) -> None:
    page = await mayas.get(f"{PAGE}?{DAY}&score=80-100")

    assert page.status == 200 and "2 March 2026" in page.words
    assert "/console/conversations/" not in page.text and talks[0] not in page.text


@pytest.mark.parametrize("query", ["score=high", "score=1", "score=-1-5", "part=-1", "part=9999999", "site=nobodys"])
async def test_what_there_is_not_is_not_found(mayas: Browser, query: str) -> None:
    assert (await mayas.get(f"{PAGE}?{query}")).status == 404

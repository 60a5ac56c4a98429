"""The dashboard's page about one page, and the conversation score over time on both."""

from urllib.parse import quote

import pytest

from bot.insights.scores import judge_all
from tests.asking import HATS, HOME, ask, somebody
from tests.cast import at
from tests.gateway.front_office import Browser, Office

ONE = f"/insights/pages/one?since=2026-03-01&until=2026-03-31&url={quote(HATS, safe='')}"
WINDOW = "since=2026-03-01&until=2026-03-31"
SCRIPT = "Is <script>alert(1)</script> wool?"


@pytest.fixture
async def talked(office: Office) -> None:
    """Twice about kayaks, unanswered, and once about wool, on the page of hats; once elsewhere."""
    for _ in range(2):
        await ask(office.store, await somebody(office.store), "Are kayaks sold here?", page=HATS, bot="65b0cbb8")
    await ask(office.store, await somebody(office.store), SCRIPT, page=f"{HATS}#top", found=HATS, when=at(days=8))
    await ask(office.store, await somebody(office.store), "Do you ship to Norway?", page=HOME, found=HOME)
    await judge_all(office.store)


async def test_a_page_tells_what_was_asked_on_it_unanswered_first(mayas: Browser, talked: None) -> None:
    page = await mayas.get(ONE)

    assert page.status == 200
    assert page.words.index("Are kayaks sold here?") < page.words.index("wool?")
    assert "Do you ship to Norway?" not in page.words
    assert "Is &lt;script&gt;alert(1)&lt;/script&gt; wool?" in page.text and "<script" not in page.text


async def test_a_page_tells_its_score_by_week_and_by_version(mayas: Browser, talked: None) -> None:
    page = await mayas.get(ONE)

    assert "2026-03-02 42 2" in page.words
    assert "2026-03-09 80 1" in page.words
    assert "65b0cbb8, 2026-03-02 to 2026-03-02 42 2" in page.words
    assert "before versions were noted" in page.words


async def test_who_may_not_read_conversations_gets_no_link_into_one(mayas: Browser, talked: None) -> None:
    page = await mayas.get(ONE)

    assert "/console/conversations/" not in page.text


async def test_all_pages_link_to_each_and_tell_the_score_of_the_site(mayas: Browser, talked: None) -> None:
    page = await mayas.get(f"/insights/pages?{WINDOW}")

    assert "/insights/pages/one?" in page.text and quote(HATS, safe="") in page.text
    assert "2026-03-02 55 3" in page.words


async def test_the_file_has_what_the_table_has(mayas: Browser, talked: None) -> None:
    of_site = await mayas.get(f"/insights/pages/talk.csv?{WINDOW}")
    of_page = await mayas.get(f"/insights/pages/talk.csv?{WINDOW}&url={quote(HATS, safe='')}")

    assert "week,,2026-03-02,2026-03-08,54.7,3," in of_site.text
    assert "week,,2026-03-02,2026-03-08,42.0,2," in of_page.text
    assert "bot,65b0cbb8,2026-03-02,2026-03-02,42.0,2," in of_page.text


@pytest.mark.parametrize("name", ["score", "parts"])
async def test_its_charts_are_pictures(mayas: Browser, talked: None, name: str) -> None:
    chart = await mayas.get(f"/insights/pages/talk/{name}.svg?{WINDOW}")

    assert chart.status == 200 and "Too few to judge" in chart.text


@pytest.mark.parametrize(
    "address",
    [
        "/insights/pages/one",
        "/insights/pages/one?url=https://nowhere.example/",
        "/insights/pages/one?url=%00",
        f"/insights/pages/one?url={'x' * 3_000}",
        "/insights/pages/one?url=javascript:alert(1)",
        "/insights/pages/talk/nothing.svg",
        "/insights/pages/talk/score.svg?since=2030-01-01&until=2030-01-02",
        "/insights/pages/talk.csv?site=unknown",
    ],
)
async def test_what_is_not_there_is_not_found(mayas: Browser, talked: None, address: str) -> None:
    assert (await mayas.get(address)).status == 404


async def test_a_window_that_is_none_is_told_in_a_sentence(mayas: Browser, talked: None) -> None:
    page = await mayas.get("/insights/pages/one?since=tomorrow")

    assert page.status == 400 and "Give days as year-month-day" in page.words


async def test_where_nobody_talked_there_is_no_empty_chart(mayas: Browser) -> None:
    page = await mayas.get("/insights/pages")

    assert page.status == 200 and "Conversation or monologue" not in page.words

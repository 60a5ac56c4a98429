"""What people say, on its page: the finding, each part, files, and no words for who may not read them."""

import re

import pytest
from aiohttp.test_utils import TestServer

from bot.interactions import Kind
from bot.store.forget import forget_visitor
from tests.alerts.conftest import Shop, visitor
from tests.cast import DANA, SHOP, at
from tests.gateway.boards.conftest import taken_away
from tests.gateway.front_office import Browser, Office
from tests.mail.conftest import Clock

PAGE = "/insights/listening?site=demo&since=2026-03-01&until=2026-03-02"
HEADING = re.compile(r"<h2[^>]*>([^<]+)</h2>")
ANGRY = "My parcel <b>never</b> came"


@pytest.fixture
async def talking(office: Office) -> Shop:
    """Three complain about delivery, one of them thrice; one gave a star, one asked what no page answers."""
    shop = Shop(office.store, Clock())
    for number in (1, 2, 3, 3, 3):
        await shop.says(number, ANGRY, at=at(hours=-1))
    await shop.happens(4, Kind.RATING, {"stars": 1, "words": "Nobody <i>helped</i>."}, at=at(hours=-1))
    await shop.happens(5, Kind.UNANSWERED, {}, text="Do you repair kettles?", at=at(hours=-1))
    return shop


async def test_people_are_counted_and_not_how_often_they_say_it(mayas: Browser, talking: Shop) -> None:
    page = await mayas.get(f"{PAGE}&show=complaint")

    assert page.status == 200
    assert "3 people complained" in page.words and "5&nbsp;times" in page.words


async def test_who_may_read_sees_quotes_as_text_and_who_may_not_sees_numbers_alone(
    mayas: Browser, adas: Browser, talking: Shop
) -> None:
    seen, read = await mayas.get(f"{PAGE}&show=complaint"), await adas.get(f"{PAGE}&show=complaint")

    assert "My parcel" not in seen.text
    assert "My parcel &lt;b&gt;never&lt;/b&gt; came" in read.text and "<b>never</b>" not in read.text
    assert "/console/conversations/talk-3" in read.text and "/console/conversations/" not in seen.text


@pytest.mark.parametrize(
    "show", ["topic", "need", "objection", "praise", "complaint", "wish", "unanswered", "feedback"]
)
@pytest.mark.parametrize("by", ["topic", "page"])
async def test_each_part_has_its_page(mayas: Browser, talking: Shop, show: str, by: str) -> None:
    page = await mayas.get(f"{PAGE}&show={show}&by={by}")

    headings = HEADING.findall(page.text)
    assert page.status == 200 and 'aria-current="true"' in page.text
    assert f"Told apart by {by}" in headings and sorted(set(headings)) == sorted(headings)


async def test_stars_and_questions_are_told(adas: Browser, talking: Shop) -> None:
    rated, asked = await adas.get(f"{PAGE}&show=feedback"), await adas.get(f"{PAGE}&show=unanswered")

    assert "1 person gave 1.0 stars on average" in rated.words and "Nobody &lt;i&gt;helped&lt;/i&gt;." in rated.text
    assert "1 question that no page answers" in asked.words and "Do you repair kettles?" in asked.words


async def test_who_is_erased_is_on_no_page_any_more(adas: Browser, office: Office, talking: Shop) -> None:
    for number in (1, 2, 3):
        await office.store.write(forget_visitor, SHOP, visitor(number))

    page = await adas.get(f"{PAGE}&show=complaint")

    assert "never" not in page.text and "Nobody in these days." in page.words


async def test_a_part_that_there_is_not_is_none(mayas: Browser) -> None:
    assert (await mayas.get(f"{PAGE}&show=weather")).status == 404
    assert (await mayas.get("/insights/listening?site=demo&since=late")).status == 400


async def test_days_in_which_nobody_talked_are_said_to_be(mayas: Browser) -> None:
    page = await mayas.get(PAGE)

    assert page.status == 200 and "Nobody in these days." in page.words


async def test_files_have_numbers_for_everybody_and_words_for_who_may_read(
    mayas: Browser, adas: Browser, office: Office, talking: Shop
) -> None:
    days = PAGE.partition("?")[2]
    groups = await mayas.get(f"/insights/listening/groups.csv?{days}")
    refused = await mayas.get(f"/insights/listening/quotes.csv?{days}")
    quotes = await adas.get(f"/insights/listening/quotes.csv?{days}")

    assert groups.status == 200 and "complaint" in groups.text and "My parcel" not in groups.text
    assert refused.status == 404
    assert "My parcel <b>never</b> came" in quotes.text
    assert "export:listening-groups demo csv" in await taken_away(office)


async def test_the_mood_is_drawn_where_there_is_one_over_time(mayas: Browser, office: Office) -> None:
    shop = Shop(office.store, Clock())
    for day in range(6):
        for number in range(4):
            await shop.says(10 * day + number, at=at(days=-day), sentiment=0.5 - day / 10 + number / 20, statements=[])
    days = "site=demo&since=2026-02-25&until=2026-03-02"
    page = await mayas.get(f"/insights/listening?{days}")

    picture = await mayas.get(f"/insights/listening/mood.svg?{days}&theme=dark&size=narrow")

    assert "/insights/listening/mood.svg" in page.text
    assert picture.status == 200 and picture.text.startswith("<svg")


async def test_a_finding_becomes_an_alert_by_a_link(mayas: Browser, talking: Shop) -> None:
    page = await mayas.get(f"{PAGE}&show=complaint")

    assert "/insights/alerts?site=demo&amp;what=complaint&amp;topic=delivery#new" in page.text


async def test_agents_do_not_get_it(server: TestServer, office: Office) -> None:
    async with Browser(server) as danas:
        await danas.is_signed_in(office, await office.hire(DANA))

        assert (await danas.get(PAGE)).status == 403

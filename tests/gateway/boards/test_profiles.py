"""The page about who the best customers are: findings, every value with its interval, and the file of it."""

import csv
import io

import pytest

from bot.interactions import Kind
from bot.store.interactions import append
from bot.store.profiles import rebuild_all
from tests.cast import SHOP, at
from tests.gateway.boards.conftest import taken_away
from tests.gateway.front_office import Browser, Office
from tests.insights.happened import bought, did
from tests.insights.profiles.test_report import a_town, heard

PAGE = "/insights/profiles"


@pytest.fixture
async def town(office: Office) -> None:
    happened = a_town()
    for start in range(0, len(happened), 400):
        await office.store.write(append, happened[start : start + 400])
    await office.store.write(rebuild_all, SHOP)


async def test_the_page_tells_who_spends_most_and_what_they_have_in_common(mayas: Browser, town: None) -> None:
    page = await mayas.get(PAGE)

    assert page.status == 200
    assert "20 of the 200 buyers spent 10001.90 EUR together" in page.words
    assert "have a browser in de, 13% of everybody: 5.66 times as often" in page.words
    assert "de Language: that their browser asks for 75 % 15 of 20 13 % 53 of 400 5.66 more often" in page.words
    assert "Descriptive. What the best customers have in common need not be why they buy." in page.words


async def test_the_other_group_is_a_link_away_and_what_there_is_not_is_the_first(mayas: Browser, town: None) -> None:
    other = await mayas.get(f"{PAGE}?group=most_profitable")
    unknown = await mayas.get(f"{PAGE}?group=richest&page=99999999999")

    assert "20 of the 200 customers with a known margin left a margin of 2500.40 EUR together" in other.words
    assert "buyers spent 10001.90 EUR" in unknown.words


async def test_a_shop_of_few_buyers_is_told_so(mayas: Browser, office: Office) -> None:
    await office.store.write(append, [bought("one", 500)])

    assert "Too few to judge: a tenth of the 1 buyers is 1" in (await mayas.get(PAGE)).words
    assert "No order in this window tells a margin" in (await mayas.get(f"{PAGE}?group=most_profitable")).words


async def test_a_long_list_has_pages(mayas: Browser, office: Office, town: None) -> None:
    happened = []
    for number in range(400):
        who, letter = f"v{number:04}", chr(ord("A") + number % 24)
        happened.append(heard(who, topics=[f"topic {letter}"]))
        page = {"url": f"https://shop.example/{letter}", "data": {"country": f"A{letter}"}}
        happened.append(did(who, Kind.PAGE_VIEW, -5, **page))
    for start in (0, 400):
        await office.store.write(append, happened[start : start + 400])

    first, last = await mayas.get(PAGE), await mayas.get(f"{PAGE}?page=2")

    assert "page=2" in first.text
    assert first.text.count('<th scope="row">') == 50 > last.text.count('<th scope="row">') > 0


async def test_a_day_that_can_not_be_is_refused_in_a_sentence(mayas: Browser, office: Office) -> None:
    for path in (PAGE, f"{PAGE}.csv"):
        page = await mayas.get(f"{path}?since=tomorrow")

        assert (page.status, "Give days as year-month-day" in page.words) == (400, True)


async def test_the_file_has_every_value_and_is_audited(mayas: Browser, office: Office, town: None) -> None:
    file = await mayas.get(f"{PAGE}.csv")

    rows = list(csv.DictReader(io.StringIO(file.text)))
    german = next(one for one in rows if (one["attribute"], one["value"]) == ("language", "de"))
    assert (german["group"], german["group_people"], german["everybody_known"], german["found"]) == (
        "top_spending", "15", "400", "more",
    )  # fmt: skip
    # A look is written while the answer is on its way.
    await office.store.write(lambda connection: None)
    assert await taken_away(office) == ["export:profiles demo csv"]


async def test_what_visitors_typed_is_text_on_the_page_and_no_formula_in_the_file(
    mayas: Browser, office: Office, town: None
) -> None:
    wish = [heard(f"v{number:04}", facts=[["need", "=1+1<b>"]]) for number in range(40)]
    await office.store.write(append, wish)
    await office.store.write(rebuild_all, SHOP)

    page, file = await mayas.get(PAGE), await mayas.get(f"{PAGE}.csv")

    assert "=1+1&lt;b&gt;" in page.text and "=1+1<b>" not in page.text
    assert "'=1+1<b>" in file.text


async def test_agents_see_no_insights(danas: Browser) -> None:
    for path in (PAGE, f"{PAGE}.csv", f"{PAGE}/costly.csv", f"{PAGE}/silent.csv"):
        assert (await danas.get(path)).status == 403


async def test_who_costs_more_than_they_bring_is_a_list_with_a_file(mayas: Browser, office: Office, town: None) -> None:
    loss = [bought(f"v{number:04}", 100, data={"order": f"loss {number}", "margin": -900_000}) for number in range(60)]
    await office.store.write(append, loss)

    first, second = await mayas.get(f"{PAGE}?list=costly"), await mayas.get(f"{PAGE}?list=costly&page=2")
    file = await mayas.get(f"{PAGE}/costly.csv")

    assert "What it costs to serve them is not set, so margin alone is counted" in first.words
    assert "2 orders left -8997.45 EUR of margin, less refunds. -8,997.45" in first.words
    assert (first.text.count('<th scope="row">'), second.text.count('<th scope="row">')) == (50, 10)
    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert (len(rows), rows[0]["person"], rows[0]["result"]) == (60, "v:v0020", "-8997.45")
    assert (await mayas.get(f"{PAGE}/richest.csv")).status == 404


async def test_best_customers_to_talk_with_are_quoted_with_the_day(mayas: Browser, office: Office, town: None) -> None:
    said = await office.conversation("Do you sell <kayaks>?")
    asked = did("v0019", Kind.UNANSWERED, 0, at=at(days=-70), conversation=said.id, seq=1)
    await office.store.write(append, [asked])

    page, file = await mayas.get(f"{PAGE}?list=silent"), await mayas.get(f"{PAGE}/silent.csv")

    assert "20 customers of the tenth who spend most, at least ten: nobody has talked with them" in page.words
    assert "Asked on 2025-12-22 and got no answer: “Do you sell &lt;kayaks&gt;?”" in page.text
    assert "/insights/person?" in page.text and "person=v%3Av0019" in page.text
    assert "Visitor v0018" in page.words
    assert "v:v0019,500.19,,unanswered question,2025-12-22,Do you sell <kayaks>?" in file.text

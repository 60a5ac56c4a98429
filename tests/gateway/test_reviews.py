"""What an answer should have been: said below it in one press, listed, and settled once."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer

from bot.interactions import Understanding
from bot.store.conversations import Conversation
from bot.store.reviews import Review, State, listed, settle
from bot.store.turns import Outcome, Reply, close, next_open
from tests.cast import MAYA, ORIGIN, Person, at
from tests.gateway.front_office import Browser, Office

LENA = Person("Lena", "lena@shop.example", role="agent")
EVIL = "<script>alert('x')</script><img src=x onerror=alert(1)>"


@pytest.fixture
async def lenas(server: TestServer, office: Office) -> AsyncIterator[Browser]:
    async with Browser(server) as browser:
        await browser.is_signed_in(office, await office.hire(LENA))
        yield browser


async def answered(office: Office, said: str, says: str = "We ship to Norway.") -> Conversation:
    """A conversation in which the bot took what was said for a question to the pages."""
    known = await office.conversation(said)
    turn = await office.store.read(next_open, known.id)
    assert turn is not None
    made = Understanding("ask_page", 0.9, (("ask_page", 0.9),))
    outcome = Outcome(replies=(Reply(says),), understanding=made, actions=("action_answer_from_pages",))
    await office.store.write(close, turn, outcome, at=at())
    return known


def there(known: Conversation, seq: int = 1) -> str:
    return f"/console/conversations/{known.id}/turns/{seq}/review"


async def all_of(office: Office) -> list[Review]:
    return await office.store.read(listed)


async def test_below_the_answer_it_is_said_in_one_press_what_was_meant(danas: Browser, office: Office) -> None:
    known = await answered(office, "where is my parcel")
    page = await danas.get(f"/console/conversations/{known.id}")
    assert f'action="{there(known)}"' in page.text and '<option value="order_status">' in page.text

    done = await danas.post(there(known), {"should": "intent", "intent": "order_status"})

    assert (done.status, done.location) == (303, f"/console/conversations/{known.id}#m1")
    (review,) = await all_of(office)
    assert (review.should, review.value, review.said, review.state) == (
        *("intent", "order_status", "where is my parcel", State.NEW),
    )
    assert (review.by, review.taken_for, review.actions) == ("Dana", "ask_page", ("action_answer_from_pages",))
    assert "Dana reviewed it" in (await danas.get(f"/console/conversations/{known.id}")).words


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({"should": "words", "words": "Yes, in 5 days.\r\nFor 18 €."}, "Yes, in 5 days.\nFor 18 €."),
        ({"should": "page", "page": f"{ORIGIN}/shipping.html"}, f"{ORIGIN}/shipping.html"),
        ({"should": "right"}, ""),
        # Enter in a field presses the first of the form's buttons.
        ({"should": "intent", "intent": "", "page": f"{ORIGIN}/a.html"}, f"{ORIGIN}/a.html"),
    ],
)
async def test_each_kind_is_kept_as_it_was_said(
    danas: Browser, office: Office, fields: dict[str, str], value: str
) -> None:
    known = await answered(office, "Norway?")

    done = await danas.post(there(known), fields)

    assert done.status == 303
    assert [one.value for one in await all_of(office)] == [value]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "with one of the buttons"),
        ({"should": "all"}, "with one of the buttons"),
        ({"should": "intent"}, "Choose what the visitor meant"),
        ({"should": "intent", "intent": "no_such_thing"}, "There is no intent “no_such_thing”"),
        ({"should": "intent", "intent": "ask_page"}, "It was taken for that already"),
        ({"should": "words", "words": " \n "}, "Write what the answer should have been"),
        ({"should": "words", "words": "x" * 4_001}, "too long: 4001 of 4000"),
        ({"should": "page"}, "Give the address of the page"),
        ({"should": "page", "page": "https://elsewhere.example/"}, "This is no page of"),
        ({"should": "page", "page": "javascript:alert(1)"}, "This is no page of"),
        ({"should": "page", "page": "https://[::1"}, "This is no page of"),
        ({"should": "page", "page": f"{ORIGIN}/{'a' * 2_000}"}, "too long"),
    ],
)
async def test_what_can_be_no_review_is_refused_with_a_sentence_and_kept_in_the_form(
    danas: Browser, office: Office, fields: dict[str, str], sentence: str
) -> None:
    known = await answered(office, "Norway?")

    page = await danas.post(there(known), fields)

    assert page.status == 400
    assert sentence in page.words
    assert await all_of(office) == []
    assert fields.get("words", "").strip() in page.text


async def test_a_second_press_changes_nothing(danas: Browser, office: Office) -> None:
    known = await answered(office, "where is my parcel")
    fields = {"should": "intent", "intent": "order_status"}

    first, second = await danas.post(there(known), fields), await danas.post(there(known), fields)

    assert first.status == second.status == 303
    assert len(await all_of(office)) == 1


async def test_who_comes_second_is_told_what_a_colleague_said(danas: Browser, lenas: Browser, office: Office) -> None:
    known = await answered(office, "where is my parcel")
    await danas.post(there(known), {"should": "intent", "intent": "order_status"})

    page = await lenas.post(there(known), {"should": "words", "words": "Look it up yourself."})

    assert page.status == 409
    assert "Dana has reviewed this answer already: it meant order status. Nothing was done." in page.words
    assert [one.value for one in await all_of(office)] == ["order_status"]


async def test_one_that_was_refused_may_be_said_anew(danas: Browser, lenas: Browser, office: Office) -> None:
    known = await answered(office, "where is my parcel")
    await danas.post(there(known), {"should": "right"})
    (review,) = await all_of(office)
    await lenas.post(f"/console/reviews/{review.id}/refuse")

    done = await lenas.post(there(known), {"should": "intent", "intent": "order_status"})

    assert done.status == 303
    (review,) = await all_of(office)
    assert (review.value, review.by, review.state) == ("order_status", "Lena", State.NEW)


async def test_the_list_has_tabs_by_state_and_what_can_be_done(danas: Browser, office: Office) -> None:
    await danas.post(there(await answered(office, "where is my parcel")), {"should": "right"})
    (review,) = await all_of(office)

    assert "where is my parcel" in (await danas.get("/console/reviews")).words
    refused = await danas.post(f"/console/reviews/{review.id}/refuse")
    again = await danas.post(f"/console/reviews/{review.id}/refuse")

    assert refused.status == again.status == 303
    assert "where is my parcel" not in (await danas.get("/console/reviews")).words
    assert "refused by Dana" in (await danas.get("/console/reviews?state=refused")).words
    assert "Open again" in (await danas.get("/console/reviews?state=all")).words


async def test_a_stale_press_gets_a_sentence_and_changes_nothing(danas: Browser, office: Office) -> None:
    await danas.post(there(await answered(office, "where is my parcel")), {"should": "right"})
    (review,) = await all_of(office)
    await office.store.write(settle, [review.id], State.EXPORTED, at=at())

    page = await danas.post(f"/console/reviews/{review.id}/refuse")

    assert page.status == 409
    assert "this review is exported by now, so nothing was done" in page.words
    assert [one.state for one in await all_of(office)] == [State.EXPORTED]


async def test_the_older_ones_are_on_the_next_page(danas: Browser, office: Office) -> None:
    for number in range(51):
        await danas.post(there(await answered(office, f"question {number:02}")), {"should": "right"})
    first = await danas.get("/console/reviews")
    older = first.text.split('<nav class="pages"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")

    second = await danas.get(older)

    assert (first.text.count(">question "), second.text.count(">question ")) == (50, 1)


async def test_what_is_not_there_is_not_found(danas: Browser, office: Office) -> None:
    known = await answered(office, "Norway?")

    for path in (
        *(
            there(known, 2),
            there(known, 99),
            there(known, 999_999_999),
            "/console/conversations/nobodys/turns/1/review",
        ),
        *("/console/reviews?state=lost", "/console/reviews?after=x"),
    ):
        assert (await danas.get(path)).status == 404
    for act in ("refuse", "again", "done"):
        assert (await danas.post(f"/console/reviews/{'0' * 16}/{act}")).status == 404
    assert (await danas.post(f"/console/reviews/{'0' * 16}/export")).status == 404


async def test_what_visitors_and_colleagues_wrote_is_text(danas: Browser, office: Office) -> None:
    known = await answered(office, EVIL, EVIL)
    await danas.post(there(known), {"should": "words", "words": EVIL})

    for path in (f"/console/conversations/{known.id}", "/console/reviews", there(known)):
        page = await danas.get(path)
        assert page.status == 200
        assert "<script>alert" not in page.text and "<img" not in page.text
        assert "&lt;script&gt;" in page.text


async def test_a_marketer_reviews_nothing(server: TestServer, office: Office) -> None:
    known = await answered(office, "Norway?")
    async with Browser(server) as mayas:
        await mayas.is_signed_in(office, await office.hire(MAYA))

        seen, done = await mayas.get("/console/reviews"), await mayas.post(there(known), {"should": "right"})

    assert (seen.status, done.status) == (403, 403)
    assert await all_of(office) == []

"""`duologue questions`: what no page answers, grouped by meaning, counted by people."""

import io
import json

import pytest

from bot.errors import ConfigurationError
from bot.interactions import CustomerId
from bot.pages.indexing.encoder import Encoder
from bot.pages.questions.listing import as_json_line, draw_groups
from bot.pages.questions.unanswered import Report, unanswered
from bot.store.forget import forget_conversation
from bot.store.identify import identify
from bot.store.pages_of_rows import Span
from bot.store.questions import normal
from bot.store.sites import Site
from bot.store.store import Store
from tests.asking import ALL, HATS, HOME, a_frame, ask, of_staff, somebody
from tests.cast import ALICE, at

KAYAK, SAME, ALSO = "Do you sell kayaks?", "Can I buy a kayak here?", "do you sell  KAYAKS"
WARRANTY = "How long is the warranty?"


@pytest.fixture
def report(store: Store, shop: Site, encoder: Encoder):
    async def made(**chosen: object) -> Report:
        return await unanswered(store, lambda: encoder, ALL, **chosen)  # type: ignore[arg-type]

    return made


def table(report: Report, limit: int | None = None) -> str:
    out = io.StringIO()
    draw_groups(report, out, limit=limit)
    return out.getvalue()


def no_encoder() -> Encoder:
    raise AssertionError("There is nothing to understand.")


async def test_a_group_tells_who_asked_how_often_where_when_and_what_came_near(store: Store, report):
    alice, bob = await somebody(store, agrees=True), await somebody(store)
    await ask(store, alice, KAYAK, page=HOME, near=HATS, when=at(days=1))
    await ask(store, bob, SAME, page=HATS, near=HATS, when=at())
    await ask(store, bob, ALSO, page=f"{HATS}#sizes", when=at(days=2))
    await ask(store, bob, WARRANTY, page=None)

    told = (await report()).as_json(None)

    kayaks, warranty = told["groups"]
    assert kayaks == {
        "question": kayaks["question"],
        "people": 2,
        "times": 3,
        "first": "2026-03-02T12:00:00.000Z",
        "last": "2026-03-04T12:00:00.000Z",
        "pages": [{"url": HATS, "times": 2}, {"url": HOME, "times": 1}],
        "nearest": HATS,
        "wordings": [one for one in (KAYAK, SAME, ALSO) if normal(one) != normal(kayaks["question"])][:1],
    }
    assert (warranty["question"], warranty["pages"], warranty["nearest"]) == (WARRANTY, [], None)
    assert (told["questions"], told["people"], told["groups_in_all"]) == (4, 2, 2)
    assert (told["rare"], told["left_out"], told["capped"]) == (0, 0, False)


async def test_who_asks_twenty_times_counts_once(store: Store, report):
    insists = await somebody(store)
    for minute in range(20):
        await ask(store, insists, KAYAK, when=at(minutes=minute))
    for _ in range(2):
        await ask(store, await somebody(store), WARRANTY)

    groups = (await report()).as_json(None)["groups"]

    assert [(one["question"], one["people"], one["times"]) for one in groups] == [(WARRANTY, 2, 2), (KAYAK, 1, 20)]


async def test_among_as_many_people_the_one_that_was_asked_more_often_comes_first(store: Store, report):
    conversation = await somebody(store)
    await ask(store, conversation, WARRANTY)
    for _ in range(2):
        await ask(store, conversation, KAYAK)

    assert [group.whole.text for group in (await report()).groups] == [KAYAK, WARRANTY]


async def test_a_customer_in_two_browsers_is_one_person(store: Store, report):
    for _ in range(2):
        browser = await somebody(store, agrees=True)
        await store.write(
            identify, browser, frame=a_frame(), customer=CustomerId(ALICE.customer), email=None, name=None, at=at()
        )
        await ask(store, browser, KAYAK)
    await ask(store, await somebody(store), KAYAK)

    (group,) = (await report()).groups

    assert (len(group.whole.people), group.whole.times) == (2, 3)


async def test_answered_questions_are_not_in_it(store: Store, report):
    await ask(store, await somebody(store), KAYAK, found=HATS)

    told = await report()

    assert told.groups == () and "No question went unanswered." in table(told)


async def test_what_staff_ask_to_try_the_chat_is_not_in_it(store: Store, report):
    await ask(store, await of_staff(store), KAYAK)
    await ask(store, await somebody(store), WARRANTY)

    told = await report(most=1)

    assert [group.whole.text for group in told.groups] == [WARRANTY]
    assert (told.questions, told.people, told.capped) == (1, 1, False)


async def test_nothing_is_encoded_where_nothing_was_asked(store: Store, shop: Site):
    assert (await unanswered(store, no_encoder, ALL)).questions == 0


async def test_the_words_of_the_forgotten_are_in_no_group(store: Store, report):
    gone, stays = await somebody(store), await somebody(store)
    await ask(store, gone, "Do you sell kayaks to Alice Canary?")
    await ask(store, stays, KAYAK)

    await store.write(forget_conversation, gone)

    told = await report()
    assert told.questions == 1 and "Canary" not in as_json_line(told.as_json(None)) + table(told)


async def test_one_page_shows_what_was_asked_on_it(store: Store, report):
    conversation = await somebody(store)
    await ask(store, conversation, KAYAK, page=HOME)
    await ask(store, conversation, WARRANTY, page=f"{HATS}?utm_source=mail#top")

    for page in (f"{HATS}?utm_source=mail", "/hats?utm_source=mail"):
        told = await report(page=page)
        assert [group.whole.text for group in told.groups] == [WARRANTY]
        assert told.page == f"{HATS}?utm_source=mail"


async def test_a_page_that_nobody_knows_is_refused_and_one_like_it_named(store: Store, report):
    await ask(store, await somebody(store), KAYAK, page=HATS)

    with pytest.raises(ConfigurationError, match=r'no page "https://shop\.example/hast"; .* e\.g\. https://shop\.exam'):
        await report(page="https://shop.example/hast")


async def test_a_site_that_nobody_knows_is_refused(store: Store, shop: Site):
    with pytest.raises(ConfigurationError, match='no site "shpo"'):
        await unanswered(store, no_encoder, Span("shpo", at(), at(days=1)))  # type: ignore[arg-type]


async def test_only_the_latest_are_looked_at_and_that_is_said(store: Store, report):
    conversation = await somebody(store)
    for number, text in enumerate((WARRANTY, KAYAK, KAYAK)):
        await ask(store, conversation, text, when=at(minutes=number))

    all_of_them, latest = await report(most=3), await report(most=2)

    assert (all_of_them.capped, all_of_them.questions) == (False, 3)
    assert (latest.capped, latest.questions) == (True, 2)
    assert "Older questions were not looked at" in " ".join(table(latest).split())


async def test_wordings_beyond_the_most_are_counted_and_that_is_said(store: Store, report):
    conversation = await somebody(store)
    for text in (KAYAK, KAYAK, WARRANTY):
        await ask(store, conversation, text)

    told = await report(most_wordings=1)

    assert [group.whole.text for group in told.groups] == [KAYAK]
    assert (told.questions, told.left_out.times) == (3, 1)
    assert "1 rarer question not grouped" in " ".join(table(told).split())


async def test_the_same_questions_give_the_same_report_in_whatever_order_they_came(store: Store, report):
    texts = [KAYAK, SAME, WARRANTY, "Is there a guarantee, and for how long?", "Where can I park?", "Warranty period"]
    for text in texts:
        await ask(store, await somebody(store), text)
    forwards = await report()
    for text in reversed(texts):
        await ask(store, await somebody(store), text)

    twice = await report()

    assert [(one.whole.text, one.wordings) for one in twice.groups] == [
        (one.whole.text, one.wordings) for one in forwards.groups
    ]


async def test_people_see_a_table_and_what_it_leaves_out(store: Store, report):
    conversation = await somebody(store)
    await ask(store, conversation, KAYAK, page=HATS, near=HOME)
    await ask(store, conversation, KAYAK, page=HATS, near=HOME, when=at(days=3))
    await ask(store, conversation, WARRANTY)

    told = " ".join(table(await report(), limit=1).split())

    assert KAYAK in told and f"on: {HATS} (2)" in told and f"nearest page: {HOME}" in told
    assert "2026-03-02" in told and "2026-03-05" in told
    assert "3 questions of 1 person." in told and "1 more groups" not in told and "1 more group:" in told
    assert WARRANTY not in told


ORDERS = "\x1b[31mDo you\x07 sell\x9b2J \u202ekayaks\r\n[red]now[/red]?"


async def test_what_a_visitor_typed_gives_the_terminal_no_orders(store: Store, report):
    await ask(store, await somebody(store), ORDERS, page=f"{HOME}\x1b]0;x", near=f"{HATS}\x1b[2J")

    told = await report()

    for shown in (table(told), as_json_line(told.as_json(None))):
        assert not {one for one in shown if one in "\x1b\x07\x9b\u202e\r"}
    assert "[red]now[/red]?" in table(told)
    assert json.loads(as_json_line(told.as_json(None)))["groups"][0]["question"] == ORDERS


@pytest.mark.parametrize("text", ["do you sell kayaks", "DO YOU SELL KAYAKS?!", "  Do you\nsell kayaks? "])
def test_case_blanks_and_the_mark_at_the_end_make_no_other_wording(text: str):
    assert normal(text) == normal(KAYAK)


def test_a_question_of_marks_alone_stays_what_it_is():
    assert normal("???") == "???"

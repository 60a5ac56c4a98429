"""What was asked and what became of it, as log and transcript tell it."""

import pytest
from sqlalchemy import Connection, select, update

from bot.store.forget import forget_conversation
from bot.store.questions import Asked, Unanswered, asked_after, crawled_pages, unanswered_before
from bot.store.sites import Site, add_site
from bot.store.store import Store
from bot.store.tables import interactions
from tests.asking import ALL, HATS, HOME, NOT_FOUND, agree, ask, somebody
from tests.cast import SHOP, at


async def unanswered(store: Store) -> list[Unanswered]:
    return await store.read(unanswered_before, ALL, None, 100)


async def asked(store: Store) -> list[Asked]:
    found, _ = await store.read(asked_after, ALL, 0, 100)
    return found


async def test_an_unanswered_question_comes_with_its_words_its_page_and_the_nearest_one(store: Store, shop: Site):
    conversation = await somebody(store)
    await ask(store, conversation, "Do you sell kayaks?", page=HOME, near=HATS)
    await ask(store, conversation, "How much are hats?", found=HATS)

    (one,) = await unanswered(store)

    assert (one.text, one.page, one.nearest) == ("Do you sell kayaks?", HOME, HATS)
    assert (one.conversation, one.visitor, one.customer) == (conversation, None, None)


async def test_the_latest_come_first_and_none_is_lost_between_pages_of_rows(store: Store, shop: Site):
    conversation = await somebody(store)
    for number in range(5):
        await ask(store, conversation, f"question {number}", when=at(minutes=number))

    first = await store.read(unanswered_before, ALL, None, 3)
    second = await store.read(unanswered_before, ALL, first[-1].id, 3)

    assert [one.text for one in (*first, *second)] == [f"question {number}" for number in (4, 3, 2, 1, 0)]


async def test_who_agreed_after_they_asked_is_one_person_with_who_asks_now(store: Store, shop: Site):
    conversation = await somebody(store)
    await ask(store, conversation, "Do you sell kayaks?")
    await agree(store, conversation)
    await ask(store, conversation, "And boats?")

    later, before = await unanswered(store)

    assert later.visitor is not None and before.visitor == later.visitor


async def test_the_words_of_the_forgotten_are_asked_of_nobody(store: Store, shop: Site):
    gone, stays = await somebody(store), await somebody(store)
    await ask(store, gone, "canary?")
    await ask(store, stays, "Do you sell kayaks?")

    await store.write(forget_conversation, gone)

    assert [one.text for one in await unanswered(store)] == ["Do you sell kayaks?"]
    assert [one.text for one in await asked(store)] == ["Do you sell kayaks?"]


async def test_other_sites_and_times_are_not_looked_at(store: Store, shop: Site):
    await store.write(add_site, "other", name="Other", origins=("https://other.example",), at=at())
    await ask(store, await somebody(store, "other"), "Elsewhere?")
    await ask(store, await somebody(store), "Long ago?", when=at(days=-2))

    assert await unanswered(store) == []
    assert await asked(store) == []


async def test_all_questions_come_with_what_was_said_before_and_what_was_answered(store: Store, shop: Site):
    conversation = await somebody(store)
    await ask(store, conversation, "Hello", actions=("utter_greet",))
    await ask(store, conversation, "How much are hats?", page=HATS, found=HATS)
    await ask(store, conversation, "and kayaks?", near=HATS)

    hats, kayaks = await asked(store)

    assert (hats.text, hats.page, hats.history) == ("How much are hats?", HATS, ((True, "Hello"), (False, NOT_FOUND)))
    assert (hats.said.answered, hats.said.page, hats.said.text) == (True, HATS, "Here it is.")
    assert [text for _, text in kayaks.history][-2:] == ["How much are hats?", "Here it is."]
    assert (kayaks.said.answered, kayaks.said.page, kayaks.said.text) == (False, HATS, NOT_FOUND)


async def test_at_most_eight_messages_before_a_question_come_with_it(store: Store, shop: Site):
    conversation = await somebody(store)
    for number in range(6):
        await ask(store, conversation, f"question {number}")

    last = (await asked(store))[-1]

    assert [text for by_visitor, text in last.history if by_visitor] == [f"question {n}" for n in (1, 2, 3, 4)]
    assert len(last.history) == 8


def without_from_pages(connection: Connection) -> None:
    """The log as it was before it told what the pages gave."""
    for id, data in connection.execute(select(interactions.c.id, interactions.c.data)).all():
        old = {name: value for name, value in data.items() if name != "from_pages"}
        connection.execute(update(interactions).where(interactions.c.id == id).values(data=old))


async def test_older_logs_know_a_question_by_the_action_that_ran(store: Store, shop: Site):
    conversation = await somebody(store)
    await ask(store, conversation, "Hello", actions=("utter_greet",))
    await ask(store, conversation, "How much are hats?", found=HATS)
    await ask(store, conversation, "Do you sell kayaks?")
    await store.write(without_from_pages)

    found = await asked(store)

    assert [(one.text, one.said.answered, one.said.page) for one in found] == [
        ("How much are hats?", True, HATS),
        ("Do you sell kayaks?", False, None),
    ]


@pytest.mark.parametrize("limit", [1, 2, 100])
async def test_going_on_after_the_last_row_ends_with_nothing(store: Store, shop: Site, limit: int):
    conversation = await somebody(store)
    for text in ("one", "two", "three"):
        await ask(store, conversation, text, actions=() if text == "two" else ("action_answer_from_pages",))

    texts: list[str] = []
    after: int | None = 0
    while after is not None:
        found, after = await store.read(asked_after, ALL, after, limit)
        texts += [one.text for one in found]

    assert texts == ["one", "three"]


async def test_a_site_that_was_never_crawled_has_no_pages(store: Store, shop: Site):
    assert await store.read(crawled_pages, SHOP) == []

"""When it fits to ask how it was."""

from typing import Any

import pytest

from bot.conversation import StaffTook, VisitorAskedForPerson
from bot.interactions import Kind
from bot.store.conversations import Conversation, begin, happen, interaction
from bot.store.feedback import may_be_asked
from bot.store.interactions import append
from bot.store.sites import Site
from bot.store.staff import add_member
from bot.store.store import Store
from tests.cast import DANA, SHOP, at

ANSWERED = (Kind.UNDERSTANDING, {"intent": "ask_page", "from_pages": {"answered": True}})
NOT_FOUND = (Kind.UNDERSTANDING, {"intent": "ask_page", "from_pages": {"answered": False}})


@pytest.fixture
async def talk(store: Store, shop: Site) -> Conversation:
    begun, _ = await store.write(begin, SHOP, at=at(), language="en", page=None)
    return begun


async def fits(store: Store, talk: Conversation, *happened: tuple[Kind, dict[str, Any]]) -> bool:
    rows = [
        interaction(talk, kind, at=at(), source_id=f"{talk.id}:{number}", seq=number, data=data)
        for number, (kind, data) in enumerate(happened)
    ]
    await store.write(append, rows)
    return await store.read(may_be_asked, talk)


@pytest.mark.parametrize("last", [NOT_FOUND, (Kind.UNDERSTANDING, {"intent": "thank"})])
async def test_once_something_was_answered_it_fits(store: Store, talk: Conversation, last: tuple[Kind, dict[str, Any]]):
    assert await fits(store, talk, ANSWERED, last)


async def test_an_order_that_was_told_is_an_answer(store: Store, talk: Conversation):
    assert await fits(store, talk, (Kind.ORDER, {"found": True}))


async def test_before_anything_was_answered_it_does_not_fit(store: Store, talk: Conversation):
    assert not await fits(store, talk, NOT_FOUND, (Kind.ORDER, {"found": False}))


@pytest.mark.parametrize(
    "spoilt",
    [
        (Kind.RATING, {"stars": 5, "words": ""}),
        (Kind.HANDOVER, {"to": "nobody", "reason": "asked"}),
        (Kind.UNDERSTANDING, {"intent": "complaint"}),
        (Kind.UNDERSTANDING, {"intent": "distress"}),
    ],
    ids=["rated", "a person", "complaint", "distress"],
)
async def test_after_stars_a_complaint_or_a_person_it_does_not_fit(
    store: Store, talk: Conversation, spoilt: tuple[Kind, dict[str, Any]]
):
    assert not await fits(store, talk, ANSWERED, spoilt)


@pytest.mark.parametrize("happening", [VisitorAskedForPerson(), StaffTook("dana")])
async def test_while_a_person_is_waited_for_or_there_it_does_not_fit(
    store: Store, talk: Conversation, happening: VisitorAskedForPerson | StaffTook
):
    if isinstance(happening, StaffTook):
        happening = StaffTook((await store.write(add_member, DANA.name, DANA.role, at=at())).id)
    await store.write(happen, talk.id, happening, at=at())

    assert not await fits(store, talk, ANSWERED)

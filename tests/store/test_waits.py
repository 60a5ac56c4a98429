"""How long visitors lately waited, as the conversations and the log have it."""

from zoneinfo import ZoneInfo

import pytest

from bot.conversation import VisitorAskedForPerson
from bot.hours import Hours, Span
from bot.interactions import ConversationId, Microseconds, SiteKey
from bot.store.consents import ask_person
from bot.store.conversations import begin, happen
from bot.store.sites import Site, add_site
from bot.store.staff import NewMember, add_member, give_back, resolve, speak, take
from bot.store.store import Store
from bot.store.waits import LATEST, latest_waits
from bot.waits import Wait
from tests.cast import DANA, SHOP, at


@pytest.fixture
async def dana(store: Store, shop: Site) -> NewMember:
    return await store.write(add_member, DANA.name, DANA.role, at=at())


async def asks(store: Store, moment: Microseconds, site: SiteKey = SHOP) -> ConversationId:
    conversation, _ = await store.write(begin, site, at=moment, language=None, page=None)
    await store.write(ask_person, conversation.id, frame="f", reason="", by="visitor", at=moment)
    return conversation.id


async def test_a_wait_ends_when_staff_take_the_conversation(store: Store, dana: NewMember):
    conversation = await asks(store, at())
    await store.write(take, conversation, dana, at=at(seconds=42))
    await store.write(speak, conversation, dana, frame="s", text="Hello", note=False, at=at(seconds=60))

    assert await store.read(latest_waits, SHOP, at=at(hours=1)) == [Wait(at(), at(seconds=42))]


async def test_who_still_waits_or_was_sent_away_has_no_answer(store: Store, dana: NewMember):
    await asks(store, at())
    dismissed = await asks(store, at(seconds=1))
    await store.write(resolve, dismissed, dana, at=at(seconds=5))

    assert await store.read(latest_waits, SHOP, at=at(hours=1)) == [Wait(at(seconds=1), None), Wait(at(), None)]


async def test_of_two_waits_in_one_conversation_the_later_counts(store: Store, dana: NewMember):
    conversation = await asks(store, at())
    await store.write(take, conversation, dana, at=at(seconds=10))
    await store.write(give_back, conversation, dana, at=at(seconds=20))
    await store.write(happen, conversation, VisitorAskedForPerson(), at=at(minutes=5))
    await store.write(take, conversation, dana, at=at(minutes=6))

    assert await store.read(latest_waits, SHOP, at=at(hours=1)) == [Wait(at(minutes=5), at(minutes=6))]


async def test_other_sites_other_talk_and_older_waits_are_left_out(store: Store, dana: NewMember):
    await store.write(add_site, SiteKey("other"), at=at())
    await asks(store, at(), SiteKey("other"))
    await store.write(begin, SHOP, at=at(), language=None, page=None)
    await asks(store, at(days=-30, seconds=-1))
    kept = await asks(store, at(days=-30))

    assert await store.read(latest_waits, SHOP, at=at()) == [Wait(at(days=-30), None)]
    assert kept


async def test_who_asked_when_it_was_closed_is_left_out(store: Store, shop: Site):
    by_day = Hours(ZoneInfo("UTC"), ((Span(720, 780),),) * 7)
    await asks(store, at(minutes=-1))
    await asks(store, at())

    assert await store.read(latest_waits, SHOP, at=at(hours=1), hours=by_day) == [Wait(at(), None)]


async def test_the_latest_fifty_are_enough(store: Store, shop: Site):
    for number in range(LATEST + 3):
        await asks(store, at(seconds=number))

    found = await store.read(latest_waits, SHOP, at=at(hours=1))

    assert len(found) == LATEST
    assert found[0] == Wait(at(seconds=LATEST + 2), None)

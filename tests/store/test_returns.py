"""Who was away and agreed to be remembered is welcomed once, in their conversation."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.conversation import StaffTook
from bot.interactions import ConversationId, CustomerId, Interaction, Kind, Microseconds, VisitorId
from bot.profiles import is_an_answer
from bot.store import consents
from bot.store.conversations import begin, existing, happen, say, transcript
from bot.store.identify import identify
from bot.store.interactions import append
from bot.store.purchases import Notice, record
from bot.store.returns import come_back
from bot.store.sites import Site
from bot.store.staff import add_member
from bot.store.store import Store
from tests.cast import ALICE, DANA, SHOP, at
from tests.store.test_blanking import a_talk, said, told

UTC = ZoneInfo("UTC")
NOTICE = Notice(id="order-1001", kind=Kind.PURCHASE, at=at(), value=1, currency="EUR")


async def back(store: Store, talk: ConversationId, **later: float) -> str | None:
    welcomed = await store.write(come_back, talk, at=at(**later), timezone=UTC)
    return None if welcomed is None else welcomed.text


async def order(store: Store, shop: Site, *, visitor: str | None = None, customer: str | None = None) -> None:
    await store.write(record, shop, replace(NOTICE, visitor=visitor, customer=customer), at=at())
    sent = Notice(id="status-1", kind=Kind.STATUS, of="order-1001", status="sent", at=at(days=1))
    await store.write(record, shop, sent, at=at(days=1))


async def test_a_name_and_a_need_are_met_again(store: Store, shop: Site):
    talk = await a_talk(store)
    await said(store, talk, "I'm Anna", told(("name", "Anna"), ("need", "a scarf for my dad")))

    text = await back(store, talk, minutes=30)

    assert text is not None and text.startswith(
        "Welcome back, Anna. Last time you were looking for a scarf for your dad."
    )
    lines, _ = await store.read(transcript, talk)
    assert (lines[-1].sender, lines[-1].text, lines[-1].buttons) == ("bot", text, ())


@pytest.mark.parametrize("minutes", [0, 29.9])
async def test_who_reloads_is_not_welcomed(store: Store, shop: Site, minutes: float):
    talk = await a_talk(store)
    await said(store, talk, "I'm Anna", told(("name", "Anna")))

    assert await back(store, talk, minutes=minutes) is None


async def test_a_visit_has_one_welcome(store: Store, shop: Site):
    talk = await a_talk(store)
    await said(store, talk, "I'm Anna", told(("name", "Anna")))

    welcomes = [await back(store, talk, minutes=minutes) for minutes in (40, 40, 60, 80, 109)]

    assert [text is not None for text in welcomes] == [True, False, False, False, False]


async def test_who_says_nothing_to_a_welcome_is_left_in_peace(store: Store, shop: Site):
    talk = await a_talk(store)
    await said(store, talk, "I'm Anna", told(("name", "Anna"), ("need", "a scarf")))
    await back(store, talk, days=1)

    assert await back(store, talk, days=2) is None


async def test_a_need_is_named_once(store: Store, shop: Site):
    talk = await a_talk(store)
    await said(store, talk, "I'm Anna", told(("name", "Anna"), ("need", "a scarf")))
    await back(store, talk, days=1)
    await store.write(say, await store.read(existing, talk), sender="visitor", text="hello", at=at(days=1, minutes=1))

    assert await back(store, talk, days=2) == "Welcome back, Anna. What would you like to know?"


async def test_without_consent_to_memory_nobody_is_welcomed(store: Store, shop: Site):
    talk = await a_talk(store, memory=False)
    await store.write(consents.set_consent, talk, frame="c", measure=True, memory=False, at=at())
    await said(store, talk, "I'm Anna", told(("name", "Anna")))

    assert await back(store, talk, days=1) is None


async def test_who_takes_the_consent_back_is_not_welcomed(store: Store, shop: Site):
    talk = await a_talk(store)
    await said(store, talk, "I'm Anna", told(("name", "Anna")))
    await store.write(consents.set_consent, talk, frame="d", measure=False, memory=False, at=at())

    assert await back(store, talk, days=1) is None


async def test_an_order_of_the_same_browser_is_news(store: Store, shop: Site):
    conversation, _ = await store.write(begin, SHOP, at=at(), language="en", page=None)
    agreed = await store.write(consents.set_consent, conversation.id, frame="c", measure=True, memory=True, at=at())
    await order(store, shop, visitor=agreed.visitor)

    assert await back(store, conversation.id, days=2) == "Welcome back. Your order 1001 left yesterday."
    assert await back(store, conversation.id, days=3) is None


async def test_an_order_of_a_proven_customer_is_news(store: Store, shop: Site):
    talk = await a_talk(store)
    await store.write(identify, talk, frame="i", customer=ALICE.customer, email=None, name=None, at=at())
    await order(store, shop, customer=ALICE.customer)

    assert "order 1001" in (await back(store, talk, days=2) or "")


async def test_an_order_of_somebody_else_is_nobodys_news(store: Store, shop: Site):
    talk = await a_talk(store)
    await order(store, shop, customer=ALICE.customer)

    assert await back(store, talk, days=2) is None


async def test_who_only_showed_a_reference_is_told_nothing(store: Store, shop: Site):
    theirs = await a_talk(store)
    victim = (await store.write(consents.set_consent, theirs, frame="d", measure=True, memory=True, at=at())).visitor
    assert victim is not None
    await order(store, shop, visitor=victim)
    stranger, _ = await store.write(begin, SHOP, at=at(), language="en", page=None)
    await store.write(consents.link_visitor, stranger.id, victim, at=at())
    await store.write(consents.set_consent, stranger.id, frame="c", measure=True, memory=True, at=at())

    assert await back(store, stranger.id, days=2) is None


async def test_while_a_person_owns_the_conversation_the_bot_is_silent(store: Store, shop: Site):
    talk = await a_talk(store)
    await said(store, talk, "I'm Anna", told(("name", "Anna")))
    dana = await store.write(add_member, DANA.name, "agent", at=at())
    await store.write(happen, talk, StaffTook(dana.id), at=at())

    assert await back(store, talk, days=1) is None


async def test_what_a_person_answered_meanwhile_is_pointed_at(store: Store, shop: Site):
    talk = await a_talk(store)
    await said(store, talk, "I'm Anna", told(("name", "Anna")))
    await store.write(say, await store.read(existing, talk), sender="staff", name="Dana", text="We do.", at=at(hours=1))

    assert await back(store, talk, days=1) == "Welcome back, Anna. Dana has answered you here meanwhile."


async def test_who_wrote_german_is_welcomed_in_german(store: Store, shop: Site):
    talk = await a_talk(store)
    await said(store, talk, "Ich heiße Anna und suche einen Schal", told(("name", "Anna")))

    assert (await back(store, talk, days=1) or "").startswith("Schön, dass Sie wieder da sind, Anna.")


async def test_for_a_need_that_no_page_answered_a_person_is_offered(store: Store, shop: Site):
    talk = await a_talk(store)
    unanswered = replace(told(("need", "a kayak")), from_pages={"answered": False})
    await said(store, talk, "I need a kayak", unanswered)

    await back(store, talk, days=1)

    lines, _ = await store.read(transcript, talk)
    assert [button["payload"] for button in lines[-1].buttons] == ["/ask_person"]


def test_a_welcome_is_no_answer():
    row = Interaction(
        at=Microseconds(0), site=SHOP, kind=Kind.ANSWER, source="chat", source_id="1", visitor=VisitorId("v"),
        customer=CustomerId("c"), data={"welcome": True},
    )  # fmt: skip

    assert not is_an_answer(row) and is_an_answer(replace(row, data={}))


async def test_a_conversation_that_was_forgotten_welcomes_nobody(store: Store, shop: Site):
    assert await store.write(come_back, "gone", at=at(), timezone=UTC) is None
    await store.write(append, [])

import json

from sqlalchemy import Connection, select

from bot.interactions import ConversationId, CustomerId, Interaction, Kind, VisitorId
from bot.store import consents
from bot.store.conversations import Conversation, begin, say
from bot.store.conversations import find as find_conversation
from bot.store.forget import forget_conversation, forget_customer, forget_fact, forget_visitor
from bot.store.identify import identify
from bot.store.interactions import append
from bot.store.profiles import find_profile, rebuild_all
from bot.store.purchases import Notice, record
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.tables import conversations, metadata
from bot.store.visitors import create, customer_of, link
from bot.store.visitors import find as find_visitor
from tests.cast import ALICE, CHARLIE, SHOP, at

CANARY = "canary"


def everything(connection: Connection) -> str:
    """All rows of all tables, as text to look for somebody in."""
    return json.dumps([[list(row) for row in connection.execute(select(table))] for table in metadata.sorted_tables])


def someone(connection: Connection, site: Site, *, customer: str, said: str) -> tuple[VisitorId, Conversation]:
    """A visitor who talked, was understood, viewed a page, bought something and is linked to a customer."""
    visitor = create(connection, site, at=at(), measure=True, memory=True).id
    conversation, _ = begin(connection, SHOP, at=at(), language="en", page=None)
    connection.execute(
        conversations.update()
        .where(conversations.c.id == conversation.id)
        .values(visitor=visitor, customer=customer, measure=True, memory=True)
    )
    known = Conversation(**{**vars(conversation), "visitor": visitor, "customer": customer, "measure": True})
    say(connection, known, sender="visitor", text=f"I am {said}", at=at(), id="m1", page=f"https://shop.example/{said}")
    view = Interaction(
        at=at(), site=SHOP, kind=Kind.PAGE_VIEW, source="browser", source_id=f"{SHOP}:{said}", visitor=visitor,
        url=f"https://shop.example/{said}", data={"title": said},
    )  # fmt: skip
    understood = Interaction(
        at=at(), site=SHOP, kind=Kind.UNDERSTANDING, source="turn", source_id=f"turn:{said}", visitor=visitor,
        conversation=conversation.id, seq=1, data={"facts": [["name", said], ["place", "Bonn"]], "sentiment": 0.5},
    )  # fmt: skip
    append(connection, [view, understood])
    notice = Notice(
        id=f"order-of-{customer}", kind=Kind.PURCHASE, at=at(), value=4990, margin=1200, currency="EUR",
        visitor=visitor, customer=customer, name=said, email=f"{said}@customers.example",
    )  # fmt: skip
    record(connection, site, notice, at=at())
    return visitor, conversation


async def test_who_is_forgotten_is_in_no_table_and_the_others_stay(store: Store, shop: Site):
    visitor, conversation = await store.write(someone, shop, customer=ALICE.customer, said=CANARY)
    other, _ = await store.write(someone, shop, customer=CHARLIE.customer, said="charlie")
    assert CANARY in await store.read(everything)

    forgotten = await store.write(forget_visitor, SHOP, visitor)

    assert (forgotten.visitors, forgotten.conversations) == ((visitor,), (conversation.id,))
    left = await store.read(everything)
    for trace in (CANARY, visitor, conversation.id, f'"{ALICE.customer}"'):
        assert trace not in left
    charlie = await store.read(find_profile, f"visitor:{other}")
    assert charlie is not None and charlie.messages_said == 1


async def test_an_order_stays_as_money_without_a_person(store: Store, shop: Site):
    visitor, _ = await store.write(someone, shop, customer=ALICE.customer, said=CANARY)

    await store.write(forget_visitor, SHOP, visitor)

    left = await store.read(everything)
    assert f"order-of-{ALICE.customer}" in left and "4990" in left
    assert await store.write(rebuild_all, SHOP) == 0


async def test_an_order_told_again_brings_nobody_back(store: Store, shop: Site):
    visitor, _ = await store.write(someone, shop, customer=ALICE.customer, said=CANARY)
    await store.write(forget_visitor, SHOP, visitor)
    again = Notice(
        id=f"order-of-{ALICE.customer}", kind=Kind.PURCHASE, at=at(), value=4990, margin=1200, currency="EUR",
        visitor=visitor, customer=ALICE.customer, name=CANARY, email=f"{CANARY}@customers.example",
    )  # fmt: skip

    assert await store.write(record, shop, again, at=at()) == "duplicate"

    assert CANARY not in await store.read(everything)


async def test_forgetting_one_browser_forgets_the_person_in_all(store: Store, shop: Site):
    visitor, _ = await store.write(someone, shop, customer=ALICE.customer, said=CANARY)
    second = await store.write(create, shop, at=at(), measure=True, memory=True)
    await store.write(link, SHOP, second.id, ALICE.customer, evidence="identify", at=at())

    forgotten = await store.write(forget_visitor, SHOP, second.id)

    assert set(forgotten.visitors) == {visitor, second.id}
    assert CANARY not in await store.read(everything)


async def test_forgetting_a_conversation_forgets_who_led_it(store: Store, shop: Site):
    visitor, conversation = await store.write(someone, shop, customer=ALICE.customer, said=CANARY)

    await store.write(forget_conversation, conversation.id)

    left = await store.read(everything)
    assert CANARY not in left and visitor not in left


async def test_a_conversation_with_nobody_known_is_forgotten_too(store: Store, shop: Site):
    conversation, _ = await store.write(begin, SHOP, at=at(), language=None, page=None)
    await store.write(say, conversation, sender="visitor", text=CANARY, at=at())

    forgotten = await store.write(forget_conversation, conversation.id)

    assert forgotten.conversations == (conversation.id,)
    assert CANARY not in await store.read(everything)
    assert (await store.write(forget_conversation, conversation.id)).conversations == ()


async def test_a_customer_who_only_bought_is_forgotten_with_their_address(store: Store, shop: Site):
    notice = Notice(
        id="order-1", kind=Kind.PURCHASE, at=at(), value=1, currency="EUR", customer="c", email=f"{CANARY}@a.example"
    )
    guest = Notice(
        id="order-2", kind=Kind.PURCHASE, at=at(), value=1, currency="EUR", name=CANARY, email=f"{CANARY}@a.example"
    )
    await store.write(record, shop, notice, at=at())
    await store.write(record, shop, guest, at=at())

    await store.write(forget_customer, SHOP, "c")

    assert CANARY not in await store.read(everything)


async def test_a_forgotten_fact_is_not_learned_again(store: Store, shop: Site):
    visitor, conversation = await store.write(someone, shop, customer=ALICE.customer, said=CANARY)

    for _ in range(2):
        await store.write(forget_fact, conversation.id, frame="f1", fact="name")

    profile = await store.read(find_profile, f"visitor:{visitor}")
    assert profile is not None
    assert [fact.kind for fact in profile.facts] == ["email", "place"]
    await store.write(rebuild_all, SHOP)
    assert await store.read(find_profile, f"visitor:{visitor}") == profile


async def test_a_reference_alone_erases_nobody_elses_conversation(store: Store, shop: Site):
    victims = await _a_talk(store, shop)
    victim = (await store.write(consents.set_consent, victims, frame="c", measure=True, memory=True, at=at())).visitor
    assert victim is not None
    strangers = await _a_talk(store, shop)
    await store.write(consents.link_visitor, strangers, victim, at=at())

    gone = await store.write(forget_conversation, strangers)

    assert gone.conversations == (strangers,) and gone.visitors == ()
    assert await store.read(find_conversation, victims) is not None
    assert await store.read(find_visitor, victim) is not None
    assert await store.read(find_profile, f"visitor:{victim}") is not None


async def test_a_reference_alone_forgets_nothing_that_was_told_elsewhere(store: Store, shop: Site):
    visitor, conversation = await store.write(someone, shop, customer=ALICE.customer, said=CANARY)
    strangers = await _a_talk(store, shop)
    await store.write(consents.link_visitor, strangers, visitor, at=at())

    await store.write(forget_fact, strangers, frame="f1", fact="name")

    profile = await store.read(find_profile, f"visitor:{visitor}")
    assert profile is not None and profile.fact("name") is not None
    assert f"I am {CANARY}" in await store.read(everything)
    assert conversation.id != strangers


async def test_an_address_given_in_a_checkout_erases_nobody_elses_orders(store: Store, shop: Site):
    mine = await _a_talk(store, shop)
    me = (await store.write(consents.set_consent, mine, frame="c", measure=True, memory=False, at=at())).visitor
    victims = await _a_talk(store, shop)
    await store.write(
        identify, victims, frame="i", customer=CustomerId("shop-alice"), email=ALICE.email, name=None, at=at()
    )
    assert me is not None
    await store.write(link, shop.key, me, CustomerId("shop-alice"), evidence="purchase", at=at())

    gone = await store.write(forget_conversation, mine)

    assert gone.conversations == (mine,)
    assert await store.read(find_conversation, victims) is not None


async def test_a_reference_does_not_keep_a_visitor_from_being_who_they_are(store: Store, shop: Site):
    victims = await _a_talk(store, shop)
    victim = (await store.write(consents.set_consent, victims, frame="c", measure=True, memory=False, at=at())).visitor
    assert victim is not None
    strangers = await _a_talk(store, shop)
    await store.write(consents.link_visitor, strangers, victim, at=at())
    proof = {"frame": "i", "email": None, "name": None, "at": at()}
    await store.write(identify, strangers, customer=CustomerId("stranger"), **proof)

    await store.write(identify, victims, customer=CustomerId("alice"), **proof)
    await store.write(forget_conversation, strangers)

    assert await store.read(customer_of, shop.key, victim) == "alice"
    assert await store.read(find_conversation, victims) is not None


async def _a_talk(store: Store, shop: Site) -> ConversationId:
    conversation, _ = await store.write(begin, shop.key, at=at(), language=None, page=None)
    return conversation.id

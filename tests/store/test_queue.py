"""The staff's list, on both databases: its order, its tabs, what narrows it, and turning its pages."""

from dataclasses import replace
from uuid import uuid4

import pytest

from bot.interactions import ConversationId, CustomerId, Interaction, Kind, Understanding
from bot.searching import parse
from bot.store import labels
from bot.store.consents import ask_person
from bot.store.conversations import begin, find
from bot.store.forget import forget_conversation, forget_customer
from bot.store.identify import identify
from bot.store.interactions import append
from bot.store.migrate import downgrade, upgrade
from bot.store.purchases import Notice, record
from bot.store.queue import Narrowed, counts, listed, snooze, unweighed, weigh
from bot.store.saved_views import drop, save, views_of
from bot.store.search import search
from bot.store.sites import Site
from bot.store.staff import NewMember, add_member, resolve, speak, take
from bot.store.store import Store
from bot.store.turns import Outcome, Reply, close, next_open, receive
from tests.cast import ALICE, DANA, SHOP, at


@pytest.fixture
async def dana(store: Store, shop: Site) -> NewMember:
    return await store.write(add_member, DANA.name, DANA.role, at=at())


async def a_talk(store: Store, *, minutes: float = 0, page: str | None = None, language: str = "en") -> ConversationId:
    talk, _ = await store.write(begin, SHOP, at=at(minutes=minutes), language=language, page=page)
    await says(store, talk.id, "Hello", minutes=minutes)
    return talk.id


async def says(store: Store, talk: ConversationId, text: str, *, minutes: float) -> None:
    await store.write(receive, talk, frame=str(uuid4()), text=text, page=None, at=at(minutes=minutes))


async def asks(store: Store, talk: ConversationId, *, minutes: float, reason: str = "asked") -> None:
    await store.write(ask_person, talk, frame=str(uuid4()), reason=reason, by="visitor", at=at(minutes=minutes))


async def answered(store: Store, talk: ConversationId, intent: str = "shipping", *, minutes: float = 0) -> None:
    turn = await store.read(next_open, talk)
    assert turn is not None
    made = Understanding(intent, 0.9, sentiment=-0.7)
    await store.write(close, turn, Outcome((Reply("So it is."),), made), at=at(minutes=minutes))


async def shown(
    store: Store, wanted: Narrowed | None = None, *, member: str = "", minutes: float = 60
) -> list[ConversationId]:
    found = await store.read(listed, wanted or Narrowed(), member=member, at=at(minutes=minutes))
    return [one.id for one in found]


async def test_who_waits_comes_first_the_longest_wait_before_all_then_the_latest(store: Store, shop: Site):
    old, new = await a_talk(store), await a_talk(store, minutes=30)
    second, first = await a_talk(store, minutes=1), await a_talk(store, minutes=2)
    await asks(store, first, minutes=3)
    await asks(store, second, minutes=4)

    assert await shown(store) == [first, second, new, old]


async def test_a_head_start_counts_as_time_waited(store: Store, shop: Site):
    first, second = await a_talk(store), await a_talk(store)
    await asks(store, first, minutes=0)
    await asks(store, second, minutes=10)
    changed = [(one.id, one.changed_at) for one in await store.read(unweighed)]

    await store.write(weigh, [(second, "900.00 EUR", 11 * 60_000_000, dict(changed)[second])])

    assert await shown(store, Narrowed("unassigned")) == [second, first]
    assert [one.id for one in await store.read(unweighed)] == [first]
    assert [id for id, _ in changed] == [first, second]


async def test_who_was_taken_waits_until_somebody_answers(store: Store, shop: Site, dana: NewMember):
    talk = await a_talk(store)
    await asks(store, talk, minutes=1)
    await store.write(take, talk, dana, at=at(minutes=2))

    (taken,) = await store.read(listed, Narrowed("mine"), member=dana.id, at=at(minutes=3))
    await store.write(speak, talk, dana, frame=str(uuid4()), text="Hi", note=False, at=at(minutes=4))
    (replied,) = await store.read(listed, Narrowed("mine"), member=dana.id, at=at(minutes=5))
    await says(store, talk, "Thanks, and one more thing", minutes=6)
    await says(store, talk, "are you there?", minutes=7)
    (again,) = await store.read(listed, Narrowed("mine"), member=dana.id, at=at(minutes=8))

    assert (taken.since, replied.since, again.since) == (at(minutes=1), None, at(minutes=6))


async def test_each_tab_has_its_own_and_counts_them(store: Store, shop: Site, dana: NewMember):
    bots, asked, mine, done = [await a_talk(store, minutes=number) for number in range(4)]
    await asks(store, asked, minutes=9)
    await store.write(take, mine, dana, at=at(minutes=9))
    await store.write(resolve, done, dana, at=at(minutes=9))
    await store.write(begin, SHOP, at=at(), language="en", page=None)

    tabs = {tab: await shown(store, Narrowed(tab), member=dana.id)
            for tab in ("mine", "unassigned", "bot", "all", "snoozed", "resolved")}  # fmt: skip
    counted = await store.read(counts, member=dana.id, at=at(hours=1))

    assert (tabs["mine"], tabs["unassigned"], tabs["bot"], tabs["resolved"]) == ([mine], [asked], [bots], [done])
    assert set(tabs["all"]) == {bots, asked, mine, done} and tabs["snoozed"] == []
    assert counted == {tab: len(ids) for tab, ids in tabs.items()}


async def test_snoozed_is_out_of_sight_and_comes_back_by_itself_as_if_it_were_new(store: Store, shop: Site):
    slept, other = await a_talk(store), await a_talk(store, minutes=5)

    await store.write(snooze, slept, until=at(hours=1))

    assert await shown(store, minutes=59) == [other]
    assert await shown(store, Narrowed("snoozed"), minutes=59) == [slept]
    assert await shown(store, minutes=60) == [slept, other]
    assert await shown(store, Narrowed("snoozed"), minutes=60) == []


async def test_what_the_visitor_says_or_asks_wakes_it_at_once(store: Store, shop: Site):
    for wake in (says(store, slept := await a_talk(store), "Hello?", minutes=3), asks(store, slept, minutes=4)):
        await store.write(snooze, slept, until=at(hours=1))
        await wake

        assert await shown(store, minutes=5) == [slept]


async def test_it_is_narrowed_by_whatever_is_wanted(store: Store, shop: Site, dana: NewMember):
    german = await a_talk(store, language="de-AT", page="https://shop.example/hosen.html?a=100%")
    english = await a_talk(store, language="en")
    await answered(store, german, "returns")
    await answered(store, english, "shipping")
    await store.write(take, german, dana, at=at())
    rated = Interaction(at=at(), site=SHOP, kind=Kind.RATING, source="chat", source_id="r", conversation=english,
                        data={"stars": 2})  # fmt: skip
    await store.write(append, [rated, replace(rated, source_id="odd", conversation=german, data={"stars": "many"})])
    label = await store.write(labels.create, "Refund", "red", at=at())
    assert label is not None
    await store.write(labels.stick, label.id, [english], staff=dana.id, at=at())

    for wanted, found in (
        (Narrowed(language="de"), [german]),
        (Narrowed(language="d"), []),
        (Narrowed(intent="shipping"), [english]),
        (Narrowed(stars=2), [english]),
        (Narrowed(stars=5), []),
        (Narrowed(person=dana.id), [german]),
        (Narrowed(page="hosen.html?a=100%"), [german]),
        (Narrowed(page="_"), []),
        (Narrowed(label=label.id), [english]),
        (Narrowed(state="resolved"), []),
        (Narrowed(language="en", label=label.id, stars=2), [english]),
    ):
        assert await shown(store, wanted) == found, wanted


async def test_it_is_narrowed_by_segment(store: Store, shop: Site):
    talks = {}
    for customer, is_answered, spent in (("a", True, 500), ("b", True, 0), ("c", False, 500), ("d", False, 0)):
        talks[customer] = await a_talk(store)
        await store.write(
            identify, talks[customer], frame=str(uuid4()), customer=CustomerId(customer), email=None, name=None, at=at()
        )
        if is_answered:
            await answered(store, talks[customer])
        if spent:
            notice = Notice(id=f"order-{customer}", kind=Kind.PURCHASE, at=at(), value=spent, currency="EUR",
                            customer=CustomerId(customer))  # fmt: skip
            await store.write(record, shop, notice, at=at())
    refund = Notice(id="refund-c", kind=Kind.REFUND, at=at(), value=500, currency="EUR", of="order-c")
    await store.write(record, shop, refund, at=at())

    found = {one: await shown(store, Narrowed(segment=one)) for one in
             ("conversing buyer", "conversing visitor", "silent buyer")}  # fmt: skip

    assert found == {"conversing buyer": [talks["a"]], "conversing visitor": [talks["b"]], "silent buyer": []}


async def test_who_is_a_buyer_follows_their_orders_and_who_they_turn_out_to_be(store: Store, shop: Site):
    before, later = await a_talk(store), await a_talk(store)
    for talk in (before, later):
        await answered(store, talk)
    bought = Notice(id="order", kind=Kind.PURCHASE, at=at(), value=500, currency="EUR", customer=ALICE.customer)
    buyers = Narrowed(segment="conversing buyer")
    who = {"customer": ALICE.customer, "email": None, "name": None, "at": at()}

    await store.write(identify, before, frame=str(uuid4()), **who)
    assert await shown(store, buyers) == []
    await store.write(record, shop, bought, at=at())
    assert await shown(store, buyers) == [before]
    await store.write(identify, later, frame=str(uuid4()), **who)
    assert set(await shown(store, buyers)) == {before, later}
    await store.write(forget_customer, SHOP, ALICE.customer)

    assert await shown(store, buyers) == []


async def test_no_row_comes_twice_and_none_is_lost_when_others_come_between_pages(store: Store, shop: Site):
    talks = [await a_talk(store, minutes=number / 10) for number in range(9)]
    for talk in talks[::2]:
        await asks(store, talk, minutes=2)
    expected, seen, after = await shown(store), [], None
    while page := await store.read(listed, Narrowed(), member="", at=at(hours=1), after=after, limit=2):
        seen += [one.id for one in page]
        after = (page[-1].place, page[-1].id)
        newcomer = await a_talk(store, minutes=50)
        await asks(store, newcomer, minutes=-50)
        await a_talk(store, minutes=55)

    came = set(seen) - set(expected)
    assert [one for one in seen if one not in came] == expected
    assert len(seen) == len(set(seen))


async def test_labels_go_with_the_conversation_that_is_forgotten(store: Store, shop: Site, dana: NewMember):
    talk = await a_talk(store)
    label = await store.write(labels.create, "Refund", "red", at=at())
    assert label is not None and await store.write(labels.create, "REFUND", "grey", at=at()) is None
    await store.write(labels.stick, label.id, [talk, talk, ConversationId("gone")], staff=dana.id, at=at())
    assert await store.read(labels.used) == {label.id: 1}

    await store.write(forget_conversation, talk)

    assert await store.read(labels.used) == {}
    assert await store.write(labels.stick, label.id, [talk], staff=dana.id, at=at())
    assert not await store.write(labels.stick, "gone", [talk], staff=dana.id, at=at())


async def test_a_label_gets_another_name_and_is_removed_with_all_its_uses(store: Store, shop: Site, dana: NewMember):
    talk = await a_talk(store)
    one = await store.write(labels.create, "Refund", "red", at=at())
    await store.write(labels.create, "Lost", "grey", at=at())
    assert one is not None
    await store.write(labels.stick, one.id, [talk], staff=dana.id, at=at())

    assert await store.write(labels.change, one.id, "refund", "blue")
    assert not await store.write(labels.change, one.id, "LOST", "blue")
    (shown_one,) = await store.read(listed, Narrowed(), member="", at=at())
    assert [(label.name, label.colour) for label in shown_one.labels] == [("refund", "blue")]
    await store.write(labels.remove, one.id)
    await store.write(labels.remove, one.id)
    assert [label.name for label in await store.read(labels.all_labels)] == ["Lost"]


async def test_views_are_kept_for_oneself_or_for_all(store: Store, shop: Site, dana: NewMember):
    lena = await store.write(add_member, "Lena", "agent", at=at())
    await store.write(save, dana.id, "German", "language=de", shared=True, at=at())
    await store.write(save, dana.id, "Secret", "stars=1", shared=False, at=at())
    await store.write(save, dana.id, "German", "language=de&stars=1", shared=True, at=at())

    danas, lenas = await store.read(views_of, dana.id), await store.read(views_of, lena.id)
    await store.write(drop, lena.id, lenas[0].id)
    await store.write(drop, dana.id, danas[1].id)

    assert [(view.name, view.query, view.by) for view in lenas] == [("German", "language=de&stars=1", "Dana")]
    assert [(view.name, view.by) for view in danas] == [("German", None), ("Secret", None)]
    assert [view.name for view in await store.read(views_of, dana.id)] == ["German"]


async def test_what_happened_before_there_was_a_list_is_in_it(store: Store, shop: Site):
    talk = await a_talk(store)
    await answered(store, talk, "returns")
    await asks(store, talk, minutes=1, reason="complaint")
    await store.write(downgrade, "0014")

    await store.write(upgrade)

    (one,) = await store.read(listed, Narrowed(intent="returns"), member="", at=at(hours=1))
    assert (one.waiting.reason, one.waiting.sentiment) == ("complaint", -0.7)
    assert await store.read(find, talk) is not None
    assert len((await store.read(search, parse("hello")))[0]) == 1

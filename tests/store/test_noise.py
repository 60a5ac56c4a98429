"""Who is left out of reports: robots, staff, and all that is known to be theirs."""

import pytest
from sqlalchemy import update

from bot.interactions import ConversationId, CustomerId
from bot.store.consents import link_visitor, set_consent
from bot.store.conversations import Gone, find
from bot.store.noise import claim, robots_and_staff, talks_of_noise
from bot.store.questions import asked_after, unanswered_before
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.tables import visitors
from bot.store.visitors import Visitor, create, link, mark_staff, unlink
from tests.asking import ALL, a_frame, agree, ask, of_staff, somebody
from tests.cast import SHOP, at

DANAS = CustomerId("customer-dana")


async def visitor(store: Store, shop: Site) -> Visitor:
    return await store.write(create, shop, at=at(), measure=True, memory=False)


async def visitor_of(store: Store, conversation: ConversationId) -> str:
    known = await store.read(find, conversation)
    assert known is not None and known.visitor is not None
    return known.visitor


async def questions(store: Store) -> list[str]:
    missed = await store.read(unanswered_before, ALL, None, 10)
    asked, _ = await store.read(asked_after, ALL, 0, 10)
    assert sorted(one.text for one in missed) == sorted(one.text for one in asked)
    return [one.text for one in asked]


@pytest.mark.parametrize("mark", ["robot", "staff"])
async def test_robots_and_staff_are_noise_and_nobody_else(store: Store, shop: Site, mark: str):
    marked, _ = await visitor(store, shop), await visitor(store, shop)
    await store.write(
        lambda connection: connection.execute(update(visitors).where(visitors.c.id == marked.id).values(**{mark: True}))
    )

    assert await store.read(robots_and_staff, SHOP) == {marked.id}


async def test_the_other_browsers_of_staff_are_noise_as_long_as_they_are_known_to_be_theirs(store: Store, shop: Site):
    desk, phone = await visitor(store, shop), await visitor(store, shop)
    await store.write(mark_staff, desk.id)
    for one in (desk, phone):
        await store.write(link, SHOP, one.id, DANAS, evidence="identify", at=at())

    together = await store.read(robots_and_staff, SHOP)
    await store.write(unlink, SHOP, phone.id, at=at())
    apart = await store.read(robots_and_staff, SHOP)

    assert (together, apart) == ({desk.id, phone.id}, {desk.id})


async def test_what_nobody_known_asked_is_no_noise(store: Store, shop: Site):
    await ask(store, await somebody(store), "Do you sell kayaks?")

    assert await questions(store) == ["Do you sell kayaks?"]
    assert await store.read(talks_of_noise, SHOP) == set()


async def test_what_staff_ask_is_noise_also_before_they_agree_and_after_they_withdraw(store: Store, shop: Site):
    tries = await somebody(store)
    await ask(store, tries, "Does it work?")
    await store.write(set_consent, tries, frame=a_frame(), measure=True, memory=False, at=at())
    await store.write(mark_staff, await visitor_of(store, tries))
    await store.write(set_consent, tries, frame=a_frame(), measure=False, memory=False, at=at())
    await ask(store, tries, "And now?")

    assert await questions(store) == []
    assert await store.read(talks_of_noise, SHOP) == {tries}


async def test_what_staff_ask_on_another_device_is_noise(store: Store, shop: Site):
    desk, phone = await of_staff(store), await somebody(store, agrees=True)
    for one in (desk, phone):
        await store.write(link, SHOP, await visitor_of(store, one), DANAS, evidence="identify", at=at())
        await ask(store, one, "Does it work?")

    assert await questions(store) == []
    assert await store.read(talks_of_noise, SHOP) == {desk, phone}


async def test_a_conversation_that_staff_say_is_theirs_is_noise_until_they_take_it_back(store: Store, shop: Site):
    tries, visitors_own = await somebody(store), await somebody(store)
    await ask(store, tries, "Does it work?")
    await ask(store, visitors_own, "Do you sell kayaks?")

    await store.write(claim, tries, ours=True)
    without = await questions(store), await store.read(talks_of_noise, SHOP)
    await store.write(claim, tries, ours=False)

    assert without == (["Do you sell kayaks?"], {tries})
    assert len(await questions(store)) == 2
    assert await store.read(talks_of_noise, SHOP) == set()


async def test_the_browser_goes_with_it_whether_it_agreed_before_or_after(store: Store, shop: Site):
    before, after = await somebody(store, agrees=True), await somebody(store)

    for one in (before, after):
        await store.write(claim, one, ours=True)
    await agree(store, after)

    marked = {await visitor_of(store, before), await visitor_of(store, after)}
    assert await store.read(robots_and_staff, SHOP) == marked
    await store.write(claim, before, ours=False)
    assert await store.read(robots_and_staff, SHOP) == {await visitor_of(store, after)}


async def test_a_browser_that_the_page_knew_before_goes_with_it_too(store: Store, shop: Site):
    known, conversation = await visitor(store, shop), await somebody(store)
    await store.write(claim, conversation, ours=True)

    await store.write(link_visitor, conversation, known.id, at=at())

    assert await store.read(robots_and_staff, SHOP) == {known.id}


async def test_a_conversation_that_is_gone_can_not_be_claimed(store: Store, shop: Site):
    with pytest.raises(Gone):
        await store.write(claim, ConversationId("gone"), ours=True)

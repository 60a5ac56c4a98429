"""Staff say which customer a visitor is, and take it back: a line in the ledger, and all else stays as it was."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import Connection, select

from bot.interactions import CustomerId, Kind
from bot.store import consents
from bot.store.audit import Act
from bot.store.console_tables import audit
from bot.store.conversations import Conversation, find
from bot.store.identify import identify
from bot.store.profiles import rebuild_all
from bot.store.purchases import Notice, record
from bot.store.sites import Site, add_site
from bot.store.store import Store
from bot.store.tables import profiles
from bot.store.visitors import customer_of
from tests.cast import ALICE, CHARLIE, DANA, SHOP, at
from tests.gateway.front_office import Browser, Office


@pytest.fixture
async def danas(server: TestServer, office: Office) -> AsyncIterator[Browser]:
    async with Browser(server) as browser:
        await browser.is_signed_in(office, await office.hire(DANA))
        yield browser


@pytest.fixture
async def asked(office: Office, store: Store, shop: Site) -> Conversation:
    """Somebody who agreed to be measured asks something; Alice bought elsewhere, without this browser."""
    await bought(store, shop, "order-1001", customer=ALICE.customer, name="Alice Archer", email=ALICE.email)
    conversation = await office.conversation("Where is my order?")
    agreed = await store.write(
        consents.set_consent, conversation.id, frame="c", measure=True, memory=False, at=at(minutes=1)
    )
    return agreed


async def bought(store: Store, shop: Site, id: str, **more: Any) -> None:
    notice = Notice(id=id, kind=Kind.PURCHASE, at=at(), value=4990, currency="EUR", **more)
    await store.write(record, shop, notice, at=at())


async def who_is(store: Store, conversation: Conversation) -> str | None:
    assert conversation.visitor is not None
    return await store.read(customer_of, SHOP, conversation.visitor)


def acts(connection: Connection) -> list[str]:
    return list(connection.execute(select(audit.c.act).order_by(audit.c.id)).scalars())


def all_profiles(connection: Connection) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(select(profiles).order_by(profiles.c.id))]


def person_of(conversation: Conversation) -> str:
    return f"/console/conversations/{conversation.id}/person"


@pytest.mark.parametrize("given", ["order-1001", "#order-1001", "ALICE@customers.example", "customer-1"])
async def test_a_customer_is_found_by_order_mail_or_id(danas: Browser, asked: Conversation, given: str):
    page = await danas.post(f"{person_of(asked)}/find", {"asked": given})

    assert page.status == 200
    assert "Alice Archer customer-1 , alice@customers.example 1 order, 49.90 EUR" in page.words


async def test_nobody_is_found_by_what_nobody_has(danas: Browser, asked: Conversation):
    assert "No customer of this site" in (await danas.post(f"{person_of(asked)}/find", {"asked": "%_"})).words
    assert (await danas.post(f"{person_of(asked)}/find", {"asked": " "})).status == 400


async def test_who_is_said_to_be_a_customer_is_shown_with_their_orders_on_whose_word(
    danas: Browser, asked: Conversation, store: Store
):
    done = await danas.post(person_of(asked), {"customer": ALICE.customer})

    assert (done.status, done.location) == (303, f"/console/conversations/{asked.id}#about")
    page = await danas.get(f"/console/conversations/{asked.id}")
    assert "Name Alice Archer verified by the shop" in page.words
    assert "<h1><bdi>Alice Archer</bdi></h1>" in page.text
    assert "Orders 1 · 49.90 EUR" in page.words
    assert "This browser is customer-1 said by Dana" in page.words
    assert "Alice Archer" in (await danas.get("/console")).words
    assert Act.MERGED in await store.read(acts)


async def test_it_is_taken_back_by_a_press_and_again_is_harmless(danas: Browser, asked: Conversation, store: Store):
    await danas.post(person_of(asked), {"customer": ALICE.customer})
    line = (await danas.get(f"/console/conversations/{asked.id}")).field("link")

    undone = [await danas.post(f"{person_of(asked)}/undo", {"link": line}) for _ in range(2)]

    assert [page.status for page in undone] == [303, 303]
    assert await who_is(store, asked) is None
    assert "Alice Archer" not in (await danas.get(f"/console/conversations/{asked.id}")).text
    assert "Alice Archer" not in (await danas.get("/console")).text
    assert (await store.read(acts)).count(Act.UNMERGED) == 1


async def test_an_old_page_takes_back_nothing_newer(danas: Browser, asked: Conversation, store: Store):
    await danas.post(person_of(asked), {"customer": ALICE.customer})
    old = (await danas.get(f"/console/conversations/{asked.id}")).field("link")
    await danas.post(f"{person_of(asked)}/undo", {"link": old})
    await danas.post(person_of(asked), {"customer": ALICE.customer})

    await danas.post(f"{person_of(asked)}/undo", {"link": old})

    assert await who_is(store, asked) == ALICE.customer


async def test_said_twice_it_is_said_once(danas: Browser, asked: Conversation, store: Store):
    said = [await danas.post(person_of(asked), {"customer": ALICE.customer}) for _ in range(2)]

    assert [page.status for page in said] == [303, 303]
    assert (await store.read(acts)).count(Act.MERGED) == 1


async def test_profiles_learned_again_are_the_same_merged_and_taken_back(
    danas: Browser, asked: Conversation, store: Store
):
    before = await store.read(all_profiles)

    await danas.post(person_of(asked), {"customer": ALICE.customer})
    await store.write(rebuild_all, SHOP)
    merged = await store.read(all_profiles)
    line = (await danas.get(f"/console/conversations/{asked.id}")).field("link")
    await danas.post(f"{person_of(asked)}/undo", {"link": line})
    await store.write(rebuild_all, SHOP)

    assert before == merged == await store.read(all_profiles)


async def test_two_customers_are_never_merged(danas: Browser, asked: Conversation, store: Store, shop: Site):
    await bought(store, shop, "order-3", customer=CHARLIE.customer)
    await danas.post(person_of(asked), {"customer": ALICE.customer})

    page = await danas.post(person_of(asked), {"customer": CHARLIE.customer})

    assert page.status == 409
    assert "another customer already, so nothing was done" in page.words
    assert await who_is(store, asked) == ALICE.customer


async def test_a_signed_proof_outdoes_the_staff_and_stays(
    danas: Browser, asked: Conversation, store: Store, shop: Site
):
    await danas.post(person_of(asked), {"customer": ALICE.customer})
    old = (await danas.get(f"/console/conversations/{asked.id}")).field("link")

    await store.write(
        identify, asked.id, frame="i", customer=CHARLIE.customer, email=None, name=None, at=at(minutes=5)
    )  # fmt: skip
    await danas.post(f"{person_of(asked)}/undo", {"link": old})

    assert await who_is(store, asked) == CHARLIE.customer
    page = await danas.get(f"/console/conversations/{asked.id}")
    assert "This browser is customer-3 signed by the shop" in page.words
    assert "take this back" not in page.words


async def test_a_customer_of_another_site_and_one_nobody_knows_are_not_found(
    danas: Browser, asked: Conversation, store: Store
):
    other = await store.write(add_site, "other", name="Other", origins=(), at=at())
    await bought(store, other, "order-9", customer="customer-9")

    statuses = [
        (await danas.post(person_of(asked), {"customer": one})).status for one in ("customer-9", "nobody", "", "\x00")
    ]

    assert statuses == [404] * 4
    assert "No customer" in (await danas.post(f"{person_of(asked)}/find", {"asked": "order-9"})).words
    assert (await danas.post(f"{person_of(asked)}/undo", {"link": "99"})).status == 404
    assert (await danas.post(f"{person_of(asked)}/undo", {"link": "x"})).status == 404


async def test_who_agreed_to_nothing_is_nobody(danas: Browser, office: Office, asked: Conversation, store: Store):
    stranger = await office.conversation("Hello")

    page = await danas.get(person_of(stranger))
    done = await danas.post(person_of(stranger), {"customer": ALICE.customer})

    assert "they have not agreed" in page.words
    assert done.status == 409
    known = await store.read(find, stranger.id)
    assert known is not None and known.customer is None


async def test_the_staffs_word_gives_the_visitor_nothing(danas: Browser, asked: Conversation, store: Store):
    await danas.post(person_of(asked), {"customer": ALICE.customer})

    known = await store.read(find, asked.id)

    # What the bot tells of orders goes by the conversation's own customer, whom only a signed proof sets.
    assert known is not None and known.customer is None
    assert CustomerId(ALICE.customer) == await who_is(store, asked)

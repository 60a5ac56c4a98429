"""Erasing a person from the console: what will go in numbers, a typed word, and then nothing of them is left."""

import io
import json
import uuid
from collections.abc import AsyncIterator
from zipfile import ZipFile

import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import Connection, select

from bot.interactions import Interaction, Kind
from bot.store import consents
from bot.store.audit import Act
from bot.store.console_tables import audit
from bot.store.conversations import Conversation, find
from bot.store.interactions import append
from bot.store.purchases import Notice, record
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.tables import metadata
from tests.cast import ALICE, DANA, SHOP, Person, at
from tests.gateway.front_office import Browser, Office
from tests.gateway.test_audit import written
from tests.test_subject_export import CONTENT, a_file

ADA = Person("Ada", "ada@shop.example", role="admin")
CANARY = "Canary-7f3a"


@pytest.fixture
async def danas(server: TestServer, office: Office) -> AsyncIterator[Browser]:
    async with Browser(server) as browser:
        await browser.is_signed_in(office, await office.hire(DANA))
        yield browser


@pytest.fixture
async def adas(server: TestServer, office: Office) -> AsyncIterator[Browser]:
    async with Browser(server) as browser:
        await browser.is_signed_in(office, await office.hire(ADA))
        yield browser


@pytest.fixture
async def known(office: Office, store: Store, shop: Site) -> Conversation:
    """Somebody who agreed, talked twice, looked at a page and bought."""
    conversation = await office.conversation(f"I am {CANARY}", "Where is my order?")
    agreed = await store.write(
        consents.set_consent, conversation.id, frame="c", measure=True, memory=True, at=at(minutes=1)
    )
    assert agreed.visitor is not None
    view = Interaction(
        at=at(), site=SHOP, kind=Kind.PAGE_VIEW, source="browser", source_id="v", visitor=agreed.visitor,
        url=f"https://shop.example/{CANARY}", data={"title": CANARY},
    )  # fmt: skip
    await store.write(append, [view])
    notice = Notice(
        id="order-1", kind=Kind.PURCHASE, at=at(), value=4990, currency="EUR", visitor=agreed.visitor,
        customer=ALICE.customer, name=CANARY, email=f"{CANARY}@customers.example",
    )  # fmt: skip
    await store.write(record, shop, notice, at=at())
    other = await office.conversation("Hello again")
    await store.write(consents.link_visitor, other.id, agreed.visitor, at=at(minutes=2))
    return agreed


def everything(connection: Connection) -> str:
    return json.dumps([[list(row) for row in connection.execute(select(table))] for table in metadata.sorted_tables])


def acts(connection: Connection) -> list[str]:
    return list(connection.execute(select(audit.c.act).order_by(audit.c.id)).scalars())


def page_of(conversation: Conversation) -> str:
    return f"/console/conversations/{conversation.id}"


async def test_it_is_told_in_numbers_what_will_go_and_what_stays(adas: Browser, known: Conversation):
    page = await adas.get(f"{page_of(known)}/erase")

    for told in ("Conversations 2", "Messages 3", "Page views 1", "Browsers 1", "Known as customer-1"):
        assert told in page.words, told
    assert "1 order stays as money without a person" in page.words


async def test_an_admin_erases_by_a_typed_word_and_nothing_is_left(
    adas: Browser, office: Office, known: Conversation, store: Store
):
    stranger = await office.conversation("I am somebody else")

    page = await adas.post(f"{page_of(known)}/erase", {"typed": " Erase "})

    assert page.status == 200 and "2 conversations and 1 browser" in page.words
    left = await store.read(everything)
    assert CANARY not in left and str(known.visitor) not in left and known.id not in left
    assert "4990" in left
    assert await store.read(find, stranger.id) is not None
    assert Act.ERASED in await store.read(acts)
    assert (await adas.get(page_of(known))).status == 404


@pytest.mark.parametrize("typed", ["", "erase it", "yes"])
async def test_without_the_word_nothing_goes(adas: Browser, known: Conversation, store: Store, typed: str):
    page = await adas.post(f"{page_of(known)}/erase", {"typed": typed})

    assert page.status == 400 and "Nothing was erased" in page.words
    assert CANARY in await store.read(everything)


async def test_who_is_erased_already_is_not_found(adas: Browser, known: Conversation):
    await adas.post(f"{page_of(known)}/erase", {"typed": "erase"})

    again = await adas.post(f"{page_of(known)}/erase", {"typed": "erase"})

    assert again.status == 404


async def test_an_agent_asks_and_does_not_erase(danas: Browser, known: Conversation, store: Store):
    page = await danas.get(f"{page_of(known)}/erase")
    refused = await danas.post(f"{page_of(known)}/erase", {"typed": "erase"})
    taken = await danas.get(f"{page_of(known)}/everything.json")

    assert "Only admins erase" in page.words and "Type erase" not in page.words
    assert (refused.status, taken.status) == (403, 403)
    assert CANARY in await store.read(everything)


async def test_a_request_is_a_note_once_and_the_admin_sees_who_asked(
    danas: Browser, adas: Browser, known: Conversation, store: Store
):
    for _ in range(2):
        asked = await danas.post(f"{page_of(known)}/ask-to-erase", {"id": str(uuid.uuid4())})
        assert asked.status == 303

    page = await adas.get(page_of(known))
    assert page.words.count("Dana asks an admin to erase this person") == 1
    assert "Dana asked for this" in (await adas.get(f"{page_of(known)}/erase")).words
    assert (await store.read(acts)).count(Act.ASKED_TO_ERASE) == 1


async def test_all_that_is_kept_is_given_as_one_file(adas: Browser, known: Conversation, store: Store):
    page = await adas.get(f"{page_of(known)}/everything.json")

    told = json.loads(page.text)
    assert page.headers["Content-Disposition"].startswith("attachment")
    assert [one["text"] for one in told["messages"] if one["conversation"] == known.id] == [
        f"I am {CANARY}",
        "Where is my order?",
    ]
    assert (told["purchases"][0]["value"], told["purchases"][0]["currency"]) == ("49.90", "EUR")
    assert told["visitors"][0]["consent_at"] == "2026-03-02T12:01:00.000Z"
    assert len(told["conversations"]) == 2 and told["profiles"] and told["interactions"]
    assert "token_hash" not in page.text


async def test_all_that_is_kept_is_given_with_a_page_to_read_and_the_files(
    adas: Browser, danas: Browser, known: Conversation, store: Store
):
    file = await a_file(store, known, "photo.png")

    page = await adas.get(f"{page_of(known)}/everything.zip")

    zip = ZipFile(io.BytesIO(page.content))
    assert (page.status, page.headers["Content-Type"]) == (200, "application/zip")
    assert set(zip.namelist()) == {"index.html", "person.json", f"files/{file}-photo.png"}
    assert zip.read(f"files/{file}-photo.png") == CONTENT
    assert CANARY in zip.read("index.html").decode()
    assert Act.EXPORTED in [one.act for one in await written(store)]
    assert (await danas.get(f"{page_of(known)}/everything.zip")).status == 403


async def test_nobodys_other_words_are_in_the_file(adas: Browser, office: Office, known: Conversation, store: Store):
    await office.conversation("I am Charlie")

    assert "Charlie" not in (await adas.get(f"{page_of(known)}/everything.json")).text


async def test_who_agreed_to_nothing_is_erased_with_this_conversation_alone(
    adas: Browser, office: Office, known: Conversation, store: Store
):
    bob = await office.conversation("I am Bob")

    page = await adas.get(f"{page_of(bob)}/erase")
    await adas.post(f"{page_of(bob)}/erase", {"typed": "erase"})

    assert "Conversations 1" in page.words and "Messages 1" in page.words
    assert await store.read(find, bob.id) is None
    assert CANARY in await store.read(everything)


async def test_an_unknown_conversation_is_not_found(adas: Browser, known: Conversation):
    assert (await adas.get("/console/conversations/nobody/erase")).status == 404
    assert (await adas.get("/console/conversations/nobody/everything.json")).status == 404
    assert (await adas.get("/console/conversations/nobody/everything.zip")).status == 404

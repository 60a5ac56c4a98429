"""The staff's JSON calls, as docs/api.md promises them."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from aiohttp.test_utils import TestClient

from bot.store import staff
from bot.store.staff import NewMember
from bot.store.store import Store
from tests.cast import DANA, MAYA, at
from tests.fake_engine import FakeEngine
from tests.gateway.visitor import Visitor

Client = TestClient[Any, Any]


@pytest.fixture
async def dana(store: Store) -> NewMember:
    return await store.write(staff.add_member, DANA.name, DANA.role, at=at())


@pytest.fixture
async def lena(store: Store) -> NewMember:
    return await store.write(staff.add_member, "Lena", "agent", at=at())


@pytest.fixture
async def maya(store: Store) -> NewMember:
    return await store.write(staff.add_member, MAYA.name, MAYA.role, at=at())


async def call(client: Client, member: NewMember, method: str, path: str, **body: Any) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {member.token}"}
    async with client.request(method, f"/v1/staff/{path}", headers=headers, json=body or None) as answer:
        return answer.status, await answer.json()


async def test_staff_take_a_conversation_answer_it_and_give_it_back(
    visitor: Visitor, client: Client, dana: NewMember, engine: FakeEngine
):
    conversation = (await visitor.connect())["conversation"]
    await visitor.ask("My order is late")

    took, standing = await call(client, dana, "POST", f"conversations/{conversation}/take")
    owner = await visitor.until(lambda frame: frame["type"] == "owner")
    said, seq = await call(client, dana, "POST", f"conversations/{conversation}/messages", id=str(uuid4()), text="Hi")
    shown = await visitor.until(lambda frame: frame.get("from") == "staff")
    await visitor.say("Thank you, Dana")
    gave, _ = await call(client, dana, "POST", f"conversations/{conversation}/give-back")
    back = await visitor.until(lambda frame: frame["type"] == "owner")

    assert (took, standing["owner"], said, seq, gave) == (200, "staff", 201, {"seq": 3}, 200)
    assert (owner["owner"], owner["name"]) == ("staff", "Dana")
    assert (shown["text"], shown["name"], shown["seq"]) == ("Hi", "Dana", 3)
    assert back["owner"] == "bot"
    answer = await visitor.ask("And now?")
    assert answer["text"] == "You said: And now?"
    assert [call.mode for call in engine.heard] == ["answer", "understand", "answer"]


async def test_a_colleagues_conversation_is_not_taken_over(
    visitor: Visitor, client: Client, dana: NewMember, lena: NewMember
):
    conversation = (await visitor.connect())["conversation"]
    await visitor.ask("Hello")
    await call(client, dana, "POST", f"conversations/{conversation}/take")

    again = await call(client, dana, "POST", f"conversations/{conversation}/take")
    status, told = await call(client, lena, "POST", f"conversations/{conversation}/take")

    assert again[0] == 200
    assert (status, told["error"]) == (409, "already_taken")
    for act in ("give-back", "resolve"):
        assert (await call(client, lena, "POST", f"conversations/{conversation}/{act}"))[1]["error"] == "not_yours"
    status, told = await call(
        client, lena, "POST", f"conversations/{conversation}/messages", id=str(uuid4()), text="Hi"
    )
    assert (status, told["error"]) == (409, "not_yours")


async def test_a_message_sent_twice_is_said_once(visitor: Visitor, client: Client, dana: NewMember):
    conversation = (await visitor.connect())["conversation"]
    await visitor.ask("Hello")
    await call(client, dana, "POST", f"conversations/{conversation}/take")
    id = str(uuid4())

    sent = [
        await call(client, dana, "POST", f"conversations/{conversation}/messages", id=id, text="Hi") for _ in range(2)
    ]

    assert sent == [(201, {"seq": 3})] * 2


async def test_a_note_is_for_the_staff_alone(visitor: Visitor, client: Client, dana: NewMember):
    conversation = (await visitor.connect())["conversation"]
    await visitor.ask("Hello")

    status, _ = await call(
        client, dana, "POST", f"conversations/{conversation}/messages", id=str(uuid4()), text="VIP", note=True
    )
    _, told = await call(client, dana, "GET", f"conversations/{conversation}")
    await visitor.leave()
    visitor.last_seq = 0
    welcome = await visitor.connect()

    assert status == 201
    assert [line["from"] for line in told["messages"]] == ["visitor", "bot", "note"]
    assert [line["from"] for line in welcome["missed"]] == ["visitor", "bot"]


async def test_the_transcript_shows_what_was_understood(visitor: Visitor, client: Client, dana: NewMember):
    conversation = (await visitor.connect())["conversation"]
    await visitor.ask("I live in Oslo, do you ship there?")

    _, told = await call(client, dana, "GET", f"conversations/{conversation}")

    made = told["messages"][0]["understanding"]
    assert (made["intent"], made["confidence"]) == ("ask_page", 0.9)
    assert [entity["text"] for entity in made["entities"]] == ["Oslo"]
    assert told["messages"][1]["understanding"] is None


async def test_the_list_is_filtered_and_goes_on_where_it_ended(visitor: Visitor, client: Client, dana: NewMember):
    silent = (await visitor.connect())["conversation"]
    talks = []
    for number in range(52):
        talker = Visitor(client)
        talks.append((await talker.connect())["conversation"])
        await talker.say(f"Hello {number}")
        await talker.leave()
    await call(client, dana, "POST", f"conversations/{talks[0]}/take")

    _, first = await call(client, dana, "GET", "conversations")
    _, rest = await call(client, dana, "GET", f"conversations?after={first['next']}")
    _, mine = await call(client, dana, "GET", "conversations?owner=staff")

    listed = [line["id"] for line in first["conversations"] + rest["conversations"]]
    assert len(first["conversations"]) == 50 and len(set(listed)) >= 52 and silent not in listed
    assert [line["id"] for line in mine["conversations"]] == [talks[0]]
    assert mine["conversations"][0]["staff"] == "Dana"


@pytest.mark.parametrize("query", ["owner=x", "state=x", "after=x", "after=1.\x00", "after=99999999999999999999.a"])
async def test_a_query_that_means_nothing_is_refused(client: Client, dana: NewMember, query: str):
    status, told = await call(client, dana, "GET", f"conversations?{query}")

    assert (status, told["error"]) == (400, "bad_query")


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer guessed", "Basic abc", "Bearer \u00e9"])
async def test_nobody_gets_in_without_a_token(client: Client, header: str | None):
    headers = {} if header is None else {"Authorization": header}

    async with client.get("/v1/staff/conversations", headers=headers) as answer:
        assert answer.status == 401


async def test_a_token_that_is_no_text_is_nobodys(client: Client):
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(b"GET /v1/staff/conversations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\xfe\r\n\r\n")

    assert (await reader.readline()).split()[1] == b"401"
    writer.close()


@pytest.mark.parametrize(
    "query", ["format=doc", "since=yesterday", "site=nobodys", "format=csv%0d%0aX:1", "format=%00", "site=%00"]
)
async def test_an_export_that_can_not_be_made_is_refused(client: Client, maya: NewMember, query: str):
    status, told = await call(client, maya, "GET", f"exports/messages?{query}")

    assert (status, told["error"]) == (400, "bad_query")


async def test_each_role_reaches_its_own_doors(client: Client, dana: NewMember, maya: NewMember, store: Store):
    admin = await store.write(staff.add_member, "Ada", "admin", at=at())

    reached = {
        member.role: [
            (await client.get(path, headers={"Authorization": f"Bearer {member.token}"})).status
            for path in ("/v1/staff/conversations", "/v1/staff/exports/messages", "/v1/staff/profiles/nobody")
        ]
        for member in (dana, maya, admin)
    }

    assert reached == {"agent": [200, 403, 404], "marketer": [403, 200, 404], "admin": [200, 200, 404]}


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"id":"x","text":"Hi"}', '{"id":"8c6f4d7e-5b1a-4c2e-9a51-2f1f3a1b7c11","text":""}',
     '{"id":"8c6f4d7e-5b1a-4c2e-9a51-2f1f3a1b7c11","text":"Hi","role":"admin"}'],
)  # fmt: skip
async def test_a_message_that_is_none_is_refused(visitor: Visitor, client: Client, dana: NewMember, body: str):
    conversation = (await visitor.connect())["conversation"]
    headers = {"Authorization": f"Bearer {dana.token}"}

    path = f"/v1/staff/conversations/{conversation}/messages"
    async with client.post(path, headers=headers, data=body) as answer:
        assert answer.status == 400 and (await answer.json())["detail"]


async def test_a_conversation_that_does_not_exist_is_not_found(client: Client, dana: NewMember):
    for method, path in (
        ("GET", "conversations/nobodys"),
        ("POST", "conversations/nobodys/take"),
        ("GET", "conversations/no%00body"),
    ):
        assert (await call(client, dana, method, path))[0] == 404


async def test_an_export_is_csv_with_the_columns_that_were_promised(visitor: Visitor, client: Client, maya: NewMember):
    await visitor.connect()
    await visitor.ask("Hello")

    headers = {"Authorization": f"Bearer {maya.token}"}
    async with client.get("/v1/staff/exports/interactions?format=csv", headers=headers) as answer:
        lines = (await answer.text()).splitlines()

    assert answer.status == 200 and answer.content_type == "text/csv"
    assert lines[0].startswith("id,at,site,visitor,customer,type,conversation,seq,turn,url,arm,value,currency")
    assert [line.split(",")[5] for line in lines[1:]] == ["message", "answer", "understanding"]
    async with client.get("/v1/staff/exports/nonsense", headers=headers) as answer:
        assert answer.status == 400


async def test_a_file_that_is_only_asked_about_has_no_body(client: Client, maya: NewMember):
    headers = {"Authorization": f"Bearer {maya.token}"}

    for _ in range(2):
        async with client.head("/v1/staff/exports/messages?format=csv", headers=headers) as answer:
            assert (answer.status, await answer.read()) == (200, b"")

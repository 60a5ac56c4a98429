"""The chat's socket, frame by frame, as docs/api.md promises it."""

import math
from typing import Any
from uuid import uuid4

import jwt
import pytest
from aiohttp.test_utils import TestClient

from bot.gateway.house import now
from bot.interactions import Kind
from bot.store import conversations
from bot.store.conversations import find
from bot.store.interactions import of_conversation
from bot.store.profiles import find_profile
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.visitors import customer_of
from tests.cast import ORIGIN
from tests.fake_engine import FakeEngine
from tests.gateway.visitor import Visitor

Client = TestClient[Any, Any]


def is_ack_of(id: str) -> Any:
    return lambda frame: frame["type"] == "ack" and frame["id"] == id


async def test_a_message_is_acknowledged_shown_and_answered_in_order(visitor: Visitor):
    welcome = await visitor.connect()

    answer = await visitor.ask("Do you ship to Norway?")

    assert welcome["seq"] == 0 and welcome["owner"] == "bot" and welcome["missed"] == []
    told = [frame for frame in visitor.frames[1:] if frame["type"] not in ("typing", "seen")]
    kinds = [(frame["type"], frame.get("seq")) for frame in told]
    assert kinds == [("ack", 1), ("message", 1), ("message", 2)]
    assert answer["from"] == "bot" and answer["reply_to"] == 1 and answer["text"] == "You said: Do you ship to Norway?"


async def test_the_same_message_sent_twice_is_stored_once_and_answered_once(visitor: Visitor, engine: FakeEngine):
    await visitor.connect()
    id = str(uuid4())
    first = await visitor.say("Hello", id=id)
    await visitor.until(lambda frame: frame["type"] == "message" and frame["from"] == "bot")

    again = await visitor.say("Hello", id=id)

    assert again["seq"] == first["seq"] == 1
    await visitor.ask("Bye")
    assert [call.text for call in engine.heard] == ["Hello", "Bye"]


async def test_who_comes_back_gets_what_they_missed_and_nothing_twice(visitor: Visitor, client: Client):
    await visitor.connect()
    await visitor.ask("one")
    await visitor.leave()
    elsewhere = Visitor(client)
    elsewhere.token = visitor.token
    await elsewhere.connect()
    await elsewhere.ask("two")

    welcome = await visitor.connect()

    assert [line["text"] for line in welcome["missed"]] == ["two", "You said: two"]
    assert welcome["seq"] == 4


async def test_all_windows_of_a_visitor_show_the_same(visitor: Visitor, client: Client):
    await visitor.connect()
    other = Visitor(client)
    other.token = visitor.token
    await other.connect()

    await visitor.ask("Hello")
    await other.until(lambda frame: frame["type"] == "message" and frame["from"] == "bot")

    def shown(frames: list[dict[str, Any]]) -> list[tuple[int, str]]:
        return [(frame["seq"], frame["text"]) for frame in frames if frame["type"] == "message"]

    assert shown(other.frames) == shown(visitor.frames) == [(1, "Hello"), (2, "You said: Hello")]


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty"), (" \n\t ", "empty"), ("\x00\x07", "empty"), ("x" * 4_001, "too_long"), ("é" * 4_001, "too_long")],
)
async def test_what_is_no_message_is_refused_and_the_socket_stays_usable(visitor: Visitor, text: str, code: str):
    await visitor.connect()

    refused = await visitor.say(text)

    assert (refused["type"], refused["code"]) == ("error", code)
    assert (await visitor.say("Hello"))["type"] == "ack"


async def test_the_longest_message_is_four_thousand_characters_after_composing(visitor: Visitor):
    await visitor.connect()

    # "e" and a combining accent become one character, so that this is 4,000 and not 8,000.
    assert (await visitor.say("e\u0301" * 4_000))["type"] == "ack"


async def test_control_characters_are_taken_out_and_counted(visitor: Visitor, client: Client, engine: FakeEngine):
    await visitor.connect()

    await visitor.ask("Do you\x00 ship\x1b[31m to\tNorway?\x07")

    assert engine.heard[0].text == "Do you ship[31m to\tNorway?"
    metrics = await (await client.get("/metrics")).text()
    assert 'duologue_dropped_total{door="chat",reason="control_characters"} 1' in metrics


@pytest.mark.parametrize(
    "frame",
    [
        "not json",
        "[]",
        "{}",
        '{"type":"nonsense"}',
        '{"type":"message","id":"not a uuid","text":"x"}',
        '{"type":"message","text":"x"}',
        '{"type":"message","id":"8c6f4d7e-5b1a-4c2e-9a51-2f1f3a1b7c11","text":7}',
        '{"type":"message","id":"8c6f4d7e-5b1a-4c2e-9a51-2f1f3a1b7c11","text":"\\ud800"}',
        '{"type":"rate","id":"8c6f4d7e-5b1a-4c2e-9a51-2f1f3a1b7c11","stars":6}',
        '{"type":"seen","seq":-1}',
        '{"type":"history"}',
        '{"type":"hello","site":"demo"}',
        "[" * 30_000,
    ],
)
async def test_a_bad_frame_gets_an_error_and_the_socket_stays_usable(visitor: Visitor, frame: str):
    await visitor.connect()
    assert visitor.socket is not None

    await visitor.socket.send_str(frame)

    refused = await visitor.next()
    assert (refused["type"], refused["code"]) == ("error", "bad_frame") and refused["detail"]
    assert (await visitor.say("Hello"))["type"] == "ack"


async def test_a_binary_frame_gets_an_error(visitor: Visitor):
    await visitor.connect()
    assert visitor.socket is not None

    await visitor.socket.send_bytes(b"\x00\x01")

    assert (await visitor.next())["code"] == "bad_frame"


@pytest.mark.parametrize("first", ['{"type":"typing"}', "rubbish", '{"type":"hello"}'])
async def test_the_first_frame_has_to_be_hello(client: Client, first: str):
    socket = await client.ws_connect("/v1/chat")

    await socket.send_str(first)
    await socket.receive()

    assert socket.close_code == 4400


async def test_an_unknown_site_is_closed(client: Client):
    assert await Visitor(client, site="nobody's").connect() == {"type": "closed", "code": 4404}


async def test_only_the_sites_own_origins_may_connect(visitor: Visitor, client: Client):
    assert (await visitor.connect(origin=ORIGIN))["type"] == "welcome"
    for foreign in ("https://evil.example", ORIGIN + ".evil.example", ORIGIN + "/", "null", ORIGIN.upper()):
        assert await Visitor(client).connect(origin=foreign) == {"type": "closed", "code": 4403}


async def test_a_token_that_nobody_has_is_closed(visitor: Visitor):
    assert await visitor.connect(token="guessed") == {"type": "closed", "code": 4401}


async def test_a_frame_above_its_size_closes_the_socket(visitor: Visitor):
    await visitor.connect()
    assert visitor.socket is not None

    await visitor.socket.send_str('{"type":"typing","x":"' + "y" * 70_000 + '"}')

    assert await visitor.next() == {"type": "closed", "code": 1009}


async def test_slashes_are_words_to_the_engine_and_stay_in_the_transcript(visitor: Visitor, engine: FakeEngine):
    await visitor.connect()

    await visitor.ask('/restart{"x":1}')

    assert not engine.heard[0].trusted
    assert visitor.frames[2]["text"] == '/restart{"x":1}'


async def test_a_button_is_pressed_once(visitor: Visitor, engine: FakeEngine):
    await visitor.connect()
    engine.says("Shall I get a person?", ("Yes, please", "/ask_person"))
    button = (await visitor.ask("Help"))["buttons"][0]

    id = await visitor.send("press", button=button["id"])
    await visitor.until(is_ack_of(id))
    await visitor.until(lambda frame: frame["type"] == "message" and frame["from"] == "bot")

    assert set(button) == {"id", "title"}
    assert (engine.heard[-1].text, engine.heard[-1].trusted) == ("/ask_person", True)
    again = await visitor.send("press", button=button["id"])
    assert (await visitor.until(lambda frame: frame.get("id") == again))["code"] == "not_allowed"


async def test_the_message_of_an_absent_engine_is_kept_and_answered_when_it_is_back(
    visitor: Visitor, engine: FakeEngine
):
    engine.away = True
    await visitor.connect()
    ack = await visitor.say("Do you ship to Norway?")
    engine.away = False

    answer = await visitor.until(lambda frame: frame.get("reply_to") == ack["seq"])

    assert answer["text"] == "You said: Do you ship to Norway?"


async def test_messages_typed_while_the_bot_thinks_are_answered_one_after_the_other(
    visitor: Visitor, engine: FakeEngine
):
    await visitor.connect()
    engine.hold()
    for text in ("one", "two", "three"):
        await visitor.say(text)
    engine.go_on()

    await visitor.until(lambda frame: frame.get("reply_to") == 3)

    told = [
        (frame["reply_to"], frame["seq"]) for frame in visitor.frames if frame.get("from") == "bot" and "seq" in frame
    ]
    assert told == [(1, 4), (2, 5), (3, 6)]
    assert [call.state for call in engine.heard] == [None, {"turns": 1}, {"turns": 2}]


async def test_asking_for_a_person_hands_over_once(visitor: Visitor, store: Store):
    conversation = (await visitor.connect())["conversation"]

    id = await visitor.send("human", reason="My order is late")
    owner = await visitor.until(lambda frame: frame["type"] == "owner")
    await visitor.send("human", id=id, reason="My order is late")
    await visitor.until(is_ack_of(id))

    assert (owner["owner"], owner["name"], owner["wait_s"]) == ("nobody", None, None)
    rows = [row.interaction for row in await store.read(of_conversation, conversation, limit=9)]
    assert [(row.kind, row.data["reason"]) for row in rows] == [(Kind.HANDOVER, "My order is late")]


async def test_a_rating_is_logged_once(visitor: Visitor, store: Store):
    conversation = (await visitor.connect())["conversation"]

    for id in [str(uuid4())] * 2:
        await visitor.send("rate", id=id, stars=4, words="Quick")
        await visitor.until(is_ack_of(id))

    rows = [row.interaction for row in await store.read(of_conversation, conversation, limit=9)]
    assert [(row.kind, row.data) for row in rows] == [(Kind.RATING, {"stars": 4, "words": "Quick"})]


async def test_agreeing_makes_a_visitor_and_counts_what_was_said_before(visitor: Visitor, store: Store):
    welcome = await visitor.connect()
    await visitor.ask("My name is Alice Winter, do you ship to Norway?")

    await visitor.send("consent", measure=True, memory=True)
    agreed = await visitor.until(lambda frame: frame["type"] == "consent")
    await visitor.send("memory")
    memory = await visitor.until(lambda frame: frame["type"] == "memory")

    assert welcome["visitor"] is None
    assert agreed["measure"] and agreed["memory"] and agreed["visitor"]
    assert [(fact["text"], fact["from_seq"]) for fact in memory["facts"]] == [("Your name is Alice Winter.", 1)]


async def test_without_consent_nothing_is_remembered(visitor: Visitor, store: Store):
    conversation = (await visitor.connect())["conversation"]
    await visitor.ask("My name is Alice")

    await visitor.send("memory")

    assert (await visitor.until(lambda frame: frame["type"] == "memory"))["facts"] == []
    rows = [row.interaction for row in await store.read(of_conversation, conversation, limit=9)]
    assert rows and all(row.visitor is None for row in rows)


async def test_a_fact_is_forgotten_for_good(visitor: Visitor):
    await visitor.connect()
    await visitor.send("consent", measure=True, memory=True)
    await visitor.ask("My name is Alice")
    await visitor.send("memory")
    facts = (await visitor.until(lambda frame: frame["type"] == "memory"))["facts"]

    id = await visitor.send("forget", what=facts[0]["id"])
    await visitor.until(is_ack_of(id))

    await visitor.send("memory")
    assert (await visitor.until(lambda frame: frame["type"] == "memory"))["facts"] == []


async def test_forgetting_all_ends_the_conversation_and_its_token(visitor: Visitor, store: Store):
    conversation = (await visitor.connect())["conversation"]
    await visitor.ask("Hello")

    id = await visitor.send("forget", what="all")
    await visitor.until(is_ack_of(id))

    assert await visitor.next() == {"type": "closed", "code": 4401}
    assert await store.read(find, conversation) is None
    assert await visitor.connect() == {"type": "closed", "code": 4401}


def a_proof(site: Site, **claims: Any) -> str:
    seconds = now() // 1_000_000
    told = {"sub": "customer-1", "iat": seconds, "exp": seconds + 600, "email": "alice@customers.example"} | claims
    return jwt.encode({name: value for name, value in told.items() if value is not None}, site.secrets[0], "HS256")


async def test_a_signed_proof_identifies_the_visitor(visitor: Visitor, store: Store, shop: Site):
    await visitor.connect()
    await visitor.send("consent", measure=True, memory=False)
    agreed = await visitor.until(lambda frame: frame["type"] == "consent")

    await visitor.send("identify", jwt=a_proof(shop))

    assert (await visitor.until(lambda frame: frame["type"] == "identified"))["customer"] == "customer-1"
    assert await store.read(customer_of, shop.key, agreed["visitor"]) == "customer-1"


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"exp": 1}, "expired"),
        ({"exp": None}, "bad_signature"),
        ({"exp": 9_999_999_999}, "expired"),
        ({"sub": None}, "bad_signature"),
        ({"sub": ""}, "bad_signature"),
        ({"sub": "half \ud83d"}, "bad_signature"),
        ({"exp": math.nan}, "expired"),
        ({"iat": math.nan}, "expired"),
        ({"iat": 9_999_999_999}, "expired"),
        ({"iat": "yesterday"}, "bad_signature"),
    ],
)
async def test_a_proof_that_is_not_good_is_refused(visitor: Visitor, shop: Site, claims: dict[str, Any], code: str):
    await visitor.connect()

    id = await visitor.send("identify", jwt=a_proof(shop, **claims))

    assert (await visitor.until(lambda frame: frame.get("id") == id))["code"] == code


async def test_half_characters_in_a_proof_are_left_out(visitor: Visitor, store: Store, shop: Site):
    await visitor.connect()

    # A shop that cuts a name after so many UTF-16 units cuts an emoji in two.
    await visitor.send("identify", jwt=a_proof(shop, name="Alice \ud83d", email="\x00\ud83d"))

    await visitor.until(lambda frame: frame["type"] == "identified")
    profile = await store.read(find_profile, f"customer:{shop.key}:customer-1")
    assert profile is not None and [(fact.kind, fact.value) for fact in profile.facts] == [("name", "Alice")]


async def test_a_forged_proof_is_refused(visitor: Visitor, shop: Site):
    await visitor.connect()
    unsigned = jwt.encode({"sub": "customer-1", "iat": 1, "exp": 2}, "", "none")
    foreign = jwt.encode({"sub": "customer-1", "iat": 1, "exp": 2}, "another secret of 32 characters..", "HS256")

    for forged in (unsigned, foreign, "rubbish", "a.b.c"):
        id = await visitor.send("identify", jwt=forged)
        assert (await visitor.until(lambda frame, id=id: frame.get("id") == id))["code"] == "bad_signature"


async def test_two_customers_are_never_one_conversation(visitor: Visitor, shop: Site):
    await visitor.connect()
    await visitor.send("identify", jwt=a_proof(shop))
    await visitor.until(lambda frame: frame["type"] == "identified")

    id = await visitor.send("identify", jwt=a_proof(shop, sub="customer-3"))

    assert (await visitor.until(lambda frame: frame.get("id") == id))["code"] == "other_customer"


async def test_a_visitors_reference_is_no_key_to_what_they_told(visitor: Visitor, client: Client):
    await visitor.connect()
    await visitor.send("consent", measure=True, memory=True)
    alice = (await visitor.until(lambda frame: frame["type"] == "consent"))["visitor"]
    await visitor.ask("My name is Alice")

    charlie = Visitor(client)
    welcome = await charlie.connect(visitor=alice)
    await charlie.send("consent", measure=True, memory=True)
    await charlie.until(lambda frame: frame["type"] == "consent")
    await charlie.send("memory")

    assert welcome["missed"] == []
    assert (await charlie.until(lambda frame: frame["type"] == "memory"))["facts"] == []


async def test_history_goes_back_and_forth_in_pages(visitor: Visitor, store: Store):
    await visitor.connect()
    for number in range(3):
        await visitor.ask(f"question {number}")

    await visitor.send("history", before=5)
    back = await visitor.until(lambda frame: frame["type"] == "history")
    await visitor.send("history", after=4)
    forth = await visitor.until(lambda frame: frame["type"] == "history")

    assert [line["seq"] for line in back["messages"]] == [1, 2, 3, 4] and not back["more"]
    assert [line["seq"] for line in forth["messages"]] == [5, 6]


async def test_what_was_seen_is_kept(visitor: Visitor, store: Store):
    conversation = (await visitor.connect())["conversation"]
    await visitor.ask("Hello")
    assert visitor.socket is not None

    await visitor.socket.send_json({"type": "seen", "seq": 2})
    await visitor.socket.send_json({"type": "seen", "seq": 99})
    await visitor.say("flush")

    found = await store.read(conversations.find, conversation)
    assert found is not None and found.seen_seq == 2


@pytest.mark.parametrize("field", ["site", "token", "visitor"])
async def test_a_hello_with_control_characters_is_none(client: Client, field: str):
    assert await Visitor(client).connect(**{field: "a\x00b"}) == {"type": "closed", "code": 4400}


async def test_the_address_of_a_page_is_kept_without_control_characters(visitor: Visitor, store: Store):
    page = {"url": "https://shop.example/\x00a", "title": "\x00"}
    conversation = (await visitor.connect(page=page))["conversation"]

    await visitor.say("Hello", page=page)

    lines, _ = await store.read(conversations.transcript, conversation)
    assert lines[0].page == "https://shop.example/a"


async def test_linking_a_visitor_who_agreed_to_memory_elsewhere_keeps_what_they_told(
    visitor: Visitor, client: Client, store: Store
):
    await visitor.connect()
    await visitor.send("consent", measure=True, memory=True)
    alice = (await visitor.until(lambda frame: frame["type"] == "consent"))["visitor"]
    await visitor.ask("My name is Alice")
    elsewhere = Visitor(client)
    await elsewhere.connect()
    await elsewhere.ask("Hello")
    await elsewhere.leave()

    welcome = await elsewhere.connect(visitor=alice)

    profile = await store.read(find_profile, f"visitor:{alice}")
    assert welcome["visitor"] == alice and not welcome["consent"]["memory"]
    assert profile is not None and [fact.value for fact in profile.facts] == ["Alice"]
    assert (profile.messages_said, profile.answers_got) == (2, 2)


async def test_forgetting_closes_every_window_also_one_that_is_sending(visitor: Visitor, client: Client):
    await visitor.connect()
    other = Visitor(client)
    other.token = visitor.token
    await other.connect()

    await visitor.send("forget", what="all")
    await other.send("message", text="Are you there?")

    assert (await visitor.until(lambda frame: frame["type"] == "closed"))["code"] == 4401
    assert (await other.until(lambda frame: frame["type"] == "closed"))["code"] == 4401


async def test_a_fault_of_ours_refuses_the_frame_and_keeps_the_socket(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
):
    await visitor.connect()

    def stumbles(*_: Any, **__: Any) -> None:
        monkeypatch.undo()
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("bot.store.turns.receive", stumbles)
    refused = await visitor.say("Hello")

    assert (refused["type"], refused["code"]) == ("error", "unavailable")
    assert (await visitor.say("Hello"))["type"] == "ack"


async def test_a_frame_of_exactly_64_kib_is_taken(visitor: Visitor):
    await visitor.connect()
    assert visitor.socket is not None
    empty = '{"type":"typing","x":""}'

    await visitor.socket.send_str(empty[:-2] + "y" * (65_536 - len(empty)) + '"}')

    assert (await visitor.say("Hello"))["type"] == "ack"

"""The engine's door, knocked at with a real engine behind it."""

import asyncio
import json
from dataclasses import replace

import pytest

from bot.errors import EngineUnavailable
from tests.engine_fixture import ACTION_LIMIT_S, JOURNAL, Engine, a_call
from tests.fake_desk import RETURNS as FOUND
from tests.fake_desk import UNKNOWN

RETURNS = "can i return shoes"


async def test_a_question_is_answered_from_the_pages_in_one_message_with_its_source(engine: Engine) -> None:
    result = await engine.say(RETURNS)

    (message,) = result.messages
    assert message.text == "You can return anything within 30 days."
    assert message.custom is not None
    assert [source["url"] for source in message.custom["sources"]] == ["https://shop.example/returns"]
    assert result.actions == ("action_answer_from_pages",)
    assert result.understanding.intent == "return_item"


async def test_actions_see_the_turn_the_page_and_what_is_known(engine: Engine) -> None:
    page = {"url": "https://shop.example/tents", "title": "Tents"}

    await engine.say(RETURNS, turn="turn-seen", page=page, facts={"name": "Alice"}, language="en")

    assert engine.host.metadata[-1] == {
        "turn": "turn-seen",
        "page": page,
        "facts": {"name": "Alice"},
        "language": "en",
    }
    (call,) = engine.desk.calls("answer")[0]
    assert (call.turn, call.message, call.text) == ("turn-seen", "turn-seen", RETURNS)  # type: ignore[attr-defined]


@pytest.mark.parametrize("secret", ["", "wrong", "é"])
async def test_without_the_secret_nobody_is_answered(engine: Engine, secret: str) -> None:
    status, answer = await engine.knock(a_call(), headers={"X-Duologue-Secret": secret.encode().decode("latin-1")})

    assert (status, answer["status"]) == (401, "failed")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"text": ""}, 400),
        ({"text": " \n\t"}, 400),
        ({"text": 7}, 400),
        ({"text": None}, 400),
        ({"text": "x" * 4001}, 413),
        ({"turn": ""}, 400),
        ({"turn": "t" * 201}, 400),
        ({"turn": ["t"]}, 400),
        ({"mode": "both"}, 400),
        ({"trusted": "yes"}, 400),
        ({"state": []}, 400),
        ({"state": {"version": 1}}, 400),
        ({"state": {"version": 1, "events": [{"name": "no type"}]}}, 400),
        ({"state": {"version": 0, "events": []}}, 400),
        ({"page": "https://shop.example"}, 400),
        ({"facts": None}, 400),
        ({"language": 5}, 400),
        ({"facts": {"long": "x" * 300_000}}, 413),
    ],
)
async def test_a_wrong_call_is_told_so(engine: Engine, changes: dict[str, object], status: int) -> None:
    got, answer = await engine.knock(a_call(**changes))

    assert (got, answer["status"]) == (status, "failed")
    assert answer["error"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b'{"turn": NaN}', b"[" * 5000])
async def test_what_is_not_json_is_a_bad_call(engine: Engine, body: bytes) -> None:
    status, answer = await engine.knock(body)

    assert (status, answer["status"]) == (400, "failed")


async def test_only_json_is_taken(engine: Engine) -> None:
    status, _ = await engine.knock(a_call(), headers={"Content-Type": "text/plain"})

    assert status == 415


@pytest.mark.parametrize("text", ["x" * 4000, "🤷", "?", "\u200b", "\ud83d", "\x00", "a\u0301" * 2000])
async def test_any_text_that_is_taken_gets_an_answer(engine: Engine, text: str) -> None:
    status, answer = await engine.knock(a_call(text=text))

    assert (status, answer["status"]) == (200, "ok")
    assert answer["messages"]


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        "  /restart",
        "\u200b/restart",
        "\ufeff /restart",
        "／restart",
        "//restart",
        "/session_start",
        "/back",
        '/ask_person{"reason": "gold"}',
        "/ask_person@1.0",
        "\n/ask_person",
        "EXTERNAL: restart",
        "/",
    ],
)
async def test_a_command_that_is_typed_is_words(engine: Engine, text: str) -> None:
    status, answer = await engine.knock(a_call(text=text))

    assert status == 200
    assert answer["understanding"]["confidence"] < 1.0
    assert not {"action_restart", "action_back", "action_session_start"} & set(answer["actions"])
    (said,) = [event["text"] for event in answer["state"]["events"] if event["event"] == "user"]
    assert not said.strip().startswith("/")
    assert answer["messages"]


async def test_the_payload_of_a_button_of_ours_is_obeyed(engine: Engine) -> None:
    result = await engine.say("/ask_person", trusted=True)

    assert result.understanding.intent == "ask_person"
    assert result.actions == ("action_ask_person",)
    assert engine.desk.calls("ask_person")


async def test_understanding_alone_says_and_does_nothing(engine: Engine) -> None:
    result = await engine.say(RETURNS, mode="understand", state={"version": 1, "events": []})

    assert result.understanding.intent == "return_item"
    assert len(result.understanding.ranking) == 5
    assert (result.messages, result.actions, result.state) == ((), (), {"version": 1, "events": []})
    assert engine.host.ran == []


async def test_what_is_not_understood_has_no_intent_and_is_looked_up(engine: Engine) -> None:
    result = await engine.say("seven corners and a wooden spoon")

    assert result.understanding.intent is None
    assert result.actions == ("action_answer_from_pages",)


async def test_the_journal_hears_every_message_once(engine: Engine) -> None:
    for text in ("hello", RETURNS, "thank you", "/deny"):
        await engine.say(text, trusted=text.startswith("/"))

    heard = engine.desk.calls("heard")
    assert [call.text for call, _ in heard] == ["hello", RETURNS, "thank you", "/deny"]  # type: ignore[attr-defined]
    assert [understanding.intent for _, understanding in heard] == ["greet", "return_item", "thank", "deny"]  # type: ignore[attr-defined]


async def test_nothing_is_kept_in_memory_after_a_turn(engine: Engine) -> None:
    await engine.say("hello")
    await engine.knock(a_call(turn="one"))
    engine.host.broken = {JOURNAL}
    await engine.knock(a_call(turn="two"))

    assert await engine.status() == {"status": "ok", "turns": 0, "held": 0}


async def test_a_failing_action_gives_the_honest_sentence(engine: Engine) -> None:
    engine.desk.raises = RuntimeError("the index is gone")

    result = await engine.say(RETURNS)

    (message,) = result.messages
    assert message.text.startswith("Something went wrong on our side")
    assert ("Talk to a person", "/ask_person") in message.buttons


@pytest.mark.parametrize("broken", [JOURNAL, "action_answer_from_pages"])
async def test_an_action_that_can_not_be_run_fails_the_turn(engine: Engine, broken: str) -> None:
    engine.host.broken = {broken}

    status, answer = await engine.knock(a_call(text=RETURNS, turn="again"))

    assert (status, answer) == (503, {"turn": "again", "status": "failed", "error": f"{broken} failed"})

    engine.host.broken = set()
    assert (await engine.knock(a_call(text=RETURNS, turn="again")))[0] == 200


async def test_an_action_that_takes_too_long_fails_the_turn(engine: Engine) -> None:
    engine.desk.sleeps_s = ACTION_LIMIT_S + 2

    with pytest.raises(EngineUnavailable, match=r"action_answer_from_pages gave no answer in 1\.5 s"):
        await engine.say(RETURNS)


async def test_more_than_eight_turns_at_once_are_refused_as_busy(engine: Engine) -> None:
    engine.desk.sleeps_s = 0.7

    answers = await asyncio.gather(*(engine.knock(a_call(text=RETURNS, turn=f"t{n}")) for n in range(12)))

    busy = [answer for status, answer in answers if status == 503]
    assert len(busy) == 4
    assert all(answer["error"].startswith("busy") for answer in busy)


async def test_the_client_queues_what_the_engine_would_refuse(engine: Engine) -> None:
    engine.desk.sleeps_s = 0.2

    results = await asyncio.gather(*(engine.say(RETURNS) for _ in range(12)))

    assert all(result.messages for result in results)


async def test_a_turn_in_flight_is_not_begun_twice(engine: Engine) -> None:
    engine.desk.sleeps_s = 0.5

    answers = await asyncio.gather(*(engine.knock(a_call(text=RETURNS, turn="same")) for _ in range(2)))

    assert sorted(status for status, _ in answers) == [200, 503]


async def test_a_caller_that_hangs_up_does_not_cut_the_turn(engine: Engine) -> None:
    engine.desk.sleeps_s = 0.5
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await engine.knock(a_call(text=RETURNS, turn="left"))

    await asyncio.sleep(0.8)

    assert (await engine.status())["turns"] == 0
    assert len(engine.desk.calls("answer")) == 1


async def test_the_canary_leaves_no_trace(engine: Engine) -> None:
    result = await engine.say("hello", turn="canary-test")

    assert result.messages
    assert engine.desk.asked == []


async def test_yes_takes_the_offer_of_a_person(engine: Engine) -> None:
    engine.desk.page_answer = UNKNOWN
    asked = await engine.say("how many elephants do you own")
    assert asked.messages[0].text.startswith("I could not find that on our pages.")

    await engine.say("yes please", state=json.loads(json.dumps(asked.state)))

    assert [reason for _, reason in engine.desk.calls("ask_person")] == ["no_answer"]


async def test_a_question_that_was_left_open_is_asked_back_and_a_press_is_a_question_again(engine: Engine) -> None:
    engine.desk.page_answer = replace(FOUND, options=("Ridge Hat", "Ferry Scarf"))
    asked_back = await engine.say("how do I wash it")
    engine.desk.page_answer = FOUND

    answer = await engine.say("/ask_page", trusted=True, state=json.loads(json.dumps(asked_back.state)))

    assert asked_back.messages[0].buttons == (("Ridge Hat", "/ask_page"), ("Ferry Scarf", "/ask_page"))
    assert answer.understanding.intent == "ask_page"
    assert answer.messages[0].text == FOUND.text

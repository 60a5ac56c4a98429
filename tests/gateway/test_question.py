"""A question that was left open until an option was chosen, through the chat, the desk and a shop's pages."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

from bot.engine.client import BotMessage, TurnCall, TurnResult
from bot.gateway.question import question_of
from bot.interactions import ConversationId, Kind
from bot.pages.answering.question import Turn
from bot.pages.command import crawl
from bot.pages.learning.verdicts import Sign, verdicts
from bot.settings import Settings
from bot.store.interactions import of_conversation
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.talks import talk
from bot.store.turns import next_open
from tests.cast import SHOP
from tests.fake_engine import FakeEngine
from tests.gateway.visitor import Frame, Visitor

HOST = "https://shop.example"
THINGS = {
    "Ridge Hat": ("merino wool", "Wash the Ridge Hat by hand at 30 °C."),
    "Ferry Scarf": ("lambswool", "Wash the Ferry Scarf in cold water and dry it flat."),
    "Gate Mittens": ("Irish wool from Galway sheep", "Put the Gate Mittens in a machine with the wool programme."),
}


def _page(name: str, made_of: str, care: str) -> str:
    html = (
        f"<title>{name} | The shop</title><main><h1>{name}</h1><h2>Materials</h2><p>The {name} is made "
        f"of {made_of}.</p>"
        f"<h2>Care</h2><p>{care} How you wash it decides how long it lasts.</p></main>"
    )
    return json.dumps({"url": f"{HOST}/{name.replace(' ', '-').lower()}", "html": html})


PAYING = json.dumps(
    {"url": f"{HOST}/pay", "title": "Paying | The shop", "text": "You can pay by card. We take no PayPal."}
)


class RunsTheAction(FakeEngine):
    """Answers each message as the rule for questions does: by the project's own action."""

    def __init__(self) -> None:
        super().__init__()
        self._actions = ActionExecutor()
        self._actions.register_package("actions")

    async def take_turn(self, call: TurnCall) -> TurnResult:
        result = await super().take_turn(call)
        message = {"text": call.text, "message_id": "message", "metadata": {"turn": call.turn}}
        tracker = {"sender_id": "x", "slots": {"reason": None}, "latest_message": message, "events": []}
        done = await self._actions.run({"next_action": "action_answer_from_pages", "tracker": tracker, "domain": {}})
        assert done is not None
        return replace(result, messages=tuple(_message(one) for one in done.responses))


def _message(said: dict[str, Any]) -> BotMessage:
    buttons = tuple((one["title"], one["payload"]) for one in said["buttons"])
    return BotMessage(said["text"] or "", buttons, said["custom"])


@pytest.fixture
def engine() -> FakeEngine:
    return RunsTheAction()


@pytest.fixture
async def asking(visitor: Visitor, store: Store, shop: Site, settings: Settings, tmp_path: Path) -> Visitor:
    """A visitor of a shop that sells three things."""
    file = tmp_path / "pages.jsonl"
    file.write_text("\n".join([*(_page(name, *told) for name, told in THINGS.items()), PAYING]))
    await crawl(store, settings, SHOP, str(file))
    await visitor.connect(page={"url": f"{HOST}/pay", "title": "Paying"})
    return visitor


async def press(visitor: Visitor, button: dict[str, str]) -> Frame:
    """Presses it; the bot's answer."""
    id = await visitor.send("press", button=button["id"])
    ack = await visitor.until(lambda frame: frame.get("id") == id and frame["type"] == "ack")
    return await visitor.until(lambda frame: frame["type"] == "message" and frame.get("reply_to") == ack["seq"])


async def test_pressing_an_option_answers_the_question_for_it(asking: Visitor) -> None:
    asked_back = await asking.ask("what is it made of")
    chosen = asked_back["buttons"][1]
    assert "Which do you mean?" in asked_back["text"] and asked_back["sources"] == []

    answer = await press(asking, chosen)

    said = [frame["text"] for frame in asking.frames if frame.get("from") == "visitor"]
    assert said == ["what is it made of", chosen["title"]]
    assert f"{chosen['title']} is made of" in answer["text"]
    assert answer["buttons"] == []


@pytest.mark.parametrize("question", ["how do I wash it", "what is it made of"])
@pytest.mark.parametrize("number", [0, 1])
async def test_each_option_leads_to_what_it_names(asking: Visitor, question: str, number: int) -> None:
    chosen = (await asking.ask(question))["buttons"][number]

    answer = await press(asking, chosen)

    assert answer["buttons"] == []
    assert answer["sources"][0]["quote"] == answer["text"]
    assert chosen["title"] in answer["text"]


async def test_an_option_may_be_said_in_words(asking: Visitor) -> None:
    asked_back = await asking.ask("how do I wash it")
    title = asked_back["buttons"][0]["title"]

    answer = await asking.ask(title.lower())

    assert title in answer["text"]


async def test_another_question_may_be_asked_instead(asking: Visitor) -> None:
    await asking.ask("how do I wash it")

    assert "PayPal" in (await asking.ask("Can I pay with PayPal?"))["text"]


async def test_an_option_is_good_for_the_question_it_was_offered_for(asking: Visitor) -> None:
    title = (await asking.ask("what is it made of"))["buttons"][0]["title"]
    await asking.ask("Can I pay with PayPal?")

    answer = await asking.ask(title)

    assert "made of" not in answer["text"]


async def test_what_was_asked_back_is_in_the_log_and_no_question_is_unanswered(asking: Visitor, store: Store) -> None:
    asked_back = await asking.ask("what is it made of")
    await press(asking, asked_back["buttons"][0])

    conversation = ConversationId(str(asking.frames[0]["conversation"]))
    rows = [row.interaction for row in await store.read(of_conversation, conversation, limit=100)]
    found = [row.data["from_pages"] for row in rows if row.kind is Kind.UNDERSTANDING]
    assert [one.get("options") for one in found] == [[one["title"] for one in asked_back["buttons"]], None]
    assert [row.kind for row in rows].count(Kind.UNANSWERED) == 0


async def test_the_question_is_found_again_after_the_bot_has_said_its_options_twice(
    asking: Visitor, store: Store, engine: FakeEngine
) -> None:
    asked_back = await asking.ask("what is it made of")
    title = asked_back["buttons"][0]["title"]
    engine.hold()
    await asking.say(title)
    turn = await store.read(next_open, ConversationId(str(asking.frames[0]["conversation"])))
    engine.go_on()
    assert turn is not None
    said_again = (replace(turn.history[0], text="say it again"), turn.history[1])

    asked = question_of(replace(turn, history=(*turn.history, *said_again)))

    assert (asked.text, asked.within, asked.history) == (f"what is it made of {title}", title, ())


async def test_without_options_a_turn_asks_what_it_says(asking: Visitor, store: Store, engine: FakeEngine) -> None:
    await asking.ask("Can I pay with PayPal?")
    engine.hold()
    await asking.say("and in cash?")
    turn = await store.read(next_open, ConversationId(str(asking.frames[0]["conversation"])))
    engine.go_on()
    assert turn is not None

    asked = question_of(turn)

    assert (asked.text, asked.within) == ("and in cash?", "")
    assert asked.history[0] == Turn(True, "Can I pay with PayPal?")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Can I pay by card? And in cash? Do you take PayPal?", "Can I pay by card?"),
        ("Can I pay by card? And in cash?", "Can I pay by card? And in cash?"),
        ("c̷̢̛a̶͔͝n̵̨͠ i pay by card", "can i pay by card"),
    ],
)
async def test_what_no_page_could_be_asked_as_it_is_written_is_asked_as_it_is_meant(
    asking: Visitor, store: Store, engine: FakeEngine, text: str, asked: str
) -> None:
    engine.hold()
    await asking.say(text)
    turn = await store.read(next_open, ConversationId(str(asking.frames[0]["conversation"])))
    engine.go_on()
    assert turn is not None

    assert question_of(turn).text == asked


async def test_what_was_chosen_and_what_was_rated_can_be_learned_from(asking: Visitor, store: Store) -> None:
    chosen = (await asking.ask("what is it made of"))["buttons"][1]
    place = (await press(asking, chosen))["sources"][0]
    paying = (await asking.ask("Can I pay with PayPal?"))["sources"][0]
    rated = await asking.send("rate", stars=5, words="")
    await asking.until(lambda frame: frame.get("id") == rated and frame["type"] == "ack")

    told = await store.read(talk, ConversationId(str(asking.frames[0]["conversation"])))

    found = [(one.question, one.place, one.sign) for one in verdicts(told, lambda *_: False)]
    assert found == [
        ("what is it made of", (place["url"].partition("#")[0], place["quote"]), Sign.CHOSEN),
        ("Can I pay with PayPal?", (f"{HOST}/pay", paying["quote"]), Sign.RATED_WELL),
    ]

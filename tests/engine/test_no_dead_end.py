"""All forms and rules are walked with messages out of place: each is met, nothing is said twice, and it goes on."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from bot.desk import Fact
from bot.engine.client import BotMessage, TurnResult
from tests.engine_fixture import PROJECT, Engine

DOMAIN = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
INTENTS = [one if isinstance(one, str) else next(iter(one)) for one in DOMAIN["intents"]]
FORMS: dict[str, tuple[str, ...]] = {
    "no form": (),
    "an answer": ("do you ship to Norway?",),
    "order, number": ("/order_status",),
    "order, address": ("/order_status", "1001"),
    "contact, address": ("/leave_contact",),
    "contact, about": ("/leave_contact", "bob@visitors.example"),
    "feedback, stars": ("/feedback",),
    "feedback, words": ("/feedback", "4"),
    "complaint, what": ("/complaint",),
    "complaint, more": ("/complaint", "my scarf arrived with a hole in it"),
    "complaint, said back": ("/complaint", "my scarf arrived with a hole in it", "/deny"),
}
BAD_INPUT = {
    "4,000 characters": "x" * 4_000,
    "emoji": "🙂🙃",
    "zalgo": "h̷̢̛e̴̡͝l̶̨͘p̵̧̛ ̴̨̛m̵̢̛e̴̡͘",
    "restart": "/restart",
    "JSON": '{"intent": "refund", "entities": [1, 2, {"a": null}]}',
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "SQL": "'; DROP TABLE messages; --",
    "right to left": "مرحبا، كم يكلف الشحن؟",
    "mixed scripts": "пароль 密码 كلمة heslo",
    "many questions": "do you ship? what does it cost? and when? " * 60,
    "a card, masked": "•••• •••• •••• 1111",
    "one letter": "a",
    "punctuation": "?!",
}
TO_SAY_AGAIN = ("repeat",)


@pytest.fixture(scope="module")
def walked() -> dict[str, list[TurnResult]]:
    """How each place was come to last: an engine has no memory, so that one way there serves all."""
    return {}


async def come_to(engine: Engine, where: str, walked: dict[str, list[TurnResult]]) -> list[TurnResult]:
    if where not in walked:
        result: TurnResult | None = None
        for text in FORMS[where]:
            result = await say(engine, text, result)
        walked[where] = [] if result is None else [result]
    return list(walked[where])


async def say(engine: Engine, text: str, before: TurnResult | None) -> TurnResult:
    """What begins with a slash is a button that the house issued, but for what visitors type."""
    state: Any = None if before is None else before.state
    return await engine.say(text, state=state, trusted=text.startswith("/") and text != "/restart", language="en")


def asked(messages: tuple[BotMessage, ...]) -> list[str]:
    return [one.text or "" for one in messages]


def is_met(result: TurnResult) -> bool:
    """Whether it ends in an answer, a question or a person, and not in silence."""
    return bool(result.messages) and all(one.text or one.buttons for one in result.messages)


def sentences(messages: tuple[BotMessage, ...]) -> Iterator[str]:
    """Each by itself; not what is quoted of the visitor or listed, which stays as it is."""
    for text in asked(messages):
        own = re.sub(r"“[^”]*”|•.*", "", text)
        yield from (one.strip().lower() for one in re.split(r"(?<=[.?!:])\s+", own) if len(one) > 12)


def said_twice(results: list[TurnResult]) -> set[str]:
    """What is said in one turn more than once, or in two turns that follow each other."""
    twice: set[str] = set()
    before: list[str] = []
    for result in results:
        now = [one for one in sentences(result.messages) if one not in OF_THE_PAGES]
        twice |= {one for one in now if now.count(one) > 1 or one in before}
        before = now
    return twice


OF_THE_PAGES = {"you can return anything within 30 days."}


@pytest.mark.parametrize("intent", INTENTS)
@pytest.mark.parametrize("where", list(FORMS))
async def test_whatever_is_meant_it_is_met_and_the_conversation_goes_on(
    engine: Engine, walked: dict[str, list[TurnResult]], where: str, intent: str
) -> None:
    engine.desk.facts = (Fact("name", "Your name is Bob.", "Bob"),)
    results = await come_to(engine, where, walked)

    for text in (f"/{intent}", f"/{intent}", "do you ship to Norway?"):
        results.append(await say(engine, text, results[-1] if results else None))

    assert all(is_met(result) for result in results)
    assert intent in TO_SAY_AGAIN or said_twice(results) == set()
    last = results[-1]
    assert next(sentences(last.messages)) in OF_THE_PAGES


@pytest.mark.parametrize("bad", list(BAD_INPUT))
@pytest.mark.parametrize("where", list(FORMS))
async def test_whatever_is_typed_it_is_met_and_the_conversation_goes_on(
    engine: Engine, walked: dict[str, list[TurnResult]], where: str, bad: str
) -> None:
    results = await come_to(engine, where, walked)

    for text in (BAD_INPUT[bad], BAD_INPUT[bad]):
        results.append(await say(engine, text, results[-1] if results else None))

    assert all(is_met(result) for result in results)
    assert said_twice(results) == set()

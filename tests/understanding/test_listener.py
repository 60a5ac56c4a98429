import time
from collections.abc import AsyncIterator

import pytest

from bot.interactions import Entity, Understanding
from bot.understanding.listener import Listener, combine


@pytest.fixture(scope="module")
async def listener() -> AsyncIterator[Listener]:
    listener = Listener()
    await listener.warm_up()
    yield listener
    listener.close()


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("Hi, I'm Lena and I work at Siemens in Munich.", [("name", "Lena"), ("company", "Siemens")]),
        ("my name is lena", [("name", "Lena")]),
        ("my name is lena meyer and i live in bonn", [("name", "Lena Meyer"), ("place", "Bonn")]),
        ("My name is Anna-Lena O'Neil.", [("name", "Anna-Lena O'Neil")]),
        ("My name is Lena What are your hours?", [("name", "Lena")]),
        ("i am charlie", [("name", "Charlie")]),
        ("I am Xiaoming Li", [("name", "Xiaoming Li")]),
        ("I'm Dr. Maya Schmidt from Vienna", [("name", "Maya Schmidt")]),
        ("Call me Ishmael.", [("name", "Ishmael")]),
        ("call me lena", [("name", "Lena")]),
        ("i work for siemens", [("company", "Siemens")]),
        ("I am Sam, I work for Marks & Spencer", [("name", "Sam"), ("company", "Marks & Spencer")]),
        ("We at Acme Corp need lamps", [("company", "Acme Corp"), ("need", "lamps")]),
        ("I'm from Siemens", [("company", "Siemens")]),
        ("I live in München", [("place", "München")]),
        ("i live in new york", [("place", "New York")]),
        ("I'm from the Netherlands", [("place", "Netherlands")]),
        ("i'm from hamburg", [("place", "Hamburg")]),
        ("my email is lena@customers.example.", [("email", "lena@customers.example")]),
    ],
)
async def test_what_visitors_say_of_themselves_is_heard(listener: Listener, text: str, facts: list[tuple[str, str]]):
    assert (await listener.listen(text)).facts == tuple(facts)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I'm looking for my lamp",
        "I'm fine",
        "I'm Fine, thanks",
        "I'm from the press",
        "i'm from marketing",
        "I'm German",
        "I'm Interested",
        "Call me back",
        "Please call me tomorrow",
        "i live in fear",
        "i live in constant hope",
        "i work at home",
        "i work for a bank",
        "we at least tried",
        "My name is wrong on the invoice",
        "If I live in Austria, do you ship?",
        "Do I live in Vienna?",
        "What is my name?",
        "was läuft heute im theater",
        "ich bin im zug",
        "can I collect my parcel?",
    ],
)
async def test_what_is_no_fact_is_not_learned(listener: Listener, text: str):
    assert (await listener.listen(text)).facts == ()


async def test_names_are_heard_where_they_stand(listener: Listener):
    heard = await listener.listen("Do you ship to Berlin?")

    assert heard.entities == (Entity("place", "Berlin", "Berlin", 15, 21),)
    assert heard.intent is None


@pytest.mark.parametrize(("text", "sign"), [("I love this lamp!", 1), ("This is terrible.", -1), ("A lamp.", 0)])
async def test_the_mood_is_heard(listener: Listener, text: str, sign: int):
    sentiment = (await listener.listen(text)).sentiment

    assert sentiment is not None and -1 <= sentiment <= 1
    assert (sentiment > 0) - (sentiment < 0) == sign


@pytest.mark.parametrize(
    "text", ["my name is " * 360, "a" * 4_000, "\u202e" * 4_000, "i'm \ud800 " * 100, "😀" * 4_000]
)
async def test_a_strange_message_takes_no_time_and_breaks_nothing(listener: Listener, text: str):
    began = time.process_time()

    await listener.listen(text)

    assert time.process_time() - began < 1


async def test_an_average_message_takes_less_than_50_ms(listener: Listener):
    text = "I ordered a lamp from you last week and it has not arrived in Berlin yet. " * 5
    began = time.process_time()

    for _ in range(20):
        await listener.listen(text)

    assert (time.process_time() - began) / 20 < 0.05


def test_the_engine_names_things_first():
    engine = Understanding("order_status", 0.9, entities=(Entity("order", "Berlin 5", "5", 10, 18),), sentiment=None)
    heard = Understanding(
        None, 0.0, entities=(Entity("place", "Berlin", "Berlin", 10, 16), Entity("person", "Lena", "Lena", 0, 4)),
        sentiment=0.5, facts=(("name", "Lena"),),
    )  # fmt: skip

    both = combine(engine, heard)

    assert (both.intent, both.confidence, both.sentiment) == ("order_status", 0.9, 0.5)
    assert [entity.kind for entity in both.entities] == ["order", "person"]
    assert both.facts == (("name", "Lena"),)


def test_without_the_engine_what_was_heard_stands_alone():
    heard = Understanding(None, 0.0, sentiment=0.5)

    assert combine(None, heard) == heard

"""Complaints, praise, needs, objections and wishes, with the words they were said in."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from bot.interactions import Statement, Understanding
from bot.pages.indexing.encoder import Encoder
from bot.understanding.listener import Listener, combine
from bot.understanding.statements import CLAUSE_LENGTH, CLAUSES, by_intent, statements_of
from bot.understanding.stating import Heard
from bot.understanding.topics import topics_of
from tests.pages.conftest import MODELS

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
async def listener() -> AsyncIterator[Listener]:
    listener = Listener(lambda: Encoder(MODELS).gists)
    yield listener
    listener.close()


def no_mood(clauses: Sequence[str]) -> list[Heard]:
    return [Heard(0.0)] * len(clauses)


@pytest.mark.parametrize("kind", ["complaint", "praise", "need"])
async def test_statements_are_heard_as_people_labelled_them(listener: Listener, kind: str):
    rows = [row.split("\t") for row in (HERE / "statements_apart.tsv").read_text(encoding="utf-8").splitlines()]

    pairs = [
        (kind in {one.kind for one in (await listener.listen(text)).statements}, kind in told.split(","))
        for text, told in rows
    ]

    right = sum(heard and said for heard, said in pairs)
    assert len(rows) >= 200
    assert right / sum(heard for heard, _ in pairs) >= 0.8
    assert right / sum(said for _, said in pairs) >= 0.7


@pytest.mark.parametrize("kind", ["complaint", "praise", "need"])
@pytest.mark.parametrize(("name", "real"), [("trades", 67), ("fresh", 41), ("trades", 0), ("fresh", 0), ("chats", 0)])
async def test_statements_are_heard_in_the_chats_of_other_trades(listener: Listener, name: str, real: int, kind: str):
    """Labelled before anything was run on them. The `real` first are sentences of reviews: bench/statements.py."""
    rows = (HERE / f"statements_{name}.tsv").read_text(encoding="utf-8").splitlines()
    chat = [row.split("\t") for row in rows[real:]]

    pairs = [
        (kind in {one.kind for one in (await listener.listen(text)).statements}, kind in told.split(","))
        for text, told in chat
    ]

    right = sum(heard and said for heard, said in pairs)
    assert len(chat) >= 120
    assert right / sum(heard for heard, _ in pairs) >= 0.8
    assert right / sum(said for _, said in pairs) >= 0.7


async def test_needs_are_heard_in_messages_that_nothing_was_tuned_on(listener: Listener):
    """Complaints and praise are mistaken too often in this set's reviews: docs/decisions/0038."""
    rows = [row.split("\t") for row in (HERE / "statements_people.tsv").read_text(encoding="utf-8").splitlines()]

    pairs = [
        ("need" in {one.kind for one in (await listener.listen(text)).statements}, "need" in told.split(","))
        for text, told in rows
    ]

    right = sum(heard and said for heard, said in pairs)
    assert right / sum(heard for heard, _ in pairs) >= 0.8
    assert right / sum(said for _, said in pairs) >= 0.7


async def test_what_no_word_was_listed_for_is_heard_by_what_it_means(listener: Listener):
    heard = (await listener.listen("The drawer front doesn't line up. The cat is black.")).statements

    assert [(one.kind, one.text) for one in heard] == [("complaint", "The drawer front doesn't line up")]


def test_words_alone_are_not_believed_where_the_meaning_is_another():
    unlikely = Heard(-0.5, {"complaint": 0.01, "praise": 0.01, "need": 0.01})

    assert statements_of("the torn look is in fashion", lambda clauses: [unlikely]) == ()
    assert statements_of("the torn look is in fashion", lambda clauses: [Heard(-0.5)])[0].kind == "complaint"


def test_a_question_states_nothing_unless_it_is_surely_a_complaint():
    asked = "why is it late again?"

    for chance, kinds in ((0.6, []), (0.8, ["complaint"])):
        heard = Heard(-0.5, {"complaint": chance, "praise": 0.0, "need": 0.0})
        assert [one.kind for one in statements_of(asked, lambda clauses, heard=heard: [heard])] == kinds


@pytest.mark.parametrize(
    ("complaint", "praise", "kinds"), [(0.6, 0.9, ["praise"]), (0.9, 0.6, ["complaint"]), (0.2, 0.9, ["praise"])]
)
def test_a_clause_states_what_is_likelier(complaint: float, praise: float, kinds: list[str]):
    heard = Heard(-0.4, {"complaint": complaint, "praise": praise, "need": 0.0})

    assert [one.kind for one in statements_of("never once had a broken one", lambda clauses: [heard])] == kinds


def test_an_unhappy_mood_alone_is_no_complaint_where_none_is_likely():
    sounded = Heard(-0.8, {"complaint": 0.2, "praise": 0.0, "need": 0.0})

    assert statements_of("it hurts when I swallow", lambda clauses: [sounded]) == ()
    assert statements_of("it hurts when I swallow", lambda clauses: [Heard(-0.8)])[0].kind == "complaint"


def test_what_ends_by_asking_is_a_question_too():
    heard = Heard(-0.3, {"complaint": 0.7, "praise": 0.0, "need": 0.0})

    assert statements_of("I sat on my glasses, can they be fixed", lambda clauses: [heard]) == ()
    assert statements_of("I sat on your glasses and they bent", lambda clauses: [heard])[0].kind == "complaint"


@pytest.mark.parametrize("text", ["I don't need a new one", "no need for a bag", "I'm not interested in a plan"])
def test_what_is_not_wanted_is_no_need(text: str):
    heard = Heard(0.0, {"complaint": 0.0, "praise": 0.0, "need": 0.6})

    assert statements_of(text, lambda clauses: [heard]) == ()


@pytest.mark.parametrize("kind", ["complaint", "praise"])
async def test_messages_that_no_word_was_listed_for_are_heard_too(listener: Listener, kind: str):
    """Labelled for the mood, before statements were thought of; their praise has bare thanks in it, which is none."""
    rows = [row.split("\t") for row in (HERE / "messages_apart.tsv").read_text(encoding="utf-8").splitlines()]

    pairs = [
        (kind in {one.kind for one in (await listener.listen(text)).statements}, kind == told) for told, text in rows
    ]

    right = sum(heard and said for heard, said in pairs)
    assert right / sum(heard for heard, _ in pairs) >= 0.8
    assert right / sum(said for _, said in pairs) >= 0.6


async def test_each_clause_is_quoted_with_its_place_and_topics(listener: Listener):
    text = "I love the blanket, but the delivery was awful. Do you ship to Norway?"

    praise, complaint = (await listener.listen(text)).statements

    assert (praise.kind, praise.text) == ("praise", "I love the blanket")
    assert (complaint.kind, complaint.text, complaint.topics) == (
        "complaint",
        "but the delivery was awful",
        ("delivery",),
    )
    assert all(text[one.start : one.end] == one.text for one in (praise, complaint))


@pytest.mark.parametrize(
    "text",
    ["", " ", "???", "a" * 4_000, "broken. " * 500, "!" * 4_000, "but " * 1_000, "thanks " * 500, "\ud800 broken"],
)
def test_odd_input_states_little_and_breaks_nothing(text: str):
    found = statements_of(text, no_mood)

    assert len(found) <= CLAUSES
    assert all(len(one.text) <= CLAUSE_LENGTH and text[one.start : one.end] == one.text for one in found)


def test_what_the_engine_takes_it_for_counts_when_no_clause_says_so():
    assert by_intent("so much for that", "complaint", ()) == (Statement("complaint", "so much for that", 0, 16),)
    assert by_intent("so much for that", "ask_page", ()) == ()


@pytest.mark.parametrize("intent", ["deny", "stop", "praise", "forget_fact"])
def test_what_only_sounds_unhappy_is_no_complaint_when_the_engine_hears_something_else(intent: str):
    sounded = Statement("complaint", "no I would not", 0, 14)
    said = Statement("complaint", "it arrived broken", 0, 17)

    assert sounded not in by_intent("no I would not", intent, (sounded,))
    assert said in by_intent("it arrived broken", intent, (said,))
    assert sounded in by_intent("no I would not", "ask_page", (sounded,))


def test_what_was_heard_already_is_not_stated_twice():
    heard = Understanding(None, 0.0, statements=(Statement("complaint", "it is broken", 0, 12),), topics=("quality",))

    both = combine(Understanding("complaint", 0.9), heard, "it is broken")

    assert (both.statements, both.topics) == (heard.statements, ("quality",))


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("How long does shipping take?", ("delivery",)),
        ("Was kostet der Versand?", ("delivery", "price")),
        ("the seams came apart, I want my money back", ("quality", "returns")),
        ("hello", ()),
    ],
)
def test_the_topics_are_those_whose_words_are_said(text: str, topics: tuple[str, ...]):
    assert topics_of(text) == topics

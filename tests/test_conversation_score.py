"""The conversation score: its bounds, its directions, and what it makes of small conversations."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.conversation_score import (
    COUNTED,
    PITCH,
    QUOTE_WORDS,
    Counts,
    own_words,
    parts_of,
    score_of,
    words_in,
    words_of,
)


@st.composite
def conversations(draw: st.DrawFn) -> Counts:
    """Counts that some conversation could have."""
    turns = draw(st.integers(1, 40))
    waiting = draw(st.integers(0, turns))
    replied, questions = draw(st.integers(0, waiting)), draw(st.integers(0, turns))
    answered = draw(st.integers(0, min(replied, questions)))
    return Counts(
        turns,
        visitor_words=draw(st.integers(0, 2_000)),
        our_words=draw(st.integers(0, 5_000)),
        questions=questions,
        answered=answered,
        waiting=waiting,
        replied=replied,
        follow_ups=draw(st.integers(0, replied)),
        pitches=draw(st.integers(0, 20)),
    )


def the_score(counts: Counts) -> int:
    found = score_of(counts)
    assert found is not None
    return found


@given(conversations())
def test_a_score_is_a_whole_number_from_0_to_100(counts: Counts):
    assert 0 <= the_score(counts) <= 100


def test_where_no_visitor_said_anything_there_is_nothing_to_judge():
    assert score_of(Counts(our_words=40, pitches=2)) is None


@given(conversations(), st.integers(1, 500))
def test_more_words_of_the_visitor_never_lower_it(counts: Counts, more: int):
    assert the_score(replace(counts, visitor_words=counts.visitor_words + more)) >= the_score(counts)


@given(conversations(), st.integers(1, 500))
def test_more_words_of_ours_never_raise_it(counts: Counts, more: int):
    assume(counts.our_words)

    assert the_score(replace(counts, our_words=counts.our_words + more)) <= the_score(counts)


@given(conversations())
def test_one_more_answered_question_never_lowers_it(counts: Counts):
    assume(counts.answered < counts.questions)

    assert the_score(replace(counts, answered=counts.answered + 1)) >= the_score(counts)


@given(conversations())
def test_one_more_question_without_an_answer_never_raises_it(counts: Counts):
    assume(counts.questions)

    assert the_score(replace(counts, questions=counts.questions + 1)) <= the_score(counts)


@given(conversations())
def test_one_more_turn_without_a_reply_never_raises_it(counts: Counts):
    assume(counts.waiting)

    assert the_score(replace(counts, turns=counts.turns + 1, waiting=counts.waiting + 1)) <= the_score(counts)


@given(conversations())
def test_one_more_follow_up_never_lowers_it(counts: Counts):
    assert the_score(replace(counts, follow_ups=counts.follow_ups + 1)) >= the_score(counts)


@given(conversations())
def test_a_pitch_costs_its_points_until_there_are_none_left(counts: Counts):
    with_one_more = the_score(replace(counts, pitches=counts.pitches + 1))

    assert with_one_more == max(0, the_score(counts) - PITCH)


@given(conversations(), conversations())
def test_counts_add_up(one: Counts, other: Counts):
    assert all(getattr(one + other, name) == getattr(one, name) + getattr(other, name) for name in COUNTED)


def test_a_visitor_who_says_half_of_the_words_and_asks_on_has_a_whole_conversation():
    talked = Counts(3, 60, 60, questions=3, answered=3, waiting=3, replied=3, follow_ups=2)

    assert score_of(talked) == 100


def test_one_question_well_answered_is_no_whole_conversation_yet():
    asked_once = Counts(1, 20, 20, questions=1, answered=1, waiting=1, replied=1)

    assert score_of(asked_once) == 80


def test_who_got_no_word_from_us_had_no_conversation():
    assert score_of(Counts(2, 30, 0, waiting=2)) == 0


def test_what_could_not_be_judged_leaves_its_weight_to_the_others():
    greeted = Counts(1, visitor_words=5, our_words=5, waiting=1, replied=1)

    assert [part.name for part in parts_of(greeted) if part.points is None] == ["answered"]
    assert score_of(greeted) == round(100 * (25 + 25) / (25 + 25 + 20))


def test_a_half_is_rounded_up_as_people_do():
    # Without a word of ours: (30 x 45/80 + 25 + 20) of 75 is 82.5 %.
    assert score_of(Counts(80, 1, 0, questions=80, answered=45, waiting=1, replied=1, follow_ups=2)) == 83


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (" …!? ", 0),
        ("Do you ship?", 3),
        ("e-mail isn't 14.90", 3),
        ("ok.thanks", 2),
        ("Grüße aus Köln", 3),
        ("x" * 4_000, 1),
    ],
)
def test_words_are_counted_as_people_count_them(text: str, words: int):
    assert words_in(text) == words


def test_a_quoted_passage_counts_for_no_more_than_a_sentence():
    short, long = "We ship to Norway.", "word " * 200

    assert words_of(f"From “Delivery”:\n{short}", (short,)) == 2 + 4
    assert words_of(f"From “Delivery”:\n{long}", (long,)) == 2 + QUOTE_WORDS
    assert words_of(f"{long} {long}", (long, long)) == QUOTE_WORDS


def test_what_is_not_among_the_words_said_is_no_quote():
    assert words_of("In other words: they ship.", ("We ship to Norway.", "")) == 5
    assert own_words("In other words: they ship.", ("We ship to Norway.", "")) == "In other words: they ship."

"""What is counted of a conversation, turn by turn."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.conversation_counts import NOT_ASKING, Line, counted
from bot.conversation_score import Counts, score_of

DELIVERY, RETURNS = "https://shop.example/delivery", "https://shop.example/returns"


def visitor(text: str, turn: str, *, asked: bool | None = None, page: str | None = None, intent: str = "") -> Line:
    return Line("visitor", text, turn, page, intent=intent or None, asked=asked)


def bot(text: str, turn: str, *quotes: str) -> Line:
    return Line("bot", text, turn, quotes=quotes)


def staff(text: str) -> Line:
    return Line("staff", text)


def whole(*lines: Line) -> Counts:
    return sum(counted(lines).values(), Counts())


def test_where_only_we_spoke_nothing_is_counted():
    assert counted([bot("Hello! Ask me anything.", "1"), staff("Are you there?")]) == {}


def test_what_we_say_before_the_visitor_does_counts_for_their_first_turn():
    assert counted([staff("Can I help you?"), visitor("No", "1")], DELIVERY)[DELIVERY].our_words == 4


def test_an_answered_question_that_is_asked_on_is_a_follow_up():
    lines = (
        visitor("Do you ship?", "1", asked=True), bot("Yes, we do.", "1", "Yes, we do."),
        visitor("How long does it take?", "2", asked=True), bot("Two days.", "2", "Two days."),
    )  # fmt: skip

    assert whole(*lines) == Counts(
        2, visitor_words=8, our_words=5, questions=2, answered=2, waiting=2, replied=2, follow_ups=1
    )


def test_asking_again_after_no_answer_is_no_follow_up():
    lines = (
        visitor("Kayaks?", "1", asked=False), bot("I don't know.", "1"),
        visitor("Do you sell kayaks?", "2", asked=False), bot("I don't know.", "2"),
    )  # fmt: skip

    found = whole(*lines)

    assert (found.questions, found.answered, found.replied, found.follow_ups) == (2, 0, 2, 0)


def test_what_asks_nothing_follows_no_answer_up_and_gets_none():
    assert {"greet", "thank", "goodbye", "stop", "deny", "abuse", "unclear", "out_of_scope"} == NOT_ASKING
    for intent in NOT_ASKING:
        lines = (
            visitor("Do you ship?", "1", asked=True), bot("Yes.", "1", "Yes."),
            visitor("…", "2", intent=intent), bot("I see.", "2"),
            visitor("And to Norway?", "3", asked=True), bot("Yes.", "3", "Yes."),
        )  # fmt: skip

        assert whole(*lines).follow_ups == 0, intent


def test_thanks_need_no_reply_and_anything_else_does():
    thanked, asked = whole(visitor("Thanks!", "1", intent="thank")), whole(visitor("And now?", "1"))

    assert (thanked.waiting, thanked.replied) == (0, 0)
    assert (asked.waiting, asked.replied) == (1, 0)


def test_a_persons_words_reply_to_all_that_was_said_before_also_to_what_no_page_answered():
    lines = (
        visitor("Kayaks?", "1", asked=False), bot("I don't know.", "1"),
        visitor("Anybody?", "2"), visitor("Hello?", "3"), staff("We do not sell kayaks, sorry."),
        visitor("A pity.", "4"),
    )  # fmt: skip

    found = whole(*lines)

    assert (found.questions, found.answered) == (1, 1)
    assert (found.waiting, found.replied, found.follow_ups) == (4, 3, 3)


def test_an_apology_after_the_deadline_is_no_reply():
    late = Line("visitor", "Do you ship?", "1", failed=True)

    assert (whole(late, bot("Sorry, I can't answer right now.", "1")).replied) == 0
    assert (whole(late, bot("Sorry, I can't answer right now.", "1"), staff("We do.")).replied) == 1


def test_a_late_reply_counts_for_its_own_turn():
    lines = (
        visitor("One?", "1", page=DELIVERY), visitor("Two?", "2", page=RETURNS), bot("One.", "1"), bot("Two, two.", "2")
    )  # fmt: skip

    found = counted(lines)

    assert (found[DELIVERY].our_words, found[RETURNS].our_words) == (1, 2)
    assert (found[DELIVERY].replied, found[RETURNS].replied) == (1, 1)


def test_each_turn_counts_on_its_page_and_a_pressed_button_on_the_one_before():
    lines = (
        visitor("Where am I?", "1"), visitor("Do you ship?", "2", page=DELIVERY), visitor("Yes, please", "3"),
        visitor("May I send it back?", "4", page=RETURNS),
    )  # fmt: skip

    assert {page: counts.turns for page, counts in counted(lines, "start").items()} == {
        "start": 1,
        DELIVERY: 2,
        RETURNS: 1,
    }
    assert None in counted(lines)


def test_selling_unasked_is_counted_in_our_own_words_and_not_in_a_pages():
    quote = "Order now: 20 % off!"
    pitched = (visitor("Do you ship?", "1"), bot("Yes. Why not treat yourself? Order today!", "1"))
    quoted = (visitor("Do you ship?", "1", asked=True), bot(f"From “Home”:\n{quote}", "1", quote))

    assert whole(*pitched).pitches == 2
    assert whole(*quoted).pitches == 0


def test_an_offer_that_was_asked_for_is_none():
    asked = (visitor("Is there a discount for students?", "1"), staff("Yes, a discount of ten per cent."))
    later = (visitor("Thanks", "2", intent="thank"), staff("The discount is on all books."))
    before = (staff("We have a discount today."), visitor("Is there a discount?", "1"))

    assert whole(*asked, *later).pitches == 0
    assert whole(*before).pitches == 1


LINES = st.builds(
    Line,
    st.sampled_from(["visitor", "bot", "staff"]),
    st.sampled_from(["", "Do you ship?", "Hurry, a discount! Order now.", "Is there a discount?", "word " * 60]),
    st.sampled_from([None, "1", "2", "3"]),
    st.sampled_from([None, DELIVERY, RETURNS]),
    st.sampled_from([(), ("Do you ship?",), ("word " * 60,)]),
    st.sampled_from([None, "ask_page", "greet", "thank"]),
    st.sampled_from([None, True, False]),
    st.booleans(),
)


@given(st.lists(LINES, max_size=30))
def test_whatever_was_said_the_counts_fit_together(lines: list[Line]):
    found = whole(*lines)

    assert found.turns == sum(line.sender == "visitor" for line in lines)
    assert found.turns >= found.waiting >= found.replied >= found.follow_ups >= 0
    assert found.turns >= found.questions >= found.answered >= 0
    assert (score_of(found) is None) == (found.turns == 0)


def test_the_intents_are_those_of_the_domain():
    domain = YAML(typ="safe").load((Path(__file__).parents[1] / "domain.yml").read_text())

    assert set(domain["intents"]) >= NOT_ASKING

"""Ready replies: what stands for something of the visitor is put in, or marked."""

import pytest

from bot.ready_text import Filled, fill, first_name, unfilled, unknown


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hello {{first_name}}, it is {{agent}}.", Filled("Hello Alice, it is Dana.")),
        ("Hello {{ First_Name }}!", Filled("Hello Alice!")),
        ("Hello {{company|dear customer}}", Filled("Hello dear customer")),
        ("Hello{{company|}}", Filled("Hello")),
        ("Of {{company}} in {{place}}, {{company}}", Filled("Of {{company}} in {{place}}, {{company}}",
                                                            ("company", "place"))),
        ("{name} {{}} {{na me}} {{{name", Filled("{name} {{}} {{na me}} {{{name")),
    ],
)  # fmt: skip
def test_what_is_known_is_put_in_else_the_fallback_and_what_is_missing_is_told(text: str, filled: Filled):
    assert fill(text, {"first_name": "Alice", "agent": "Dana", "company": "", "name": "Alice Ash"}) == filled


def test_what_a_visitor_calls_themselves_stands_for_nothing():
    filled = fill("Hello {{name}}", {"name": "{{agent}} \\1 {{name|x}}", "agent": "Dana"})

    assert filled.text == "Hello { {agent}} \\1 { {name|x}}"
    assert unfilled(filled.text) == ()


def test_what_is_left_is_found_with_its_fallback_and_other_braces_are_left_alone():
    assert unfilled("{{name}} {{ORDER|1}} {{name}} {{title}} {{ x y }}") == ("name", "order")


def test_what_stands_for_nothing_is_told_when_it_is_written():
    assert unknown("{{nmae}} {{name}} {{Title|x}} {{nmae}}") == ("nmae", "Title")


@pytest.mark.parametrize(
    ("name", "first"),
    [("Alice Ash", "Alice"), ("Dr. Ines Vale", "Ines"), ("Herr Prof. Otto", "Otto"), ("Frau", ""), ("", "")],
)
def test_the_first_name_is_the_first_word_that_is_no_title(name: str, first: str):
    assert first_name(name) == first

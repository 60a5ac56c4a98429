"""How one-way a page is: the published formula, by examples computed by hand."""

import pytest

from bot.pages.critique.one_way import one_way, turns_to_reader, ways_to_answer

FILLER = "The loom stands upstairs near a big window."
"""Eight words that are about nobody."""


def points(sentences: list[str], **given: object) -> dict[str, float]:
    return {part.part: part.points for part in one_way(sentences, **given).parts}  # type: ignore[arg-type]


def test_a_monologue_has_all_hundred_points():
    found = one_way(["We weave our own wool.", "Our looms are ours."])

    assert found.score == 100
    assert [(part.part, part.points, part.of) for part in found.parts] == [
        ("voice", 40.0, 40),
        ("questions", 30.0, 30),
        ("reach", 15.0, 15),
        ("chat", 15.0, 15),
    ]


def test_a_dialogue_has_none():
    found = one_way(["What would you like to know?", "Your question goes to hello@shop.example."], used=1)

    assert found.score == 0


def test_the_score_is_the_sum_of_its_parts():
    # we: We, our, Teasel Mill; you: you. 40 x 3/4 = 30. 300 words want two questions and there is one: 15.
    # No way to answer in the text: 15. The chat was used: 0.
    sentences = ["We weave at Teasel Mill with our hands.", "Do you like wool?", *[FILLER] * 36]

    found = one_way(sentences, company="Teasel Mill", used=3)

    assert [part.counted for part in found.parts] == [
        {"we": 3, "you": 1},
        {"asked": 1, "words": 300},
        {"ways": [], "links_seen": False},
        {"used": 3},
    ]
    assert [part.points for part in found.parts] == [30.0, 15.0, 15.0, 0.0]
    assert found.score == 60


def test_what_the_whole_page_lets_a_visitor_use_is_a_way_to_answer():
    looked_at = one_way([FILLER], ways=())
    in_its_footer = one_way(["Call us on 020 915 0142."], ways=("form", "mail"))

    assert looked_at.parts[2].counted == {"ways": [], "links_seen": True} and looked_at.parts[2].points == 15.0
    assert in_its_footer.parts[2].counted == {"ways": ["mail", "phone", "form", "contact"], "links_seen": True}
    assert in_its_footer.parts[2].points == 0.0


def test_a_page_that_speaks_of_nobody_is_half_way():
    assert points([FILLER])["voice"] == 20.0


def test_headings_speak_too_but_ask_nothing():
    assert points([FILLER], headings=["Do you ship to your neighbours?"]) | {"reach": 0, "chat": 0} == {
        "voice": 0.0, "questions": 30.0, "reach": 0, "chat": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "we", "you"),
    [
        ("We're glad that you've come, and we'll help.", 2, 1),
        ("Tell us what’s yours.", 1, 1),
        ("Parcels to the US take a week.", 0, 0),
        ("OUR HOUSE IS YOURS", 1, 1),
        ("Demo House is nobody's, and demo house is here, not Demo Houses.", 2, 0),
        ("A weekend of flour and youth.", 0, 0),
    ],
)
def test_words_are_counted_whole(sentence: str, we: int, you: int):
    assert one_way([sentence], company="Demo House").parts[0].counted == {"we": we, "you": you}


@pytest.mark.parametrize(
    ("sentence", "turns"),
    [
        ("What are you looking for?", True),
        ('She asks: "What is your size?"', True),
        ("Can I return it to you?", False),
        ("Is wool warm?", False),
        ("You ask, and we answer.", False),
        ("Something else? Ask us.", True),
        ("Let us know how it fits.", True),
        ("Let us weave.", False),
    ],
)
def test_only_what_is_asked_of_the_reader_is_a_question_to_them(sentence: str, turns: bool):
    assert turns_to_reader(sentence) is turns


@pytest.mark.parametrize(
    ("sentence", "ways"),
    [
        ("Write to hello@shop.example.", ["mail"]),
        ("The desk has the number +353 20 915 0142.", ["phone"]),
        ("Fill in the form below.", ["form"]),
        ("Get in touch, or use our contact form.", ["form", "contact"]),
        ("Order number 20915014 was sent in 2019.", []),
        ("In touch with nature since 1987.", []),
        ("The form of the hat is round.", []),
    ],
)
def test_a_way_to_answer_is_told_by_the_words(sentence: str, ways: list[str]):
    assert ways_to_answer([FILLER, sentence]) == ways

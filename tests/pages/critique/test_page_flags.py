"""Every flag by a page that has it, with its sentence, and by one that nearly has it."""

from datetime import date

import pytest

from bot.pages.critique.critique import critique
from bot.pages.critique.page_flags import Flag, Flagged, page_flags
from bot.pages.critique.stale import days_told, is_stale
from bot.store.pages import StoredPassage

TODAY = date(2026, 11, 22)
PLAIN = ["Wool keeps you warm.", "It is spun here."]
REACH = "Write to hello@shop.example."
HARD = (
    "The aforementioned dimensional characteristics notwithstanding, individual manufacturing irregularities "
    "necessitate additional consideration regarding appropriate laundering temperatures and mechanical agitation."
)


def flags(*sentences: str) -> list[Flagged]:
    return page_flags(sentences, today=TODAY)


def test_a_good_page_has_no_flag():
    assert flags(*PLAIN, REACH) == []
    assert flags() == []


def test_no_way_to_reach_a_person_is_shown_where_the_reader_is_sent_to_one():
    sent = "Book by telephone, because there are eight places."

    assert flags(*PLAIN, sent, "Bring socks.") == [Flagged(Flag.NO_WAY_TO_REACH, sent)]
    assert flags(*PLAIN) == [Flagged(Flag.NO_WAY_TO_REACH, PLAIN[-1])]
    assert flags(*PLAIN, sent, "The number is 020 915 0142.") == []
    assert page_flags([*PLAIN, sent], today=TODAY, ways=("contact",)) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Prices updated in March 2024.",
        "Last updated: 12 January 2025",
        "Our offer ends on 31 October 2026.",
        "Valid until 2026-11-21.",
        "The new catalogue of 2022 is here.",
        "In 2019 we won a prize for it.",
        "Order by December 1, 2025 and it is there in time.",
        "The summer 2024 sale goes on.",
    ],
)
def test_what_is_over_is_stale(sentence: str):
    assert flags(*PLAIN, REACH, sentence) == [Flagged(Flag.STALE, sentence)]


@pytest.mark.parametrize(
    "sentence",
    [
        "© 2019 Teasel Mill, updated daily.",
        "Copyright 2015. All prices are in euros.",
        "The mill has been updated since 2016.",
        "Nuala started the new mill in 1987 with two looms.",
        "In 1987 the river rose.",
        "Valid until 22 November 2026.",
        "Our offer ends in 2026.",
        "Prices updated in December 2025.",
        "In 2025 we won a prize.",
        "It costs €2019 from now on.",
        "Call 2019 2020 now.",
        "The offer has 2019.5 points.",
    ],
)
def test_what_nearly_is_over_is_not_stale(sentence: str):
    assert not is_stale(sentence, today=TODAY)


def test_news_is_stale_a_year_and_a_day_after_the_last_day_it_can_mean():
    assert not is_stale("Updated in November 2025.", today=date(2026, 11, 30))
    assert is_stale("Updated in November 2025.", today=date(2026, 12, 1))


def test_a_date_is_the_last_day_that_it_can_mean():
    told = [last for _, _, last in days_told("2 May 2024, May 3rd, 2024, Feb. 2024, 2023-12-24, in 2022, 31 June 2021")]

    assert told[:3] == [date(2023, 12, 24), date(2024, 5, 2), date(2024, 5, 3)]
    assert told[3:] == [date(2024, 2, 29), date(2021, 6, 30), date(2022, 12, 31)]


def test_a_page_beyond_school_is_hard_to_read_and_its_hardest_sentence_is_named():
    told = flags(REACH, "The wool is soft and it is warm and you can wash it by hand.", HARD)

    assert told == [Flagged(Flag.HARD_TO_READ, HARD)]


def test_one_hard_sentence_among_easy_ones_is_no_flag():
    assert flags(REACH, HARD, *["The wool is soft and it is warm and you can wash it by hand."] * 8) == []


def test_two_words_of_jargon_in_one_sentence_are_a_flag():
    sentence = "We leverage best-in-class wool."

    assert flags(REACH, sentence) == [Flagged(Flag.JARGON, sentence)]
    assert flags(REACH, "We leverage wool.", "It is a solution.") == []
    assert flags(REACH, "A solution is a solution.") == []


def passage(text: str, *heading: str, number: int = 1) -> StoredPassage:
    return StoredPassage(number, "https://shop.example/", "Home", number, heading, text, "")


def test_a_page_is_judged_by_its_passages_and_what_it_says_twice_counts_once():
    passages = [
        passage("We spin wool. We like it.", "Wool"),
        passage("We spin wool.", "Wool", number=2),
        passage("You can reach us.", "Wool", "Our desk", number=3),
    ]

    told = critique(passages, "", 0, TODAY)

    assert told["one_way"]["parts"][0]["counted"] == {"we": 4, "you": 1}
    assert told["flags"] == [] and told["grade"] is None


def test_a_page_that_is_not_in_english_is_not_judged():
    told = critique([passage("Wir versenden jeden Werktag, und das Paket ist bald da.")], "", 0, TODAY)

    assert told == {"one_way": None, "grade": None, "flags": []}

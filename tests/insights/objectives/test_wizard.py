"""Three plain questions: whatever is answered, exactly one measure comes of it, and each measure can."""

from itertools import product

import pytest

from bot.insights.objectives.measures import Measure
from bot.insights.objectives.wizard import NOTICE, NOTICED, QUESTIONS, UNKNOWN, WHAT, WHO, picked

ALL = list(product(*(question.answers for question in QUESTIONS)))


def test_all_answers_together_lead_to_one_measure_each_with_a_reason():
    found = {answers: picked(*answers) for answers in ALL}

    assert len(found) == len(WHAT.answers) * len(WHO.answers) * len(NOTICE.answers) == 200
    assert all(one.measure in Measure and "Counted is: " in one.why for one in found.values())


def test_each_measure_can_be_found_also_without_knowing_how_one_would_notice():
    known = {picked(*answers).measure for answers in ALL}
    unnoticed = {picked(*answers).measure for answers in ALL if answers[2] == UNKNOWN}

    assert known == unnoticed == set(Measure)


@pytest.mark.parametrize("notice", [one for one in NOTICE.answers if one != UNKNOWN])
def test_how_one_would_notice_decides_whatever_else_was_said(notice: str):
    assert {picked(what, who, notice).measure for what, who in product(WHAT.answers, WHO.answers)} == {NOTICED[notice]}


def test_who_knows_nothing_begins_with_whether_people_talk():
    assert picked(UNKNOWN, UNKNOWN, UNKNOWN).measure is Measure.ENGAGEMENT


def test_the_reason_is_told_in_the_words_of_the_answers():
    told = picked("buy", "customers", UNKNOWN)

    assert told.measure is Measure.LOYALTY
    assert "“More is bought” and “People who have bought from us”" in told.why


def test_what_is_no_answer_is_refused():
    with pytest.raises(ValueError, match=r"“<script>” is no answer to “Who has to do something"):
        picked("buy", "<script>", "money")

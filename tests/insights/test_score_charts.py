"""The charts of the conversation score say what was found, and nothing where too few talked."""

from datetime import date

from bot.conversation_score import Counts
from bot.insights.score_charts import charts_of
from bot.insights.scores_over_time import ScoresOverTime, Step
from bot.store.score_figures import Scores

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def told(*steps: tuple[date, Scores]) -> ScoresOverTime:
    return ScoresOverTime("month", tuple(Step(day, day, scores) for day, scores in steps), ())


def titles(found: ScoresOverTime) -> dict[str, str]:
    return {name: chart.title for name, chart in charts_of(found, MARCH, APRIL).items()}


def test_the_title_tells_the_first_and_the_last_step_with_enough_conversations() -> None:
    counts = Counts(turns=20, visitor_words=50, our_words=50, questions=20, answered=15, waiting=20, replied=20)

    found = titles(told((MARCH, Scores(10, 600, counts)), (APRIL, Scores(10, 800, counts))))

    assert found["score"] == (
        "20 conversations scored 70 of 100: 60 in the month of 2026-03-01, 80 in that of 2026-04-01"
    )
    assert found["parts"] == "75% of 40 questions got an answer"


def test_of_fewer_than_ten_conversations_nothing_is_claimed() -> None:
    found = titles(told((MARCH, Scores(9, 720, Counts(turns=9, our_words=1, questions=1, answered=1)))))

    assert found == {
        "score": "Too few to judge: 9 conversations",
        "parts": "Too few to judge: 1 question",
    }


def test_what_nobody_did_has_no_line() -> None:
    asked_nothing = told((MARCH, Scores(10, 800, Counts(turns=10, visitor_words=5, our_words=5))))
    said_nothing_to = told((MARCH, Scores(10, 800, Counts(turns=10, visitor_words=5))))

    assert [one.name for one in charts_of(asked_nothing, MARCH, APRIL)["parts"].series] == [
        "Visitors' share of the words"
    ]
    assert titles(asked_nothing)["parts"] == "None of these conversations asked the pages anything"
    assert "parts" not in charts_of(said_nothing_to, MARCH, APRIL)
    assert charts_of(told(), MARCH, APRIL) == {}

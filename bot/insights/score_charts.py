"""The charts of the conversation score: the mean over time, and the shares that make it."""

from datetime import date

from bot.insights.charts.times import OverTime, Series
from bot.insights.scores_over_time import ScoresOverTime, Step, parts

FEW = 10
"""Conversations below which nothing is claimed."""
SHARES = {
    "voice": "Visitors' share of the words",
    "answered": "Questions answered",
    "replied": "Turns that got a reply",
}


def charts_of(told: ScoresOverTime, since: date, until: date) -> dict[str, OverTime]:
    """By name; none where nobody talked."""
    if not told.steps:
        return {}
    window = f"{since} to {until}, UTC. Descriptive: it says what was, not why."
    days = tuple(one.first.isoformat() for one in told.steps)
    score = Series("Score", "conversing buyer", tuple(one.scores.mean for one in told.steps))
    subtitle = f"Mean of the conversations of each {told.name}, from 0, a monologue, to 100. {window}"
    made = {name: tuple(parts(one.scores)[name] for one in told.steps) for name in SHARES}
    # Of what nobody did there is no line, and so no name.
    shares = [
        Series(SHARES[name], name, values) for name, values in made.items() if any(one is not None for one in values)
    ]
    made_of = f"Of all conversations of each {told.name} together. {window}"
    return {
        "score": OverTime(_score_found(told), subtitle, days, told.name, (score,)),
        **({"parts": OverTime(_parts_found(told), made_of, days, told.name, tuple(shares), "share")} if shares else {}),
    }


def _score_found(told: ScoresOverTime) -> str:
    whole = told.whole
    if whole.conversations < FEW:
        return f"Too few to judge: {_talks(whole.conversations)}"
    found = f"{_talks(whole.conversations)} scored {whole.mean:.0f} of 100"
    enough = [one for one in told.steps if one.scores.conversations >= FEW]
    return f"{found}: {_between(enough[0], enough[-1], told.name)}" if len(enough) > 1 else found


def _between(first: Step, last: Step, name: str) -> str:
    return f"{first.scores.mean:.0f} in the {name} of {first.first}, {last.scores.mean:.0f} in that of {last.first}"


def _parts_found(told: ScoresOverTime) -> str:
    counts = told.whole.counts
    if not counts.questions:
        return "None of these conversations asked the pages anything"
    if told.whole.conversations < FEW:
        return f"Too few to judge: {_questions(counts.questions)}"
    return f"{counts.answered / counts.questions:.0%} of {_questions(counts.questions)} got an answer"


def _talks(number: int) -> str:
    return f"{number:,} conversation{'' if number == 1 else 's'}"


def _questions(number: int) -> str:
    return f"{number:,} question{'' if number == 1 else 's'}"

"""What people say, in two sentences: the mood, and how many complain of what."""

from datetime import UTC, date, datetime, time
from pathlib import Path

from bot.insights.lift.estimates import Label
from bot.insights.listening.report import listening
from bot.insights.listening.told import Kind, Listening
from bot.insights.one_page.findings import FEWEST, Finding, Part, State, counted, found, of_share
from bot.insights.one_page.shares import Share
from bot.insights.percents import signed
from bot.interactions import microseconds, rfc3339
from bot.store.pages_of_rows import Span
from bot.store.store import Store

PAGE = "/insights/listening"
NAMED = 2
MOOD = (
    "Mean mood of what people said, from -1 to 1, each by the mean of theirs; people who agreed to be measured, "
    "without robots and staff. Interval of 95 % over people."
)
COMPLAINED = "People who complained at least once, of all who said anything, each once. Interval by Wilson."


async def heard(store: Store, span: Span, *, log: Path | None, today: date) -> list[Finding]:
    """The mood and the complaints of the window, after the report about listening; nothing is claimed of few."""
    now = microseconds(datetime.combine(today, time.max, UTC))
    told = await listening(store, span.site, rfc3339(span.since), rfc3339(span.until), log=log, now=now)
    return [_mood(told), _complained(told)]


def _mood(told: Listening) -> Finding:
    name, part, mood = "mood", Part.LISTENING, told["sentiment"]
    if not mood["people"]:
        return _absent(name, "Nobody who agreed to be measured said anything.", MOOD)
    mean, low, high = mood["mean"], mood["low"], mood["high"]
    if mood["people"] < FEWEST or mean is None or low is None or high is None:
        return _too_few(name, "their mood", MOOD, mood["people"])
    sentence = (
        f"The mood of {counted(mood['people'], 'person', 'people')} who said something was {signed(mean)} "
        f"({signed(low)} to {signed(high)}), from {signed(-1, 0)} to 1."
    )
    return Finding(
        name, part, State.FOUND, sentence, MOOD, Label.DESCRIPTIVE, mood["people"], PAGE, "mood", mean, low, high
    )


def _complained(told: Listening) -> Finding:
    name, of = "complained", told["people"]
    if not of:
        return _absent(name, "So nobody complained.", COMPLAINED)
    if of < FEWEST:
        return _too_few(name, "what people complain of", COMPLAINED, of)
    kind = next(one for one in told["kinds"] if one["kind"] == "complaint")
    share = Share(kind["people"], of)
    sentence = f"{share.count:,} of {counted(of, 'person', 'people')} complained, {of_share(share)}{_most(kind)}."
    finding = Finding(name, Part.LISTENING, State.FOUND, sentence, COMPLAINED, Label.DESCRIPTIVE, of, PAGE)
    return found(finding, share, "share")


def _most(kind: Kind) -> str:
    """Of what most people did, where several did."""
    named = [f"{one['name']} ({one['people']:,})" for one in kind["by_topic"][:NAMED] if one["people"] > 1]
    return f"; most of {' and '.join(named)}" if named else ""


def _absent(name: str, sentence: str, definition: str) -> Finding:
    return Finding(name, Part.LISTENING, State.ABSENT, sentence, definition, Label.DESCRIPTIVE, 0, PAGE)


def _too_few(name: str, what: str, definition: str, people: int) -> Finding:
    sentence = f"Too few to judge {what}: {counted(people, 'person', 'people')} said something, and it takes {FEWEST}."
    return Finding(name, Part.LISTENING, State.TOO_FEW, sentence, definition, Label.DESCRIPTIVE, people, PAGE)

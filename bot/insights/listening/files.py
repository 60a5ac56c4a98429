"""What was heard as CSV files: for spreadsheets, so no cell is a formula, whatever visitors wrote."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.errors import DuologueError
from bot.insights.exports.cells import Figure, Line, as_csv
from bot.insights.exports.whole import whole

type Told = Mapping[str, Any]
_GROUPS = (
    "kind", "by", "key", "name", "words", "people", "mentions", "share", "low", "high", "people_before",
    "share_before", "difference", "difference_low", "difference_high", "change", "buyers", "spent", "currency",
)  # fmt: skip
_QUOTES = ("kind", "by", "key", "name", "text", "at", "page", "conversation", "seq")
_STEPS = ("first", "last", "is_whole", "people", "messages", "mean", "low", "high", "difference", "change", "found")
_MISSED = (
    "question", "weight", "people", "times", "buyers", "best", "spent", "currency", "first", "last", "page",
    "wordings",
)  # fmt: skip
_STARS = (
    "by", "name", "people", "ratings", "mean", "low", "high", "unhappy", "unhappy_share", "unhappy_low",
    "unhappy_high",
)  # fmt: skip


def groups(told: Told) -> Iterator[Line]:
    """A line a group; of the whole kind `by` is "all"."""
    yield _GROUPS
    for kind in told["kinds"]:
        for by, one in [("all", kind), *_each(kind)]:
            change = one["change"] or {}
            yield (
                kind["kind"], by, one.get("key"), one.get("name"), ", ".join(one.get("words", ())), one["people"],
                one["mentions"], one["share"], one["low"], one["high"], change.get("people"), change.get("share"),
                change.get("difference"), change.get("low"), change.get("high"), change.get("told"),
                one["buyers"], Figure(one["spent"]), told["currency"],
            )  # fmt: skip


def quotes(told: Told) -> Iterator[Line]:
    """A line a quote; stars with words are of the kind "stars"."""
    yield _QUOTES
    for kind in told["kinds"]:
        for by, one in _each(kind):
            for quote in one["quotes"]:
                yield (kind["kind"], by, one["key"], one["name"], *_quote(quote))
    for by, stars in _rated(told):
        for quote in stars["quotes"]:
            yield ("stars", by, None, stars["name"], *_quote(quote))


def sentiment(told: Told) -> Iterator[Line]:
    """A line a day, week or month."""
    yield _STEPS
    for one in told["sentiment"]["steps"]:
        change = one["change"] or {}
        moods = (one["people"], one["messages"], one["mean"], one["low"], one["high"])
        said = (change.get("difference"), change.get("told"), change.get("found"))
        yield (one["first"], one["last"], one["is_whole"], *moods, *said)


def unanswered(told: Told) -> Iterator[Line]:
    """A line a question that no page answers, those of most weight first; `page`: where it was asked most."""
    yield _MISSED
    for one in told["unanswered"]:
        figures = tuple(one[name] for name in ("weight", "people", "times", "buyers", "best"))
        page = one["pages"][0]["url"] if one["pages"] else None
        money = (Figure(one["spent"]), told["currency"])
        yield (one["question"], *figures, *money, one["first"], one["last"], page, " / ".join(one["wordings"]))


def feedback(told: Told) -> Iterator[Line]:
    """A line of all, of each page, and of each topic."""
    yield _STARS
    for by, one in _rated(told):
        yield (by, *(one[name] for name in _STARS[1:]))


FILES: Mapping[str, Callable[[Told], Iterator[Line]]] = {
    "groups": groups,
    "quotes": quotes,
    "sentiment": sentiment,
    "unanswered": unanswered,
    "feedback": feedback,
}
"""By the name of the file."""


def file_of(name: str, told: Told) -> bytes:
    """One of FILES; a KeyError where there is none of this name."""
    return as_csv(FILES[name](told))


def write_files(told: Told, folder: Path) -> None:
    """All of them as NAME.csv into a folder, which is made where there is none; each appears whole or not at all."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            with whole(folder / f"{name}.csv") as part:
                part.write_bytes(file_of(name, told))
    except OSError as error:
        raise DuologueError(f"{folder} can't be written ({error.strerror}); give another --out FOLDER.") from error


def _each(kind: Told) -> Iterator[tuple[str, Told]]:
    yield from (("topic", one) for one in kind["by_topic"])
    yield from (("meaning", one) for one in kind["by_meaning"])


def _rated(told: Told) -> Iterator[tuple[str, Told]]:
    stars = told["feedback"]
    yield "all", stars["whole"]
    yield from (("page", one) for one in stars["by_page"])
    yield from (("topic", one) for one in stars["by_topic"])


def _quote(quote: Told) -> Line:
    return (quote["text"], quote["at"], quote["page"], quote["conversation"], quote["seq"])

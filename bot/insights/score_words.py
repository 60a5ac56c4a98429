"""The conversation score as programs and people read it: the points of each part, and what was counted."""

from dataclasses import asdict
from typing import Any, NamedTuple

from bot.conversation_score import PITCH, Counts, Part, parts_of, score_of
from bot.store.score_figures import Scores

MEANINGS = {
    "score": "From 0, a monologue, to 100: 25 points for the visitor's share of the words, all from half on; 30 for "
    "questions answered; 25 for turns that got a reply; 20 for two answers followed up; 10 off for each pitch. What "
    "can't be judged leaves its weight to the others.",
    "voice": "The visitors' words beside ours; a quoted passage counts as 20 words at most.",
    "answered": "Questions that the pages answered, or later a person, of those that the pages were asked.",
    "replied": "Turns that bot or staff replied to, of those that needed it: thanks and goodbyes do not.",
    "followed": "Answers after which the visitor went on.",
    "pitches": "Sentences of bot or staff that sell what nobody asked for, by a published list of phrases.",
}


def score_json(counts: Counts) -> dict[str, Any]:
    """`{"score", "parts": [{"part", "points", "of"}], "counted"}`; the points of a part not judged are null."""
    parts = [
        {"part": part.name, "points": None if part.points is None else round(part.points, 1), "of": part.of}
        for part in parts_of(counts)
    ]
    return {"score": score_of(counts), "parts": parts, "counted": asdict(counts)}


def mean_json(scores: Scores) -> dict[str, Any]:
    """`{"score", "conversations", "counted"}`: the mean, of how many, and what was counted in all of them."""
    return {"score": scores.mean, "conversations": scores.conversations, "counted": asdict(scores.counts)}


class Row(NamedTuple):
    """A part in words: what was counted, and the points that it brought; empty where several are counted together."""

    name: str
    told: str
    points: str = ""


def part_rows(counts: Counts) -> list[Row]:
    """How one conversation came to its score."""
    points = [_points(part) for part in parts_of(counts)]
    off = f"{PITCH * counts.pitches} off" if counts.pitches else ""
    return [row._replace(points=told) for row, told in zip(counted_rows(counts), [*points, off], strict=True)]


def counted_rows(counts: Counts) -> list[Row]:
    """What was counted, in the order of the parts; the pitches come last."""
    words = counts.visitor_words + counts.our_words
    return [
        Row("Visitor said", _of(counts.visitor_words, words, "words", none="nothing")),
        Row("Answered", _of(counts.answered, counts.questions, "questions", none="no question")),
        Row("Replied to", _of(counts.replied, counts.waiting, "turns", none="none needed it")),
        Row("Followed up", f"{counts.follow_ups:,} answer{'' if counts.follow_ups == 1 else 's'}"),
        Row("Pitches", f"{counts.pitches:,}" if counts.pitches else "none"),
    ]


def _of(part: int, whole: int, what: str, *, none: str) -> str:
    return f"{part:,} of {whole:,} {what}" if whole else none


def _points(part: Part) -> str:
    return "not judged" if part.points is None else f"{part.points:.3g} of {part.of}"

"""What was asked that no page answers, which page to mend first, and how the conversations went."""

import re
from collections.abc import Mapping
from typing import Any

from bot.insights.lift.estimates import Estimate, Label
from bot.insights.one_page.findings import FEWEST, Finding, Part, State, counted, found, of_share, points
from bot.insights.one_page.reading import Days
from bot.insights.one_page.shares import Share, shares_differ
from bot.insights.page_table import name_of
from bot.insights.percents import percent

PAGE, BEGINNING = "/insights/pages", "/insights"
DESCRIBED = Label.DESCRIPTIVE
MOST_PAGES = 20
"""Those that were asked most: each page that is looked at makes it harder to say anything of any."""
QUOTED, LENGTH = 3, 90
UNSEEN = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")
OPEN = (
    "Messages that the bot looked up in the pages and none of them answered, of all that it looked up. Interval by "
    "Wilson, as if each was asked by somebody else. Quoted is only what was asked twice or more."
)
MEND = (
    "Share of the questions asked on a page that no page answered, less that on all others, of the 20 pages asked most "
    "with 10 questions or more. Interval by Newcombe, test by Fisher."
)
SCORE = "Mean conversation score, from 0, a monologue, to 100; each conversation once. Interval of the normal curve."


def left_open(now: Days) -> Finding:
    name, part, share = "unanswered", Part.QUESTIONS, now.open_questions
    if share is None:
        sentence = "Nobody asked anything that the pages could answer."
        return Finding(name, part, State.ABSENT, sentence, OPEN, DESCRIBED, 0, PAGE)
    if share.of < FEWEST:
        sentence = f"Too few to judge: {counted(share.of, 'question')}, and it takes {FEWEST}."
        return Finding(name, part, State.TOO_FEW, sentence, OPEN, DESCRIBED, share.of, PAGE)
    asked = _most_asked(now.pages["rows"])
    said = f" Asked most: {', '.join(asked)}." if asked else ""
    of = counted(share.of, "question")
    sentence = f"{share.count:,} of {of} found no answer on the pages, {of_share(share)}.{said}"
    return found(Finding(name, part, State.FOUND, sentence, OPEN, DESCRIBED, share.of, PAGE), share, "share")


def _most_asked(rows: list[Mapping[str, Any]]) -> list[str]:
    times: dict[str, int] = {}
    for row in rows:
        for flag in row["flags"]:
            if flag["flag"] == "unanswered_question":
                text = shortened(flag["sentence"])
                times[text] = times.get(text, 0) + flag["times"]
    ranked = sorted(times, key=lambda text: (-times[text], text))[:QUOTED]
    return [f"“{text}” ({times[text]:,} times)" for text in ranked if times[text] > 1]


def shortened(text: str) -> str:
    """In one line, without what is not seen or turns the line around."""
    line = UNSEEN.sub(" ", text).strip()
    return line if len(line) <= LENGTH else line[: LENGTH - 1].rstrip() + "…"


def pages_asked(now: Days) -> dict[str, Share]:
    """The questions left open of each page that may be the one to mend, by its address."""
    asked = [row for row in now.pages.get("rows", []) if row["questions"] >= FEWEST]
    most = sorted(asked, key=lambda row: (-row["questions"], row["url"]))[:MOST_PAGES]
    return {row["url"]: Share(min(row["unanswered"], row["questions"]), row["questions"]) for row in most}


def looks_at_pages(now: Days) -> dict[str, Estimate]:
    """Each page against all others, as far as there are any."""
    whole, looks = now.open_questions, dict[str, Estimate]()
    for url, share in pages_asked(now).items():
        assert whole is not None
        rest = Share(whole.count - share.count, whole.of - share.of) if whole.of > share.of else None
        if rest is not None:
            looks[url] = shares_differ(share, rest)
    return looks


def to_mend(now: Days, looks: Mapping[str, Estimate], claimed: set[str]) -> Finding:
    """The page that left most open, of those of which that is beyond chance."""
    worst = max((url for url in looks if url in claimed and looks[url].value > 0), key=lambda url: looks[url].low,
                default=None)  # fmt: skip
    total = now.open_questions.of if now.open_questions else 0
    if worst is None:
        return _none_to_mend(len(looks), total)
    row = next(one for one in now.pages["rows"] if one["url"] == worst)
    share = pages_asked(now)[worst]
    title, where = shortened(row["title"] or ""), shortened(name_of(row))
    more = percent(looks[worst].value, 0).removesuffix("%").strip()
    sentence = (
        f"Mend {f'“{title}” ({where})' if title else where} first by share: {share.count:,} of {share.of:,} questions "
        f"asked there found none on the pages, {more} points more than elsewhere ({points(looks[worst])})."
    )
    finding = Finding("mend", Part.MEND, State.FOUND, sentence, MEND, DESCRIBED, share.of, PAGE)
    return found(finding, looks[worst], "points")


def _none_to_mend(looked_at: int, total: int) -> Finding:
    if not looked_at:
        sentence = "Too few to judge: no two pages were asked enough; it takes 10 questions on one, and some on others."
        return Finding("mend", Part.MEND, State.TOO_FEW, sentence, MEND, DESCRIBED, total, PAGE)
    sentence = f"No page left more questions open than the others, beyond chance ({looked_at:,} looked at)."
    return Finding("mend", Part.MEND, State.NOTHING, sentence, MEND, DESCRIBED, total, PAGE)


def scored(now: Days) -> Finding:
    name, part, judged = "score", Part.SCORE, now.judged
    if not judged.of:
        sentence = "No visitor said anything in these days."
        return Finding(name, part, State.ABSENT, sentence, SCORE, DESCRIBED, 0, BEGINNING)
    if judged.of < FEWEST:
        sentence = f"Too few to judge: {counted(judged.of, 'conversation')}, and it takes {FEWEST}."
        return Finding(name, part, State.TOO_FEW, sentence, SCORE, DESCRIBED, judged.of, BEGINNING)
    told = judged.estimate
    sentence = (
        f"Conversations scored {told.value:.0f} of 100 ({max(0, told.low):.0f} to {min(100, told.high):.0f}), the mean "
        f"of {judged.of:,}; 0 is a monologue."
    )
    return found(Finding(name, part, State.FOUND, sentence, SCORE, DESCRIBED, judged.of, BEGINNING), told, "score")

"""Splits a page into passages: pieces of at most 400 words that stay under their headings."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from bot.pages.reading.blocks import ROW_LEVEL, Block, Extracted

MAX_WORDS = 400
MAX_HEADING = 200

_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|no|nos|vs|etc|approx|inc|ltd|co|e\.g|i\.e|u\.s|u\.k|a\.m|p\.m|jan|feb|mar|apr|jun|jul|"
    r"aug|sept?|oct|nov|dec|fig|tel|ext|min|max|nr|ca|bzw|inkl|zzgl|ggf|evtl|tgl)|\w{3}str|\b[A-Z]|^\d{1,3})\.$",
    re.IGNORECASE,
)
# German counts days with a point and writes what follows with a capital: "15. Mai", "jeden 1. Samstag", "im 2. Stock".
_COUNTED = re.compile(r"(?<!\d)\d{1,2}\.$")
_WHAT_IS_COUNTED = re.compile(
    r"\s*(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|"
    r"(?:Jan|Feb|Apr|Jun|Jul|Aug|Sept?|Okt|Nov|Dez)\.|(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch|Advent|"
    r"(?:Stock|Etage|Klasse|Lebensjahr|Geburtstag|Quartal|Halbjahr)\b)"
)
_LONGEST_ABBREVIATION = 12
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)")


@dataclass(frozen=True)
class Passage:
    """A piece of a page that can answer a question. `heading` is the path of headings above it, outermost first.

    A line of `text` is a paragraph, an item of a list or a row of a table, as it stands on the page.
    """

    position: int
    heading: tuple[str, ...]
    text: str
    digest: str = field(default="")


def split(page: Extracted, *, max_words: int = MAX_WORDS) -> tuple[Passage, ...]:
    """The page's passages in their order. A heading with nothing under it is no passage."""
    passages: list[Passage] = []
    for heading, lines in _sections(page.blocks):
        for piece in _pieces(lines, max_words):
            text = "\n".join(piece)
            passages.append(Passage(len(passages), heading, text, digest(heading, text)))
    return tuple(passages)


def digest(heading: tuple[str, ...], text: str) -> str:
    """The same for the same words under the same headings, in whatever crawl."""
    return hashlib.sha256("\0".join((*heading, "", text)).encode()).hexdigest()[:32]


@lru_cache(maxsize=4_096)
def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence or row of a passage begins and ends: `text[start:end]` is its words, verbatim."""
    spans: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        begin = start
        for mark in _END.finditer(line):
            stop = start + mark.end()
            # "St. Patrick's Day", "3 p.m. on Friday", "1. First step", "bis 15. Mai" go on.
            before = text[max(begin, stop - _LONGEST_ABBREVIATION) : stop]
            if (
                _ABBREVIATION.search(before)
                or _goes_on(line, mark.end())
                or (_COUNTED.search(before) and _WHAT_IS_COUNTED.match(line, mark.end()))
            ):
                continue
            spans.append((begin, stop))
            begin = stop
            while begin < end and text[begin].isspace():
                begin += 1
        if begin < end:
            spans.append((begin, end))
        start = end + 1
    return spans


def _goes_on(line: str, at: int) -> bool:
    """Whether the next letter is a small one."""
    while at < len(line) and line[at].isspace():
        at += 1
    return line[at : at + 1].islower()


def _sections(blocks: Iterable[Block]) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """The lines under each path of headings; a captioned table, and what was found apart, are sections of their own."""
    path: list[tuple[int, str]] = []
    heading: tuple[str, ...] = ()
    lines: list[str] = []
    for block in blocks:
        if block.level:
            path = [(level, text) for level, text in path if level < block.level]
            path.append((block.level, block.text[:MAX_HEADING]))
            continue
        above = _heading_of(block, path)
        if above != heading and lines:
            yield heading, lines
            lines = []
        heading = above
        lines.append(block.text)
    if lines:
        yield heading, lines


def _heading_of(block: Block, path: list[tuple[int, str]]) -> tuple[str, ...]:
    above = [text for _, text in path if _ < ROW_LEVEL]
    if block.under:
        above = [text[:MAX_HEADING] for text in block.under]
    if block.caption and block.caption not in above:
        above.append(block.caption[:MAX_HEADING])
    return tuple(above)


def _pieces(lines: list[str], max_words: int) -> Iterator[list[str]]:
    """The lines in runs of at most `max_words`, of about the same size: a last piece of ten words finds nobody."""
    parts = [part for line in lines for part in _parts(line, max_words)]
    left = sum(_words(part) for part in parts)
    piece: list[str] = []
    held = 0
    for part in parts:
        size = _words(part)
        pieces_left = -(-(left + held) // max_words)
        if piece and (held + size > max_words or (pieces_left > 1 and held + size / 2 > (left + held) / pieces_left)):
            yield piece
            piece, held = [], 0
        piece.append(part)
        held += size
        left -= size
    if piece:
        yield piece


def _parts(line: str, max_words: int) -> Iterator[str]:
    """A line as it is, or, when it alone is too long, cut after sentences, and at worst between words."""
    if _words(line) <= max_words:
        yield line
        return
    start = end = 0
    for begin, stop in _short_spans(line, max_words):
        if _words(line[start:stop]) > max_words:
            yield line[start:end]
            start = begin
        end = stop
    yield line[start:end]


def _short_spans(line: str, max_words: int) -> Iterator[tuple[int, int]]:
    for begin, stop in sentences(line):
        words = list(re.finditer(r"\S+", line[begin:stop]))
        for first in range(0, len(words), max_words):
            last = words[min(first + max_words, len(words)) - 1]
            yield begin + words[first].start(), begin + last.end()


def _words(text: str) -> int:
    return len(text.split())

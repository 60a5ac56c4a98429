"""What a PDF says, page by page. It is read in a process of its own, which may fail, hang or be ended."""

import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from typing import Any

from bot.pages.reading.blocks import Block, Extracted
from bot.pages.reading.pdf_reader import CPU_S, MEMORY_BYTES
from bot.pages.reading.skip_reason import SkipReason
from bot.pages.reading.tidy import clean

MAX_BYTES = 20_000_000
WALL_S = CPU_S * 2
PAGE_LEVEL = 2
REPEATED_ON = 0.6
"""A line on more than this share of the pages is their head or foot."""
FULL_LINE = 0.65
"""A line shorter than this share of the longest is where a paragraph ends."""
_HYPHEN = re.compile(r"(?<=\w)[-\u00ad\u2010]$")
_NUMBER = re.compile(r"\d+")
_PAGE_HEADING = re.compile(r"Page ([1-9]\d{0,5})", re.ASCII)


@dataclass(frozen=True)
class Unread:
    """Why a PDF gave no text."""

    reason: SkipReason
    detail: str


@dataclass(frozen=True)
class Read:
    """`unread_pages` are those past what one PDF may have."""

    page: Extracted
    unread_pages: int


def read_pdf(given: bytes, *, title: str = "", url: str = "") -> Read | Unread:
    """The text under a heading for each page, "Page 3"; or why there is none. Blocks for up to WALL_S."""
    told = _ask(given)
    if isinstance(told, Unread):
        return told
    pages = _without_heads_and_feet([_lines(text) for text in told["pages"]])
    blocks: list[Block] = []
    for number, lines in enumerate(pages, start=1):
        if paragraphs := _paragraphs(lines):
            blocks.append(Block(page_heading(number), level=PAGE_LEVEL))
            blocks += [Block(paragraph) for paragraph in paragraphs]
    if not blocks:
        return Unread(SkipReason.NO_TEXT, f"a PDF of {told['total']} pages without text; is it a scan?")
    name = clean(title) or clean(told["title"]) or next(line for lines in pages for line in lines)[:120]
    page = Extracted(name or clean(url), clean(told["language"]).lower()[:35], tuple(blocks))
    return Read(page, told["total"] - len(told["pages"]))


def page_heading(number: int) -> str:
    """What stands above each page, so that what is quoted from it says where it stands."""
    return f"Page {number}"


def page_under(heading: str) -> int | None:
    """The number of the page, if this is such a heading."""
    found = _PAGE_HEADING.fullmatch(heading)
    return int(found[1]) if found else None


def _ask(given: bytes) -> dict[str, Any] | Unread:
    # Isolated and without our environment: nothing that is worth having is in that process.
    command = [sys.executable, "-I", "-m", "bot.pages.reading.pdf_reader"]
    try:
        done = subprocess.run(  # noqa: S603, nothing of the site's is in the command
            command, input=given, capture_output=True, timeout=WALL_S, env={}, check=False
        )
    except subprocess.TimeoutExpired:
        return Unread(SkipReason.TOO_SLOW, f"a PDF that can't be read in {WALL_S} s")
    if done.returncode < 0:
        return Unread(SkipReason.TOO_SLOW, f"a PDF that can't be read in {CPU_S} s of computing")
    try:
        told: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        told = {"fault": "broken", "detail": _last_line(done.stderr)}
    return _fault(told) if "fault" in told else told


def _fault(told: dict[str, Any]) -> Unread:
    if told["fault"] == "encrypted":
        return Unread(SkipReason.ENCRYPTED, "a PDF that asks for a password, or forbids copying")
    if told["fault"] == "memory":
        return Unread(SkipReason.TOO_LARGE, f"a PDF that takes more than {MEMORY_BYTES // 1024**2} MB to read")
    return Unread(SkipReason.BAD_ENCODING, f"no PDF that can be read ({told.get('detail', '')})")


def _last_line(told: bytes) -> str:
    lines = told.decode(errors="replace").strip().splitlines()
    return lines[-1][:200] if lines else "it gave nothing"


def _lines(text: str) -> list[str]:
    """The lines as they stand; an empty one is where the page leaves room."""
    return [clean(line) for line in text.splitlines()]


def _without_heads_and_feet(pages: list[list[str]]) -> list[list[str]]:
    """Drops what stands on most pages, whatever its number: "ACME Ltd. 2026 - page 3 of 9"."""
    if len(pages) < 3:
        return pages
    seen = Counter(same for lines in pages for same in {_NUMBER.sub("#", line) for line in _edges(lines)})
    repeated = {same for same, count in seen.items() if count > REPEATED_ON * len(pages)}
    own = [[line for line in lines if _NUMBER.sub("#", line) not in repeated] for lines in pages]
    # A page of nothing but such a line says just this, and no more than the others.
    return [kept if any(kept) else lines for kept, lines in zip(own, pages, strict=True)]


def _edges(lines: list[str]) -> list[str]:
    said = [line for line in lines if line]
    return [*said[:2], *said[-2:]]


def _paragraphs(lines: list[str]) -> list[str]:
    """Lines joined to paragraphs: one goes on while it fills its line and ends no sentence."""
    full = FULL_LINE * max(map(len, lines), default=0)
    found: list[str] = []
    goes_on = False
    for line in lines:
        if line and goes_on:
            joined, hyphens = _HYPHEN.subn("", found[-1])
            found[-1] = joined + line if hyphens and line[0].islower() else f"{found[-1]} {line}"
        elif line:
            found.append(line)
        goes_on = bool(line) and len(line) >= full and not line.endswith((".", "!", "?", ":"))
    return found

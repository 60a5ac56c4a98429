"""Pages from a folder of HTML, text and PDF, or from a file with one page a line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from protego import Protego

from bot.pages.crawling.fetch import MAX_BYTES, MAX_PDF_BYTES, ROBOT, decode
from bot.pages.crawling.links import directions
from bot.pages.crawling.report import RawPage, Skipped
from bot.pages.reading.skip_reason import SkipReason

_SUFFIXES = {".html", ".htm", ".xhtml", ".txt", ".pdf"}
CHUNK = 65_536


def pages_of_folder(folder: Path, *, base: str = "") -> Iterator[RawPage | Skipped]:
    """Each .html, .txt and .pdf below the folder, by name. Its URL is its path after `base`, or from the root."""
    prefix = base.rstrip("/") + "/"
    root = folder.resolve()
    robots = _robots_of(folder)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        where = path.relative_to(folder)
        if (
            path.suffix.lower() not in _SUFFIXES
            or path.name == "robots.txt"
            or any(part.startswith(".") for part in where.parts)
        ):
            continue
        # A link that leads out of the folder would publish a file that nobody meant to.
        if not path.resolve().is_relative_to(root):
            yield Skipped(str(where), SkipReason.OTHER_SITE, "leads out of the folder")
        elif path.stat().st_size > (most := MAX_PDF_BYTES if path.suffix.lower() == ".pdf" else MAX_BYTES):
            yield Skipped(str(where), SkipReason.TOO_LARGE, f"more than {most:,} bytes")
        elif not robots.can_fetch("/" + quote(where.as_posix()), ROBOT):
            yield Skipped(str(where), SkipReason.ROBOTS)
        else:
            yield _read(path, prefix + quote(where.as_posix()))


def pages_of_lines(file: Path) -> Iterator[RawPage | Skipped]:
    """The pages of a JSONL file, read line by line; a bad line is told with its number and passed over."""
    with file.open("rb") as lines:
        number = 0
        while line := lines.readline(MAX_BYTES + 1):
            number += 1
            where = f"{file.name}:{number}"
            if len(line) > MAX_BYTES:
                _pass_rest_of_line(lines, line)
                yield Skipped(where, SkipReason.TOO_LARGE, f"a line of more than {MAX_BYTES:,} bytes")
            elif line.strip():
                yield _page_of_line(line, where)


def _page_of_line(line: bytes, where: str) -> RawPage | Skipped:
    try:
        given: Any = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return Skipped(where, SkipReason.BAD_LINE, f"not JSON in UTF-8: {error}")
    if not isinstance(given, dict):
        return Skipped(where, SkipReason.BAD_LINE, 'not an object; give {"url", "title", "html" or "text"}')
    url, title, html, text = (given.get(name) or "" for name in ("url", "title", "html", "text"))
    if not all(isinstance(value, str) for value in (url, title, html, text)):
        return Skipped(where, SkipReason.BAD_LINE, "url, title, html and text have to be text")
    if not url.strip():
        return Skipped(where, SkipReason.BAD_LINE, '"url" is missing')
    if not html and not text:
        reason = SkipReason.NO_TEXT if "html" in given or "text" in given else SkipReason.BAD_LINE
        return Skipped(where, reason, 'give "html" or "text"')
    try:
        "".join((url, title, html, text)).encode()
    except UnicodeEncodeError:
        return Skipped(where, SkipReason.BAD_LINE, "half a surrogate pair, which no UTF-8 can hold")
    return RawPage(url.strip(), html=html, text=text, title=title.strip())


def _pass_rest_of_line(lines: Any, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = lines.readline(CHUNK)


def _read(path: Path, url: str) -> RawPage | Skipped:
    try:
        body = path.read_bytes()
    except OSError as error:
        return Skipped(str(path), SkipReason.UNREACHABLE, error.strerror or "")
    if path.suffix.lower() == ".pdf":
        return RawPage(url, pdf=body)
    text = decode(body)
    if path.suffix.lower() == ".txt":
        return RawPage(url, text=text)
    told = directions(text, url)
    if told.noindex:
        return Skipped(url, SkipReason.NOINDEX)
    if told.moved_to is not None:
        return Skipped(url, SkipReason.MOVED, f"leads to {told.moved_to}")
    return RawPage(url, html=text, variants=told.variants)


def _robots_of(folder: Path) -> Protego:
    """The folder's own robots.txt: what the served site asks of robots holds for its files too."""
    file = folder / "robots.txt"
    return Protego.parse(decode(file.read_bytes()) if file.is_file() else "")

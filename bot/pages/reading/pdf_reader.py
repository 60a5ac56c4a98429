"""Reads one PDF from standard input, as JSON on standard output, in a process that can be lost (pdf.py).

A PDF is a program of sorts, written by whoever: it may hang its reader or ask for all memory. So this process
bounds itself before it looks at the first byte, and holds nothing that anybody could want.
"""

import io
import json
import logging
import resource
import sys
from typing import Any

CPU_S = 20
MEMORY_BYTES = 768 * 1024**2
PAGES = 500
CHARACTERS = 2_000_000


def main() -> None:
    given = sys.stdin.buffer.read()
    _bound()
    try:
        told = _read(given)
    except MemoryError:
        told = {"fault": "memory"}
    except RecursionError:
        told = {"fault": "broken", "detail": "nested too deeply"}
    sys.stdout.write(json.dumps(told))


def _bound() -> None:
    """From here on: no more CPU and memory than this, no file written, no process started."""
    for what, most in (
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 16),
    ):
        resource.setrlimit(what, (most, most))


def _read(given: bytes) -> dict[str, Any]:
    # Only now that we are bounded.
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    # It warns about each oddity; the crawl's report says what came of it.
    logging.disable(logging.CRITICAL)
    try:
        return _told(PdfReader(io.BytesIO(given)))
    except (PyPdfError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, OSError) as error:
        # What a broken file makes of a parser's assumptions has many names.
        return {"fault": "broken", "detail": f"{type(error).__name__}: {error}"[:200]}


def _told(reader: Any) -> dict[str, Any]:
    if reader.is_encrypted:
        return {"fault": "encrypted"}
    total = len(reader.pages)
    texts: list[str] = []
    room = CHARACTERS
    for number in range(min(total, PAGES)):
        text = reader.pages[number].extract_text()[:room]
        texts.append(text.encode("utf-8", "replace").decode())
        room -= len(text)
        if room <= 0:
            break
    return {"title": _line(reader, "title"), "language": _language(reader), "pages": texts, "total": total}


def _line(reader: Any, name: str) -> str:
    found = getattr(reader.metadata, name, None)
    return found.encode("utf-8", "replace").decode() if isinstance(found, str) else ""


def _language(reader: Any) -> str:
    found = reader.root_object.get("/Lang")
    return str(found) if isinstance(found, str) else ""


if __name__ == "__main__":
    main()

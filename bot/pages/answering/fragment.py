"""Links that make a browser scroll to a quote and mark it: text fragments, https://wicg.github.io/scroll-to-text-fragment/.

Of a PDF they open the page, `#page=2` (RFC 8118). A browser that finds none of what is named shows the page from its
top, so a wrong guess costs the mark only.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from urllib.parse import quote as percent_encoded
from urllib.parse import urldefrag, urlsplit

from bot.pages.reading.pdf import page_under
from bot.store.pages import StoredPassage

SHORT_WORDS = 8
"""A quote of at most so many words is named whole; of a longer one its beginning and its end."""
START_WORDS, END_WORDS, MOST_WORDS = 4, 3, 12
AROUND_WORDS = 4
LONGEST = 1_500
"""Characters: beyond it, the page without the mark is the better link."""
DIRECTIVE = ":~:"

_WORD = re.compile(r"\w+")
_LABELLED = re.compile(r"(?P<label>\S[^\n]{0,119}?): (?P<told>\S.*)")


class Heading(str):
    """A line that stands above others; a paragraph may have the same words."""

    __slots__ = ()


def with_text(
    url: str, quote: str, lines: Sequence[str] = (), *, first: int = 0, page: Callable[[], str] | None = None
) -> str:
    """The URL, with what makes a browser scroll to the quote. `lines` is what stands around it, in order (`lines_of`).

    Each of `lines` is a paragraph, a heading or a table's row. The quote is in none before the `first`. `page` is asked
    for the text of all the page, of which `lines` may be a part: a quote that begins as an earlier place of the page
    does is told apart from it.
    """
    address, anchor = urldefrag(url)
    path = urlsplit(address)
    if path.scheme not in ("http", "https") or not quote.strip():
        return url
    anchor = anchor.partition(DIRECTIVE)[0] or _page_of_pdf(quote, lines, first)
    # A reader of PDF takes what follows the # for itself. A PDF by another name may get both: each reads its own.
    if path.path.lower().endswith(".pdf"):
        return f"{address}#{anchor}" if anchor else address
    named = _directives(quote, _Page(lines, quote, first, page))
    marked = f"{address}#{anchor}{DIRECTIVE}{'&'.join(f'text={one}' for one in named)}"
    return marked if len(marked) <= LONGEST else url


def lines_of(passages: Iterable[StoredPassage]) -> list[str]:
    """The text of a page from its passages, as `with_text` wants it."""
    return [line for text in _texts(passages) for line in ([text] if isinstance(text, Heading) else text.split("\n"))]


def text_of(passages: Iterable[StoredPassage]) -> str:
    """The same in one."""
    return "\n".join(_texts(passages))


def _texts(passages: Iterable[StoredPassage]) -> Iterator[str]:
    """Of each passage the headings that the one before it was not under, and its text."""
    path: tuple[str, ...] = ()
    for passage in passages:
        if passage.heading != path:
            new = (at for at in range(len(passage.heading)) if passage.heading[: at + 1] != path[: at + 1])
            yield from map(Heading, passage.heading[next(new, len(passage.heading)) :])
            path = passage.heading
        yield passage.text


def _page_of_pdf(quote: str, lines: Sequence[str], first: int) -> str:
    """Such as "page=2", by the heading that each page of a PDF has; empty where it is none."""
    at = next((number for number in range(first, len(lines)) if quote in lines[number]), first)
    heading = next((line for line in reversed(lines[: at + 1]) if isinstance(line, Heading)), "")
    number = page_under(heading)
    return "" if number is None else f"page={number}"


class _Page:
    """The line that the quote is of, and what stands around it on the page."""

    def __init__(self, lines: Sequence[str], quote: str, first: int, page: Callable[[], str] | None) -> None:
        at = next((number for number in range(first, len(lines)) if quote in lines[number]), None)
        self.line = quote if at is None else lines[at]
        before, _, after = self.line.partition(quote)
        above, below = ([], []) if at is None else (lines[:at], lines[at + 1 :])
        self.before = before or "".join(above[-1:])
        self.after = after or "".join(below[:1])
        self.peers = [*_rows(reversed(above)), *_rows(below)]
        """The cells of the rows right above and below, the first left out."""
        self._text = (page() if page is not None else "\n".join(lines)).casefold()

    def has_elsewhere(self, words: str) -> bool:
        return self._text.count(words.casefold()) > 1


def _rows(lines: Iterable[str]) -> Iterator[list[str]]:
    for line in lines:
        if (found := _LABELLED.fullmatch(line)) is None:
            return
        yield found["told"].split(", ")


def _directives(quote: str, page: _Page) -> list[str]:
    """What to look for. A line that may be a table's row is named as text and as cells: only one is on the page."""
    found = _LABELLED.fullmatch(quote) if page.line.startswith(quote) else None
    return [_as_it_stands(quote, page), *([_as_row(found["label"], found["told"], page)] if found else [])]


def _as_it_stands(quote: str, page: _Page) -> str:
    words = quote.split()
    if len(words) <= SHORT_WORDS:
        return _directive(quote, prefix=_last_words(page.before) if page.has_elsewhere(quote) else "")
    start, end = START_WORDS, END_WORDS
    while start < min(MOST_WORDS, len(words) - end) and page.has_elsewhere(" ".join(words[:start])):
        start += 1
    # The browser takes the first end that it finds: one that stands earlier in the quote would cut it short.
    while end < len(words) - start and _squeezed(" ".join(words[-end:])) in _squeezed(" ".join(words[start:-1])):
        end += 1
    begins = " ".join(words[:start])
    prefix = _last_words(page.before) if page.has_elsewhere(begins) else ""
    return _directive(begins, " ".join(words[-end:]), prefix=prefix)


def _as_row(label: str, told: str, page: _Page) -> str:
    """A row by its cells. The colon, the commas and the heads of "Norway: Time 3 days, Cost 9.00 EUR" are ours."""
    # What is only a number was given its column's head; terms that share a definition were joined by commas.
    about = label.split()[-1] if label.split()[-1].isdigit() else label.rpartition(", ")[2]
    cells = told.split(", ")
    first = cells[0]
    if max(len(row) for row in [cells, *page.peers]) > 1:  # With two columns no head is written.
        first = _without_head(first, [row[0] for row in page.peers])
    begins, ends = first.split(), cells[-1].split()
    if len(cells) == 1 and len(begins) <= SHORT_WORDS:
        return _directive(first, prefix=about)
    # Of the last cell the last word is sure to be its own.
    return _directive(" ".join(begins[:START_WORDS]), ends[-1], prefix=about)


def _without_head(cell: str, peers: Sequence[str]) -> str:
    """The cell without the words that the same cell of all other rows begins with; figures are no column's head."""
    words, others = cell.split(), [peer.split() for peer in peers]
    width = 0
    while (
        width < len(words) - 1
        and words[width].isalpha()
        and all(one[width:][:1] == words[width:][:1] for one in others)
    ):
        width += 1
    return " ".join(words[width:] if others else words)


def _directive(start: str, end: str = "", *, prefix: str = "") -> str:
    return (f"{_encoded(prefix)}-," if prefix else "") + _encoded(start) + (f",{_encoded(end)}" if end else "")


def _encoded(text: str) -> str:
    # The hyphen marks prefix and suffix; `quote` leaves it as it is.
    return percent_encoded(text, safe="").replace("-", "%2D")


def _last_words(line: str) -> str:
    return " ".join(line.split()[-AROUND_WORDS:])


def _squeezed(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.casefold()))} "

"""Tables and lists of definitions as lines that read by themselves: "Norway: Time 3 to 5 days, Cost 9.00 EUR"."""

from collections.abc import Iterator
from typing import Any

from bot.pages.reading.tidy import clean, text_of

MAX_CELL = 300
MAX_SPAN = 50
LONG_DEFINITION_WORDS = 30


def is_data_table(table: Any) -> bool:
    """Whether the table holds data; many an old page is laid out in tables, which are no such thing."""
    if (table.get("role") or "").lower() in ("presentation", "none"):
        return False
    if next(table.iterdescendants("table"), None) is not None or next(table.iterdescendants("form"), None) is not None:
        return False
    rows = [cells for row in table.iterdescendants("tr") if (cells := _cells(row))]
    wide = [cells for cells in rows if len(cells) > 1]
    if len(wide) < 2 and not (wide and next(table.iterdescendants("th"), None) is not None):
        return False
    return all(len(text_of(cell)) <= MAX_CELL for cells in rows for cell in cells)


def table_lines(table: Any) -> tuple[str, list[str]]:
    """The caption, and each row as a line: what the row is about, a colon, then each cell after its column's head."""
    heads: list[str] = []
    lines: list[str] = []
    for is_head, row, again in _grid(table):
        if is_head:
            heads = row
        elif any(row):
            lines.append(_line(heads, row, again))
    caption = next((text_of(one) for one in table.iterdescendants("caption")), "")
    return caption, [line for line in lines if line]


def definitions(listing: Any) -> Iterator[tuple[str, str]]:
    """Each term with what is said of it; several terms or several definitions are joined."""
    terms: list[str] = []
    told: list[str] = []
    for element in listing.iterdescendants("dt", "dd"):
        if element.tag == "dt":
            if told:
                yield ", ".join(terms), " ".join(told)
                terms, told = [], []
            terms.append(text_of(element))
        elif text := text_of(element):
            told.append(text)
    if told:
        yield ", ".join(terms), " ".join(told)


def _cells(row: Any) -> list[Any]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _grid(table: Any) -> Iterator[tuple[bool, list[str], set[int]]]:
    """Rows as texts, spans filled in, and the columns that a cell to their left spans; True marks column heads."""
    spans: dict[int, tuple[int, str]] = {}
    for row in table.iterdescendants("tr"):
        texts: list[str] = []
        again: set[int] = set()
        cells = _cells(row)
        for cell in cells:
            while len(texts) in spans:
                texts.append(_from_above(spans, len(texts)))
            text = text_of(cell)
            down = _span(cell, "rowspan")
            for across in range(_span(cell, "colspan")):
                if across:
                    again.add(len(texts))
                if down > 1:
                    spans[len(texts)] = (down - 1, text)
                texts.append(text)
        while len(texts) in spans:
            texts.append(_from_above(spans, len(texts)))
        headed = bool(cells) and (row.getparent().tag == "thead" or all(cell.tag == "th" for cell in cells))
        yield headed and len(texts) > 1, texts, again


def _from_above(spans: dict[int, tuple[int, str]], column: int) -> str:
    left, text = spans.pop(column)
    if left > 1:
        spans[column] = (left - 1, text)
    return text


def _span(cell: Any, name: str) -> int:
    told = (cell.get(name) or "1").strip()
    return max(1, min(int(told), MAX_SPAN)) if told.isascii() and told.isdigit() else 1


def _line(heads: list[str], row: list[str], again: set[int]) -> str:
    first, rest = row[0], row[1:]
    if len(again) == len(rest) > 0:
        return first
    # "Monday: 10:00 to 17:30" needs no "Hours" before the hours; with three columns the heads tell them apart.
    named = heads if len(heads) == len(row) and len(row) > 2 else [""] * len(row)
    told: list[str] = []
    for at, (head, text) in enumerate(zip(named[1:], rest, strict=True), start=1):
        line = clean(f"{head} {text}")
        # A cell that spans columns says its text once; two cells may well say the same: "played 1, won 1".
        if text and not (at in again and (not head or line in told)):
            told.append(line)
    about = clean(f"{named[0]} {first}") if first.replace(".", "").replace(",", "").isdigit() else first
    return f"{about}: {', '.join(told)}" if about and told else about or ", ".join(told)

"""A file as rows: which letters it is written in, what stands between its columns, and where each row begins.

CSV with comma, semicolon or tab, or JSON Lines; packed by gzip or not. It is read twice, the first time for its letters
and how it writes numbers and dates, and never held in memory: what comes by a pipe is put on disk first.
"""

import codecs
import csv
import gzip
import io
import json
import shutil
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self, cast

from bot.errors import ConfigurationError
from bot.insights.imports.faults import Broken, Wrong, shown
from bot.insights.imports.values import Figure

GZIP = b"\x1f\x8b"
SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How files of Excel (XLSX, XLS) and LibreOffice begin, and ZIP archives."""
MARKS_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
LETTERS = {"cp1252": "Windows-1252", "utf-8-sig": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
BYTES_AT_ONCE = 1 << 20
CELL = 1 << 20
"""Characters that a cell has at most: more is a quote that nobody closed."""
type Row = tuple[int, dict[str, str]]


@dataclass
class Source:
    """An opened file. `form` says what it is, for people; `names` are its columns, of JSON Lines those of the start."""

    raw: IO[bytes]
    encoding: str
    delimiter: str | None
    names: list[str]

    @property
    def form(self) -> str:
        letters = LETTERS.get(self.encoding, self.encoding.upper())
        kind = "JSON Lines" if self.delimiter is None else f"CSV ({DELIMITERS[self.delimiter]})"
        return f"{kind}, {letters}"

    @property
    def at(self) -> int:
        """How far it has been read, in bytes as they are on disk."""
        return getattr(self.raw, "fileobj", self.raw).tell()

    def rows(self) -> Iterator[Row | tuple[int, Wrong]]:
        """The number of the line that each begins at, and its cells by column; or what is wrong with it."""
        text = self._text()
        return _csv(text, self.delimiter) if self.delimiter is not None else _jsonl(text)

    def _text(self) -> io.TextIOWrapper:
        self.raw.seek(0)
        return io.TextIOWrapper(_Open(self.raw), encoding=self.encoding, errors="replace", newline="")


class Opened(ExitStack):
    """Opens a file for as long as it is read."""

    def __init__(self, path: Path | None, stdin: IO[bytes] | None = None) -> None:
        super().__init__()
        self._path, self._stdin = path, stdin

    def __enter__(self) -> Self:
        super().__enter__()
        try:
            self.source = _source(self._raw())
        except BaseException:
            self.close()
            raise
        return self

    def _raw(self) -> IO[bytes]:
        if self._path is None:
            raw: IO[bytes] = self.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
            shutil.copyfileobj(self._stdin, raw, BYTES_AT_ONCE)  # type: ignore[arg-type]
            raw.seek(0)
        else:
            try:
                raw = self.enter_context(self._path.open("rb"))
            except OSError as error:
                raise ConfigurationError(f"{self._path} can't be read ({error.strerror}).") from error
        packed = raw.read(2) == GZIP
        raw.seek(0)
        return cast(IO[bytes], self.enter_context(gzip.GzipFile(fileobj=raw))) if packed else raw


class _Open(io.BufferedReader):
    """Stays open when whoever reads its text is done."""

    def __init__(self, raw: IO[bytes]) -> None:
        super().__init__(raw, BYTES_AT_ONCE)  # type: ignore[arg-type]

    def close(self) -> None:
        pass


def _source(raw: IO[bytes]) -> Source:
    try:
        encoding = _encoding(raw)
    except (OSError, EOFError, zlib.error) as error:
        raise ConfigurationError(f"The file is packed by gzip and broken: {error}. Export it again.") from error
    raw.seek(0)
    start = io.TextIOWrapper(_Open(raw), encoding=encoding, errors="replace", newline="")
    first = start.readline(CELL)
    while first and not first.strip():
        first = start.readline(CELL)
    if not first:
        raise ConfigurationError("The file is empty; its first line has to be the names of its columns.")
    if "\0" in first:
        raise ConfigurationError("This is no text. Export the table as CSV or JSON Lines and hand that in.")
    if first.lstrip().startswith("{"):
        return Source(raw, encoding, None, [])
    # The signs in quotes are of names, and few: what stands between the columns is what there is most of.
    delimiter = max(DELIMITERS, key=first.count)
    # Whoever hands in what is no table has often one line, as long as the file.
    csv.field_size_limit(CELL)
    names = [name.strip() for name in next(csv.reader([first], delimiter=delimiter))]
    _refuse_twins(names)
    return Source(raw, encoding, delimiter, names)


def _encoding(raw: IO[bytes]) -> str:
    first = raw.read(4)
    raw.seek(0)
    if first.startswith(MARKS_16):
        return "utf-16"
    if first in SPREADSHEETS:
        raise ConfigurationError("This is a spreadsheet or an archive. Save it as CSV (UTF-8), and hand that in.")
    # The first letters of names are of ASCII: in UTF-16 without its mark one half of each is empty.
    if len(first) == 4 and first.count(0) == 2 and first[0] != first[1]:
        return "utf-16-be" if first[0] == 0 else "utf-16-le"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := raw.read(BYTES_AT_ONCE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _refuse_twins(names: list[str]) -> None:
    times = Counter(names)
    twin = next((name for name in names if name and times[name] > 1), None)
    if twin is not None:
        raise ConfigurationError(f"Two columns are named {shown(twin)}; give one of them another name.")


def _csv(text: io.TextIOWrapper, delimiter: str) -> Iterator[Row | tuple[int, Wrong]]:
    csv.field_size_limit(CELL)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    names: list[str] | None = None
    line = 1
    try:
        for cells in reader:
            began, line = line, reader.line_num + 1
            if not any(cells):
                continue
            if names is None:
                names = [name.strip() for name in cells]
            elif len(cells) > len(names) and any(cells[len(names) :]):
                yield began, Wrong(f"it has {len(cells)} cells and the first line {len(names)}; put quotes around "
                                   f"cells with a {DELIMITERS[delimiter]} in them")  # fmt: skip
            else:
                yield began, dict(zip(names, cells, strict=False))
    except csv.Error as error:
        yield line, Broken(f"here the file can't be read on ({error}); see whether a quote is opened and not closed")


def _jsonl(text: io.TextIOWrapper) -> Iterator[Row | tuple[int, Wrong]]:
    number = 0
    while told := text.readline(CELL):
        number += 1
        if not told.strip():
            continue
        try:
            # Numbers stay the text that they are: as floats they would lose digits.
            row = json.loads(told, parse_float=Figure, parse_int=str, parse_constant=_no_number)
        except (ValueError, RecursionError):
            yield number, Wrong('it is no JSON; write one object a line, e.g. {"id": "1001", "value": "49.90"}')
            continue
        if not isinstance(row, dict):
            yield number, Wrong('it is no object; write e.g. {"id": "1001", "value": "49.90"}')
            continue
        for cells in _flat(row):
            yield number, cells


def _no_number(name: str) -> str:
    raise ValueError(name)


def _flat(row: dict[str, Any]) -> Iterator[dict[str, str]]:
    """One row for each of an order's items; what is told of the customer beside the rest."""
    items = row.pop("items", None)
    whose = row.pop("customer", None)
    told = {name: _cell(value) for name, value in row.items() if not isinstance(value, dict | list)}
    if isinstance(whose, dict):
        told |= {
            f"customer {name}": _cell(value) for name, value in whose.items() if not isinstance(value, dict | list)
        }
    elif whose is not None:
        told["customer"] = _cell(whose)
    parts = [one for one in items if isinstance(one, dict)] if isinstance(items, list) else []
    for one in parts or [{}]:
        yield told | {f"item {name}" if name != "quantity" else name: _cell(value) for name, value in one.items()}


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else ("yes" if value else "no") if isinstance(value, bool) else str(value)

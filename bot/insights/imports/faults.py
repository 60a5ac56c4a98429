"""What is wrong with a file, row by row: where, and what to write instead."""

import csv
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.errors import DuologueError

SHOWN = 20
SHOWN_LENGTH = 60


class Wrong(ValueError):
    """A value can't be taken; the text says which and what to write instead."""


class Broken(Wrong):
    """From here on the file can't be read: what follows is not known, so that no part of it may be taken."""


@dataclass(frozen=True)
class Fault:
    """`line` is where the row begins in the file, the first line being 1."""

    line: int
    problem: str


class Faults:
    """Keeps the first faults, `keep` of them, and counts the others; with `path` all of them go there as a table."""

    def __init__(self, path: Path | None = None, *, keep: int = SHOWN) -> None:
        self._keep = keep
        self.first: list[Fault] = []
        self.count = 0
        self.are_fatal = False
        try:
            # Kept open as long as faults may come: there may be millions, which are not to be held in memory.
            self._file = None if path is None else path.open("w", encoding="utf-8", newline="")
        except OSError as error:
            raise DuologueError(f"{path} can't be written ({error.strerror}); give another --errors.") from error
        self._rows = None if self._file is None else csv.writer(self._file)
        if self._rows is not None:
            self._rows.writerow(("line", "problem"))

    def add(self, line: int, problem: str | Wrong) -> None:
        self.count += 1
        self.are_fatal |= isinstance(problem, Broken)
        if len(self.first) < self._keep:
            self.first.append(Fault(line, str(problem)))
        if self._rows is not None:
            # Every problem begins with a word of ours, so that none is a formula to a spreadsheet.
            self._rows.writerow((line, problem))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()


def shown(text: str) -> str:
    """The value as a message quotes it: in one line, and not too long."""
    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return f'"{plain}"' if len(plain) <= SHOWN_LENGTH else f'"{plain[:SHOWN_LENGTH]}…"'

"""Which files are the log: one small file that says so, put in place whole, so that all who read see one moment.

What no manifest names is no part of the log: a file that a killed process left behind, or one that was replaced.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.store.log_changes import Copied
from bot.store.log_marks import Gap, Mark

NAME = "manifest.json"
FORM = 2
"""Of the files' columns: with another, the log is made anew."""


@dataclass(frozen=True)
class LogFile:
    """A file of a day or of a month, and from when to when (both inclusive) its rows are.

    `site` is that of all its rows, None when they are of several. `leads` are the columns in which a cell may begin
    like a formula.
    """

    path: str
    first: int
    last: int
    rows: int
    site: str | None
    leads: tuple[str, ...]
    made_at: int = 0

    @property
    def part(self) -> str:
        """`day=2026-03-02` or `month=2026-03`."""
        return self.path.partition("/")[0]


@dataclass(frozen=True)
class Manifest:
    """`store` tells which store this is a copy of; `number` grows with each manifest."""

    store: str = ""
    number: int = 0
    copied: Copied = field(default_factory=Copied)
    files: tuple[LogFile, ...] = ()
    who: str | None = None

    def with_files(self, files: Sequence[LogFile]) -> "Manifest":
        return replace(self, files=tuple(sorted(files, key=lambda one: (one.first, one.path))))

    def between(self, since: int, until: int) -> list[LogFile]:
        """The files that may have something from `since` until just before `until`."""
        return [one for one in self.files if one.first < until and one.last >= since]


def load(folder: Path) -> Manifest | None:
    """The manifest; None where there is no log, or one that this version does not read."""
    try:
        told = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return _manifest(told) if told["form"] == FORM else None


def publish(folder: Path, manifest: Manifest) -> None:
    """From now on this is the log, also after a loss of power; what it does not name is removed."""
    part = folder / f"{NAME}.part"
    with part.open("w", encoding="utf-8") as file:
        json.dump({"form": FORM} | asdict(manifest), file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / NAME)
    sync(folder)
    tidy(folder, manifest)


def tidy(folder: Path, manifest: Manifest) -> None:
    named = {folder / one.path for one in manifest.files} | {folder / (manifest.who or NAME)}
    for found in (*folder.glob("*/*"), *folder.glob("who-*")):
        if found not in named:
            found.unlink()
    for part in folder.iterdir():
        if part.is_dir() and not any(part.iterdir()):
            part.rmdir()


def sync(folder: Path) -> None:
    """To disk what the folder lists."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _manifest(told: dict[str, Any]) -> Manifest:
    copied = told["copied"]
    return Manifest(
        told["store"],
        told["number"],
        Copied(_mark(copied["rows"]), _mark(copied["changes"]), copied["at"], copied["links"], copied["links_at"]),
        tuple(LogFile(**one | {"leads": tuple(one["leads"])}) for one in told["files"]),
        told["who"],
    )


def _mark(told: dict[str, Any]) -> Mark:
    return Mark(told["upto"], tuple(Gap(**one) for one in told["gaps"]))

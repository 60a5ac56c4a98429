"""Files that were handed in on the dashboard and wait to be imported, each in a folder of its own:

file         as it was sent; gone as soon as it is imported
asked.json   what it is, and how it is to be read
told.json    what was found in it, or became of it
far.json     how far whoever works at it has come
errors.csv   every wrong row
lock         held by whoever works at it: that of a killed process is free again
"""

import fcntl
import json
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from shutil import rmtree
from typing import Any, Self

from bot.interactions import Microseconds

FOLDER = "handed-in"
KEPT_S = 3_600
"""So long a file waits for somebody to import it. It may name people."""
LOOKS, LOOK_S = 3, 0.002
MOST = 10
"""Files that wait at once."""


@dataclass(frozen=True)
class Asked:
    """What was handed in, by whom. `maps`: their columns as ours, None where they are to be guessed."""

    kind: str
    site: str
    name: str
    staff: str
    at: Microseconds
    maps: dict[str, str] | None = None
    currency: str | None = None
    timezone: str | None = None
    dates: str | None = None
    decimals: str | None = None

    def read_as(self, ways: Mapping[str, Any]) -> Self:
        return replace(self, **ways)


@dataclass(frozen=True)
class Handed:
    """A file of the tray. `told` is None before anybody looked at it; `far` is {"what", "count"}, or nothing."""

    id: str
    asked: Asked
    told: dict[str, Any] | None
    far: dict[str, Any] = field(default_factory=dict)
    is_worked_at: bool = False
    size: int | None = None
    """Bytes; None once the file is gone."""


class Tray:
    def __init__(self, home: Path) -> None:
        self.folder = home / FOLDER

    def path(self, id: str, name: str = "") -> Path:
        return self.folder / id / name

    def begin(self) -> str:
        """A place for a file that is on its way; FileExistsError when as many wait as may."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sum(1 for _ in self.folder.iterdir()) >= MOST:
            raise FileExistsError(f"{MOST} files wait already")
        id = secrets.token_hex(16)
        self.path(id).mkdir(mode=0o700)
        return id

    def ask(self, id: str, asked: Asked) -> None:
        """From now on it is found; what was found in it before is of another reading."""
        self.path(id, "told.json").unlink(missing_ok=True)
        self.write(id, "asked.json", asdict(asked))

    def write(self, id: str, name: str, told: Mapping[str, Any]) -> None:
        """All of it or what was there before, whatever ends the process."""
        part = self.path(id, f"{name}.part")
        part.write_text(json.dumps(told), encoding="utf-8")
        part.replace(self.path(id, name))

    def find(self, id: str) -> Handed | None:
        asked = self._read(id, "asked.json")
        if asked is None:
            return None
        # Whether somebody works at it comes first: who ends meanwhile has told before.
        is_worked_at = self._is_worked_at(id)
        told, far = self._read(id, "told.json"), self._read(id, "far.json")
        try:
            size = self.path(id, "file").stat().st_size
        except FileNotFoundError:
            size = None
        return Handed(id, Asked(**asked), told, far or {}, is_worked_at, size)

    def waiting(self, site: str) -> list[Handed]:
        """The files of a site that are not imported yet, the latest first."""
        ids = [one.name for one in self.folder.iterdir()] if self.folder.is_dir() else []
        found = [one for id in ids if (one := self.find(id)) is not None and one.size is not None]
        return sorted((one for one in found if one.asked.site == site), key=lambda one: -one.asked.at)

    def claim(self, id: str) -> int | None:
        """The lock, as an open file for whoever works at it; None when somebody does, or it is gone."""
        try:
            lock = os.open(self.path(id, "lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except FileNotFoundError:
            return None
        if _locked(lock, fcntl.LOCK_EX):
            return lock
        os.close(lock)
        return None

    def drop(self, id: str) -> bool:
        """Throws it away with all that was found in it; not while somebody works at it."""
        if (lock := self.claim(id)) is None:
            return False
        try:
            rmtree(self.path(id), ignore_errors=True)
        finally:
            os.close(lock)
        return True

    def sweep(self, now: Microseconds) -> None:
        """Throws away what waited too long, and what never arrived whole."""
        if not self.folder.is_dir():
            return
        for found in self.folder.iterdir():
            asked = self._read(found.name, "asked.json")
            age = time.time() - found.stat().st_mtime if asked is None else (now - asked["at"]) / 1_000_000
            if age >= KEPT_S:
                self.drop(found.name)

    def _read(self, id: str, name: str) -> dict[str, Any] | None:
        try:
            told: dict[str, Any] = json.loads(self.path(id, name).read_bytes())
        except FileNotFoundError:
            return None
        return told

    def _is_worked_at(self, id: str) -> bool:
        try:
            lock = os.open(self.path(id, "lock"), os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            return not _locked(lock, fcntl.LOCK_SH)
        finally:
            os.close(lock)


def _locked(file: int, how: int) -> bool:
    """Whether the lock could be had. Who only looks whether it is free has it for a moment."""
    for _ in range(LOOKS):
        try:
            fcntl.flock(file, how | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(LOOK_S)
        else:
            return True
    return False

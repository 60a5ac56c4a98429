"""A file that is there whole or not at all, also after a loss of power."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Where to write it; it takes its name when all is done. What was there before stays until then."""
    # Of this process alone: two that write the same file must not end in one made of both.
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    _remove_what_the_killed_left(path)
    try:
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
        _sync(path.parent)
    finally:
        part.unlink(missing_ok=True)


def _remove_what_the_killed_left(path: Path) -> None:
    """The parts of this file that nobody writes any more, also as DuckDB calls them first, and what was spooled."""
    of_it = re.compile(rf"(?:tmp_)?{re.escape(path.name)}\.(\d+)\.part(?:\..*)?")
    for found in path.parent.iterdir():
        named = of_it.fullmatch(found.name)
        if named is None or _is_anothers(int(named[1])):
            continue
        if found.is_dir() and not found.is_symlink():
            rmtree(found, ignore_errors=True)
        else:
            found.unlink(missing_ok=True)


def _is_anothers(process: int) -> bool:
    """Whether it runs and is not this one."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return process != os.getpid()


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)

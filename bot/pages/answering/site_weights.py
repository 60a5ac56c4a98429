"""A site's own weights of the ranking: a file in the home, for people to review, that the librarian takes up."""

import json
import logging
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.pages.answering.ranking import FEATURES, Weights

LONGEST = 64_000
MOST = 1_000_000
log = logging.getLogger(__name__)


class WeightsDamaged(Exception):
    """The file is not what was written, or for other features: learn anew, or forget it."""


def path_of(home: Path, site: str) -> Path:
    return home / "weights" / f"{safe_name(site)}.json"


def safe_name(site: str) -> str:
    """The site's key as the name of a file: it may hold what a path may not."""
    return "".join(one if one.isalnum() or one in "-_" else f"%{ord(one):02x}" for one in site)


def write(path: Path, told: Mapping[str, Any]) -> None:
    """Puts the file there whole: who reads meanwhile has the one before. `told` has the weights under "weights"."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=".", delete=False) as made:
        try:
            made.write(json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
            made.flush()
            os.fsync(made.fileno())
            Path(made.name).replace(path)
        except BaseException:
            Path(made.name).unlink(missing_ok=True)
            raise


def read(path: Path) -> Weights | None:
    """The weights in the file; None when there is none, WeightsDamaged when it has no weight for each feature."""
    try:
        with path.open("rb") as file:
            given = json.loads(file.read(LONGEST))
        weights = given["weights"]
        found = {name: weights[name] for name in FEATURES}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise WeightsDamaged(f"it can't be read ({type(error).__name__})") from error
    if others := set(weights) - set(FEATURES):
        raise WeightsDamaged(f"it has weights for features that are no more, such as {min(others)[:40]!r}")
    if not all(_is_weight(one) for one in found.values()):
        raise WeightsDamaged(f"not all of its weights are numbers of at most {MOST:,}")
    return {name: float(one) for name, one in found.items()}


def _is_weight(given: object) -> bool:
    # Beyond some size scores are no numbers any more. NaN is not at most anything.
    return isinstance(given, int | float) and not isinstance(given, bool) and -MOST <= given <= MOST


def forget(path: Path) -> bool:
    """Goes back to the shipped weights; whether there were others."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True


class SiteWeights:
    """The weights of one site as its file has them now. What is wrong with a file is logged once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, ...] = ()
        self.now: Weights | None = None
        """None: the shipped ones answer."""

    def look(self) -> None:
        """Reads the file again if it has changed."""
        try:
            there = self._path.stat()
            seen: tuple[int, ...] = (there.st_mtime_ns, there.st_size, there.st_ino)
        except OSError:
            seen = ()
        if seen == self._seen:
            return
        self._seen = seen
        try:
            self.now = read(self._path)
        except WeightsDamaged as error:
            log.warning("the weights in %s are left out: %s; the shipped ones answer", self._path, error)
            self.now = None

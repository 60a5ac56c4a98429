"""What the bot is taught by now: the intents of data/nlu, each with its examples as they are written there."""

import re
from pathlib import Path

from ruamel.yaml import YAML

_INTENT = re.compile(r"^\s*-\s+intent:\s*['\"]?([\w/-]+)['\"]?\s*$", re.MULTILINE)
_LINE = re.compile(r"^\s*-\s?(.*)$")
_seen: dict[Path, tuple[float, tuple[str, ...]]] = {}


def intents_of(project: Path) -> tuple[str, ...]:
    """The names of all intents with examples, in order. Read again only when a file has changed."""
    folder = project / "data" / "nlu"
    files = sorted(folder.glob("**/*.yml"))
    changed = max((file.stat().st_mtime for file in files), default=0.0) + len(files)
    known = _seen.get(folder)
    if known is None or known[0] != changed:
        # By its lines: to parse all of it takes a hundred times as long, and only names are wanted.
        names = {name for file in files for name in _INTENT.findall(file.read_text(encoding="utf-8"))}
        known = _seen[folder] = (changed, tuple(sorted(names)))
    return known[1]


def examples_of(file: Path) -> dict[str, list[str]]:
    """The examples of one file by intent; none where there is no such file. YAMLError when it can't be read."""
    if not file.is_file():
        return {}
    told = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8")) or {}
    found: dict[str, list[str]] = {}
    for block in told.get("nlu") or ():
        if "intent" in block:
            lines = (_LINE.match(line) for line in str(block.get("examples") or "").split("\n"))
            found.setdefault(block["intent"], []).extend(line[1].strip() for line in lines if line)
    return found

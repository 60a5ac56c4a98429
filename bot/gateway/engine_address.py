"""Where the engine is now. The supervisor writes it to a file whenever it changes; the gateway looks."""

import json
from dataclasses import asdict
from pathlib import Path

from aiohttp import web

from bot.engine.client import EngineAddress

FILE = "engine.json"
ACTIONS_PORT = "DUOLOGUE_ENGINE_ACTIONS_PORT"
ACTIONS_SECRET = "DUOLOGUE_ENGINE_SECRET"  # noqa: S105 - the name of a variable
"""How the supervisor tells the gateway where to host the actions, and what the engine has to show there."""
UNKNOWN = EngineAddress("", "", "starting")


class EngineWhereabouts:
    """Reads the file again when it has changed: one `stat` a look."""

    def __init__(self, run: Path) -> None:
        self._file = run / FILE
        self._changed = 0
        self._last = UNKNOWN

    def look(self) -> EngineAddress:
        try:
            changed = self._file.stat().st_mtime_ns
            if changed != self._changed:
                self._last = EngineAddress(**json.loads(self._file.read_text(encoding="utf-8")))
                self._changed = changed
        except (OSError, ValueError, TypeError):
            return UNKNOWN
        return self._last

    @property
    def state(self) -> str:
        return self.look().state


def publish(run: Path, address: EngineAddress) -> None:
    """Whole or not at all, and for our eyes only: it holds the secret of this start."""
    whole = run / (FILE + ".new")
    whole.touch(mode=0o600)
    whole.write_text(json.dumps(asdict(address)), encoding="utf-8")
    whole.replace(run / FILE)


ENGINE = web.AppKey("engine", EngineWhereabouts)

"""The gateway's look at where the engine is."""

import json
from pathlib import Path

from aiohttp import web

from bot.engine.address import FILE, UNKNOWN, EngineAddress


class EngineWhereabouts:
    """Reads the supervisor's file again when it has changed: one `stat` a look."""

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


ENGINE = web.AppKey("engine", EngineWhereabouts)

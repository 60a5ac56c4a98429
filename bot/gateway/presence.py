"""Which members of the staff are there, so that a visitor who asks for a person is told the truth."""

from bot.interactions import Microseconds

HERE_FOR_US = 5 * 60 * 1_000_000
EXPECTED_WAIT_S = 120


class Presence:
    def __init__(self) -> None:
        self._seen: dict[str, Microseconds] = {}

    def seen(self, staff: str, at: Microseconds) -> None:
        self._seen[staff] = at

    def wait_s(self, at: Microseconds) -> int | None:
        """How long a person is likely to take, in seconds; None when nobody has been here for five minutes."""
        here = any(at - seen < HERE_FOR_US for seen in self._seen.values())
        return EXPECTED_WAIT_S if here else None

"""Which members of the staff are there, so that a visitor who asks for a person is told the truth."""

from bot.interactions import Microseconds

HERE_FOR_US = 5 * 60 * 1_000_000


class Presence:
    def __init__(self) -> None:
        self._seen: dict[str, Microseconds] = {}

    def seen(self, staff: str, at: Microseconds) -> None:
        self._seen[staff] = at

    def left(self, staff: str) -> None:
        """They don't answer any more, whenever they were seen last."""
        self._seen.pop(staff, None)

    def is_here(self, staff: str, at: Microseconds) -> bool:
        """Whether this member has been here in the last five minutes."""
        return staff in self._seen and at - self._seen[staff] < HERE_FOR_US

    def is_anybody_here(self, at: Microseconds) -> bool:
        """Whether anybody has been here in the last five minutes."""
        return any(self.is_here(one, at) for one in self._seen)

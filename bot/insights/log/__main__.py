"""`python -m bot.insights.log` brings the log up to date in a process of its own: see `LogSource` for why."""

import sys
import time

from bot.errors import DuologueError
from bot.insights.log.keep import keep
from bot.insights.log.reading import FOLDER
from bot.interactions import Microseconds
from bot.settings import load


def main() -> int:
    settings = load()
    try:
        keep(settings.store_url, settings.home / FOLDER, at=Microseconds(time.time_ns() // 1_000))
    except DuologueError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())

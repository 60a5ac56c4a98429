"""Log lines: one line each, whatever is in them."""

import logging
import re
import sys
from traceback import walk_tb
from typing import Any

# A visitor's line feed or escape sequence must not forge a line or steer a terminal.
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class OneLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return UNPRINTABLE.sub(lambda found: f"\\x{ord(found.group()):02x}", super().format(record))

    def formatException(self, ei: Any) -> str:
        # The message of an error may quote what a visitor wrote; where it happened says enough.
        kind, _, trace = ei
        places = [f"{step.f_code.co_name}:{line}" for step, line in walk_tb(trace)]
        return f"{kind.__name__} at {' > '.join(places[-6:])}"


def configure(level: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("rasa_sdk").setLevel(logging.WARNING)

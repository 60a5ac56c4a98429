"""How fast what is said is on the screens of the staff: `.venv/bin/python bench/console_push.py [--quick] [--json]`.

- push_p95_ms: from a visitor's send to the piece of HTML on a console that looks at the conversation, with 50 consoles
  open (40 at conversations, 10 at the list, which fetches itself when it is old) and 200 live conversations, ten
  messages a second and as many answers. Real sockets on loopback, the gateway in a process of its own. At most 100.

`--quick`: 200 messages instead of 600.
"""

import argparse
import asyncio
import json
import sys
from statistics import median

from consoles.push import p95, push_ms

BAR_MS = 100.0


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--quick", action="store_true", help="200 messages")
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    took = asyncio.run(push_ms(quick=given.quick))
    value = round(p95(took), 1)
    if given.json:
        line = {"name": "console.push_p95_ms", "value": value, "unit": "ms", "against": BAR_MS}
        print(json.dumps(line | {"ratio": round(value / BAR_MS, 3)}))
    else:
        print(f"push_p95_ms {value:.1f} ms, at most {BAR_MS:.0f}; in the middle {median(took):.1f} ms, "
              f"at most {max(took):.0f} ms, {len(took)} pieces")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Makes a file of a report: the report comes in as JSON, the file goes out. A process that may be killed."""

import json
import resource
import sys

MOST_CPU_S = 60
"""The system ends it then, also when whoever started it is gone."""


def main(format: str) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
    told = json.load(sys.stdin)
    if format == "pdf":
        from bot.insights.one_page.pdf import pdf_of

        made = pdf_of(told)
    else:
        from bot.insights.one_page.html import html_of

        made = html_of(told).encode()
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

"""`duologue insights report --format html|pdf`: the page as a file."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import ConfigurationError, DuologueError
from bot.insights.exports.whole import whole
from bot.insights.one_page.made import FORMATS, made
from bot.insights.one_page.report import one_page
from bot.insights.scores import judge_all
from bot.interactions import SiteKey
from bot.store.store import Store


async def write_report(
    store: Store, site: str, since: str | None, until: str | None, *, format: str | None, out: Path | None, log: Path
) -> int:
    """Writes the page to `out`, or to standard output; gives the exit code. Its ending may say the format."""
    format = format or (out.suffix.removeprefix(".").lower() if out else "html")
    if format not in FORMATS:
        raise ConfigurationError(f'The report is no "{format[:20]}"; give --format {" or ".join(FORMATS)}.')
    await judge_all(store, site=SiteKey(site))
    told = await one_page(store, site, since, until, log=log, today=datetime.now(UTC).date())
    file = await made(told, format)
    if out is None:
        sys.stdout.buffer.write(file)
        sys.stdout.buffer.flush()
        return 0
    try:
        with whole(out) as part:
            part.write_bytes(file)
    except OSError as error:
        raise DuologueError(f"{out} can't be written ({error.strerror}); give another --out.") from error
    return 0

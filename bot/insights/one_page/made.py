"""The report as a file, made by a process of its own in limited time: typesetting and drawing take a second."""

import asyncio
import json
import sys
from collections.abc import Mapping
from typing import Any

from bot.errors import DuologueError

FORMATS = {"html": "text/html", "pdf": "application/pdf"}
"""With their types."""
MOST_S = 90.0
"""On a busy machine too it takes a tenth of that."""


class NotMade(DuologueError):
    """The file could not be made; the figures are as they were."""


async def made(told: Mapping[str, Any], format: str, *, within: float = MOST_S) -> bytes:
    """The whole file in one of FORMATS."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.insights.one_page", format),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(within):
            file, said = await process.communicate(json.dumps(told).encode())
    except TimeoutError as error:
        raise NotMade(f"The {format.upper()} took longer than {within:.0f} s and was given up; try again.") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode or not file:
        last = said.decode(errors="replace").strip().splitlines()[-1:]
        raise NotMade(f"The {format.upper()} could not be made: {' '.join(last) or process.returncode}")
    return file

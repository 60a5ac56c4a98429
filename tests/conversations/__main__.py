"""Plays conversations with the Duologue that runs, and shows what came back: for who writes them.

    .venv/bin/python -m tests.conversations [--set-hours] [--all] [WORDS OF A NAME OR FILE ...]

It finds the running one as every command does, by DUOLOGUE_HOME and DUOLOGUE_PORT.
"""

import argparse
import asyncio
import subprocess
import sys
from datetime import UTC, datetime

from bot.settings import load
from tests.conversations import shop_hours
from tests.conversations.play import play, transcript
from tests.conversations.script import all_conversations
from tests.conversations.visitor import opened
from tests.running import COMMAND


async def main(wanted: list[str], *, show_all: bool, set_hours: bool) -> int:
    settings, failed = load(), 0
    if set_hours:
        for words in shop_hours.settings(settings.shop_url, datetime.now(UTC).date()):
            await asyncio.to_thread(subprocess.run, [COMMAND, "site", *words], check=True, stdout=subprocess.DEVNULL)
    chosen = [one for one in all_conversations() if all(word in f"{one.file} {one.name}" for word in wanted)]
    async with opened(settings.gateway_url, settings.store_url) as house:
        for conversation in chosen:
            played = await play(house, conversation)
            failed += bool(played.faults)
            if played.faults or show_all:
                print(transcript(played), end="\n\n")
    print(f"{len(chosen)} conversations, {failed} not as expected.")
    return 1 if failed else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.conversations")
    parser.add_argument("words", nargs="*", help="only those whose file or name has all of these words")
    parser.add_argument("--all", action="store_true", help="also show those that are as expected")
    parser.add_argument("--set-hours", action="store_true", help="first have somebody answer always, as they expect")
    given = parser.parse_args()
    sys.exit(asyncio.run(main(given.words, show_all=given.all, set_hours=given.set_hours)))

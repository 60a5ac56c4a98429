"""`duologue shell`: talks with the bot that runs, over the chat's own door, and shows why it said what it said."""

import argparse
import json
import sys
from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin, urlsplit

from bot.errors import ConfigurationError
from bot.project import ROOT
from bot.settings import load
from bot.shell import drawn
from bot.shell.chat import Answered, Chat, Frame, Refused, entered
from bot.shell.lines import PROMPT, Keyboard
from bot.shell.rules import read_rules, rule_of
from bot.shell.why import reasons
from bot.store.inbox import understood
from bot.store.sites import find_site
from bot.store.store import Store

HELP = """\
/why        why the last answer was given: what was understood, by which rule, from which words of which page
/page URL   the page that you are on from now on; a path is one of the site's
1, 2, …     presses the button of this number
/say WORDS  says what would be a command or a number
/quit       ends, as does the end of the input"""


class Shell:
    """One conversation in the terminal. `failed` when a line was not taken."""

    def __init__(self, chat: Chat, store: Store, site_url: str, *, as_json: bool) -> None:
        self._chat, self._store, self._site_url, self.as_json = chat, store, site_url, as_json
        self._rules = read_rules(ROOT)
        self._last: Answered | None = None
        self._page: str | None = None
        self.failed = False

    async def take(self, line: str) -> bool:
        """Does what the line asks for; False when it asks to end."""
        command, _, words = line.partition(" ")
        match command:
            case "":
                pass
            case "/quit":
                return False
            case "/help":
                _write(HELP.split("\n"))
            case "/why":
                await self._why()
            case "/page":
                self.go_to(words.strip())
            case "/say":
                await self._say(words)
            case _ if command.startswith("/"):
                self._complain(f"There is no {command}: /help tells what there is, /say {line} says it.")
            case _:
                await self._say(line, button=self._button(line))
        return True

    def _button(self, line: str) -> str | None:
        offered = self._offered()
        known = line.isascii() and line.isdigit() and len(line) < 4 and 0 < int(line) <= len(offered)
        return offered[int(line) - 1]["id"] if known else None

    def _offered(self) -> list[dict[str, str]]:
        return [] if self._last is None else [one for reply in self._last.replies for one in reply["buttons"]]

    async def _say(self, text: str, *, button: str | None = None) -> None:
        try:
            answered = await (self._chat.press(button) if button else self._chat.say(text, self._page))
        except Refused as refused:
            self._complain(str(refused))
            return
        self._last = answered
        if self.as_json:
            await self._write_json(text)
            return
        for reply in answered.replies:
            _write(drawn.message(reply))
        _write(drawn.buttons(self._offered()))

    async def _why(self) -> None:
        if self._last is None:
            self._complain("Nothing was said yet.")
            return
        made = await self._made(self._last)
        _write(drawn.reasons(reasons(made, self._last.replies, self._rules)))

    async def _made(self, answered: Answered) -> dict[str, Any] | None:
        said, _ = await self._store.read(understood, self._chat.conversation, after=answered.seq - 1, limit=1)
        return said[0][1] if said else None

    def go_to(self, url: str) -> None:
        if url:
            there = urljoin(self._site_url, url)
            if urlsplit(there).scheme not in ("http", "https"):
                self._complain(f"{url} is no page; give e.g. {self._site_url}shipping.html.")
                return
            self._page = there
        _note(f"On {self._page}." if self._page else "On no page.")

    async def _write_json(self, text: str) -> None:
        assert self._last is not None
        made = await self._made(self._last)
        rule = None if made is None else rule_of(self._rules, made["intent"], made.get("actions", ()))
        shown = ("text", "sources", "buttons", "cards")
        told = {
            "said": text,
            "page": self._page,
            "replies": [{name: reply[name] for name in shown} for reply in self._last.replies],
            "understanding": made,
            "rule": None if rule is None else rule.name,
        }
        _write([json.dumps(told, ensure_ascii=False)])

    def _complain(self, sentence: str) -> None:
        self.failed = True
        _note(sentence)


async def shell(given: argparse.Namespace) -> int:
    settings, keyboard = load(), Keyboard()
    store = Store(settings.store_url)
    hello = {"site": given.site, "language": given.language}
    try:
        async with entered(settings.gateway_url, hello, _news) as chat:
            site = await store.read(find_site, given.site)
            if site is None:
                raise ConfigurationError(f"{settings.gateway_url} is not the Duologue of {settings.home}; set both.")
            one = Shell(chat, store, f"{site.origins[0]}/", as_json=given.output == "json")
            try:
                await _talk(one, keyboard, page=given.page)
            finally:
                if not given.keep:
                    await chat.forget()
    finally:
        await store.close()
    return 1 if one.failed and not keyboard.is_terminal else 0


async def _talk(shell: Shell, keyboard: Keyboard, *, page: str) -> None:
    _note("Talking to the bot; /help tells what else there is.")
    if page:
        shell.go_to(page)
    while (line := await keyboard.line()) is not None:
        if not keyboard.is_terminal and not shell.as_json:
            # Nobody has typed it here, so that only now it can be read.
            _write([f"{PROMPT}{drawn.clean(line)}"])
        if not await shell.take(line):
            return


def _news(frame: Frame) -> None:
    """What came without being asked for."""
    if frame["type"] == "owner":
        _note(drawn.owner(frame))
    else:
        _write(drawn.message(frame))


def _write(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _note(sentence: str) -> None:
    sys.stderr.write(f"{drawn.clean(sentence)}\n")
    sys.stderr.flush()

"""Gives back to the bot whoever waits for a person and got none, with an apology, and asks for a mail address."""

import asyncio
import logging
from datetime import timedelta
from functools import partial
from typing import Any

from bot.engine.state import asking
from bot.errors import StoreUnavailable
from bot.gateway.house import House
from bot.gateway.rooms import Rooms
from bot.hours import is_open, next_opening
from bot.interactions import Microseconds
from bot.nobody_there import WHICH_ADDRESS, sorry_in_words
from bot.site_settings import SiteSettings
from bot.spoken import Language, language_of
from bot.store.conversations import transcript
from bot.store.nobody_came import Asked, Plea, go_back, who_wait
from bot.waits import nobody_came

LOOKS_EVERY_S = 5.0
OLDEST = timedelta(days=1)
"""Who asked before that is not there any more to be apologised to: a person still finds them in the list."""
HISTORY = 8
log = logging.getLogger(__name__)


async def give_back(house: House, rooms: Rooms) -> int:
    """Gives back all for whom nobody came, and says how many. What a crash leaves undone is found the next time."""
    at, number = house.now(), 0
    minute = timedelta(minutes=1) // timedelta(microseconds=1)
    oldest = OLDEST // timedelta(microseconds=1)
    for asked in await house.store.read(who_wait, since=Microseconds(at - oldest), until=Microseconds(at - minute)):
        try:
            number += await _give_back(house, rooms, asked, at)
        except StoreUnavailable:
            raise
        except Exception:
            # One that can't be given back must not keep all others waiting.
            log.exception("conversation %s can't be given back", asked.conversation)
    return number


async def keep_giving_back(house: House, rooms: Rooms) -> None:
    while True:
        try:
            await give_back(house, rooms)
        except StoreUnavailable as error:
            log.warning("who waits can't be looked for, trying again in %d s: %s", LOOKS_EVERY_S, error)
        except Exception:
            log.exception("who waits can't be looked for, trying again in %d s", LOOKS_EVERY_S)
        await asyncio.sleep(LOOKS_EVERY_S)


async def _give_back(house: House, rooms: Rooms, asked: Asked, at: Microseconds) -> bool:
    site = await house.site(asked.site)
    if site is None:
        return False
    chat = site.chat
    if not nobody_came(chat.opening_hours, timedelta(minutes=chat.nobody_after_min), asked.at, at):
        return False
    done = await house.store.write_in_order(
        asked.conversation,
        go_back,
        asked,
        minutes=chat.nobody_after_min,
        plea=partial(_plea, chat, await _language(house, asked, chat), at),
        at=at,
    )
    if done is None:
        return False
    rooms.show(done.conversation.id, done.messages)
    rooms.carry_out(done.conversation, done.effects)
    return True


def _plea(
    chat: SiteSettings, language: Language, at: Microseconds, address: str | None, dialogue: dict[str, Any] | None
) -> Plea:
    """The apology, and the dialogue in which the contact form of the actions has just asked for the address."""
    hours = chat.opening_hours
    closed = hours is not None and not is_open(hours, at)
    opens = next_opening(hours, at) if hours is not None and closed else None
    asked = None
    if address is None:
        question = WHICH_ADDRESS[language]
        asked = asking(dialogue, "contact_form", "email", question, asked={"email": 1}, contact="asked")
    text = sorry_in_words(language, address=address, asked_already=asked is None, closed=closed, opens=opens)
    return Plea(text, asked)


async def _language(house: House, asked: Asked, chat: SiteSettings) -> Language:
    """As the visitor writes, else as their browser or the site has it."""
    said, _ = await house.store.read(transcript, asked.conversation, before=2**31 - 1, limit=HISTORY)
    words = [one.text for one in reversed(said) if one.sender == "visitor"]
    return language_of(words[0] if words else "", words[1:], asked.language, chat.language)

"""The invitation to talk that goes with the answer to a visitor's events: a person's, else that of a rule that fits."""

from datetime import timedelta
from typing import Any

from bot.errors import StoreUnavailable
from bot.experiment import Arm
from bot.gateway.house import House
from bot.gateway.on_pages import last_place
from bot.interactions import Kind
from bot.invites import Invite, Invited, choose, fitting, in_language
from bot.store.intake import Batch, Taken
from bot.store.invites import known_of
from bot.store.personal_invites import PersonalInvite, give, waiting_for
from bot.visits import IDLE_LIMIT, Dropped, Sent


async def invitation(house: House, batch: Batch, taken: Taken, language: str | None) -> dict[str, Any]:
    """`invite`, to be shown by itself, and `triggers`, which wait for the page to call them."""
    if (personal := await _personal(house, batch, taken)) is not None:
        by = {"id": personal.id, "text": personal.text, "after_s": 0, "trigger": None, "by": personal.by}
        return {"invite": by, "triggers": []}
    invited = await _invited(house, batch, taken, language)
    chat = batch.site.chat
    own = None if chat.language == "auto" else chat.language

    def told(one: Invite) -> dict[str, Any]:
        text = in_language(one.text, own, language)
        return {"id": one.id, "text": text, "after_s": one.after_s, "trigger": one.trigger}

    return {
        "invite": None if invited.now is None else told(invited.now),
        "triggers": [told(one) for one in invited.triggers],
    }


async def _personal(house: House, batch: Batch, taken: Taken) -> PersonalInvite | None:
    """What a member of staff wrote to this visitor. Looked up only for who says that they are on a page."""
    if taken.visitor is None or taken.arm is Arm.HELD_OUT or last_place(batch, taken) is None:
        return None
    try:
        waiting = await house.store.read(waiting_for, taken.visitor, at=house.now())
        if waiting is not None and waiting.given_at is None:
            await house.store.write(give, waiting.id, at=house.now())
        return waiting
    except StoreUnavailable:
        return None


async def _invited(house: House, batch: Batch, taken: Taken, language: str | None) -> Invited:
    """Nobody is looked up for it unless a rule fits the page; never one who is held out or not measured."""
    url = _page(batch, taken)
    if url is None or taken.visitor is None or taken.arm is Arm.HELD_OUT:
        return Invited()
    found = fitting(batch.site.chat.rules, url, language)
    if not found:
        return Invited()
    try:
        return choose(found, await house.store.read(known_of, batch.site.key, taken.visitor))
    except StoreUnavailable:
        # The events are stored: that answer must not be lost for want of an invite.
        return Invited()


def _page(batch: Batch, taken: Taken) -> str | None:
    """The page that the visitor is on: of the latest page view, unless it is told so late that they have left."""
    now = batch.circumstances.now
    views = [
        (now if sent.at is None else sent.at, sent.url)
        for sent, result in zip(batch.events, taken.results, strict=True)
        if isinstance(sent, Sent) and sent.kind is Kind.PAGE_VIEW and not isinstance(result, Dropped)
    ]
    # Of two at the same moment, the one that was told last.
    at, url = max(reversed(views), key=lambda view: view[0], default=(now, None))
    return url if now - at < IDLE_LIMIT // timedelta(microseconds=1) else None

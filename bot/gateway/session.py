"""What a visitor's frames do, over whichever wire they come. A frame is stored before it is acknowledged."""

import logging
from typing import Any
from zoneinfo import ZoneInfo

from bot.card_numbers import mask
from bot.conversation import Owner, State
from bot.errors import StoreUnavailable
from bot.gateway import frames
from bot.gateway.frames import Hello, message_frame
from bot.gateway.house import House
from bot.gateway.hub import Hub, Way
from bot.gateway.identify import prove
from bot.gateway.refusals import Farewell, Problem
from bot.gateway.rooms import Rooms
from bot.gateway.valued import is_valued
from bot.interactions import ConversationId, Kind, Microseconds
from bot.store import consents, conversations, turns
from bot.store.conversations import Conversation, Gone
from bot.store.counts import count_drop
from bot.store.forget import forget_asked, forget_fact
from bot.store.memory import remembered
from bot.store.personal_invites import accepted_of
from bot.store.returns import come_back
from bot.store.sites import Site
from bot.store.staff import take
from bot.store.team import team

VISITOR = "visitor"
log = logging.getLogger(__name__)


async def enter(house: House, rooms: Rooms, way: Way, hello: Hello, *, origin: str | None) -> "Session":
    """Begins the conversation, or goes on with the one of the token, and says where it stands."""
    site = await house.site(hello.site)
    if site is None:
        raise Farewell(4404, "no site has this key")
    if origin is not None and origin not in site.origins:
        raise Farewell(4403, "this origin is not one of the site's")
    at = house.now()
    if hello.token is None:
        page = hello.page.url if hello.page else None
        language = frames.clean(hello.language or "")[:35] or None
        conversation, token = await house.store.write(
            conversations.begin, site.key, at=at, language=language, page=page
        )
    else:
        token = hello.token
        known = await house.store.read(conversations.by_token, site.key, token, at=at)
        if known is None:
            raise Farewell(4401, "this token is unknown, ended or revoked")
        conversation = known
        hours = site.chat.opening_hours
        welcomed = await house.store.write_in_order(
            conversation.id,
            come_back,
            conversation.id,
            at=at,
            timezone=hours.timezone if hours else ZoneInfo("UTC"),
            language=site.chat.language,
            valued=known.memory and await is_valued(house, site, known.customer, known.visitor),
        )
        if welcomed is not None:
            # Their other windows; this one reads it in its transcript.
            rooms.show(conversation.id, [welcomed])
    # From here on what is pushed is held for us; what was stored before is in the transcript we read now.
    rooms.hub.join(conversation.id, way)
    if hello.visitor is not None and conversation.visitor is None:
        linked = await house.store.write(consents.link_visitor, conversation.id, hello.visitor, at=at)
        conversation = linked or conversation
    session = Session(house, rooms, way, site, conversation.id, token)
    await session.welcome(token, after=hello.last_seq)
    rooms.turns.wake(conversation.id)
    return session


class Session:
    """One browser's window, after its hello."""

    def __init__(
        self, house: House, rooms: Rooms, way: Way, site: Site, conversation: ConversationId, token: str
    ) -> None:
        self._house, self._rooms, self._way, self._site = house, rooms, way, site
        self._hub: Hub = rooms.hub
        self._id, self._token = conversation, token
        self._pace = rooms.pace_of(conversation)
        self._begins = False
        """What is said next is the first of it."""

    async def take(self, frame: frames.AnyFrame) -> None:
        """Does what the frame asks for, or says why not. Without the store or the conversation, it is the door's turn
        to speak: StoreUnavailable, Gone."""
        id = frames.id_of(frame)
        try:
            await self._act(frame, id or "")
        except Problem as problem:
            self.refuse(problem, id)
        except (StoreUnavailable, Gone, Farewell):
            raise
        except Exception:
            # A fault of ours: the frame was not stored, and the next one may be.
            log.exception("a frame of type %s failed", frame.type)
            self.refuse(Problem("unavailable", "This failed, and it is our fault. Please try again later."), id)

    def refuse(self, problem: Problem, id: str | None) -> None:
        self._way.send({"type": "error", "code": problem.code, "detail": problem.detail, "id": id})

    async def welcome(self, token: str, *, after: int) -> None:
        """Says where the conversation stands and what this browser missed."""
        conversation = await self._conversation()
        self._begins = conversation.seq == 0 or conversation.standing.state is State.RESOLVED
        missed, more = await self._house.store.read(conversations.transcript, self._id, after=after)
        last = missed[-1].seq if missed else conversation.seq
        language = conversation.language
        welcome = {
            "type": "welcome",
            "token": token,
            "visitor": conversation.visitor,
            "conversation": self._id,
            "seq": max(last, conversation.seq),
            "seen": await self._rooms.seen(self._id),
            "owner": str(conversation.standing.owner),
            "missed": [message_frame(one) for one in missed],
            "more": more,
            "consent": frames.consent_of(conversation),
            "settings": {"name": self._site.name, "consent": self._site.consent} | self._site.chat.told(language),
        }
        self._way.welcome(welcome | await self._owner_part(conversation), last_seq=last)

    async def _act(self, frame: frames.AnyFrame, id: str) -> None:
        match frame:
            case Hello():
                raise Problem("bad_frame", "hello comes once, as the first frame.")
            case frames.Said():
                await self._said(frame, id)
            case frames.Press():
                await self._pressed(frame, id)
            case frames.Typing():
                # For the staff alone: other windows of the visitor are not told.
                self._rooms.onlookers.typing(self._id, VISITOR, "The visitor", "is typing")
            case frames.Seen():
                if await self._house.store.write(conversations.saw, self._id, frame.seq):
                    self._rooms.onlookers.changed(self._id)
            case frames.Rate():
                data = {"stars": frame.stars, "words": mask(frames.clean(frame.words))}
                await self._note(id, Kind.RATING, data)
            case frames.Human():
                await self._asked_for_person(frame, id)
            case frames.Identify():
                await self._identified(frame, id)
            case frames.Consent():
                await self._consented(frame, id)
            case frames.Memory():
                told = await self._house.store.read(remembered, self._id)
                self._way.send({"type": "memory", "facts": [frames.fact(one) for one in told]})
            case frames.Forget():
                await self._forget(frame, id)
            case frames.History():
                await self._history(frame)

    async def _said(self, frame: frames.Said, id: str) -> None:
        text = frames.clean(frame.text)
        if not text and not frame.files:
            raise Problem("empty", "The message has no words in it.")
        if len(text) > frames.MESSAGE_LIMIT:
            raise Problem(
                "too_long", f"A message has at most {frames.MESSAGE_LIMIT:,} characters; this: {len(text):,}."
            )
        if frames.CONTROLS.search(frame.text):
            await self._count("control_characters")
        # Before anything is written: what was never stored need not be erased (docs/decisions/0018).
        if (safe := mask(text)) != text:
            await self._count("card_number")
            text = safe
        self._keep_pace()
        if self._begins:
            self._begins = False
            await self._give_to_who_invited()
        page = frame.page.url if frame.page else None
        received = await self._write(
            turns.receive, frame=id, text=text, page=page, at=self._now(), files=frame.files
        )  # fmt: skip
        if received is None:
            raise Problem("not_allowed", "A file is not this chat's, or was sent before.")
        self._received(received, id)

    async def _give_to_who_invited(self) -> None:
        """Who answers a member's invitation talks with that member, if they are there; else the bot answers."""
        known, at, store = await self._conversation(), self._now(), self._house.store
        if known.visitor is None or known.standing.owner is not Owner.BOT:
            return
        inviter = await store.read(accepted_of, known.visitor, at=at)
        if inviter is None or not self._rooms.presence.is_here(inviter, at):
            return
        member = next((one for one in await store.read(team) if one.id == inviter), None)
        if member is not None:
            done = await self._write(take, member=member, at=at)
            self._rooms.carry_out(done.conversation, done.effects, name=member.name)

    async def _pressed(self, frame: frames.Press, id: str) -> None:
        self._keep_pace()
        received = await self._write(turns.press, frame=id, button=frame.button, at=self._now())
        if received is None:
            raise Problem("not_allowed", "This button can't be pressed any more.")
        self._received(received, id)

    def _received(self, received: turns.Received, id: str) -> None:
        self._ack(id, received.seq)
        if received.message is not None:
            self._hub.push(self._id, message_frame(received.message))
            self._rooms.onlookers.typing(self._id, VISITOR, "", "")
            self._rooms.onlookers.changed(self._id)
            self._rooms.carry_out(received.conversation, received.effects)
            self._rooms.turns.wake(self._id)

    async def _asked_for_person(self, frame: frames.Human, id: str) -> None:
        # Before it is written: who waits is told the wait as it is now.
        await self._rooms.waiting.look(self._site.key)
        asked = await self._write(
            consents.ask_person, frame=id, reason=mask(frames.clean(frame.reason)), by="visitor", at=self._now()
        )
        self._ack(id, None)
        if asked is not None:
            conversation, effects = asked
            self._rooms.carry_out(conversation, effects)

    async def _identified(self, frame: frames.Identify, id: str) -> None:
        customer = await prove(self._house, self._site, self._id, frame.jwt, frame=id)
        self._ack(id, None)
        self._hub.push(self._id, {"type": "identified", "customer": customer})

    async def _consented(self, frame: frames.Consent, id: str) -> None:
        conversation = await self._write(
            consents.set_consent, frame=id, measure=frame.measure, memory=frame.memory, at=self._now()
        )
        self._ack(id, None)
        consent = frames.consent_of(conversation)
        self._hub.push(self._id, {"type": "consent", "visitor": conversation.visitor} | consent)

    async def _forget(self, frame: frames.Forget, id: str) -> None:
        if frame.what != "all":
            await self._write(forget_fact, frame=id, fact=frame.what)
            self._ack(id, None)
            await self._house.store.erase_traces()
            return
        gone = await self._write(forget_asked, token=self._token)
        self._ack(id, None)
        await self._house.store.erase_traces()
        for conversation in {self._id, *gone.conversations}:
            self._rooms.onlookers.changed(conversation)
            await self._hub.close(conversation, 4401, "forgotten")

    async def _history(self, frame: frames.History) -> None:
        if frame.before is None and frame.after is None:
            raise Problem("bad_frame", "history has `before` or `after`, a seq.")
        found, more = await self._house.store.read(
            conversations.transcript, self._id, before=frame.before, after=frame.after or 0
        )
        self._way.send({"type": "history", "messages": [message_frame(one) for one in found], "more": more})

    async def _note(self, id: str, kind: Kind, data: dict[str, Any]) -> None:
        await self._write(consents.note, frame=id, kind=kind, data=data, at=self._now())
        self._ack(id, None)

    async def _conversation(self) -> Conversation:
        found = await self._house.store.read(conversations.find, self._id)
        if found is None:
            raise Farewell(4401, "this conversation was forgotten")
        return found

    async def _owner_part(self, conversation: Conversation) -> dict[str, Any]:
        """Who owns it, by name, and how long a person may take: for who comes back while they wait."""
        owner = await self._rooms.owner(conversation)
        told = {name: owner[name] for name in ("wait_s", "open", "opens_at")}
        return {"owner_name": owner["name"], "waiting": conversation.standing.state} | told

    async def _write(self, act: Any, **kwargs: Any) -> Any:
        return await self._house.store.write_in_order(self._id, act, self._id, **kwargs)

    async def _count(self, reason: str) -> None:
        await self._house.store.write(count_drop, self._site.key, door="chat", reason=reason, at=self._now())

    def _keep_pace(self) -> None:
        if not self._pace.take():
            raise Problem("rate_limited", "That is very fast. Please wait a moment and send it again.")

    def _ack(self, id: str, seq: int | None) -> None:
        self._way.send({"type": "ack", "id": id, "seq": seq})

    def _now(self) -> Microseconds:
        return self._house.now()

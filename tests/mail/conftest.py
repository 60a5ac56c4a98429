"""A mail server as the operator has one, a visitor who left an address, and what sends to it."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import Connection

from bot.interactions import Interaction, Kind, Microseconds
from bot.mail.sender import Sender
from bot.settings import Settings
from bot.store import staff
from bot.store.conversations import Conversation, begin, say
from bot.store.interactions import append
from bot.store.sites import Site
from bot.store.staff import Member
from bot.store.store import Store
from tests.cast import BOB, DANA, ORIGIN, SHOP, at

AFTER = timedelta(minutes=5)


class AnyPort(Controller):
    """Takes the port that the system gives, and knows it then."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@dataclass
class PostOffice:
    """What the server has taken. Before it takes a mail it says what is in `answers`, one for each."""

    mails: list[EmailMessage] = field(default_factory=list)
    given_to: list[list[str]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    to_recipients: list[str] = field(default_factory=list)
    at_data: Callable[[], None] | None = None
    controller: Controller | None = None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        told = self.to_recipients.pop(0) if self.to_recipients else "250 OK"
        if told.startswith("250"):
            envelope.rcpt_tos.append(address)
        return told

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        told = self.answers.pop(0) if self.answers else "250 OK"
        if told.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
            self.given_to.append(envelope.rcpt_tos)
            if self.at_data is not None:
                self.at_data()
        return told

    @property
    def url(self) -> str:
        assert self.controller is not None
        return f"smtp://127.0.0.1:{self.controller.port}"

    def close(self) -> None:
        if self.controller is not None:
            self.controller.stop()
            self.controller = None

    def open(self, port: int = 0, **more: Any) -> None:
        self.controller = AnyPort(self, hostname="127.0.0.1", port=port, **more)
        self.controller.start()


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    office = PostOffice()
    office.open()
    yield office
    office.close()


class Clock:
    def __init__(self) -> None:
        self.at = at()

    def __call__(self) -> Microseconds:
        return self.at

    def pass_(self, **span: float) -> None:
        self.at = Microseconds(self.at + timedelta(**span) // timedelta(microseconds=1))


@dataclass
class Away:
    """How long the visitor has been away: an hour, until a test says otherwise."""

    span: timedelta = timedelta(hours=1)

    def __call__(self, _: str) -> timedelta:
        return self.span


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def away() -> Away:
    return Away()


@pytest.fixture
def mail_settings(post_office: PostOffice, tmp_path: Path) -> Settings:
    given = {"home": tmp_path, "smtp_url": post_office.url, "mail_from": "Teasel Mill <help@shop.example>"}
    return Settings.model_validate(given)


@pytest.fixture
def sender(store: Store, mail_settings: Settings, clock: Clock, away: Away) -> Sender:
    return Sender(store, mail_settings, now=clock, away_for=away)


def leaves_an_address(connection: Connection, conversation: Conversation, address: str, seq: int) -> None:
    append(connection, [Interaction(
        at=at(), site=conversation.site, kind=Kind.CONTACT, source="turn", source_id=f"{conversation.id}:contact{seq}",
        conversation=conversation.id, seq=seq, data={"email": address},
    )])  # fmt: skip


@dataclass
class Talk:
    """A conversation that Dana has, with somebody who left an address and is gone."""

    store: Store
    conversation: Conversation
    dana: Member
    clock: Clock
    said: int = 0

    async def answer(self, text: str, *, note: bool = False) -> int:
        """Dana says it; its seq."""
        self.said += 1
        _, seq = await self.store.write(
            staff.speak, self.conversation.id, self.dana, frame=f"dana-{self.said}", text=text, note=note,
            at=self.clock(), mail_after=AFTER,
        )  # fmt: skip
        assert seq is not None
        return seq


@pytest.fixture
async def talk(store: Store, shop: Site, clock: Clock) -> AsyncIterator[Talk]:
    dana = await store.write(staff.add_member, DANA.name, DANA.role, at=at())
    conversation = await store.write(_begun, BOB.email)
    await store.write(staff.take, conversation.id, dana, at=at())
    yield Talk(store, conversation, dana, clock)


def _begun(connection: Connection, address: str) -> Conversation:
    conversation, _ = begin(connection, SHOP, at=at(), language="en", page=f"{ORIGIN}/shipping.html")
    say(connection, conversation, sender="visitor", text="Do you ship to Norway?", at=at(), id="m1")
    leaves_an_address(connection, conversation, address, 1)
    return conversation

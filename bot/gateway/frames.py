"""What goes over a chat's wire, parsed at the door. The names are frozen: docs/api.md."""

import re
import unicodedata
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from bot.conversation import Owner, State
from bot.interactions import CONSENT_VERSION, rfc3339
from bot.store.conversations import Conversation, Message
from bot.store.memory import Remembered
from bot.waits import Outlook

MESSAGE_LIMIT = 4_000
FILES_LIMIT = 5
FRAME_BYTES = 65_536
PROOF_LENGTH = 8_192

# Tab and line feed are words' own; every other control character is invisible or moves a terminal's cursor.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def clean(text: str) -> str:
    """What a visitor typed as we keep it: NFC, without control characters, without blanks around it."""
    normal = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return CONTROLS.sub("", normal).strip()


def _without_controls(text: str) -> str:
    if CONTROLS.search(text):
        raise ValueError("it has control characters in it")
    return text


# Ids and keys: one with a control character is nobody's, and PostgreSQL would not even look for it.
Short = Annotated[str, StringConstraints(max_length=512), AfterValidator(_without_controls)]
Told = Annotated[str, StringConstraints(max_length=2_048), AfterValidator(clean)]
FrameId = Annotated[UUID, Field(description="the browser's; the same id again is answered alike and does nothing")]


class Frame(BaseModel):
    # Fields that we do not know are left alone: pages in the wild may be newer than we are.
    model_config = ConfigDict(frozen=True, extra="ignore")


class Page(Frame):
    url: Told
    title: Told = ""


class Hello(Frame):
    type: Literal["hello"]
    site: Short
    token: Short | None = None
    visitor: Short | None = None
    last_seq: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    page: Page | None = None
    language: Short | None = None


class Said(Frame):
    type: Literal["message"]
    id: FrameId
    text: str
    page: Page | None = None
    files: Annotated[tuple[Short, ...], Field(max_length=FILES_LIMIT)] = ()


class Press(Frame):
    type: Literal["press"]
    id: FrameId
    button: Short


class Typing(Frame):
    type: Literal["typing"]


class Seen(Frame):
    type: Literal["seen"]
    seq: Annotated[int, Field(ge=0, le=2**31 - 1)]


class Rate(Frame):
    type: Literal["rate"]
    id: FrameId
    stars: Annotated[int, Field(ge=1, le=5, strict=True)]
    words: Annotated[str, StringConstraints(max_length=MESSAGE_LIMIT)] = ""


class Human(Frame):
    type: Literal["human"]
    id: FrameId
    reason: Annotated[str, StringConstraints(max_length=MESSAGE_LIMIT)] = ""


class Identify(Frame):
    type: Literal["identify"]
    id: FrameId
    jwt: Annotated[str, StringConstraints(max_length=PROOF_LENGTH)]


class Consent(Frame):
    type: Literal["consent"]
    id: FrameId
    measure: Annotated[bool, Field(strict=True)]
    memory: Annotated[bool, Field(strict=True)]


class Memory(Frame):
    type: Literal["memory"]


class Forget(Frame):
    type: Literal["forget"]
    id: FrameId
    what: Short


class History(Frame):
    type: Literal["history"]
    before: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    after: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None


AnyFrame = (
    Hello | Said | Press | Typing | Seen | Rate | Human | Identify | Consent | Memory | Forget | History
)  # fmt: skip
_frames: TypeAdapter[AnyFrame] = TypeAdapter(Annotated[AnyFrame, Field(discriminator="type")])


class BadFrame(Exception):
    """Not a frame; `str()` says why, `id` is the frame's own where it could be read."""

    def __init__(self, why: str, id: str | None = None) -> None:
        super().__init__(why)
        self.id = id


def parse(text: str) -> AnyFrame:
    try:
        return _frames.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"][1:])
        raise BadFrame(f"{where}: {first['msg']}" if where else first["msg"], _id_of(text)) from error


def id_of(frame: AnyFrame) -> str | None:
    """The frame's id, of those that have one."""
    id = getattr(frame, "id", None)
    return None if id is None else str(id)


def _id_of(text: str) -> str | None:
    """The id of a frame that is otherwise wrong, so that its sender can tell which one was refused."""
    found = re.search(r'"id"\s*:\s*"([0-9a-fA-F-]{36})"', text[:FRAME_BYTES])
    return found.group(1).lower() if found else None


def message_frame(message: Message) -> dict[str, Any]:
    frame: dict[str, Any] = {
        "type": "message",
        "seq": message.seq,
        "from": message.sender,
        "text": message.text,
        "at": rfc3339(message.at),
        "sources": [shown_source(one) for one in message.sources],
        "buttons": [{"id": one["id"], "title": one["title"]} for one in message.buttons],
        "files": list(message.files),
        "cards": list(message.cards),
    }
    if message.sender == "visitor" and message.id is not None:
        frame["id"] = message.id
    if message.name is not None:
        frame["name"] = message.name
    if message.reply_to is not None:
        frame["reply_to"] = message.reply_to
    return frame


def shown_source(source: dict[str, str]) -> dict[str, str]:
    """A source as a visitor gets it: what is clicked goes to the quote, where the stored `url` is the page's own."""
    shown = {name: value for name, value in source.items() if name != "link"}
    return shown | ({"url": source["link"]} if source.get("link") else {})


def owner_frame(conversation: Conversation, *, name: str | None, outlook: Outlook) -> dict[str, Any]:
    """Who answers now. While the visitor waits for a person, `wait_s` is the expected time, or None for unknown."""
    waiting = conversation.standing.state is State.WAITING
    owner = conversation.standing.owner
    return {
        "type": "owner",
        "owner": str(owner),
        "name": name if owner is Owner.STAFF else None,
        "wait_s": outlook.wait_s if waiting else None,
        "open": outlook.open,
        "opens_at": None if outlook.opens is None else rfc3339(outlook.opens.at),
    }


def fact(told: Remembered) -> dict[str, Any]:
    return {"id": told.id, "text": told.text, "from_seq": told.from_seq, "at": rfc3339(told.at)}


def consent_of(conversation: Conversation) -> dict[str, Any]:
    return {"measure": conversation.measure, "memory": conversation.memory, "version": CONSENT_VERSION}

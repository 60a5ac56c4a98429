"""Files that visitors send: contents in pieces, each written in a short transaction, so that nobody waits for 10 MB."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NewType

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, or_, select, update

from bot.interactions import ConversationId, Microseconds
from bot.store.conversations import Gone, find
from bot.store.ids import new_id
from bot.store.tables import file_pieces, files

FileId = NewType("FileId", str)

PIECE_BYTES = 256 * 1024
CONVERSATION_BYTES = 100 * 1024 * 1024
CONVERSATION_FILES = 500
"""What is kept of one conversation at most; files of a few bytes are bounded by their number."""
UNUSED_FOR_US = 86_400 * 1_000_000
"""A day: a file that no message carries by then is removed."""


@dataclass(frozen=True)
class File:
    """A file that is wholly there. `type` is its media type, told by its bytes; `size` is in bytes."""

    id: FileId
    name: str
    type: str
    size: int


def begin(
    connection: Connection,
    conversation: ConversationId,
    *,
    name: str,
    type: str,
    at: Microseconds,
    staff: str | None = None,
) -> FileId | None:
    """Room for a new file of this conversation; None when it has sent too much already."""
    # Locked, so that a conversation that is being forgotten gets no file afterwards.
    if find(connection, conversation, lock=True) is None:
        raise Gone
    if not _has_room(connection, conversation, more=1):
        return None
    file = FileId(new_id(16))
    row = {"id": file, "conversation": conversation, "name": name, "type": type, "size": 0, "whole": False, "at": at}
    connection.execute(insert(files).values(row | {"staff": staff}))
    return file


def add_piece(connection: Connection, file: FileId, number: int, content: bytes, *, last: bool) -> bool:
    """Adds the next piece, counted from 0; with the last one the file is there. False when there is no room."""
    row = connection.execute(
        select(files.c.conversation).where(files.c.id == file, files.c.whole.is_(False)).with_for_update()
    ).one_or_none()
    if row is None:
        raise Gone
    connection.execute(insert(file_pieces).values(file=file, number=number, content=content))
    connection.execute(update(files).where(files.c.id == file).values(size=files.c.size + len(content), whole=last))
    return _has_room(connection, row.conversation)


def discard(connection: Connection, file: FileId) -> None:
    """Removes a file with its pieces; one that is gone already stays gone."""
    connection.execute(select(files.c.id).where(files.c.id == file).with_for_update())
    connection.execute(delete(file_pieces).where(file_pieces.c.file == file))
    connection.execute(delete(files).where(files.c.id == file))


def discard_unused(connection: Connection, *, at: Microseconds) -> bool:
    """Removes the oldest file that no message has carried within a day; False when there was none.

    One a transaction: the contents of a file are overwritten page by page.
    """
    left = select(files.c.id).where(files.c.seq.is_(None), files.c.at < at - UNUSED_FOR_US)
    oldest = left.order_by(files.c.at).limit(1).with_for_update(skip_locked=True)
    file = connection.execute(oldest).scalar_one_or_none()
    if file is None:
        return False
    discard(connection, file)
    return True


def of_visitor(connection: Connection, conversation: ConversationId, file: str) -> File | None:
    """A file for the browser that sent it or to which staff sent it; None for anybody else's."""
    theirs = or_(files.c.staff.is_(None), files.c.seq.is_not(None))
    return _one(connection, _WHOLE.where(files.c.id == file, files.c.conversation == conversation, theirs))


def of_message(connection: Connection, file: str) -> File | None:
    """A file for the staff: only what a message carries, for what was never sent is not theirs to see."""
    return _one(connection, _WHOLE.where(files.c.id == file, files.c.seq.is_not(None)))


def sent_in(connection: Connection, file: FileId) -> ConversationId | None:
    """The conversation of the message that carries the file; None when it was removed meanwhile."""
    asked = select(files.c.conversation).where(files.c.id == file)
    conversation: ConversationId | None = connection.execute(asked).scalar_one_or_none()
    return conversation


def piece(connection: Connection, file: FileId, number: int) -> bytes | None:
    """The contents' piece of this number, counted from 0; None when the file was removed meanwhile."""
    asked = select(file_pieces.c.content).where(file_pieces.c.file == file, file_pieces.c.number == number)
    content: bytes | None = connection.execute(asked).scalar_one_or_none()
    return content


def unused(
    connection: Connection, conversation: ConversationId, wanted: Sequence[str], *, staff: str | None = None
) -> list[File] | None:
    """The files that a new message may carry, in the order asked for; None when one of them is not to be had.

    They have to be this conversation's, of the visitor or of this member, wholly there, and carried by no message.
    """
    asked = _WHOLE.where(files.c.id.in_(wanted), *_waiting(conversation, staff))
    found = {row.id: _file(row) for row in connection.execute(asked.with_for_update())}
    return [found[id] for id in wanted] if len(found) == len(wanted) else None


def attached(connection: Connection, conversation: ConversationId, staff: str) -> list[File]:
    """What the member has ready for their next answer there, in the order in which it came."""
    asked = _WHOLE.where(*_waiting(conversation, staff)).order_by(files.c.at, files.c.id)
    return [_file(row) for row in connection.execute(asked.limit(CONVERSATION_FILES))]


def _waiting(conversation: ConversationId, staff: str | None) -> list[ColumnElement[bool]]:
    whose = files.c.staff.is_(None) if staff is None else files.c.staff == staff
    return [files.c.conversation == conversation, files.c.seq.is_(None), whose]


def attach(connection: Connection, carried: Sequence[File], seq: int) -> None:
    """From now on the message of this seq carries the files."""
    if carried:
        connection.execute(update(files).where(files.c.id.in_([one.id for one in carried])).values(seq=seq))


def counted(carried: Sequence[File]) -> dict[str, Any]:
    """What the log says of files: their names are somebody's words, and stay in the transcript."""
    types, sizes = [one.type for one in carried], [one.size for one in carried]
    return {"files": {"count": len(carried), "types": types, "sizes": sizes}} if carried else {}


def erase(connection: Connection, conversations: Sequence[ConversationId]) -> None:
    """Removes all files of these conversations, whose rows the caller holds."""
    theirs = select(files.c.id).where(files.c.conversation.in_(conversations)).order_by(files.c.id)
    # Whoever is writing a piece finishes first; whoever comes later finds no file.
    ids = list(connection.execute(theirs.with_for_update()).scalars())
    for id in ids:
        connection.execute(delete(file_pieces).where(file_pieces.c.file == id))
    connection.execute(delete(files).where(files.c.conversation.in_(conversations)))


_WHOLE = select(files.c.id, files.c.name, files.c.type, files.c.size).where(files.c.whole.is_(True))


def _one(connection: Connection, asked: Select[Any]) -> File | None:
    row = connection.execute(asked).one_or_none()
    return None if row is None else _file(row)


def _file(row: Any) -> File:
    return File(row.id, row.name, row.type, row.size)


def _has_room(connection: Connection, conversation: ConversationId, *, more: int = 0) -> bool:
    kept = select(func.count(), func.coalesce(func.sum(files.c.size), 0)).where(files.c.conversation == conversation)
    count, size = connection.execute(kept).one()
    return bool(count + more <= CONVERSATION_FILES and size <= CONVERSATION_BYTES)

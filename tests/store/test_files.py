"""Files in the store: whole or not at all, carried once, gone with whoever sent them."""

from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, select

from bot.conversation import Owner
from bot.interactions import ConversationId, SiteKey
from bot.store import conversations, files, staff, turns
from bot.store.conversations import Conversation, Gone
from bot.store.files import CONVERSATION_BYTES, CONVERSATION_FILES, PIECE_BYTES, File, FileId
from bot.store.forget import forget_conversation
from bot.store.interactions import of_conversation
from bot.store.sites import Site, add_site
from bot.store.store import Store
from bot.store.tables import file_pieces, metadata
from bot.store.tables import files as table
from tests.cast import DANA, at

CANARY = b"canary-of-alice"


@pytest.fixture
async def talk(store: Store, shop: Site) -> Conversation:
    return await a_talk(store, shop)


async def a_talk(store: Store, shop: Site) -> Conversation:
    conversation, _ = await store.write(conversations.begin, shop.key, at=at(), language="en", page=None)
    return conversation


async def sent(store: Store, talk: Conversation, *pieces: bytes, name: str = "receipt.txt", when: int = at()) -> FileId:
    """A file that is wholly there."""
    file = await store.write(files.begin, talk.id, name=name, type="text/plain", at=when)
    assert file is not None
    for number, piece in enumerate(pieces):
        assert await store.write(files.add_piece, file, number, piece, last=number == len(pieces) - 1)
    return file


def files_with_the_canary(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir() if CANARY in one.read_bytes()]


async def said(store: Store, talk: Conversation, *carried: str, text: str = "") -> turns.Received | None:
    return await store.write(
        turns.receive, talk.id, frame=str(uuid4()), text=text, page=None, at=at(), files=carried
    )  # fmt: skip


def bytes_of_all_tables(connection: Connection) -> bytes:
    rows = [row for one in metadata.sorted_tables for row in connection.execute(select(one))]
    return b"\n".join(cell if isinstance(cell, bytes) else str(cell).encode() for row in rows for cell in row)


async def test_a_file_counts_once_its_last_piece_is_there(store: Store, talk: Conversation):
    file = await store.write(files.begin, talk.id, name="a.txt", type="text/plain", at=at())
    assert file is not None
    await store.write(files.add_piece, file, 0, b"ab", last=False)
    assert await store.read(files.of_visitor, talk.id, file) is None
    assert await said(store, talk, file) is None

    await store.write(files.add_piece, file, 1, b"c", last=True)

    assert await store.read(files.of_visitor, talk.id, file) == File(file, "a.txt", "text/plain", 3)
    assert [await store.read(files.piece, file, number) for number in range(3)] == [b"ab", b"c", None]


async def test_a_message_carries_its_files_and_the_log_knows_no_names(store: Store, talk: Conversation):
    first, second = await sent(store, talk, b"one"), await sent(store, talk, b"four", name="other.txt")

    received = await said(store, talk, second, first, text="Here they are")

    assert received is not None and received.message is not None
    (message,), _ = await store.read(conversations.transcript, talk.id)
    shown = [("other.txt", 4), ("receipt.txt", 3)]
    assert [(one["name"], one["size"]) for one in message.files] == shown
    assert message.files == received.message.files
    (row,) = await store.read(of_conversation, talk.id, limit=10)
    told = {"count": 2, "types": ["text/plain", "text/plain"], "sizes": [4, 3]}
    assert row.interaction.data == {"from": "visitor", "files": told}


async def test_a_message_of_files_only_asks_the_engine_for_its_sentence(store: Store, talk: Conversation):
    file = await sent(store, talk, b"one")

    await said(store, talk, file)

    turn = await store.read(turns.next_open, talk.id)
    assert turn is not None and (turn.text, turn.payload, turn.mode) == ("", "/share_file", "answer")


async def test_words_beside_a_file_are_answered_as_words(store: Store, talk: Conversation):
    file = await sent(store, talk, b"one")

    await said(store, talk, file, text="Do you ship to Norway?")

    turn = await store.read(turns.next_open, talk.id)
    assert turn is not None and (turn.text, turn.payload) == ("Do you ship to Norway?", None)


async def test_while_staff_own_the_conversation_a_file_is_not_answered(store: Store, talk: Conversation):
    dana = await store.write(staff.add_member, DANA.name, DANA.role, at=at())
    done = await store.write(staff.take, talk.id, dana, at=at())
    assert done.conversation.standing.owner is Owner.STAFF

    await said(store, talk, await sent(store, talk, b"one"))

    turn = await store.read(turns.next_open, talk.id)
    assert turn is not None and turn.mode == "understand"


async def test_a_file_is_sent_once_and_only_by_who_uploaded_it(store: Store, shop: Site, talk: Conversation):
    file, foreign = await sent(store, talk, b"one"), await sent(store, await a_talk(store, shop), b"two")
    assert await said(store, talk, file, file) is None
    assert await said(store, talk, file, foreign) is None
    assert await said(store, talk, "unknown") is None

    assert await said(store, talk, file) is not None

    assert await said(store, talk, file, text="Again") is None
    lines, _ = await store.read(conversations.transcript, talk.id)
    assert [one.seq for one in lines] == [1]


async def test_staff_see_what_a_message_carries_and_nothing_else(store: Store, talk: Conversation):
    file = await sent(store, talk, b"one")
    assert await store.read(files.of_message, file) is None

    await said(store, talk, file)

    assert await store.read(files.of_message, file) == File(file, "receipt.txt", "text/plain", 3)


async def test_one_conversation_keeps_only_so_many_bytes(store: Store, talk: Conversation):
    await sent(store, talk, b"one")
    almost = table.update().values(size=CONVERSATION_BYTES - 2)
    await store.write(lambda connection: connection.execute(almost))
    file = await store.write(files.begin, talk.id, name="a.txt", type="text/plain", at=at())
    assert file is not None

    assert await store.write(files.add_piece, file, 0, b"ab", last=False)
    assert not await store.write(files.add_piece, file, 1, b"c", last=True)


async def test_one_conversation_keeps_only_so_many_files(store: Store, talk: Conversation):
    kept = {"conversation": talk.id, "name": "a.txt", "type": "text/plain", "size": 1, "whole": True, "at": at()}
    rows = [kept | {"id": str(number)} for number in range(CONVERSATION_FILES - 1)]
    await store.write(lambda connection: connection.execute(table.insert(), rows))

    await sent(store, talk, b"the last one")

    assert await store.write(files.begin, talk.id, name="a.txt", type="text/plain", at=at()) is None


async def test_a_file_that_no_message_carries_is_removed_after_a_day(store: Store, talk: Conversation):
    carried, fresh = await sent(store, talk, b"one"), await sent(store, talk, b"two", when=at(seconds=1))
    await said(store, talk, carried)
    left = [await sent(store, talk, CANARY), await store.write(files.begin, talk.id, name="b", type="", at=at())]

    removed = [await store.write(files.discard_unused, at=at(days=1, seconds=1)) for _ in range(3)]

    assert removed == [True, True, False]
    assert CANARY not in await store.read(bytes_of_all_tables)
    assert [await store.read(files.of_visitor, talk.id, one) for one in left] == [None, None]
    assert await store.read(files.of_visitor, talk.id, carried) and await store.read(files.of_visitor, talk.id, fresh)


async def test_files_are_forgotten_with_their_conversation(store: Store, shop: Site, talk: Conversation):
    other = await a_talk(store, shop)
    kept = await sent(store, other, b"kept")
    file = await sent(store, talk, b"x" * PIECE_BYTES, CANARY, name=f"{CANARY.decode()}.txt")
    await sent(store, talk, CANARY)
    await said(store, talk, file)
    assert CANARY in await store.read(bytes_of_all_tables)

    await store.write(forget_conversation, talk.id)

    assert CANARY not in await store.read(bytes_of_all_tables)
    left = await store.read(lambda connection: [row.file for row in connection.execute(select(file_pieces))])
    assert left == [kept]


async def test_a_file_that_is_on_its_way_when_all_is_forgotten_is_gone_too(store: Store, talk: Conversation):
    file = await store.write(files.begin, talk.id, name="a.txt", type="text/plain", at=at())
    assert file is not None
    await store.write(files.add_piece, file, 0, CANARY, last=False)
    await store.write(forget_conversation, talk.id)

    with pytest.raises(Gone):
        await store.write(files.add_piece, file, 1, CANARY, last=True)
    with pytest.raises(Gone):
        await store.write(files.begin, ConversationId(talk.id), name="a.txt", type="text/plain", at=at())

    assert CANARY not in await store.read(bytes_of_all_tables)


async def test_not_even_the_files_of_the_database_still_have_what_was_forgotten(sqlite_url: str, tmp_path: Path):
    store = Store(sqlite_url)
    shop = await store.write(add_site, SiteKey("shop"), name="Shop", origins=("https://shop.example",), at=at())
    talk = await a_talk(store, shop)
    await said(store, talk, await sent(store, talk, CANARY * 100, name=f"{CANARY.decode()}.txt"))
    before = files_with_the_canary(tmp_path)

    await store.write(forget_conversation, talk.id)
    await store.erase_traces()

    after = files_with_the_canary(tmp_path)
    await store.close()
    assert before != []
    assert after == []

"""The door for files: only what is what it says, only so much, and never shown, only saved."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientResponse, FormData
from aiohttp.test_utils import TestClient
from sqlalchemy import Connection, func, select

from bot.conversation import Owner
from bot.gateway.uploads import BURST, FILE_BYTES, UPLOADS
from bot.site_settings import parse
from bot.store import conversations
from bot.store.sites import change_settings
from bot.store.staff import NewMember, add_member
from bot.store.store import Store
from bot.store.tables import drops, file_pieces
from bot.store.tables import files as table
from tests.cast import DANA, MAYA, ORIGIN, SHOP, Person, at
from tests.fake_engine import FakeEngine
from tests.gateway.visitor import Visitor

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
PDF = b"%PDF-1.7\n"
Client = TestClient[Any, Any]


def key(visitor: Visitor) -> dict[str, str]:
    return {"Authorization": f"Bearer {visitor.token}"}


async def upload(
    client: Client, visitor: Visitor, data: Any, name: str | None = "a.png", type: str = "application/octet-stream",
    **headers: str,
) -> ClientResponse:  # fmt: skip
    query = {} if name is None else {"name": name}
    return await client.post(
        "/v1/files", params=query, data=data, headers=key(visitor) | {"Content-Type": type} | headers
    )  # fmt: skip


async def uploaded(client: Client, visitor: Visitor, data: bytes = PNG, name: str = "a.png") -> str:
    answer = await upload(client, visitor, data, name)
    assert answer.status == 201, await answer.text()
    return str((await answer.json())["id"])


async def refusal(answer: ClientResponse) -> tuple[int, str]:
    told = await answer.json()
    assert told["detail"]
    return answer.status, told["error"]


def kept(connection: Connection) -> tuple[int, int]:
    """How many files and pieces there are."""
    counts = [connection.execute(select(func.count()).select_from(one)).scalar_one() for one in (table, file_pieces)]
    return counts[0], counts[1]


async def counted(store: Store) -> dict[str, int]:
    rows = select(drops.c.reason, drops.c["count"].label("times")).where(drops.c.door == "files")
    return await store.read(lambda connection: {row.reason: row.times for row in connection.execute(rows)})


async def hired(store: Store, person: Person) -> NewMember:
    return await store.write(add_member, person.name, person.role, at=at())


@pytest.fixture
async def alice(client: Client) -> Visitor:
    visitor = Visitor(client)
    await visitor.connect()
    return visitor


@pytest.fixture
async def charlie(client: Client) -> Visitor:
    visitor = Visitor(client)
    await visitor.connect()
    return visitor


@pytest.mark.parametrize(
    ("content", "name", "type"),
    [
        (PNG, "photo.PNG", "image/png"),
        (b"\xff\xd8\xff\xe0jfif", "photo.jpeg", "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "photo.webp", "image/webp"),
        (PDF, "receipt.pdf", "application/pdf"),
        ("Grüße\n".encode(), "note.txt", "text/plain"),
    ],
)
async def test_a_file_is_taken_and_comes_back_as_it_was(
    client: Client, alice: Visitor, content: bytes, name: str, type: str
):
    answer = await upload(client, alice, content, name, type)

    told = await answer.json()
    assert answer.status == 201
    assert told == {"id": told["id"], "name": name, "type": type, "size": len(content)}
    again = await client.get(f"/v1/files/{told['id']}", headers=key(alice))
    assert again.status == 200 and await again.read() == content


async def test_a_site_that_wants_no_files_takes_none(client: Client, store: Store):
    await store.write(change_settings, SHOP, lambda _: parse({"files": False}))
    bob = Visitor(client)
    await bob.connect()

    answer = await upload(client, bob, PNG, "photo.png", "image/png")

    assert (answer.status, (await answer.json())["error"]) == (403, "not_allowed")
    assert await counted(store) == {"not_allowed": 1}


async def test_a_form_with_one_file_is_taken_as_the_body_itself(client: Client, alice: Visitor):
    form = FormData(quote_fields=False)
    form.add_field("file", PNG, filename="../photo.png", content_type="image/png")

    answer = await client.post("/v1/files", data=form, headers=key(alice))

    told = await answer.json()
    assert (answer.status, told["name"], told["size"]) == (201, "photo.png", len(PNG))


async def test_a_large_file_is_kept_in_pieces_and_comes_back_whole(client: Client, alice: Visitor, store: Store):
    content = PNG + bytes(range(256)) * 4 * 1024

    file = await uploaded(client, alice, content)

    assert await store.read(kept) == (1, 5)
    assert await (await client.get(f"/v1/files/{file}", headers=key(alice))).read() == content


async def test_a_file_without_a_name_gets_one(client: Client, alice: Visitor):
    assert (await (await upload(client, alice, PNG, None)).json())["name"] == "file.png"
    assert (await (await upload(client, alice, PDF, "..")).json())["name"] == "file.pdf"


@pytest.mark.parametrize(
    ("content", "name", "type", "reason"),
    [
        (b"GIF89a\x01\x00\x01\x00\x80\x00\x00", "a.png", "image/png", "mismatch"),
        (b"GIF89a\x01\x00\x01\x00\x80\x00\x00", "a", "", "wrong_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "image/svg+xml", "mismatch"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.txt", "text/plain", "wrong_type"),
        (b"<?xml version='1.0'?><x/>", "a.txt", "", "wrong_type"),
        (b"\n\n<!doctype html><script>alert(1)</script>", "", "", "wrong_type"),
        ("Hello".encode("utf-16"), "a.txt", "text/plain", "wrong_type"),
        (b"PK\x03\x04\x14\x00", "a.pdf", "application/pdf", "mismatch"),
        (b"MZ\x90\x00\x03", "a.txt", "", "wrong_type"),
        (PNG, "a.html", "", "mismatch"),
        (PNG, "a.png", "text/html", "mismatch"),
        (PNG, "photo\u202egnp.exe", "", "mismatch"),
        (b"echo hello", "a.sh", "text/plain", "mismatch"),
        (b"plain, but not to the end" + b" " * 300_000 + b"\x00", "a.txt", "", "wrong_type"),
    ],
)
async def test_what_is_not_what_it_says_is_refused_and_not_kept(
    client: Client, alice: Visitor, store: Store, content: bytes, name: str, type: str, reason: str
):
    answer = await upload(client, alice, content, name, type or "application/octet-stream")

    assert await refusal(answer) == (415, reason)
    assert await store.read(kept) == (0, 0)
    assert await counted(store) == {reason: 1}


async def test_a_name_that_hides_its_ending_is_shown_as_it_is(client: Client, alice: Visitor):
    answer = await upload(client, alice, PNG, "photo\u202egnp.png")

    assert (await answer.json())["name"] == "photognp.png"


async def test_a_picture_that_is_a_page_too_is_only_ever_saved(client: Client, alice: Visitor):
    file = await uploaded(client, alice, PNG + b"<html><script>alert(1)</script></html>", "füße.png")

    answer = await client.get(f"/v1/files/{file}", headers=key(alice))

    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''f%C3%BC%C3%9Fe.png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.headers["Content-Type"] == "image/png"


async def test_nothing_is_no_file(client: Client, alice: Visitor):
    form, fields = FormData(), FormData()
    form.add_field("file", b"", filename="a.png")
    fields.add_field("text", "no file", content_type="text/plain")
    fields.add_field("more", b"x", filename="later.txt")

    answers = [
        await upload(client, alice, b""),
        await client.post("/v1/files", data=form, headers=key(alice)),
        await client.post("/v1/files", data=fields, headers=key(alice)),
    ]

    assert [await refusal(one) for one in answers] == [(400, "empty")] * 3


@pytest.mark.parametrize(
    ("type", "body"),
    [
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"--y\r\n\r\nhello"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; filename=a.txt\r\n\r\nhello"),
        ("multipart/form-data; boundary=x", b"--x\r\n\xff\xfe\r\n\r\nhello\r\n--x--\r\n"),
        ("multipart/form-data; boundary=" + "x" * 100, b"--x--\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y--\r\n--x--"),
        ("multipart/form-data; boundary=x", b"--x\r\n" + b"A: b\r\n" * 500 + b"\r\n"),
    ],
)
async def test_a_broken_form_is_refused(client: Client, alice: Visitor, store: Store, type: str, body: bytes):
    status, _ = await refusal(await upload(client, alice, body, type=type))

    assert status == 400
    assert await store.read(kept) == (0, 0)


async def test_a_form_of_two_files_is_refused(client: Client, alice: Visitor, store: Store):
    form = FormData()
    for name in ("a.png", "b.png"):
        form.add_field("file", PNG, filename=name)

    answer = await client.post("/v1/files", data=form, headers=key(alice))

    assert await refusal(answer) == (400, "malformed")
    assert await store.read(kept) == (0, 0)


async def test_ten_megabytes_are_taken_and_one_byte_more_is_not(client: Client, alice: Visitor, store: Store):
    whole = PNG + bytes(FILE_BYTES - len(PNG))
    form = FormData()
    form.add_field("file", whole + b"x", filename="a.png")

    taken = await upload(client, alice, whole)
    refused = [
        await upload(client, alice, whole + b"x"),
        await client.post("/v1/files", data=form, headers=key(alice)),
        await upload(client, alice, in_chunks(whole + b"x")),
    ]

    assert (taken.status, (await taken.json())["size"]) == (201, FILE_BYTES)
    assert [await refusal(one) for one in refused] == [(413, "too_large")] * 3
    assert await store.read(kept) == (1, 40)


async def in_chunks(content: bytes, size: int = 100_000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def test_a_body_without_a_length_is_taken(client: Client, alice: Visitor):
    answer = await upload(client, alice, in_chunks(PNG, 1))

    assert (answer.status, (await answer.json())["size"]) == (201, len(PNG))


async def test_a_file_that_says_it_is_too_large_is_refused_before_it_comes(client: Client, alice: Visitor):
    reader, writer = await asyncio.open_connection(client.host, client.port)
    head = f"POST /v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {alice.token}\r\n"
    writer.write(f"{head}Content-Length: {FILE_BYTES + 1}\r\n\r\n".encode())

    async with asyncio.timeout(30):
        line = await reader.readline()

    writer.close()
    assert b" 413 " in line


async def test_a_compressed_body_is_as_large_as_what_is_in_it(client: Client, alice: Visitor, store: Store):
    answer = await client.post(
        "/v1/files?name=a.txt", data=b"x" * (FILE_BYTES + 1), headers=key(alice), compress="gzip"
    )  # fmt: skip

    assert await refusal(answer) == (413, "too_large")
    assert await store.read(kept) == (0, 0)


async def test_a_body_that_stops_coming_is_given_up(client: Client, alice: Visitor, store: Store):
    client.app[UPLOADS].idle_s = 0.05  # type: ignore[union-attr]
    released = asyncio.Event()

    async def stalls() -> AsyncIterator[bytes]:
        yield PNG + bytes(300_000)
        await released.wait()

    answer = await upload(client, alice, stalls())

    assert await refusal(answer) == (408, "too_slow")
    assert await store.read(kept) == (0, 0)
    released.set()


async def test_a_body_that_breaks_off_leaves_nothing(client: Client, alice: Visitor, store: Store):
    _, writer = await asyncio.open_connection(client.host, client.port)
    head = f"POST /v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {alice.token}\r\n"
    writer.write(f"{head}Content-Length: 900000\r\n\r\n".encode() + PNG + bytes(600_000))
    await writer.drain()
    await until(lambda: begun(store))

    writer.close()

    await until(lambda: gone(store))


async def begun(store: Store) -> bool:
    return (await store.read(kept))[1] >= 2


async def gone(store: Store) -> bool:
    return await store.read(kept) == (0, 0)


async def until(happened: Any) -> None:
    async with asyncio.timeout(30):
        while not await happened():  # noqa: ASYNC110 - the store tells nobody
            await asyncio.sleep(0.01)


async def test_words_are_answered_while_a_file_is_coming(client: Client, alice: Visitor, charlie: Visitor):
    arrived = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield PNG + bytes(600_000)
        await arrived.wait()
        yield b"the end"

    coming = asyncio.create_task(upload(client, alice, slowly()))
    answers = [await alice.ask("Hello"), await charlie.ask("Hello")]
    arrived.set()

    assert [one["text"] for one in answers] == ["You said: Hello"] * 2
    assert (await coming).status == 201


async def test_who_has_no_token_sends_and_gets_nothing(client: Client, alice: Visitor):
    file = await uploaded(client, alice)
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {alice.token}"}):
        sent = await client.post("/v1/files?name=a.png", data=PNG, headers=headers)
        got = await client.get(f"/v1/files/{file}", headers=headers)

        assert (sent.status, got.status) == (401, 401)


async def test_another_visitor_gets_nothing(client: Client, alice: Visitor, charlie: Visitor):
    file = await uploaded(client, alice)

    answer = await client.get(f"/v1/files/{file}", headers=key(charlie))

    assert await refusal(answer) == (404, "unknown")


async def test_only_the_sites_own_pages_send_and_get_files(client: Client, alice: Visitor):
    file = await uploaded(client, alice)
    foreign = {"Origin": "https://elsewhere.example"}

    sent = await upload(client, alice, PNG, **foreign)
    got = await client.get(f"/v1/files/{file}", headers=key(alice) | foreign)

    assert (sent.status, got.status) == (403, 403)
    asked = await client.options("/v1/files", headers=foreign)
    assert asked.status == 403


async def test_a_page_of_the_site_may_read_the_answers(client: Client, alice: Visitor):
    own = {"Origin": ORIGIN}
    asked = await client.options("/v1/files", headers=own)
    sent = await upload(client, alice, PNG, **own)
    got = await client.get(f"/v1/files/{(await sent.json())['id']}", headers=key(alice) | own)
    refused = await upload(client, alice, b"", **own)

    for answer in (asked, sent, got, refused):
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert answer.headers["Vary"] == "Origin"


async def test_many_files_at_once_have_to_wait(client: Client, alice: Visitor, charlie: Visitor):
    answers = [await upload(client, alice, PNG) for _ in range(BURST + 1)]

    assert [one.status for one in answers] == [201] * BURST + [429]
    assert await refusal(answers[-1]) == (429, "rate_limited")
    assert answers[-1].headers["Retry-After"]
    assert (await upload(client, charlie, PNG)).status == 201


async def test_a_chat_that_keeps_too_much_gets_no_more(client: Client, alice: Visitor, store: Store):
    await uploaded(client, alice)
    await store.write(lambda connection: connection.execute(table.update().values(size=100 * 1024 * 1024)))

    assert await refusal(await upload(client, alice, PNG)) == (429, "full")
    assert await store.read(kept) == (1, 1)


async def test_a_message_carries_files_to_every_window_and_back_in_the_history(client: Client, alice: Visitor):
    other = Visitor(client)
    other.token = alice.token
    await other.connect()
    file = await uploaded(client, alice)

    await alice.say("My receipt", files=[file])

    carried = [{"id": file, "name": "a.png", "type": "image/png", "size": len(PNG)}]
    shown = await other.until(lambda frame: frame["type"] == "message" and frame["from"] == "visitor")
    assert (shown["text"], shown["files"]) == ("My receipt", carried)
    await alice.leave()
    alice.last_seq = 0
    welcome = await alice.connect()
    assert welcome["missed"][0]["files"] == carried
    assert all(one["files"] == [] for one in welcome["missed"][1:])


async def test_files_without_words_are_answered_by_the_rule_for_them(
    client: Client, alice: Visitor, engine: FakeEngine
):
    file = await uploaded(client, alice)

    answer = await ask_with(alice, file)

    assert answer["reply_to"] == 1
    assert (engine.heard[-1].text, engine.heard[-1].trusted) == ("/share_file", True)


async def ask_with(visitor: Visitor, *files: str) -> dict[str, Any]:
    ack = await visitor.say("", files=list(files))
    assert ack["type"] == "ack", ack
    return await visitor.until(lambda f: f["type"] == "message" and f.get("reply_to") == ack["seq"])


async def test_nothing_at_all_is_still_no_message(alice: Visitor):
    assert (await alice.say("  ", files=[]))["code"] == "empty"


async def test_a_typed_command_beside_a_file_is_words(client: Client, alice: Visitor, engine: FakeEngine):
    file = await uploaded(client, alice)

    await alice.say("/share_file", files=[file])
    await alice.until(lambda frame: frame["type"] == "message" and frame["from"] == "bot")

    assert engine.heard[-1].trusted is False


async def test_a_file_of_somebody_else_can_not_be_sent(client: Client, alice: Visitor, charlie: Visitor):
    file = await uploaded(client, alice)

    refused = [await charlie.say("Mine", files=[one]) for one in (file, "unknown", "")]

    assert [one["code"] for one in refused] == ["not_allowed"] * 3


async def test_a_file_is_sent_once(client: Client, alice: Visitor):
    file = await uploaded(client, alice)
    first = await alice.say("Here", files=[file])

    again = await alice.say("Here", files=[file], id=first["id"])
    other = await alice.say("And again", files=[file])
    twice = await alice.say("Twice", files=[await uploaded(client, alice)] * 2)

    assert (again["type"], again["seq"]) == ("ack", first["seq"])
    assert (other["code"], twice["code"]) == ("not_allowed", "not_allowed")


async def test_a_message_carries_five_files_and_no_more(client: Client, alice: Visitor):
    files = [await uploaded(client, alice) for _ in range(6)]

    assert (await alice.say("", files=files))["code"] == "bad_frame"
    assert (await alice.say("", files=files[:5]))["type"] == "ack"


@pytest.mark.parametrize("files", ["x", [1], [None], {"id": "x"}, [["x"]], ["a\x00b"]])
async def test_what_is_no_list_of_ids_is_a_bad_frame(alice: Visitor, files: Any):
    assert (await alice.say("Hello", files=files))["code"] == "bad_frame"


async def test_forgetting_erases_the_files(client: Client, alice: Visitor, store: Store):
    file = await uploaded(client, alice)
    await alice.say("Here", files=[file])

    await alice.send("forget", what="all")
    await alice.until(lambda frame: frame["type"] == "closed")

    assert (await client.get(f"/v1/files/{file}", headers=key(alice))).status == 401
    assert (await upload(client, alice, PNG)).status == 401
    assert await store.read(kept) == (0, 0)


async def test_a_chat_that_is_forgotten_while_a_file_comes_keeps_nothing_of_it(
    client: Client, alice: Visitor, store: Store
):
    forgotten = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield PNG + bytes(600_000)
        await forgotten.wait()
        yield b"the end"

    coming = asyncio.create_task(upload(client, alice, slowly()))
    await until(lambda: begun(store))
    await alice.send("forget", what="all")
    await alice.until(lambda frame: frame["type"] == "closed")
    forgotten.set()

    assert (await coming).status == 401
    assert await store.read(kept) == (0, 0)


async def test_staff_get_a_file_that_was_sent_and_nobody_else_does(client: Client, alice: Visitor, store: Store):
    dana, maya = await hired(store, DANA), await hired(store, MAYA)
    file, unsent = await uploaded(client, alice), await uploaded(client, alice)
    await alice.say("Here", files=[file])

    async def got(id: str, token: str | None) -> ClientResponse:
        return await client.get(f"/v1/staff/files/{id}", headers={"Authorization": f"Bearer {token}"})

    answer = await got(file, dana.token)
    assert (answer.status, await answer.read()) == (200, PNG)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert [(await got(*one)).status for one in ((unsent, dana.token), ("unknown", dana.token))] == [404, 404]
    assert [(await got(file, one)).status for one in (maya.token, alice.token, "x")] == [403, 401, 401]


async def test_staff_read_in_a_transcript_which_files_were_sent(client: Client, alice: Visitor, store: Store):
    dana = await hired(store, DANA)
    file = await uploaded(client, alice)
    await alice.say("Here", files=[file])
    talk = await store.read(conversations.by_token, None, str(alice.token), at=at())
    assert talk is not None

    answer = await client.get(
        f"/v1/staff/conversations/{talk.id}", headers={"Authorization": f"Bearer {dana.token}"}
    )  # fmt: skip

    assert [one["name"] for one in (await answer.json())["messages"][0]["files"]] == ["a.png"]


async def test_the_bot_is_silent_about_files_while_staff_own_the_conversation(
    client: Client, alice: Visitor, store: Store, engine: FakeEngine
):
    dana = await hired(store, DANA)
    talk = await store.read(conversations.by_token, None, str(alice.token), at=at())
    assert talk is not None
    token = {"Authorization": f"Bearer {dana.token}"}
    assert (await client.post(f"/v1/staff/conversations/{talk.id}/take", headers=token)).status == 200

    await alice.say("", files=[await uploaded(client, alice)])
    await until(lambda: heard(engine))

    assert [one.mode for one in engine.heard] == ["understand"]
    now = await store.read(conversations.find, talk.id)
    assert now is not None and (now.standing.owner, now.seq) == (Owner.STAFF, 1)


async def heard(engine: FakeEngine) -> bool:
    return bool(engine.heard)


async def test_what_was_never_sent_is_removed_with_a_later_upload(
    client: Client, alice: Visitor, charlie: Visitor, store: Store
):
    left, sent = await uploaded(client, alice), await uploaded(client, alice)
    await alice.say("Here", files=[sent])
    await store.write(lambda connection: connection.execute(table.update().values(at=table.c.at - 86_400 * 1_000_001)))

    await uploaded(client, charlie)

    got = [(await client.get(f"/v1/files/{one}", headers=key(alice))).status for one in (left, sent)]
    assert got == [404, 200]

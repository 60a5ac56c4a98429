"""Files and cards in the console: listed as words, and only ever saved."""

from collections.abc import AsyncIterator

import pytest

from bot.gateway.console.transcript import kind_and_size
from bot.store import files
from bot.store.conversations import Conversation
from bot.store.files import FileId
from bot.store.turns import Outcome, Reply, close, next_open, receive
from tests.cast import DANA, MAYA, at
from tests.gateway.front_office import FRAME, Browser, Office

EVIL = "<img src=x onerror=alert(1)>.png"
PAGE = b"<html><script>alert(1)</script>"


@pytest.fixture
async def anybody(office: Office) -> AsyncIterator[Browser]:
    async with office.serve() as server, Browser(server) as browser:
        yield browser


async def sent(office: Office, talk: Conversation, name: str, *, text: str = "", number: int = 7) -> FileId:
    """A file that a message carries."""
    file = await office.store.write(files.begin, talk.id, name=name, type="image/png", at=at())
    assert file is not None
    await office.store.write(files.add_piece, file, 0, PAGE, last=True)
    frame = FRAME.format(number)
    assert await office.store.write(receive, talk.id, frame=frame, text=text, page=None, at=at(), files=[file])
    return file


async def test_staff_see_a_file_under_its_message_and_can_save_it(anybody: Browser, office: Office):
    await anybody.is_signed_in(office, await office.hire(DANA))
    talk = await office.conversation()
    file = await sent(office, talk, EVIL, text="My receipt")

    page = await anybody.get(f"/console/conversations/{talk.id}")

    assert f'<a href="/console/files/{file}" download>' in page.text
    assert "PNG picture, 1 kB" in page.words
    assert "<img" not in page.text and "&lt;img" in page.text
    saved = await anybody.get(f"/console/files/{file}")
    assert saved.status == 200 and "alert(1)" in saved.text
    assert saved.headers["Content-Type"] == "image/png"
    assert saved.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert saved.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert saved.headers["Cache-Control"].startswith("private")


async def test_a_message_without_words_has_no_empty_line(anybody: Browser, office: Office):
    await anybody.is_signed_in(office, await office.hire(DANA))
    talk = await office.conversation()
    await sent(office, talk, "a.png")

    listed, page = await anybody.get("/console"), await anybody.get(f"/console/conversations/{talk.id}")

    assert "Sent a file" in listed.words
    assert '<p class="text"' not in page.text and "a.png" in page.words


async def test_nobody_else_gets_a_file(anybody: Browser, office: Office):
    file = await sent(office, await office.conversation(), "a.png")

    assert (await anybody.get(f"/console/files/{file}")).location.startswith("/console/sign-in")
    await anybody.is_signed_in(office, await office.hire(MAYA))
    assert (await anybody.get(f"/console/files/{file}")).status == 403


async def test_a_file_that_was_not_sent_or_is_not_there_is_no_page(anybody: Browser, office: Office):
    await anybody.is_signed_in(office, await office.hire(DANA))
    talk = await office.conversation()
    unsent = await office.store.write(files.begin, talk.id, name="a.png", type="image/png", at=at())
    await office.store.write(files.add_piece, unsent, 0, PAGE, last=True)

    for id in (unsent, "unknown", "..%2f"):
        assert (await anybody.get(f"/console/files/{id}")).status == 404


async def test_cards_are_shown_as_words_and_links(anybody: Browser, office: Office):
    await anybody.is_signed_in(office, await office.hire(DANA))
    talk = await office.conversation("Scarves?")
    turn = await office.store.read(next_open, talk.id)
    assert turn is not None
    scarf = {"title": "Scarf", "text": EVIL, "url": "https://shop.example/scarf", "image": None, "price": "EUR 49.00"}
    evil = {"title": EVIL, "text": "", "url": "javascript:alert(1)", "image": "https://shop.example/x", "price": None}
    await office.store.write(close, turn, Outcome(replies=(Reply("", cards=(scarf, evil)),)), at=at())

    page = await anybody.get(f"/console/conversations/{talk.id}")

    assert '<a href="https://shop.example/scarf" target="_blank"' in page.text
    assert "EUR 49.00" in page.words
    assert "<img" not in page.text and "javascript:" not in page.text
    assert "Sent a file" not in (await anybody.get("/console")).words


@pytest.mark.parametrize(
    ("type", "size", "words"),
    [
        ("text/plain", 1, "plain text, 1 kB"),
        ("application/pdf", 1024, "PDF document, 1 kB"),
        ("image/jpeg", 1025, "JPEG picture, 2 kB"),
        ("image/webp", 1024 * 1024, "WebP picture, 1.0 MB"),
        ("image/png", 10 * 1024 * 1024, "PNG picture, 10.0 MB"),
        ("other", 5, "file, 1 kB"),
    ],
)
def test_kind_and_size_are_words(type: str, size: int, words: str):
    assert kind_and_size({"type": type, "size": size}).replace("\N{NO-BREAK SPACE}", " ") == words

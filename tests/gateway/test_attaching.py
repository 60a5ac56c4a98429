"""Files that staff send with an answer: by the visitors' rules, and given to that conversation's visitor alone."""

import json
import re

import pytest
from aiohttp import FormData

from bot.store import files
from bot.store.conversations import Conversation, transcript
from bot.store.staff import NewMember
from bot.store.turns import receive
from tests.gateway.front_office import FRAME, Browser, Office, Page

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


@pytest.fixture
async def known(office: Office, danas: Browser) -> Conversation:
    """A conversation that Dana has."""
    talk = await office.conversation("Where is my receipt?")
    await danas.post(f"/console/conversations/{talk.id}/take")
    return talk


def at(talk: Conversation) -> str:
    return f"/console/conversations/{talk.id}"


async def attach(browser: Browser, talk: Conversation, *given: tuple[str, bytes], **headers: str) -> Page:
    form = FormData(quote_fields=False)  # As browsers do it.
    for name, value in (("id", FRAME.format(7)), ("kind", "reply"), ("text", "Here it is")):
        form.add_field(name, value)
    for name, content in given:
        form.add_field("upload", content, filename=name, content_type="application/octet-stream")
    return await browser.post(f"{at(talk)}/attach", form, **headers)  # type: ignore[arg-type]


def ticked(page: Page) -> dict[str, str]:
    """The fields of the files that stand beside the answer."""
    return dict.fromkeys(re.findall(r'name="(file-[\w-]+)" checked', page.text), "on")


def answer(**more: str) -> dict[str, str]:
    return {"text": "Here it is", "kind": "reply", "id": FRAME.format(7)} | more


async def test_files_are_kept_beside_what_is_written_and_sent_with_it_once(
    danas: Browser, office: Office, known: Conversation, dana: NewMember
):
    page = await attach(danas, known, ("receipt.png", PNG), ("note.txt", b"plain"))
    fields = answer(**ticked(page))

    sent = [await danas.post(f"{at(known)}/messages", fields) for _ in range(2)]

    assert page.status == 200 and ">\nHere it is</textarea>" in page.text
    assert [one.status for one in sent] == [303, 303]
    (said,) = office.rooms.shown
    given = {one["name"]: one for one in said.files}
    assert {name: one["type"] for name, one in given.items()} == {"receipt.png": "image/png", "note.txt": "text/plain"}
    shown = await danas.get(at(known))
    assert "receipt.png" in shown.words and ticked(shown) == {}
    assert (await danas.get(f"/console/files/{given['note.txt']['id']}")).text == "plain"


async def test_what_is_refused_is_named_and_the_others_are_kept(danas: Browser, known: Conversation):
    page = await attach(danas, known, ("a.png", b"MZ"), ("b.html", b"<html>"), ("c.png", PNG), ("", b""))

    assert page.status == 400
    assert "a.png: " in page.words and "b.html: " in page.words
    assert len(ticked(page)) == 1 and "c.png" in page.words


async def test_a_file_may_be_called_as_its_owner_likes(danas: Browser, known: Conversation):
    names = ["a; b; c; d.png", "it's 100% = done.png", "&#60;b&#62;.png"]

    told = json.loads((await attach(danas, known, *((name, PNG) for name in names), Accept="application/json")).text)

    assert (told["problem"], sorted(one["name"] for one in told["files"])) == ("", sorted(names))


async def test_a_script_is_told_what_there_is_and_six_are_too_many(danas: Browser, known: Conversation):
    names = [(f"{number}.png", PNG) for number in range(6)]

    told = json.loads((await attach(danas, known, *names, Accept="application/json")).text)

    assert sorted(one["name"] for one in told["files"]) == [name for name, _ in names[:5]]
    assert told["problem"] == "5.png: An answer has at most 5 files."


async def test_a_file_alone_is_an_answer_and_one_that_is_taken_away_is_not_sent(
    danas: Browser, office: Office, known: Conversation
):
    page = await attach(danas, known, ("a.png", PNG), ("b.png", PNG))
    first, second = ticked(page)

    left = await danas.post(f"{at(known)}/files/{first.removeprefix('file-')}/remove", answer())
    gone = await danas.post(f"{at(known)}/messages", answer(**{first: "on", second: "on"}))
    sent = await danas.post(f"{at(known)}/messages", answer(text="", **ticked(left)))

    assert list(ticked(left)) == [second]
    assert gone.status == 409 and "a file is gone, or was sent already" in gone.words
    assert sent.status == 303
    assert [len(one.files) for one in office.rooms.shown] == [1]


async def test_only_who_has_the_conversation_attaches_and_a_note_carries_none(
    danas: Browser, office: Office, known: Conversation
):
    other = await office.conversation("Hello")

    refused = await attach(danas, other, ("a.png", PNG))
    noted = await danas.post(
        f"{at(known)}/messages", answer(kind="note", **ticked(await attach(danas, known, ("a.png", PNG))))
    )

    assert refused.status == 400 and "Take it over first" in refused.words and ticked(refused) == {}
    assert noted.status == 400 and "A note carries no files" in noted.words
    assert (await danas.post("/console/conversations/nobodys/attach")).status == 404
    assert office.rooms.shown == []


async def test_a_visitor_gets_what_was_sent_to_them_and_nothing_else(
    danas: Browser, office: Office, known: Conversation
):
    other, store = await office.conversation("Hello"), office.store
    page = await attach(danas, known, ("a.png", PNG), ("b.png", PNG))
    sent, unsent = (files.FileId(one.removeprefix("file-")) for one in ticked(page))
    await danas.post(f"{at(known)}/messages", answer(**{f"file-{sent}": "on"}))

    assert await store.read(files.of_visitor, known.id, sent) is not None
    assert await store.read(files.of_visitor, known.id, unsent) is None
    assert await store.read(files.of_visitor, other.id, sent) is None
    assert await store.read(files.of_message, unsent) is None
    stolen = await store.write(
        receive, known.id, frame=FRAME.format(9), text="mine", page=None, at=0, files=[unsent]
    )  # fmt: skip
    said, _ = await store.read(transcript, known.id)
    assert all(one.sender == "staff" for one in said if one.files), stolen

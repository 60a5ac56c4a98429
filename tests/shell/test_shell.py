"""A conversation in the terminal, with a gateway on a real store and an engine that answers from memory."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import pytest
from aiohttp.test_utils import TestClient

from bot.errors import ConfigurationError, NotReachable
from bot.shell.chat import Chat, Frame, entered
from bot.shell.command import Shell
from bot.store import staff
from bot.store.conversations import find
from bot.store.staff import NewMember
from bot.store.store import Store
from tests.cast import DANA, ORIGIN, SHOP, at
from tests.fake_engine import FakeEngine

Client = TestClient[Any, Any]
News = list[Frame]
HELLO: Frame = {"site": SHOP, "language": None}


@pytest.fixture
def news() -> News:
    return []


@pytest.fixture
async def chat(client: Client, news: News) -> AsyncIterator[Chat]:
    async with entered(str(client.make_url("")).rstrip("/"), HELLO, news.append) as one:
        yield one


@pytest.fixture
def shell(chat: Chat, store: Store) -> Shell:
    return Shell(chat, store, f"{ORIGIN}/", as_json=False)


@pytest.fixture
async def dana(store: Store) -> NewMember:
    return await store.write(staff.add_member, DANA.name, DANA.role, at=at())


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    return lambda: capsys.readouterr().out


async def as_staff(client: Client, dana: NewMember, chat: Chat, act: str, **body: Any) -> None:
    headers = {"Authorization": f"Bearer {dana.token}"}
    url = f"/v1/staff/conversations/{chat.conversation}/{act}"
    async with client.post(url, headers=headers, json=body or None) as answer:
        assert answer.status in (200, 201)


async def test_a_line_is_said_and_answered(shell: Shell, shown: Callable[[], str]):
    goes_on = await shell.take("Do you ship to Norway?")

    assert goes_on and shown() == "bot   You said: Do you ship to Norway?\n"


async def test_a_number_presses_the_button_that_has_it(shell: Shell, engine: FakeEngine, shown: Callable[[], str]):
    engine.says("A person?", ("Talk to a person", "/ask_person"), ("No, thanks", "/deny"))
    await shell.take("help")
    offered = shown()

    await shell.take("2")

    assert offered.endswith("      [1] Talk to a person   [2] No, thanks\n")
    assert (engine.heard[-1].text, engine.heard[-1].trusted) == ("/deny", True)


@pytest.mark.parametrize("line", ["3", "0", "٢", "1001"])
async def test_a_number_that_no_button_has_is_said(shell: Shell, engine: FakeEngine, line: str):
    engine.says("A person?", ("Yes", "/affirm"), ("No", "/deny"))
    await shell.take("help")

    await shell.take(line)

    assert (engine.heard[-1].text, engine.heard[-1].trusted) == (line, False)


async def test_what_would_be_a_command_can_be_said(shell: Shell, engine: FakeEngine):
    await shell.take("/say /restart")

    assert engine.heard[-1].text == "/restart" and not shell.failed


async def test_an_unknown_command_is_not_said(shell: Shell, engine: FakeEngine, capsys: pytest.CaptureFixture[str]):
    goes_on = await shell.take("/restart")

    assert goes_on and shell.failed and engine.heard == []
    assert "/say /restart says it" in capsys.readouterr().err


async def test_a_line_that_is_refused_is_told_and_counts_as_failed(
    shell: Shell, engine: FakeEngine, capsys: pytest.CaptureFixture[str]
):
    await shell.take("x" * 4_001)

    assert shell.failed and engine.heard == [] and "4,000" in capsys.readouterr().err


async def test_an_empty_line_says_nothing(shell: Shell, engine: FakeEngine):
    goes_on = await shell.take("")

    assert goes_on and not shell.failed and engine.heard == []


async def test_the_page_goes_with_every_line(shell: Shell, engine: FakeEngine):
    await shell.take("/page products/hat.html")

    await shell.take("How much is it?")

    assert engine.heard[-1].page == {"url": f"{ORIGIN}/products/hat.html", "title": ""}


async def test_what_is_no_page_is_told(shell: Shell, capsys: pytest.CaptureFixture[str]):
    await shell.take("/page javascript:alert(1)")

    assert shell.failed and f"give e.g. {ORIGIN}/shipping.html" in capsys.readouterr().err


async def test_why_shows_what_was_understood_and_done(shell: Shell, shown: Callable[[], str]):
    await shell.take("Do you ship to Norway?")
    shown()

    await shell.take("/why")

    told = shown()
    assert "intent     ask_page 0.90, before greet 0.10\n" in told and "did        action_listen\n" in told


async def test_why_before_anything_was_said_is_told(shell: Shell, capsys: pytest.CaptureFixture[str]):
    await shell.take("/why")

    assert shell.failed and "Nothing was said yet." in capsys.readouterr().err


async def test_while_staff_have_the_chat_nobody_waits_for_the_bot(
    shell: Shell, chat: Chat, client: Client, dana: NewMember, news: News, shown: Callable[[], str]
):
    await shell.take("Hello")
    await as_staff(client, dana, chat, "take")
    shown()

    await shell.take("My order is late")
    await as_staff(client, dana, chat, "messages", id=str(uuid4()), text="I am looking.")
    await shell.take("Thank you")

    assert shown() == "" and [frame.get("name") for frame in news] == ["Dana", "Dana"]
    assert news[-1]["text"] == "I am looking."


async def test_for_programs_a_line_is_one_object(chat: Chat, store: Store, shown: Callable[[], str]):
    shell = Shell(chat, store, f"{ORIGIN}/", as_json=True)

    await shell.take("Hello")

    told = json.loads(shown())
    assert set(told) == {"said", "page", "replies", "understanding", "rule"}
    assert (told["said"], told["replies"][0]["text"]) == ("Hello", "You said: Hello")
    assert told["understanding"]["intent"] == "ask_page"


async def test_it_ends_when_asked_to(shell: Shell):
    assert not await shell.take("/quit")


async def test_help_names_every_command(shell: Shell, shown: Callable[[], str]):
    await shell.take("/help")

    told = shown()
    assert all(command in told for command in ("/why", "/page", "/say", "/quit"))


async def test_what_was_said_is_erased_when_asked_to(shell: Shell, chat: Chat, store: Store):
    await shell.take("Hello")

    await chat.forget()

    assert await store.read(find, chat.conversation) is None


async def test_a_chat_that_was_erased_elsewhere_is_not_reachable(shell: Shell, chat: Chat):
    await chat.forget()

    with pytest.raises(NotReachable, match="The chat ended"):
        await shell.take("Hello?")


async def test_an_unknown_site_is_a_wrong_argument(client: Client, news: News):
    with pytest.raises(ConfigurationError, match='no site "nobodys"'):
        async with entered(str(client.make_url("")).rstrip("/"), HELLO | {"site": "nobodys"}, news.append):
            pass


async def test_where_nobody_answers_is_told(news: News):
    with pytest.raises(NotReachable, match=r"does not answer at http://127\.0\.0\.1:9; start it: make up"):
        async with entered("http://127.0.0.1:9", HELLO, news.append):
            pass

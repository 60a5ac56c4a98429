"""The socket of a console page: who gets one, and what comes over it."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, WSServerHandshakeError
from aiohttp.test_utils import TestClient

from bot.gateway.console.signed_in import close_signed_out
from bot.gateway.house import HOUSE
from bot.gateway.rooms import ROOMS
from bot.gateway.tickets import GOOD_FOR_S, Tickets
from bot.interactions import VisitorId
from bot.store import labels, staff
from bot.store.personal_invites import invite
from bot.store.sites import add_site
from bot.store.staff import NewMember
from bot.store.store import Store
from tests.cast import DANA, MAYA, SHOP, at
from tests.fake_engine import FakeEngine
from tests.gateway.visitor import PATIENCE_S, Visitor

Client = TestClient[Any, Any]


@dataclass
class Console:
    """A page of the console in a browser in which somebody is signed in, and its socket."""

    client: Client
    secret: str
    socket: ClientWebSocketResponse | None = None

    @property
    def origin(self) -> str:
        return str(self.client.make_url("")).rstrip("/")

    async def get(self, path: str) -> str:
        async with self.client.get(path, headers={"Cookie": f"duologue={self.secret}"}) as answer:
            return await answer.text()

    async def post(self, path: str, **fields: str) -> int:
        headers = {"Cookie": f"duologue={self.secret}", "Origin": self.origin}
        async with self.client.post(path, data=fields, headers=headers, allow_redirects=False) as answer:
            return answer.status

    async def ticket(self, path: str = "/console") -> str:
        found = re.search(r'data-ticket="([^"]+)"', await self.get(path))
        assert found is not None
        return found.group(1)

    async def call(self, *, origin: str | None = None) -> ClientWebSocketResponse:
        headers = {"Cookie": f"duologue={self.secret}", "Origin": self.origin if origin is None else origin}
        self.socket = await self.client.ws_connect("/console/live", headers=headers)
        return self.socket

    async def open(self, conversation: str | None = None, *, path: str = "/console") -> dict[str, Any]:
        """Opens the page of a conversation, or the list, and its socket; the welcome."""
        path = f"/console/conversations/{conversation}" if conversation else path
        ticket = await self.ticket(path)
        await (await self.call()).send_json({"ticket": ticket, "look": path})
        return await self.next()

    async def next(self) -> dict[str, Any]:
        assert self.socket is not None
        message = await self.socket.receive(timeout=PATIENCE_S)
        if message.type is WSMsgType.CLOSE:
            # Not `close_code`: that is another one where the line went before the goodbye was answered.
            return {"closed": message.data}
        if message.type is not WSMsgType.TEXT:
            return {"closed": self.socket.close_code}
        frame: dict[str, Any] = message.json()
        return frame

    async def shows(self, words: str) -> dict[str, Any]:
        """The first frame with these words in its HTML."""
        while True:
            frame = await self.next()
            assert "closed" not in frame, frame
            if words in frame.get("html", ""):
                return frame


@pytest.fixture
async def dana(store: Store) -> NewMember:
    return await store.write(staff.add_member, DANA.name, DANA.role, at=at())


async def tells(client: Client, visitor: str | None, **event: Any) -> str:
    """What the browser of a visitor who agreed tells of them; their reference."""
    batch = {"site": "demo", "visitor": visitor, "consent": {"measure": True}, "events": [{"id": str(uuid4())} | event]}
    async with client.post("/v1/events", json=batch, headers={"User-Agent": "Mozilla/5.0 Chrome/140"}) as answer:
        told = await answer.json()
        assert told["results"][0]["status"] == "accepted"
        return str(told["visitor"])


async def views(client: Client, visitor: str | None, url: str, title: str) -> str:
    return await tells(client, visitor, type="page_view", url=url, title=title)


async def console_of(client: Client, store: Store, member: NewMember) -> Console:
    return Console(client, await store.write(staff.sign_in, member, at=client.app[HOUSE].now()))


@pytest.fixture
async def danas(client: Client, store: Store, dana: NewMember) -> AsyncIterator[Console]:
    console = await console_of(client, store, dana)
    yield console
    if console.socket is not None:
        await console.socket.close()


@pytest.fixture
async def lenas(client: Client, store: Store) -> AsyncIterator[Console]:
    lena = await store.write(staff.add_member, "Lena", "agent", at=at())
    console = await console_of(client, store, lena)
    yield console
    if console.socket is not None:
        await console.socket.close()


class TestWhoGetsASocket:
    async def test_a_page_of_ours_gets_one_with_its_ticket(self, danas: Console) -> None:
        assert (await danas.open())["type"] == "welcome"

    async def test_a_ticket_is_good_once(self, danas: Console) -> None:
        ticket = await danas.ticket()
        await (await danas.call()).send_json({"ticket": ticket, "look": "/console"})
        assert (await danas.next())["type"] == "welcome"

        await (await danas.call()).send_json({"ticket": ticket, "look": "/console"})

        assert await danas.next() == {"closed": 4403}

    async def test_a_ticket_of_somebody_else_is_none(self, danas: Console, lenas: Console) -> None:
        ticket = await lenas.ticket()

        await (await danas.call()).send_json({"ticket": ticket, "look": "/console"})

        assert await danas.next() == {"closed": 4403}

    def test_a_ticket_ends_after_two_minutes(self) -> None:
        now = 0.0
        tickets = Tickets(clock=lambda: now)
        soon, late = tickets.issue("dana"), tickets.issue("dana")

        now = GOOD_FOR_S - 1
        assert tickets.take(soon, "dana")
        now = GOOD_FOR_S
        assert not tickets.take(late, "dana")

    @pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:1", "null", "", "http://127.0.0.1"])
    async def test_a_foreign_page_gets_none(self, danas: Console, origin: str) -> None:
        with pytest.raises(WSServerHandshakeError) as refused:
            await danas.call(origin=origin)

        assert refused.value.status == 403

    async def test_who_is_not_signed_in_gets_none(self, client: Client) -> None:
        with pytest.raises(WSServerHandshakeError):
            await Console(client, "nobody").call()

    async def test_marketers_get_none(self, client: Client, store: Store) -> None:
        maya = await store.write(staff.add_member, MAYA.name, MAYA.role, at=at())

        with pytest.raises(WSServerHandshakeError) as refused:
            await (await console_of(client, store, maya)).call()

        assert refused.value.status == 403

    @pytest.mark.parametrize("frame", ["", "[]", "{", '{"ticket": 1}', '{"look": 1}', "null", '{"read": -1}'])
    async def test_what_is_no_frame_of_ours_ends_it(self, danas: Console, frame: str) -> None:
        await danas.open()
        assert danas.socket is not None

        await danas.socket.send_str(frame)

        assert await danas.next() == {"closed": 4400}

    async def test_it_ends_with_the_sign_in(self, danas: Console, client: Client, store: Store) -> None:
        await danas.open()

        await store.write(staff.sign_out, danas.secret)
        await close_signed_out(client.app)

        assert client.app[ROOMS].onlookers.screens == set()
        assert await danas.next() == {"closed": 4401}

    async def test_nobody_elses_ends_with_it(
        self, danas: Console, lenas: Console, client: Client, store: Store
    ) -> None:
        await danas.open()
        await lenas.open()

        await store.write(staff.sign_out, danas.secret)
        await close_signed_out(client.app)

        assert [screen.member.name for screen in client.app[ROOMS].onlookers.screens] == ["Lena"]


class TestWhatComes:
    async def test_what_a_visitor_says_and_what_the_bot_answers_comes_as_it_is_on_the_page(
        self, danas: Console, visitor: Visitor, engine: FakeEngine
    ) -> None:
        conversation = (await visitor.connect())["conversation"]
        await danas.open(conversation)

        await visitor.ask("My order is late")

        frame = await danas.shows("You said: My order is late")
        assert frame["into"] == "said"
        page = await danas.get(f"/console/conversations/{conversation}")
        for section in re.findall(r"<section.*?</section>", frame["html"], re.DOTALL):
            assert section in page

    async def test_it_comes_drawn_once_for_all_who_look(self, danas: Console, lenas: Console, visitor: Visitor) -> None:
        conversation = (await visitor.connect())["conversation"]
        await danas.open(conversation)
        await lenas.open(conversation)

        await visitor.say("Hello there")

        assert await danas.shows("Hello there") == await lenas.shows("Hello there")

    async def test_it_does_not_come_to_who_looks_at_something_else(
        self, danas: Console, lenas: Console, visitor: Visitor, client: Client
    ) -> None:
        conversation = (await visitor.connect())["conversation"]
        await danas.open(conversation)
        await lenas.open(conversation)
        assert lenas.socket is not None

        await lenas.socket.send_json({"look": "/console"})
        await lenas.socket.send_json({"look": f"/console/conversations/{conversation}/take"})
        await lenas.socket.send_json({"look": "/console/conversations/nobody"})
        await danas.shows("banner")
        await visitor.say("Are you there?")
        await danas.shows("Are you there?")

        assert {screen.member.name for screen in client.app[ROOMS].onlookers.of(conversation)} == {"Dana"}

    async def test_who_owns_it_changes_on_every_screen_at_once(
        self, danas: Console, lenas: Console, visitor: Visitor
    ) -> None:
        conversation = (await visitor.connect())["conversation"]
        await visitor.ask("Hello")
        await danas.open(conversation)
        await lenas.open(conversation)

        await danas.post(f"/console/conversations/{conversation}/take")

        mine = await danas.shows("You have this conversation")
        theirs = await lenas.shows("<bdi>Dana</bdi> has this conversation")
        assert "Give back to the bot" in mine["html"] and "Reply to the visitor" in mine["html"]
        assert "<form" not in theirs["html"] and "Save note" in theirs["html"]

    async def test_a_note_comes_to_colleagues_and_not_to_the_visitor(
        self, danas: Console, lenas: Console, visitor: Visitor
    ) -> None:
        conversation = (await visitor.connect())["conversation"]
        await visitor.ask("Hello")
        await lenas.open(conversation)

        await danas.post(
            f"/console/conversations/{conversation}/messages",
            id="00000000-0000-4000-8000-000000000001", text="A regular.", kind="note",
        )  # fmt: skip

        assert "noted, for staff only" in (await lenas.shows("A regular."))["html"]
        assert "A regular." not in str(visitor.frames)

    async def test_what_is_before_a_members_eyes_is_read(self, danas: Console, visitor: Visitor) -> None:
        conversation = (await visitor.connect())["conversation"]
        await danas.open(conversation)
        await danas.post(f"/console/conversations/{conversation}/take")
        await danas.shows("You have this")
        said = await visitor.say("Hello")
        frame = await danas.shows("Hello")
        assert danas.socket is not None

        await danas.socket.send_json({"read": frame["seq"]})

        seen = await visitor.until(lambda one: one["type"] == "seen")
        assert seen["seq"] == said["seq"]

    async def test_nobody_has_read_what_was_not_said_yet(self, danas: Console, visitor: Visitor) -> None:
        conversation = (await visitor.connect())["conversation"]
        await danas.open(conversation)
        said = await visitor.say("Hello")
        assert danas.socket is not None

        await danas.socket.send_json({"read": 2**31 - 1})

        assert (await visitor.until(lambda one: one["type"] == "seen"))["seq"] <= said["seq"] + 1

    async def test_a_conversation_that_was_forgotten_leaves_the_screen(self, danas: Console, visitor: Visitor) -> None:
        conversation = (await visitor.connect())["conversation"]
        await visitor.ask("Hello")
        await danas.open(conversation)
        await danas.shows("Hello")

        await visitor.send("forget", what="all")

        while (frame := await danas.next()).get("type") != "again":
            assert "closed" not in frame
        assert "There is no such page" in await danas.get(f"/console/conversations/{conversation}")

    async def test_more_than_what_is_looked_back_at_is_fetched_with_the_page(
        self, danas: Console, visitor: Visitor
    ) -> None:
        conversation = (await visitor.connect())["conversation"]
        await danas.post(f"/console/conversations/{conversation}/take")
        for number in range(31):
            await visitor.say(f"Line {number}")
        await danas.open(conversation)

        assert "also here" not in (await danas.next())["html"]
        assert await danas.next() == {"type": "again"}


class TestWhoIsThere:
    async def test_colleagues_are_told_of_each_other_and_of_nobody_else(
        self, danas: Console, lenas: Console, visitor: Visitor
    ) -> None:
        conversation = (await visitor.connect())["conversation"]
        await danas.open(conversation)

        await lenas.open(conversation)

        assert "Dana" not in (await danas.shows("<bdi>Lena</bdi> is also here"))["html"]
        assert "Lena" not in (await lenas.shows("<bdi>Dana</bdi> is also here"))["html"]

    async def test_a_second_tab_of_ones_own_is_nobody_else(
        self, danas: Console, visitor: Visitor, client: Client
    ) -> None:
        conversation = (await visitor.connect())["conversation"]
        await danas.open(conversation)
        twin = Console(client, danas.secret)

        await twin.open(conversation)

        assert "also here" not in (await twin.shows('id="here"'))["html"]
        assert twin.socket is not None
        await twin.socket.close()

    async def test_who_has_left_is_not_there(self, danas: Console, lenas: Console, visitor: Visitor) -> None:
        conversation = (await visitor.connect())["conversation"]
        await danas.open(conversation)
        await lenas.open(conversation)
        await danas.shows("Lena")
        assert lenas.socket is not None

        await lenas.socket.close()

        assert "Lena" not in (await danas.shows('id="here"'))["html"]

    async def test_that_the_visitor_types_is_shown_until_they_have_said_it(
        self, danas: Console, visitor: Visitor
    ) -> None:
        conversation = (await visitor.connect())["conversation"]
        await danas.open(conversation)

        await visitor.send("typing")
        await danas.shows("<bdi>The visitor</bdi> is typing")
        await visitor.say("Hello")

        assert "typing" not in (await danas.shows('id="here"'))["html"]

    async def test_that_the_owner_types_a_reply_is_shown_to_the_visitor_and_to_colleagues(
        self, danas: Console, lenas: Console, visitor: Visitor
    ) -> None:
        conversation = (await visitor.connect())["conversation"]
        await danas.post(f"/console/conversations/{conversation}/take")
        await danas.open(conversation)
        await lenas.open(conversation)
        assert danas.socket is not None

        await danas.socket.send_json({"typing": "reply"})

        assert await visitor.until(lambda one: one["type"] == "typing") == {"type": "typing", "from": "staff"}
        await lenas.shows("<bdi>Dana</bdi> is typing a reply")

    async def test_that_somebody_types_a_note_is_not_the_visitors_business(
        self, danas: Console, lenas: Console, visitor: Visitor
    ) -> None:
        conversation = (await visitor.connect())["conversation"]
        await danas.post(f"/console/conversations/{conversation}/take")
        await danas.open(conversation)
        await lenas.open(conversation)
        assert danas.socket is not None and lenas.socket is not None

        await danas.socket.send_json({"typing": "note"})
        await lenas.socket.send_json({"typing": "reply"})
        await lenas.shows("<bdi>Dana</bdi> is typing a note")
        await danas.shows("<bdi>Lena</bdi> is typing a reply")
        await visitor.say("Hello?")

        assert [one for one in visitor.frames if one["type"] == "typing" and one["from"] == "staff"] == []


class TestTheList:
    async def test_the_row_that_changed_comes_as_it_is_on_the_page(self, danas: Console, visitor: Visitor) -> None:
        conversation = (await visitor.connect())["conversation"]
        await danas.open()

        await visitor.ask("Do you ship to Norway?")

        frame = await danas.shows("You said: Do you ship to Norway?")
        assert (frame["type"], frame["gone"], frame["first"]) == ("rows", [], True)
        assert f'<li id="c{conversation}"' in frame["html"]
        assert frame["html"].strip() in await danas.get("/console")

    async def test_it_goes_where_the_view_has_it_and_leaves_where_it_has_not(
        self, danas: Console, lenas: Console, visitor: Visitor
    ) -> None:
        conversation = (await visitor.connect())["conversation"]
        await visitor.ask("Hello")
        await danas.open(path="/console?view=mine")
        await lenas.open(path="/console?view=bot")

        await danas.post(f"/console/conversations/{conversation}/take")

        assert ">You<" in (await danas.shows(f'id="c{conversation}"'))["html"].replace("<bdi>", ">").replace(
            "</bdi>", "<"
        )
        while (frame := await lenas.next()).get("type") != "rows":
            assert "closed" not in frame
        assert (frame["html"], frame["gone"]) == ("", [conversation])

    async def test_what_the_tabs_have_comes_too(self, danas: Console, visitor: Visitor) -> None:
        await visitor.connect()
        await danas.open()

        await visitor.say("Hello")

        assert 'aria-current="page">All <b>1</b>' in (await danas.shows('id="tabs"'))["html"]

    async def test_a_later_page_is_given_no_rows_that_were_not_on_it(self, danas: Console, visitor: Visitor) -> None:
        await visitor.connect()
        await danas.open(path="/console?after=0.a")

        await visitor.say("Hello")

        assert (await danas.shows("Hello"))["first"] is False

    async def test_labels_that_a_colleague_puts_on_are_there_at_once(
        self, danas: Console, lenas: Console, visitor: Visitor, store: Store
    ) -> None:
        conversation = (await visitor.connect())["conversation"]
        await visitor.ask("Hello")
        label = await store.write(labels.create, "Refund", "amber", at=at())
        await danas.open()

        await lenas.post("/console/bulk", act="label", label=label.id, **{f"pick-{conversation}": "on"})

        await danas.shows("<bdi>Refund</bdi>")


class TestThePanel:
    async def test_what_is_known_of_the_visitor_comes_with_what_they_say(
        self, danas: Console, visitor: Visitor
    ) -> None:
        conversation = (await visitor.connect())["conversation"]
        await danas.open(conversation)

        await visitor.ask("My name is Alice and I live in Graz.")

        await danas.shows("<bdi>Alice</bdi>")

    async def test_the_pages_of_a_visitor_who_agreed_come_as_they_go_on(
        self, danas: Console, visitor: Visitor, client: Client
    ) -> None:
        conversation = (await visitor.connect())["conversation"]
        await visitor.ask("Hello")
        await visitor.send("consent", measure=True, memory=False)
        agreed = await visitor.until(lambda one: one["type"] == "consent")
        await danas.open(conversation)
        await danas.shows('id="about"')

        await views(client, agreed["visitor"], "https://shop.example/shipping.html", "Shipping")

        assert "<bdi>Shipping</bdi>" in (await danas.shows("This visit"))["html"]


class TestLiveVisitors:
    async def test_their_page_is_told_when_somebody_goes_on(
        self, danas: Console, visitor: Visitor, client: Client
    ) -> None:
        await visitor.connect()
        await visitor.send("consent", measure=True, memory=False)
        agreed = await visitor.until(lambda one: one["type"] == "consent")
        await danas.open(path="/console/visitors")

        await views(client, agreed["visitor"], "https://shop.example/", "Start")

        assert await danas.next() == {"type": "list"}


class TestAnAcceptedInvitation:
    @pytest.fixture
    async def invited(self, client: Client, store: Store, dana: NewMember) -> str:
        """A visitor whom Dana has invited, and who has accepted."""
        await store.write(add_site, SHOP, holdout=0.0, at=at())
        who, id = VisitorId(await views(client, None, "https://shop.example/", "Start")), str(uuid4())
        now = client.app[HOUSE].now()
        assert await store.write(invite, SHOP, who, dana, id=id, text="May I help?", at=now) is None
        for what in ("shown", "accepted"):
            await tells(
                client, who, type="track", name=f"invite_{what}", props={"invite": id}, url="https://shop.example/"
            )
        return who

    async def test_the_conversation_is_with_the_agent_who_invited_and_the_bot_is_silent(
        self, danas: Console, invited: str, visitor: Visitor, engine: FakeEngine
    ) -> None:
        await danas.open()
        await visitor.connect(visitor=invited)

        await visitor.say("Yes please")

        await danas.shows("<bdi>You</bdi>")
        assert [one["name"] for one in visitor.frames if one["type"] == "owner"] == ["Dana"]
        assert [one for one in visitor.frames if one.get("from") == "bot"] == []

    async def test_while_that_agent_is_away_the_bot_answers(self, invited: str, visitor: Visitor) -> None:
        await visitor.connect(visitor=invited)

        answer = await visitor.ask("Yes please")

        assert answer["from"] == "bot"


class TestAReview:
    async def test_a_line_that_was_reviewed_says_so_at_once_instead_of_its_form(
        self, danas: Console, lenas: Console, visitor: Visitor
    ) -> None:
        conversation = (await visitor.connect())["conversation"]
        await visitor.ask("Do you ship to Norway?")
        await danas.open(conversation)
        assert "Should have answered" in (await danas.shows("You said: Do you ship"))["html"]

        await lenas.post(f"/console/conversations/{conversation}/turns/1/review", should="words", words="Yes, we do.")

        assert "Should have answered" not in (await danas.shows("<bdi>Lena</bdi> reviewed it"))["html"]


class TestHowManyWait:
    async def test_every_page_is_told_how_many_wait(self, danas: Console, visitor: Visitor) -> None:
        await visitor.connect()
        await visitor.say("Hello")
        assert (await danas.open())["count"] == 0

        await visitor.send("human", reason="A person, please")

        while (frame := await danas.next())["type"] != "waiting":
            pass
        assert (frame["count"], frame["more"]) == (1, True)

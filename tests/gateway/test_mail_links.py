"""The links of a mail: back into its conversation, in whichever browser, and into no other; and out of the mails."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from sqlalchemy import Connection, update

from bot.alert_rules import Rule, What
from bot.desk import Call, current
from bot.engine.client import BotMessage, TurnCall, TurnResult
from bot.gateway.house import HOUSE
from bot.interactions import ConversationId, Microseconds
from bot.store import alert_deliveries, alerts, alerts_raised, report_mails, report_schedules
from bot.store.conversation_keys import CODE_LASTS, LINK_LASTS, USES, KeyKind, new_key
from bot.store.conversations import existing, find
from bot.store.forget import forget_as_said, forget_conversation
from bot.store.mail_stops import is_stopped
from bot.store.mails import MailKind, mails_of, put
from bot.store.staff import add_member
from bot.store.store import Store
from bot.store.tables import conversations
from tests.cast import BOB, ORIGIN, SHOP
from tests.fake_engine import FakeEngine
from tests.gateway.visitor import Visitor

Client = TestClient[Any, Any]


def mailed(connection: Connection, conversation: str, at: Microseconds) -> tuple[str, str]:
    """The secrets of a mail about this conversation: to go on with it, and to get no more."""
    known = existing(connection, ConversationId(conversation))
    put(connection, known, MailKind.ANSWERS, BOB.email, reason=f"test:{conversation}", up_to=1, at=at)
    (mail,) = mails_of(connection, known.id)
    link, stop = (new_key(connection, kind, known.id, mail.id, at=at) for kind in (KeyKind.LINK, KeyKind.STOP))
    return link, stop


@pytest.fixture
async def bob(visitor: Visitor) -> Visitor:
    await visitor.connect(origin=ORIGIN)
    await visitor.ask("Do you ship to Norway?")
    return visitor


@pytest.fixture
async def keys(client: Client, store: Store, bob: Visitor) -> tuple[str, str]:
    return await store.write(mailed, talk_of(bob), client.app[HOUSE].now())


def talk_of(visitor: Visitor) -> str:
    return str(visitor.frames[0]["conversation"])


async def change(client: Client, link: str) -> tuple[int, Any]:
    async with client.post("/v1/resume/link", json={"link": link}) as answer:
        return answer.status, await answer.json()


async def code_of(client: Client, link: str) -> str:
    status, told = await change(client, link)
    assert status == 200
    return str(told["to"].partition("#duologue=")[2])


async def resume(client: Client, code: str, *, origin: str = ORIGIN, site: str = SHOP, **more: str) -> tuple[int, Any]:
    given = {"site": site, "code": code} | more
    async with client.post("/v1/resume", json=given, headers={"Origin": origin}) as answer:
        return answer.status, await answer.json()


async def test_the_link_opens_the_whole_conversation_in_another_browser(
    client: Client, bob: Visitor, keys: tuple[str, str]
):
    _, told = await change(client, keys[0])
    status, resumed = await resume(client, told["to"].partition("#duologue=")[2])
    phone = Visitor(client)
    phone.token = resumed["token"]
    welcome = await phone.connect(origin=ORIGIN)

    assert told["to"].startswith("https://shop.example/#duologue=") and status == 200
    assert welcome["conversation"] == talk_of(bob)
    assert welcome["missed"][0]["text"] == "Do you ship to Norway?"
    assert resumed["token"] != bob.token and (await phone.say("Thank you"))["type"] == "ack"
    await bob.until(lambda frame: frame.get("text") == "Thank you")


async def test_a_browser_that_has_the_conversation_goes_on_with_its_own_token(
    client: Client, bob: Visitor, keys: tuple[str, str]
):
    assert bob.token is not None

    _, resumed = await resume(client, await code_of(client, keys[0]), token=bob.token)

    assert resumed["token"] == bob.token


async def test_a_code_is_good_once(client: Client, keys: tuple[str, str]):
    code = await code_of(client, keys[0])
    await resume(client, code)

    status, told = await resume(client, code)

    assert (status, told["error"]) == (404, "unknown_link")


async def test_a_link_is_no_token_and_a_code_is_no_link(client: Client, keys: tuple[str, str]):
    link, stop = keys
    code = await code_of(client, link)

    statuses = [(await change(client, one))[0] for one in (code, stop, "nonsense", "\x00")]
    statuses += [(await resume(client, one))[0] for one in (link, stop, "nonsense", "\x00")]
    sent_away = []
    for secret in (link, stop, code):
        stranger = Visitor(client)
        stranger.token = secret
        sent_away.append((await stranger.connect(origin=ORIGIN)).get("code"))

    assert statuses == [404] * 8 and sent_away == [4401] * 3


async def test_a_link_and_a_code_end(client: Client, store: Store, bob: Visitor):
    now = client.app[HOUSE].now()
    old = Microseconds(now - LINK_LASTS.days * 86_400 * 1_000_000)
    link, _ = await store.write(mailed, talk_of(bob), old)
    (mail,) = await store.read(mails_of, talk_of(bob))
    ended = Microseconds(now - CODE_LASTS.seconds * 1_000_000)
    code = await store.write(new_key, KeyKind.CODE, talk_of(bob), mail.id, at=ended)

    assert (await resume(client, code))[0] == 404
    assert (await change(client, link))[0] == 404


async def test_a_link_is_good_for_some_browsers_and_not_for_all_the_world(client: Client, keys: tuple[str, str]):
    statuses = [(await change(client, keys[0]))[0] for _ in range(USES + 1)]

    assert statuses == [200] * USES + [404]


async def test_a_page_that_is_not_the_sites_gets_nothing(client: Client, keys: tuple[str, str]):
    code = await code_of(client, keys[0])

    foreign, _ = await resume(client, code, origin="https://evil.example")
    other, _ = await resume(client, code, site="other")

    assert (foreign, other) == (403, 404)
    assert (await resume(client, code))[0] == 200


async def test_it_leads_to_the_sites_own_pages_whatever_the_browser_claimed(client: Client, store: Store):
    phisher = Visitor(client)
    page = {"url": "https://evil.example/login#x", "title": "Start"}
    welcome = await phisher.connect(origin=ORIGIN, page=page)
    await phisher.say("Hello", page=page)
    link, _ = await store.write(mailed, welcome["conversation"], client.app[HOUSE].now())

    _, told = await change(client, link)

    assert told["to"].startswith(f"{ORIGIN}/#duologue=")


async def test_forgetting_ends_links_and_the_tokens_they_gave(
    client: Client, store: Store, bob: Visitor, keys: tuple[str, str]
):
    _, resumed = await resume(client, await code_of(client, keys[0]))
    await store.write(forget_conversation, talk_of(bob))

    phone = Visitor(client)
    phone.token = resumed["token"]

    assert (await phone.connect(origin=ORIGIN))["code"] == 4401
    assert (await change(client, keys[0]))[0] == 404
    assert (await client.get(f"/mail/stop/{keys[1]}")).status == 404


async def other_talk_of(store: Store, bob: Visitor, client: Client) -> Visitor:
    """Another conversation, in another browser, of the customer that Bob is known as in both."""
    other = Visitor(client)
    await other.connect(origin=ORIGIN)
    await other.ask("How much is the kettle?")

    def is_known(connection: Connection) -> None:
        ids = [talk_of(bob), talk_of(other)]
        connection.execute(update(conversations).where(conversations.c.id.in_(ids)).values(customer="customer-2"))

    await store.write(is_known)
    return other


async def test_who_came_by_a_mails_link_may_have_that_conversation_forgotten_and_no_other(
    client: Client, store: Store, bob: Visitor, keys: tuple[str, str]
):
    other = await other_talk_of(store, bob, client)
    _, resumed = await resume(client, await code_of(client, keys[0]))
    phone = Visitor(client)
    phone.token = resumed["token"]
    await phone.connect(origin=ORIGIN)

    await phone.send("forget", what="all")
    await phone.until(lambda frame: frame["type"] == "closed")

    left = {talk: await store.read(find, talk) for talk in (talk_of(bob), talk_of(other))}
    assert left[talk_of(bob)] is None and left[talk_of(other)] is not None


async def test_who_asks_with_their_own_token_is_forgotten_in_all_their_conversations(
    client: Client, store: Store, bob: Visitor, keys: tuple[str, str]
):
    other = await other_talk_of(store, bob, client)
    await resume(client, await code_of(client, keys[0]))

    await bob.send("forget", what="all")
    await bob.until(lambda frame: frame["type"] == "closed")

    assert [await store.read(find, talk) for talk in (talk_of(bob), talk_of(other))] == [None, None]


async def test_words_are_no_proof_of_who_asks_where_a_mails_link_has_led(
    client: Client, store: Store, bob: Visitor, keys: tuple[str, str]
):
    other = await other_talk_of(store, bob, client)
    await resume(client, await code_of(client, keys[0]))

    await store.write(forget_as_said, talk_of(bob))

    assert await store.read(find, talk_of(bob)) is None and await store.read(find, talk_of(other)) is not None


async def test_words_are_enough_where_no_mails_link_has_led(
    client: Client, store: Store, bob: Visitor, keys: tuple[str, str]
):
    other = await other_talk_of(store, bob, client)

    await store.write(forget_as_said, talk_of(bob))

    assert [await store.read(find, talk) for talk in (talk_of(bob), talk_of(other))] == [None, None]


class AsksWhatIsErased(FakeEngine):
    """Says whether forgetting everything would reach beyond this chat."""

    async def take_turn(self, call: TurnCall) -> TurnResult:
        everything = await current().erases_all(Call(call.turn, "rasa-message", call.text))
        said = await super().take_turn(call)
        return replace(said, messages=(BotMessage("everything" if everything else "this chat"),))


class TestWhatIsPromised:
    @pytest.fixture
    def engine(self) -> FakeEngine:
        return AsksWhatIsErased()

    async def test_the_bot_knows_whether_a_mails_link_has_led_here(
        self, client: Client, bob: Visitor, keys: tuple[str, str]
    ):
        before = await bob.ask("Forget me")
        await resume(client, await code_of(client, keys[0]))
        after = await bob.ask("Forget me")

        assert (before["text"], after["text"]) == ("everything", "this chat")


async def test_who_looks_through_mails_for_bad_links_opens_and_stops_nothing(
    client: Client, store: Store, keys: tuple[str, str]
):
    async with client.get("/resume") as page, client.get(f"/mail/stop/{keys[1]}") as stop:
        told = page.headers, stop.headers
        assert (page.status, stop.status) == (200, 200) and "No more mail from this chat?" in await stop.text()

    for headers in told:
        assert headers["Referrer-Policy"] == "no-referrer" and headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert not await store.read(is_stopped, SHOP, BOB.email)


async def test_one_press_stops_the_mails_and_another_changes_nothing(
    client: Client, store: Store, keys: tuple[str, str]
):
    for _ in range(2):
        async with client.post(f"/mail/stop/{keys[1]}", data={"List-Unsubscribe": "One-Click"}) as answer:
            assert answer.status == 200 and "No more mail" in await answer.text()

    assert await store.read(is_stopped, SHOP, BOB.email)
    assert (await client.post("/mail/stop/nonsense")).status == 404


async def test_who_got_a_report_stops_reports_and_no_answers(client: Client, store: Store, bob: Visitor):
    secret = await store.write(report_mailed, client.app[HOUSE].now())
    async with client.get(f"/mail/stop/{secret}") as page:
        assert page.status == 200 and not await store.read(is_stopped, SHOP, "report:owner@shop.example")

    async with client.post(f"/mail/stop/{secret}") as page:
        assert page.status == 200

    assert await store.read(is_stopped, SHOP, "report:owner@shop.example")
    assert not await store.read(is_stopped, SHOP, "owner@shop.example")


async def test_who_got_an_alert_stops_alerts_and_nothing_else(client: Client, store: Store, bob: Visitor):
    secret = await store.write(alert_mailed, client.app[HOUSE].now())
    async with client.get(f"/mail/stop/{secret}") as page:
        assert page.status == 200 and "No more alerts?" in await page.text()

    async with client.post(f"/mail/stop/{secret}") as page:
        assert page.status == 200 and "No more alerts come to your address." in await page.text()

    assert await store.read(is_stopped, SHOP, "alert:owner@shop.example")
    assert not await store.read(is_stopped, SHOP, "owner@shop.example")


def alert_mailed(connection: Connection, at: Microseconds) -> str:
    """The secret of an alert that the owner of the shop was mailed."""
    id = alerts.add_rule(connection, Rule(site=SHOP, what=What.COMPLAINT), by=None, at=at)
    assert id is not None
    alerts.add_target(connection, id, "mail", "owner@shop.example", by=None, is_admin=True, at=at)
    alerts_raised.send_test(connection, id, press="1", at=at)
    (delivery,) = alert_deliveries.due(connection, at=at)
    ready = alert_deliveries.take(connection, delivery, at=at, hold=timedelta(minutes=1))
    assert ready is not None
    return ready.stop


def report_mailed(connection: Connection, at: Microseconds) -> str | None:
    """The secret of a report that the owner of the shop was mailed."""
    return report_mails.take(connection, a_report_waits(connection, at), at=at, hold=timedelta(minutes=1))


def a_report_waits(connection: Connection, at: Microseconds) -> str:
    """A report that is to be mailed to the owner of the shop now: its id."""
    ada = add_member(connection, "Ada", "admin", at=at).id
    weekly = {"every": "week", "day": 1, "minute": 480, "timezone": "UTC", "staff": ada, "at": at, "due_at": at}
    id = str(report_schedules.add_schedule(connection, SHOP, **weekly))  # type: ignore[arg-type]
    report_schedules.add_recipient(connection, id, "owner@shop.example", staff=ada, is_admin=True, at=at)
    found = report_schedules.find_schedule(connection, id)
    assert found is not None
    report_schedules.put_mails(connection, found, since="2026-02-23", until="2026-03-01", at=at)
    (mail,) = report_mails.due(connection, at=at)
    return mail.id

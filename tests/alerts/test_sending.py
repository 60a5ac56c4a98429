"""Alerts on their way: signed, tried again under one id, given up and said, and never to where they must not go."""

import asyncio
import hashlib
import hmac
import json
import signal
import ssl
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import trustme
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.alert_rules import What
from bot.alerts.sender import HOLD, AlertSender
from bot.alerts.webhook import address_given, hosts_allowed
from bot.settings import Settings
from bot.store import alert_deliveries, alerts, alerts_raised
from bot.store.alert_deliveries import FAILURES_BORNE, Delivery
from bot.store.alerts import find_rule
from bot.store.forget import forget_visitor
from bot.store.store import Store
from tests.alerts.conftest import Add, Clock, PostOffice, Receiver, Shop, looks, visitor
from tests.cast import SHOP

OWNER = "owner@shop.example"
PATIENCE_S = 60
type Aim = Callable[..., Any]


@pytest.fixture
def sender(store: Store, hook_settings: Settings, clock: Clock) -> AlertSender:
    return AlertSender(store, hook_settings, now=clock, chance=lambda: 0.5)


@pytest.fixture
def aimed(store: Store, rule: Add, clock: Clock) -> Aim:
    """A rule that one person is enough for, which goes there; its id and the secret."""

    async def made(kind: str, address: str, **more: Any) -> tuple[str, str]:
        id = await rule(**({"least": 1} | more))
        secret = await store.write(alerts.add_target, id, kind, address, by=None, is_admin=True, at=clock())
        assert secret is not None
        return id, secret

    return made


async def out(store: Store) -> list[Delivery]:
    return await store.read(alert_deliveries.deliveries_of, SHOP)


async def test_a_web_address_is_told_signed_and_without_a_word_of_the_visitor(
    store: Store, talking: Shop, aimed: Aim, sender: AlertSender, receiver: Receiver, clock: Clock
):
    id, secret = await aimed("webhook", receiver.address)
    await talking.says(1, "My parcel is lost, I am Bob.")
    await looks(store, clock)

    await sender.work()
    await sender.work()

    ((headers, body),) = receiver.calls
    event = json.loads(body)
    assert event | {"id": "", "link": ""} == {
        "event": "alert.raised", "id": "", "at": "2026-03-02T12:00:00.000Z", "site": "demo", "rule": id,
        "what": "complaint", "topic": None, "count": 1, "more": 0, "sentence": "1 person complained within a day.",
        "link": "", "test": False,
    }  # fmt: skip
    assert event["link"].endswith(f"/insights/alerts/raised/{event['id']}") and b"Bob" not in body
    time, made = (part.partition("=")[2] for part in headers["Duologue-Signature"].split(","))
    assert made == hmac.new(secret.encode(), f"{time}.".encode() + body, hashlib.sha256).hexdigest()
    (delivery,) = await out(store)
    assert (headers["Duologue-Delivery"], delivery.state) == (delivery.id, "sent")


async def test_a_rule_with_words_quotes_without_card_numbers_and_addresses(
    store: Store, talking: Shop, aimed: Aim, sender: AlertSender, receiver: Receiver, clock: Clock
):
    await aimed("webhook", receiver.address, words=True)
    await talking.says(1, "You charged 4111 1111 1111 1111 twice, write to bob@visitors.example")
    await looks(store, clock)

    await sender.work()

    (words,) = json.loads(receiver.calls[0][1])["words"]
    assert words == "You charged •••• •••• •••• 1111 twice, write to …"


async def test_a_mail_says_it_and_who_says_stop_gets_none_more(
    store: Store, talking: Shop, aimed: Aim, sender: AlertSender, post_office: PostOffice, clock: Clock
):
    await aimed("mail", OWNER, words=True)
    await talking.says(1, "It is <b>late</b>")
    await looks(store, clock)
    await sender.work()

    (mail,) = post_office.mails
    text, html = (part.get_content() for part in mail.walk() if not part.is_multipart())
    assert mail["Subject"] == "Demo: 1 person complained within a day."
    assert "“It is <b>late</b>”" in text and "“It is &lt;b&gt;late&lt;/b&gt;”" in html
    secret = mail["List-Unsubscribe"].strip("<>").rpartition("/")[2]
    assert await store.write(alert_deliveries.alerts_stopped_by, secret, at=clock())
    await talking.says(2)
    await looks(store, clock)
    await sender.work()

    assert len(post_office.mails) == 1
    assert sorted(one.state for one in await out(store)) == ["needless", "sent"]


async def test_who_was_erased_meanwhile_is_not_in_what_goes(
    store: Store, talking: Shop, aimed: Aim, sender: AlertSender, receiver: Receiver, clock: Clock
):
    await aimed("webhook", receiver.address, words=True, least=2)
    await talking.says(1, "I am Alice and it is late.")
    await talking.says(2, "It is late.")
    await looks(store, clock)
    await store.write(forget_visitor, SHOP, visitor(1))

    await sender.work()

    event = json.loads(receiver.calls[0][1])
    assert (event["count"], event["words"]) == (2, ["It is late."])


async def test_what_fails_goes_again_under_the_same_id_until_it_is_taken(
    store: Store, talking: Shop, aimed: Aim, sender: AlertSender, receiver: Receiver, clock: Clock
):
    await aimed("webhook", receiver.address)
    receiver.answers = [web.Response(status=500), web.Response(status=503)]
    await talking.says(1)
    await looks(store, clock)

    for minutes in (0, 1, 2, 60):
        clock.pass_(minutes=minutes)
        await sender.work()

    assert len({headers["Duologue-Delivery"] for headers, _ in receiver.calls}) == 1
    (delivery,) = await out(store)
    assert (len(receiver.calls), delivery.state, delivery.tries) == (3, "sent", 3)


async def test_pauses_differ_by_chance_and_grow(store: Store, talking: Shop, aimed: Aim, hook_settings: Settings,
                                                receiver: Receiver, clock: Clock):  # fmt: skip
    await aimed("webhook", receiver.address)
    receiver.answers = [web.Response(status=500) for _ in range(3)]
    await talking.says(1)
    await looks(store, clock)
    early, late = (
        AlertSender(store, hook_settings, now=clock, chance=lambda share=share: share) for share in (0.0, 1.0)
    )

    await early.work()
    clock.pass_(seconds=44)
    await early.work()
    assert len(receiver.calls) == 1
    clock.pass_(seconds=1)
    await late.work()
    clock.pass_(seconds=149)
    await late.work()
    assert len(receiver.calls) == 2
    clock.pass_(seconds=1)
    await late.work()

    assert len(receiver.calls) == 3


async def test_after_a_day_it_is_given_up_and_the_page_can_say_why(
    store: Store, talking: Shop, aimed: Aim, sender: AlertSender, receiver: Receiver, clock: Clock
):
    await aimed("webhook", receiver.address)
    receiver.answers = [web.Response(status=500) for _ in range(100)]
    await talking.says(1)
    await looks(store, clock)

    for _ in range(30):
        await sender.work()
        clock.pass_(hours=1)

    (delivery,) = await out(store)
    assert (delivery.state, delivery.trouble) == ("given_up", "Given up after a day. It answers with an error (500).")


async def test_after_so_many_given_up_in_a_row_the_address_is_paused_until_somebody_says_so(
    store: Store, talking: Shop, aimed: Aim, sender: AlertSender, receiver: Receiver, clock: Clock
):
    id, _ = await aimed("webhook", "https://10.0.0.1/hook")
    for number in range(FAILURES_BORNE + 1):
        await talking.says(number)
        await looks(store, clock)
        await sender.work()
        clock.pass_(hours=1)

    kept = await store.read(find_rule, id)
    assert kept is not None and kept.targets[0].paused_at is not None
    assert [one.state for one in await out(store)] == ["given_up"] * FAILURES_BORNE
    assert await store.write(alerts.resume_target, id, kept.targets[0].id, by=None, at=clock())
    again = await store.read(find_rule, id)
    assert again is not None and again.targets[0].is_open


@pytest.mark.parametrize(
    "status, headers, said",
    [
        (302, {"Location": "/elsewhere"}, "It leads elsewhere (302), where alerts do not"),
        (404, {}, "It answers with an error (404)."),
        (410, {}, "It says that it is gone (410)."),
        (500, {"X": "x" * 20_000}, "It can't be reached, or answers"),
    ],
)
async def test_an_answer_that_is_no_success_is_said(
    store: Store, talking: Shop, aimed: Aim, sender: AlertSender, receiver: Receiver, clock: Clock,
    status: int, headers: dict[str, str], said: str,
):  # fmt: skip
    await aimed("webhook", receiver.address)
    receiver.answers = [web.Response(status=status, headers=headers)]
    await talking.says(1)
    await looks(store, clock)

    await sender.work()

    (delivery,) = await out(store)
    assert (delivery.trouble or "").startswith(said) and len(receiver.calls) == 1


async def test_a_server_that_never_ends_its_answer_holds_up_nothing(
    store: Store, talking: Shop, aimed: Aim, hook_settings: Settings, clock: Clock
):
    sent: list[int] = []

    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        try:
            while True:
                await answer.write(b"x" * 65_536)
                sent.append(65_536)
        except ConnectionError:
            return answer

    app = web.Application()
    app.router.add_post("/hook", endless)
    server = TestServer(app)
    await server.start_server()
    settings = hook_settings.model_copy(update={"webhook_hosts": f"127.0.0.1:{server.port}"})
    await aimed("webhook", str(server.make_url("/hook")))
    await talking.says(1)
    await looks(store, clock)

    await asyncio.wait_for(AlertSender(store, settings, now=clock).work(), 4)
    await server.close()

    assert [one.state for one in await out(store)] == ["sent"]
    assert sum(sent) < 20_000_000


async def test_a_server_that_says_nothing_is_left_after_five_seconds(
    store: Store, talking: Shop, aimed: Aim, sender: AlertSender, receiver: Receiver, clock: Clock
):
    await aimed("webhook", receiver.address)
    is_over = asyncio.Event()

    async def silent() -> web.Response:
        await is_over.wait()
        return web.Response()

    receiver.answers = [silent]
    await talking.says(1)
    await looks(store, clock)

    await asyncio.wait_for(sender.work(), 20)
    is_over.set()

    assert [one.trouble for one in await out(store)] == ["No answer in 5 seconds."]


async def test_a_server_that_is_down_is_said_to_be(
    store: Store, talking: Shop, aimed: Aim, sender: AlertSender, receiver: Receiver, clock: Clock
):
    await aimed("webhook", receiver.address)
    assert receiver.server is not None
    await receiver.server.close()
    await talking.says(1)
    await looks(store, clock)

    await sender.work()

    (delivery,) = await out(store)
    assert (delivery.state, delivery.trouble) == ("waiting", "It can't be reached, or answers with what is no HTTP.")


@pytest.fixture
async def untrusted() -> AsyncIterator[TestServer]:
    """A server with a certificate that nobody has signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    server = TestServer(web.Application(), scheme="https")
    await server.start_server(ssl=context)
    yield server
    await server.close()


async def test_a_certificate_that_nobody_trusts_gets_nothing(
    store: Store, talking: Shop, aimed: Aim, hook_settings: Settings, untrusted: TestServer, clock: Clock
):
    settings = hook_settings.model_copy(update={"webhook_hosts": f"127.0.0.1:{untrusted.port}"})
    await aimed("webhook", str(untrusted.make_url("/hook")))
    await talking.says(1)
    await looks(store, clock)

    await AlertSender(store, settings, now=clock).work()

    assert [one.trouble for one in await out(store)] == ["It has no certificate that can be trusted."]


@pytest.mark.parametrize(
    "leads_to", [["127.0.0.1"], ["93.184.216.34", "10.0.0.7"], ["169.254.169.254"], ["::1"], ["::ffff:127.0.0.1"]]
)
async def test_a_name_that_leads_to_a_private_address_is_never_called(
    store: Store, talking: Shop, aimed: Aim, hook_settings: Settings, receiver: Receiver, clock: Clock,
    leads_to: list[str],
):  # fmt: skip
    assert receiver.server is not None
    asked: list[str] = []

    async def lookup(host: str, port: int) -> list[str]:
        asked.append(host)
        return leads_to

    await aimed("webhook", "https://rebinding.example/hook")
    await talking.says(1)
    await looks(store, clock)

    await AlertSender(store, hook_settings, now=clock, lookup=lookup).work()

    (delivery,) = await out(store)
    assert (asked, delivery.state, receiver.calls) == (["rebinding.example"], "given_up", [])
    assert (delivery.trouble or "").startswith("It leads to a private address.")


@pytest.mark.parametrize(
    "address, said",
    [
        ("http://shop.example/hook", "encrypted"), ("ftp://shop.example/", "no web address"),
        ("https://user:word@shop.example/", "password"), ("https://shop.example:6379/", "Port 6379"),
        ("https://shop.example/#a", "#"), ("nonsense", "no web address"), ("https:///hook", "no web address"),
        (f"https://shop.example/{'a' * 2_000}", "no web address"), ("http://127.0.0.1:9999/hook", "encrypted"),
    ],
)  # fmt: skip
def test_what_is_no_address_for_alerts_is_refused_when_it_is_given(address: str, said: str):
    with pytest.raises(ValueError, match=said):
        address_given(address, hosts_allowed("127.0.0.1:8081"))


def test_a_server_that_the_operator_named_may_be_anywhere():
    assert address_given("http://127.0.0.1:8081/hook", hosts_allowed("127.0.0.1:8081")) == "http://127.0.0.1:8081/hook"


async def test_a_new_secret_signs_at_once_and_the_old_one_for_a_day_beside_it(
    store: Store, talking: Shop, aimed: Aim, sender: AlertSender, receiver: Receiver, clock: Clock
):
    id, old = await aimed("webhook", receiver.address)
    kept = await store.read(find_rule, id)
    assert kept is not None
    new = await store.write(alerts.rotate_secret, id, kept.targets[0].id, by=None, at=clock())
    assert new is not None

    for number, hours in ((1, 23), (2, 2)):
        clock.pass_(hours=hours)
        await talking.says(number)
        await looks(store, clock)
        await sender.work()

    assert [_signs(one, receiver.calls[0]) for one in (new, old)] == [True, True]
    assert [_signs(one, receiver.calls[1]) for one in (new, old)] == [True, False]


def _signs(secret: str, call: tuple[dict[str, str], bytes]) -> bool:
    headers, body = call
    time, *made = (part.partition("=")[2] for part in headers["Duologue-Signature"].split(","))
    return hmac.new(secret.encode(), f"{time}.".encode() + body, hashlib.sha256).hexdigest() in made


async def test_a_test_goes_at_once_says_so_and_once_for_a_press(
    store: Store, aimed: Aim, sender: AlertSender, receiver: Receiver, clock: Clock
):
    id, _ = await aimed("webhook", receiver.address)

    sent = [await store.write(alerts_raised.send_test, id, press="one", at=clock()) for _ in range(2)]
    await sender.work()

    assert sent == [1, 0]
    event = json.loads(receiver.calls[0][1])
    assert (event["test"], event["sentence"]) == (True, "This is a test. Nothing has happened.")


async def test_a_worker_that_is_killed_while_it_tells_loses_nothing_and_the_second_is_known_for_the_same(
    store: Store, store_url: str, talking: Shop, aimed: Aim, sender: AlertSender, hook_settings: Settings,
    receiver: Receiver, clock: Clock,
):  # fmt: skip
    await aimed("webhook", receiver.address)
    await talking.says(1)
    killed: list[asyncio.subprocess.Process] = []

    async def kill() -> web.Response:
        killed[0].send_signal(signal.SIGKILL)
        return web.Response()

    receiver.answers = [kill]
    given = (store_url, hook_settings.smtp_url, hook_settings.webhook_hosts, str(clock()))
    command = (sys.executable, "-m", "tests.alerts.run_once", *given)
    killed.append(await asyncio.create_subprocess_exec(*command))

    code = await asyncio.wait_for(killed[0].wait(), PATIENCE_S)
    await looks(store, clock)
    await sender.work()
    at_once = len(receiver.calls)
    clock.pass_(seconds=HOLD.total_seconds())
    await sender.work()

    assert code == -signal.SIGKILL and at_once == 1
    first, second = (headers["Duologue-Delivery"] for headers, _ in receiver.calls)
    (delivery,) = await out(store)
    assert (first, delivery.state, delivery.tries) == (second, "sent", 2)


async def test_two_workers_send_it_once(
    store: Store, store_url: str, talking: Shop, aimed: Aim, hook_settings: Settings, receiver: Receiver, clock: Clock
):
    await aimed("webhook", receiver.address)
    await talking.says(1)
    await looks(store, clock)
    other = Store(store_url)

    await asyncio.gather(*(AlertSender(one, hook_settings, now=clock).work() for one in (store, other, store)))
    await other.close()

    assert len(receiver.calls) == 1


async def test_without_a_mail_server_a_mail_is_given_up_and_says_why(
    store: Store, talking: Shop, aimed: Aim, clock: Clock
):
    await aimed("mail", OWNER)
    await talking.says(1)
    await looks(store, clock)

    await AlertSender(store, Settings(), now=clock).work()

    assert [one.trouble for one in await out(store)] == ["Mail is not set up (DUOLOGUE_SMTP_URL)."]


async def test_nothing_goes_to_where_nobody_confirmed(
    store: Store, talking: Shop, rule: Add, sender: AlertSender, receiver: Receiver, clock: Clock
):
    id = await rule(What.COMPLAINT, least=1)
    await store.write(alerts.add_target, id, "webhook", receiver.address, by=None, is_admin=False, at=clock())
    await talking.says(1)

    await looks(store, clock)
    await sender.work()

    assert receiver.calls == [] and await out(store) == []

"""Alerts on their page: who may ask for what, secrets that are shown once, and acts that come twice or too late."""

import pytest
from aiohttp.test_utils import TestServer

from bot.alert_rules import Quiet, What
from bot.alerts.watch import watch
from bot.store import alert_deliveries, alerts
from bot.store.alerts import Kept
from bot.store.forget import forget_visitor
from tests.alerts.conftest import Shop, by_words, visitor
from tests.cast import DANA, MAYA, SHOP
from tests.gateway.front_office import Browser, Office
from tests.mail.conftest import Clock

PAGE = "/insights/alerts"
HOOK = "https://hooks.shop.example/duologue"
WANTED = {
    "site": SHOP, "what": "complaint", "topic": "delivery", "least": "3", "most_an_hour": "2", "quiet": "22:00-07:00",
    "timezone": "Europe/Vienna", "on": "on", "mails": "owner@shop.example", "webhooks": "",
}  # fmt: skip


async def the_rule(office: Office) -> Kept:
    (found,) = await office.store.read(alerts.rules_of, SHOP)
    return found


async def test_an_alert_is_added_by_a_form_and_shown(mayas: Browser, office: Office) -> None:
    added = await mayas.post(PAGE, WANTED)
    page = await mayas.get(added.location)

    assert (added.status, page.status) == (303, 200)
    assert "3 people complain about delivery within a day" in page.words
    assert "owner@shop.example waits for an admin" in page.words
    rule = (await the_rule(office)).rule
    assert (rule.what, rule.quiet, rule.most_an_hour, rule.words) == (What.COMPLAINT, Quiet(1320, 420), 2, False)


async def test_a_form_that_is_sent_twice_adds_one(mayas: Browser, office: Office) -> None:
    await mayas.post(PAGE, WANTED)

    again = await mayas.post(PAGE, WANTED)

    assert again.status == 409 and "has this alert already" in again.words
    assert (await the_rule(office)).by == MAYA.name


@pytest.mark.parametrize(
    "wrong, said",
    [
        ({"what": "weather"}, "There is nothing like"), ({"topic": "<b>"}, "is no topic"),
        ({"least": "0"}, "a whole number from 1"), ({"most_an_hour": "99"}, "from 1 to 60"),
        ({"quiet": "late"}, "e.g. 22:00-07:00"), ({"quiet": "22:00-22:00"}, "end when they begin"),
        ({"timezone": "Mars"}, "Europe/Vienna"), ({"mails": "nobody"}, "No mail can go to “nobody”"),
        ({"webhooks": "http://shop.example/"}, "encrypted"), ({"webhooks": "https://shop.example:22/"}, "Port 22"),
        ({"what": "mood", "topic": ""}, "The drop is"), ({"what": "topic", "topic": ""}, "Say which topic"),
        ({"what": "stars"}, "A topic goes with"), ({"words": "on"}, "ask an admin"),
    ],
)  # fmt: skip
async def test_what_is_no_alert_is_refused_and_nothing_is_kept(
    mayas: Browser, office: Office, wrong: dict[str, str], said: str
) -> None:
    page = await mayas.post(PAGE, WANTED | wrong)

    assert page.status == 400 and said in page.words
    assert await office.store.read(alerts.rules_of, SHOP) == []


async def test_a_secret_is_shown_once_and_a_new_one_can_be_made(adas: Browser, office: Office) -> None:
    added = await adas.post(PAGE, WANTED | {"webhooks": HOOK, "mails": ""})
    page = await adas.get(PAGE)
    kept = await the_rule(office)
    rotated = await adas.post(f"{PAGE}/{kept.id}/rotate", {"target": kept.targets[0].id})

    assert "Write this down now" in added.words and "alert_" in added.words
    assert "alert_" not in page.words and HOOK in page.words
    assert "alert_" in rotated.words and secret_in(added.words) != secret_in(rotated.words)


def secret_in(words: str) -> str:
    return next(one for one in words.split() if one.startswith("alert_"))


async def test_only_an_admin_confirms_where_alerts_go(mayas: Browser, adas: Browser, office: Office) -> None:
    await mayas.post(PAGE, WANTED)
    kept = await the_rule(office)
    target = {"target": kept.targets[0].id}

    refused = await mayas.post(f"{PAGE}/{kept.id}/confirm", target)
    await adas.post(f"{PAGE}/{kept.id}/confirm", target)

    assert refused.status == 409 and "Only an admin" in refused.words
    assert (await the_rule(office)).targets[0].is_open


async def test_an_alert_is_changed_and_switched_off(mayas: Browser, office: Office) -> None:
    await mayas.post(PAGE, WANTED)
    kept = await the_rule(office)

    await mayas.post(f"{PAGE}/{kept.id}/set", {"topic": "", "least": "7", "usual": "on", "quiet": ""})

    rule = (await the_rule(office)).rule
    assert (rule.topic, rule.least, rule.usual, rule.quiet, rule.is_on) == ("", 7, True, None, False)
    assert rule.timezone == "Europe/Vienna"


async def test_what_is_done_to_an_alert_that_is_gone_is_said(mayas: Browser, office: Office) -> None:
    await mayas.post(PAGE, WANTED)
    kept = await the_rule(office)
    await mayas.post(f"{PAGE}/{kept.id}/end", {"press": "1"})

    late = await mayas.post(f"{PAGE}/{kept.id}/test", {"press": "1"})

    assert late.status == 404 and "Somebody has removed this alert" in late.words


async def test_a_test_is_put_into_the_outbox_once_for_a_press(adas: Browser, office: Office) -> None:
    await adas.post(PAGE, WANTED)
    kept = await the_rule(office)

    first = await adas.post(f"{PAGE}/{kept.id}/test", {"press": "1"})
    again = await adas.post(f"{PAGE}/{kept.id}/test", {"press": "1"})

    assert (first.status, again.status) == (303, 409)
    assert [one.state for one in await office.store.read(alert_deliveries.deliveries_of, SHOP)] == ["waiting"]


async def test_agents_have_no_alerts_and_nobody_else_without_a_sign_in(server: TestServer, office: Office) -> None:
    async with Browser(server) as danas, Browser(server) as nobodys:
        await danas.is_signed_in(office, await office.hire(DANA))

        assert (await danas.get(PAGE)).status == 403
        assert (await nobodys.get(PAGE)).status == 303


async def test_a_link_from_elsewhere_fills_the_form(mayas: Browser) -> None:
    page = await mayas.get(f"{PAGE}?site=demo&what=praise&topic=price")

    assert '<option value="praise" selected>' in page.text and "<option selected>price</option>" in page.text


async def test_marketers_see_who_is_behind_an_alert_and_not_what_they_said_and_nobody_who_is_erased(
    mayas: Browser, adas: Browser, office: Office
) -> None:
    shop, clock = Shop(office.store, Clock()), office.clock
    await mayas.post(PAGE, WANTED | {"least": "2"})
    for number in (1, 2):
        await shop.says(number, f"Lost again <script>{number}</script>")
    await watch(office.store, now=clock, alike=by_words)
    (raised,) = await office.store.read(alert_deliveries.raised_lately, SHOP)
    address = f"{PAGE}/raised/{raised.id}"

    seen, read = await mayas.get(address), await adas.get(address)
    await office.store.write(forget_visitor, SHOP, visitor(1))
    after = await adas.get(address)

    assert "2 people complained about delivery within a day." in seen.words and "Lost again" not in seen.words
    assert "Lost again &lt;script&gt;1" in read.text and "<script>1" not in read.text
    assert "Lost again &lt;script&gt;1" not in after.text and "Lost again &lt;script&gt;2" in after.text


async def test_the_limit_of_a_site_is_set_and_shown(mayas: Browser, office: Office) -> None:
    await mayas.post(f"{PAGE}/limit", {"site": SHOP, "most_an_hour": "7"})
    wrong = await mayas.post(f"{PAGE}/limit", {"site": SHOP, "most_an_hour": "0"})

    assert wrong.status == 400 and await office.store.read(alerts.limit_of, SHOP) == 7

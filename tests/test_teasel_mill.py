"""The demonstration shop's settings say what its own pages say."""

from datetime import date

import pytest

from bot import teasel_mill
from bot.gateway.preparing import add_demo
from bot.hours import is_open
from bot.interactions import Microseconds
from bot.invites import fitting
from bot.project import SITE_PAGES
from bot.store.sites import add_site, find_site
from bot.store.store import Store
from tests.cast import SHOP as DEMO
from tests.cast import at

SHOP = "http://127.0.0.1:8081"
SETTINGS = teasel_mill.settings(SHOP, date(2026, 3, 2))


def page(name: str) -> str:
    return (SITE_PAGES / f"{name}.html").read_text(encoding="utf-8")


def test_telephone_and_mail_are_those_of_the_contact_page():
    assert SETTINGS.phone is not None and f">{SETTINGS.phone}<" in page("contact")
    assert SETTINGS.mail is not None and f"mailto:{SETTINGS.mail}" in page("contact")
    assert SETTINGS.privacy == f"{SHOP}/privacy.html" and page("privacy")


def test_the_hours_are_those_of_the_opening_hours_page():
    hours = SETTINGS.hours

    assert hours is not None and hours.mon is None and hours.sun is None
    assert hours.tue == hours.wed == hours.thu == hours.fri == ["10:00-17:30"] and hours.sat == ["10:00-17:00"]
    assert "from Tuesday to Friday from 10:00 to 17:30" in page("opening-hours")
    assert "on Saturday from 10:00 to 17:00" in page("opening-hours")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(), False),
        (at(days=1), True),
        (at(days=15), False),
        (at(days=32), False),
        (at(days=33), True),
        (at(days=298), False),
    ],
)
def test_monday_saint_patricks_day_good_friday_and_christmas_are_closed(moment: Microseconds, expected: bool):
    assert SETTINGS.opening_hours is not None
    assert is_open(SETTINGS.opening_hours, moment) is expected


def test_help_is_offered_on_the_shipping_page_after_a_while():
    (invite,) = fitting(SETTINGS.rules, f"{SHOP}/shipping.html", "en")

    assert invite.after_s == 25
    assert fitting(SETTINGS.rules, f"{SHOP}/products.html", "en") == []


def test_the_developers_page_calls_for_an_invite_that_there_is():
    (invite,) = fitting(SETTINGS.rules, f"{SHOP}/widget.html", "en")

    assert f"duologue('trigger', '{invite.trigger}')" in page("widget")


def test_the_privacy_page_moves_with_the_shop_unless_somebody_chose_another():
    before = SETTINGS.as_json()

    moved = teasel_mill.moved(before, [SHOP], "http://127.0.0.1:9001")

    assert moved == before | {"privacy": "http://127.0.0.1:9001/privacy.html"}
    chosen = before | {"privacy": "https://shop.example/privacy"}
    assert teasel_mill.moved(chosen, [SHOP], "http://127.0.0.1:9001") == chosen


async def test_the_site_is_made_with_its_settings_and_keeps_what_is_changed(store: Store):
    await add_demo(store, SHOP, at=at())
    made = await store.read(find_site, DEMO)
    assert made is not None and made.name == "Teasel Mill" and made.settings == SETTINGS.as_json()
    await store.write(add_site, DEMO, name="Mine", holdout=0.0, settings=made.settings | {"phone": "+1 555"}, at=at())

    await add_demo(store, "http://127.0.0.1:9001", at=at(days=1))

    again = await store.read(find_site, DEMO)
    assert again is not None and (again.name, again.holdout) == ("Mine", 0.0)
    assert again.origins == ("http://127.0.0.1:9001", "http://localhost:9001")
    assert again.settings == made.settings | {"phone": "+1 555", "privacy": "http://127.0.0.1:9001/privacy.html"}


async def test_a_site_made_before_there_were_settings_gets_them(store: Store):
    await store.write(add_site, DEMO, name="Teasel Mill", origins=(SHOP,), at=at())

    await add_demo(store, SHOP, at=at())

    site = await store.read(find_site, DEMO)
    assert site is not None and site.chat == SETTINGS

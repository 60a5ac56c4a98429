from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.interactions import Kind, Microseconds
from bot.visits import (
    NAME_LENGTH,
    PROPS_BYTES,
    PROPS_DEPTH,
    URL_LENGTH,
    Circumstances,
    Dropped,
    DropReason,
    PageView,
    Sent,
    TrackedEvent,
    VisitCount,
    accept,
    is_robot,
    is_web_address,
    page_of,
    split_into_visits,
)
from tests.cast import at

VIEW = Sent(id="1", kind=Kind.PAGE_VIEW, url="https://shop.example/", title="Start", at=at())
TRACK = Sent(id="2", kind=Kind.TRACK, name="added_to_cart", props={"sku": "lamp"}, at=at())
MEASURED = Circumstances(now=at(), measured=True)


def reason_of(sent: Sent, given: Circumstances = MEASURED) -> DropReason | None:
    judged = accept(sent, given)
    return judged.reason if isinstance(judged, Dropped) else None


def test_a_page_view_of_a_measured_visitor_is_kept():
    assert accept(VIEW, MEASURED) == PageView(id="1", at=at(), url="https://shop.example/", title="Start")


def test_what_the_shops_page_reports_is_kept():
    kept = TrackedEvent(id="2", kind=Kind.TRACK, at=at(), url=None, name="added_to_cart", props={"sku": "lamp"})

    assert accept(TRACK, MEASURED) == kept


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (replace(MEASURED, measured=False), DropReason.NO_CONSENT),
        (replace(MEASURED, do_not_track=True), DropReason.DO_NOT_TRACK),
        (replace(MEASURED, robot=True), DropReason.ROBOT),
        (replace(MEASURED, staff=True), DropReason.STAFF),
        (replace(MEASURED, erased=True), DropReason.ERASED),
        # The visitor's own word is told before what we happen to know.
        (replace(MEASURED, measured=False, do_not_track=True, erased=True), DropReason.DO_NOT_TRACK),
        (replace(MEASURED, measured=False, robot=True), DropReason.ROBOT),
    ],
)
def test_who_is_not_measured_is_dropped_for_a_reason(given: Circumstances, reason: DropReason):
    assert reason_of(VIEW, given) is reason
    assert reason_of(TRACK, given) is reason


def test_an_unsound_page_view_is_not_just_without_consent():
    assert reason_of(replace(VIEW, url="nowhere"), replace(MEASURED, measured=False)) is DropReason.INVALID_URL


@pytest.mark.parametrize(
    ("happened", "reason"),
    [
        (at(hours=-24, minutes=-5), None),
        (at(hours=-24, minutes=-5, microseconds=-1), DropReason.TOO_OLD),
        (at(minutes=5), None),
        (at(minutes=5, microseconds=1), DropReason.IN_FUTURE),
    ],
)
def test_an_event_is_of_the_last_day(happened: Microseconds, reason: DropReason | None):
    assert reason_of(replace(VIEW, at=happened)) is reason


def test_an_event_without_a_time_happened_now():
    kept = accept(replace(VIEW, at=None), replace(MEASURED, now=at(days=3)))

    assert isinstance(kept, PageView) and kept.at == at(days=3)


def of_length(length: int) -> str:
    return "https://shop.example/".ljust(length, "a")


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (replace(VIEW, url=of_length(URL_LENGTH)), None),
        (replace(VIEW, url=of_length(URL_LENGTH + 1)), DropReason.TOO_LARGE),
        (replace(TRACK, name="n" * NAME_LENGTH), None),
        (replace(TRACK, name="n" * (NAME_LENGTH + 1)), DropReason.TOO_LARGE),
        (replace(TRACK, props={"p": "x" * (PROPS_BYTES - len('{"p": ""}'))}), None),
        (replace(TRACK, props={"p": "x" * (PROPS_BYTES - len('{"p": ""}') + 1)}), DropReason.TOO_LARGE),
        (replace(TRACK, props={"p": "ü" * (PROPS_BYTES // 2)}), DropReason.TOO_LARGE),
    ],
)
def test_what_is_larger_than_we_keep_is_dropped(sent: Sent, reason: DropReason | None):
    assert reason_of(sent) is reason


@pytest.mark.parametrize(("depth", "reason"), [(PROPS_DEPTH, None), (PROPS_DEPTH + 1, DropReason.TOO_LARGE)])
def test_properties_are_shallow(depth: int, reason: DropReason | None):
    value: object = 1
    for _ in range(depth - 1):
        value = [value]

    assert reason_of(replace(TRACK, props={"p": value})) is reason


@pytest.mark.parametrize(("length", "kept"), [(512, 512), (513, 512)])
def test_a_long_title_is_cut_and_not_dropped(length: int, kept: int):
    judged = accept(replace(VIEW, title="t" * length), MEASURED)

    assert isinstance(judged, PageView) and len(judged.title) == kept


def test_a_page_view_needs_an_address_and_an_event_does_not():
    assert reason_of(replace(VIEW, url=None)) is DropReason.INVALID_URL
    assert reason_of(replace(TRACK, url=None)) is None
    assert reason_of(replace(TRACK, url="javascript:alert(1)")) is DropReason.INVALID_URL


@pytest.mark.parametrize("referrer", ["android-app://com.example", "", "no address", of_length(URL_LENGTH + 1)])
def test_an_unusable_referrer_is_left_out(referrer: str):
    judged = accept(replace(VIEW, referrer=referrer), MEASURED)

    assert isinstance(judged, PageView) and judged.referrer is None


@pytest.mark.parametrize(
    ("url", "usable"),
    [
        ("https://shop.example/lamps?color=red#top", True),
        ("http://127.0.0.1:8081/", True),
        ("https://müller.example/straße", True),
        ("https://[::1]:8080/", True),
        ("", False),
        ("/lamps", False),
        ("file:///etc/passwd", False),
        ("https://", False),
        ("https://[::1", False),
        ("https://shop.example:x/", False),
        ("https://shop.example:0/", False),
        ("https://shop.example/a b", False),
        ("https://shop.example/\n", False),
        ("https://shop.example/\u202e", False),
        ("https://shop.example/\ud800", False),
    ],
)
def test_a_page_has_an_address_that_a_browser_could_show(url: str, usable: bool):
    assert is_web_address(url) == usable


def test_the_days_total_knows_the_page_and_nothing_of_who_came():
    url = "https://alice:secret@Shop.example/lamps?email=alice@customers.example#alice"

    assert page_of(url) == "https://shop.example/lamps"
    assert page_of("https://shop.example") == "https://shop.example/"


@pytest.mark.parametrize(
    ("user_agent", "robot"),
    [
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", True),
        ("Mozilla/5.0 (compatible; bingbot/2.0)", True),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/148.0.0.0 Safari/537.36", True),
        ("facebookexternalhit/1.1", True),
        ("Mozilla/5.0 (compatible; YandexBot/3.0)", True),
        ("", True),
        ("  ", True),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/148.0.0.0 Safari/537.36", False),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 Mobile Safari/604.1", False),
        ("Mozilla/5.0 (Linux; Android 14; CUBOT KINGKONG 9) AppleWebKit/537.36 Mobile Safari/537.36", False),
        ("curl/8.5.0", False),
    ],
)
def test_robots_say_so(user_agent: str, robot: bool):
    assert is_robot(user_agent) == robot


@pytest.mark.parametrize(("purpose", "robot"), [("prefetch", True), ("prefetch;prerender", True), ("", False)])
def test_a_page_fetched_before_anybody_asked_is_not_seen(purpose: str, robot: bool):
    assert is_robot("Mozilla/5.0 Firefox/140.0", purpose) == robot


@dataclass(frozen=True)
class View:
    at: Microseconds


def views(*minutes: float) -> list[View]:
    return [View(at(minutes=minute)) for minute in minutes]


@pytest.mark.parametrize(
    ("minutes", "visits"), [([], 0), ([0], 1), ([0, 29], 1), ([0, 30], 2), ([0, 29, 58], 1), ([0, 29, 59], 2)]
)
def test_a_pause_of_half_an_hour_begins_a_new_visit(minutes: list[float], visits: int):
    assert len(split_into_visits(views(*minutes))) == visits


def test_visits_are_in_order_of_time_however_they_came():
    assert split_into_visits(views(60, 10, 0)) == [views(0, 10), views(60)]


def test_another_pause_may_be_asked_for():
    assert len(split_into_visits(views(0, 5), idle_limit=timedelta(minutes=5))) == 2


@given(st.lists(st.integers(0, 24 * 60), max_size=40))
def test_visits_counted_one_by_one_are_those_that_are_split(minutes: list[int]):
    count = VisitCount()
    for minute in minutes:
        count = count.with_view(at(minutes=minute))

    assert count.visits == len(split_into_visits(views(*minutes)))


def test_counting_visits_keeps_only_those_of_the_last_days():
    count = VisitCount()
    for day in range(400):
        count = count.with_view(at(days=day))

    assert count.visits == 400
    assert len(count.latest) < 5

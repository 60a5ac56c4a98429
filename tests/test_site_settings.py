"""What a site may set of its chat, what is refused and how it is told."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigurationError
from bot.invites import Invite
from bot.site_changes import changed
from bot.site_settings import INVITES, SiteSettings, parse, stored
from bot.site_values import contrast

HOURS = {"timezone": "Europe/Dublin", "mon": ["09:00-12:30", "13:30-17:00"], "closed": ["2026-12-25"]}
GOOD = {
    "colour": "#2f4d74",
    "side": "start",
    "language": "auto",
    "greeting": {"en": "Hello!", "de-at": "Servus!"},
    "phone": "+353 20 915 0142",
    "mail": "hello@shop.example",
    "privacy": "https://shop.example/privacy",
    "hours": HOURS,
    "files": False,
    "rating": True,
    "invites": [{"id": "help", "text": "Any question?", "pages": ["/shipping*"], "after_s": 25, "visits": 2}],
}


def faults(given: dict[str, Any]) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        parse(given)
    return str(caught.value).splitlines()


def test_good_settings_are_kept_as_they_were_given():
    assert parse(GOOD).as_json() == GOOD
    assert stored(parse(GOOD).as_json()) == parse(GOOD)


def test_the_widget_is_told_all_but_the_invites_and_the_greeting_in_its_language():
    told = parse(GOOD).told("de-AT")

    assert told == {name: value for name, value in GOOD.items() if name != "invites"} | {"greeting": "Servus!"}


def test_a_site_that_speaks_one_language_greets_in_it():
    greeting = {"en": "Hello!", "de": "Hallo!"}

    assert parse({"greeting": greeting, "language": "de"}).told("en")["greeting"] == "Hallo!"
    assert parse({"greeting": greeting}).told("fr")["greeting"] == "Hello!"
    assert parse({"greeting": "Hi"}).told(None)["greeting"] == "Hi"


def test_nothing_set_is_files_and_ratings_and_no_hours():
    assert parse({}).told("en") == {"files": True, "rating": True}
    assert parse({}).opening_hours is None and parse({}).rules == ()


def test_an_invite_becomes_a_rule():
    (rule,) = parse(GOOD).rules

    assert rule == Invite(id="help", text="Any question?", pages=("/shipping*",), after_s=25, visits=2)


def test_all_faults_are_told_at_once_each_with_a_good_value():
    told = faults(
        {
            "colour": "#ffff00",
            "side": "left",
            "language": "fr",
            "greeting": "",
            "phone": "call me",
            "mail": "nobody",
            "privacy": "javascript:alert(1)",
            "files": "maybe",
            "hours": {"timezone": "Europe/Dubln", "mon": ["09:00-12:00", "11:00-13:00"], "tue": ["18:00-09:00"]},
            "invites": [{"id": "help"}],
        }
    )

    assert [line.split(" ")[0] for line in told] == [
        *("colour", "side", "language", "greeting", "phone", "mail", "privacy"),
        *("hours.timezone", "hours.mon", "hours.tue", "files", "invites.0.text"),
    ]
    assert all("; give e.g. " in line for line in told)


def test_a_colour_that_nobody_sees_on_a_white_page_is_refused_with_its_ratio():
    (line,) = faults({"colour": "#ffff00"})

    assert "1.1:1 to white" in line and "to #17191d" in line and "3:1" in line


def test_the_least_contrast_is_three():
    assert contrast("#959595", "#ffffff") < 3 < contrast("#949494", "#ffffff")
    assert parse({"colour": "#949494"}).colour == "#949494"
    assert len(faults({"colour": "#959595"})) == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"color": "#000000"}, 'did you mean "colour"?'),
        ({"hours": HOURS | {"monday": []}}, '"hours.monday" is not a setting; did you mean "hours.mon"?'),
        ({"invites": [{"id": "a", "text": "b", "page": []}]}, 'did you mean "invites.0.pages"?'),
        ({"zzz": 1}, "there are bot_answer_cost, colour, crawl_every, files,"),
        ({"colour": "red"}, "six digits"),
        ({"colour": "#2f4d7٤"}, "six digits"),
        ({"greeting": "x" * 301}, "300 are the most"),
        ({"greeting": {"german": "Hallo"}}, "no language"),
        ({"greeting": {}}, "1 to 50"),
        ({"greeting": "a\x00b"}, "control characters"),
        ({"greeting": "a\u202eb"}, "control characters"),
        ({"greeting": "a\udcffb"}, "control characters"),
        ({"greeting": 5}, "a text"),
        ({"mail": "a@b"}, "no address"),
        ({"mail": "a@b.example, c@d.example"}, "no address"),
        ({"privacy": "/privacy"}, "no address"),
        ({"hours": 5}, "dictionary"),
        ({"hours": {"timezone": "Europe/Dublin"}}, "no day is open"),
        ({"hours": {"mon": ["09:00-17:00"]}}, "hours.timezone is missing"),
        ({"hours": HOURS | {"timezone": "../../etc/passwd"}}, "no timezone"),
        ({"hours": HOURS | {"mon": ["9-5"]}}, "no time from and to"),
        ({"hours": HOURS | {"closed": ["2026-02-30"]}}, "hours.closed"),
        ({"hours": HOURS | {"closed": ["25.12.2026"]}}, "no date"),
        ({"files": 1}, "boolean"),
        ({"invites": {}}, "list"),
        ({"invites": [5]}, "invites.0"),
        ({"invites": [{"id": "a", "text": "b"}] * 2}, "twice"),
        ({"invites": [{"text": "b"}]}, "invites.0.id is missing"),
        ({"invites": [{"id": "a", "text": "x" * 201}]}, "200 are the most"),
        ({"invites": [{"id": "a b", "text": "b"}]}, "letters, digits"),
        ({"invites": [{"id": "a", "text": "b", "pages": ["/a\x00*"]}]}, "control characters"),
        ({"invites": [{"id": "a", "text": "b", "pages": ["products"]}]}, "begins with /"),
        ({"invites": [{"id": "a", "text": "b", "after_s": 3601}]}, "3600"),
        ({"invites": [{"id": "a", "text": "b", "after_s": True}]}, "integer"),
        ({"invites": [{"id": "a", "text": "b", "visits": 0}]}, "1"),
        ({"invites": [{"id": "a", "text": "b", "trigger": ""}]}, "no words"),
    ],
)
def test_a_fault_says_what_is_wrong(given: dict[str, Any], words: str):
    (line,) = faults(given)

    assert words in line


def test_there_are_fifty_invites_at_most():
    many = [{"id": f"invite-{number}", "text": "Hello"} for number in range(10_000)]

    assert len(parse({"invites": many[:INVITES]}).rules) == INVITES
    (line,) = faults({"invites": many})
    assert "10,000 entries" in line and "50" in line


def test_what_another_version_wrote_is_read_as_far_as_it_can_be():
    assert stored({"colour": "red", "newer": 1, "phone": "+353 20"}) == parse({"phone": "+353 20"})


NAMES = st.sampled_from(["id", "text", "mon", "timezone", "x"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner),
    max_leaves=9,
)


@given(st.dictionaries(st.sampled_from(sorted(SiteSettings.model_fields)), VALUES))
def test_whatever_is_given_is_taken_or_refused_in_words(given: dict[str, Any]):
    try:
        settings = parse(given)
    except ConfigurationError as error:
        assert str(error).strip()
    else:
        assert stored(json.loads(json.dumps(settings.as_json()))) == settings
        assert settings.rules is not None and (settings.hours is None) == (settings.opening_hours is None)


def changes(before: dict[str, Any], *told: str, file: dict[str, Any] | None = None) -> dict[str, Any]:
    return changed(before, file, told).as_json()


def test_what_is_not_named_stays():
    assert changes({"phone": "+353 20"}, "files=false") == {"phone": "+353 20", "files": False}
    assert changes({"phone": "+353 20"}, file={"files": False}) == {"phone": "+353 20", "files": False}


def test_a_name_without_value_is_removed():
    assert changes({"phone": "+353 20", "greeting": {"en": "Hi", "de": "Hallo"}}, "phone=", "greeting.de=") == {
        "greeting": {"en": "Hi"}
    }
    assert changes({"phone": "+353 20"}, file={"phone": None}) == {}
    assert changes({}, "phone=", "hours.mon=") == {}


def test_parts_are_set_one_by_one():
    assert changes({}, "hours.timezone=Europe/Dublin", "hours.mon=09:00-12:30, 13:30-17:00", "greeting.de=Hallo") == {
        "greeting": {"de": "Hallo"},
        "hours": {"timezone": "Europe/Dublin", "mon": ["09:00-12:30", "13:30-17:00"]},
    }


def test_an_invite_is_named_by_its_id_or_its_place():
    before = {"invites": [{"id": "help", "text": "Hello"}]}

    assert changes(before, "invites.help.after_s=20", "invites.0.text=Any question?", "invites.0.pages=/a,/b*") == {
        "invites": [{"id": "help", "text": "Any question?", "after_s": 20, "pages": ["/a", "/b*"]}]
    }
    assert changes(before, "invites.help=") == {"invites": []}


def test_a_number_of_a_telephone_stays_text():
    assert changes({}, "phone=0209150142") == {"phone": "0209150142"}
    assert changes({}, "phone=209150142") == {"phone": "209150142"}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("phone", "has no value"),
        ("color=#000000", 'did you mean "colour"?'),
        ("name=Shop", "duologue site add"),
        ("consent=ask", "duologue site add"),
        ("mail.work=x", "has no parts"),
        ("hours={", "no JSON"),
        ("greeting.de=Hallo", "give greeting="),
        ("invites.nobody.text=x", "give invites="),
        ("invites.-1.text=x", "give invites="),
        ("invites.0.text.deep.er=x", "give invites="),
        ("greeting=" + "[" * 100_000, "give greeting="),
    ],
)
def test_what_cant_be_set_is_said_and_changes_nothing(told: str, words: str):
    before = {"greeting": "Hello", "invites": [{"id": "help", "text": "Hello"}]}

    with pytest.raises(ConfigurationError) as caught:
        changes(before, told, "files=false")

    (line,) = str(caught.value).splitlines()
    assert words in line
    assert before == {"greeting": "Hello", "invites": [{"id": "help", "text": "Hello"}]}


@pytest.mark.parametrize("given", ["15m", "12h", "1D", " 4w ", "28d"])
def test_a_site_may_be_crawled_from_every_15_minutes_to_every_4_weeks(given: str):
    settings = parse({"crawl_every": given})

    assert settings.crawl_every == given.strip().lower()
    assert "crawl_every" not in settings.told("en")


@pytest.mark.parametrize("given", ["14m", "29d", "1", "daily", "", "-1d", "1.5h", "９d", 86_400])
def test_any_other_time_between_crawls_is_refused_with_an_example(given: object):
    with pytest.raises(ConfigurationError, match=r"crawl_every is .*give e\.g\. 1d"):
        parse({"crawl_every": given})


NAMED = {
    "timezone": "Europe/Dublin",
    "mon": ["09:00-17:00"],
    "closed": ["2026-12-24"],
    "holidays": {"2026-12-25": "Christmas Day"},
    "closings": [{"begins": "2026-11-24 14:00", "ends": "2026-11-24 17:00", "name": "Stocktaking"}],
}


def test_holidays_and_closings_are_kept_with_their_names_and_the_widget_is_told_the_days_alone():
    settings = parse({"hours": NAMED, "nobody_after_min": 7})

    assert settings.as_json() == {"hours": NAMED, "nobody_after_min": 7}
    assert settings.opening_hours is not None and len(settings.opening_hours.closings) == 1
    told = settings.told("en")
    week = {"timezone": "Europe/Dublin", "mon": ["09:00-17:00"]}
    assert told["hours"] == week | {"closed": ["2026-12-24", "2026-12-25"]}
    assert "nobody_after_min" not in told


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"holidays": {"2026-02-30": "No day"}}, "hours.holidays"),
        ({"holidays": {"2026-12-25": " "}}, "hours.holidays.2026-12-25"),
        ({"holidays": {"2026-12-25": "x" * 81}}, "80 are the most"),
        ({"closings": [{"begins": "24 November", "ends": "2026-11-24 17:00", "name": "x"}]}, "no date and time"),
        ({"closings": [{"begins": "2026-11-24 17:00", "ends": "2026-11-24 17:00", "name": "x"}]}, "ends before"),
        ({"closings": [{"begins": "2026-11-24 14:00", "ends": "2026-11-24 17:00"}]}, "hours.closings.0.name"),
    ],
)
def test_what_is_no_holiday_and_no_closing_is_refused_by_its_name(more: dict[str, Any], fault: str):
    (told,) = faults({"hours": NAMED | more})

    assert fault in told


@pytest.mark.parametrize("minutes", [-1, 121, "soon"])
def test_how_long_nobody_may_come_is_refused_out_of_its_limits(minutes: object):
    (told,) = faults({"nobody_after_min": minutes})

    assert told.startswith("nobody_after_min is ")


@pytest.mark.parametrize("price", ["0.80 EUR", "0.002 EUR", "80 JPY"])
def test_what_work_costs_is_a_price_and_the_widget_is_not_told(price: str):
    settings = parse({"staff_minute_cost": price, "bot_answer_cost": price})

    assert (settings.staff_minute_cost, settings.bot_answer_cost) == (price, price)
    assert not {"staff_minute_cost", "bot_answer_cost", "valued_lot"} & settings.told("en").keys()


@pytest.mark.parametrize("price", ["0.80", "EUR 1", "-1 EUR", "1 EURO", "0.0000001 EUR"])
def test_what_is_no_price_is_refused_with_a_good_one(price: str):
    (told,) = faults({"staff_minute_cost": price})

    assert told.startswith("staff_minute_cost is ") and told.endswith("give e.g. 0.80 EUR.")

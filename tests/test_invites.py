"""Which invite fits a page, a language and a visitor, and which is never given."""

import pytest

from bot.invites import Invite, Known, choose, fitting, in_language, is_like, known_from, preferred_language, speaks

HELP = Invite(id="help", text="Any question?", pages=("/shipping*",))
DEAL = Invite(id="deal", text="Look at this", visits=2)
CHART = Invite(id="chart", text="The sizes?", trigger="size-chart")
PAGE = "https://shop.example/shipping.html?from=mail#costs"


def ids(found: list[Invite]) -> list[str]:
    return [one.id for one in found]


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/", "/", True),
        ("/", "/a", False),
        ("/products/*", "/products/", True),
        ("/products/*", "/products/a/b", True),
        ("/products/*", "/products", False),
        ("*", "/anything", True),
        ("/*/reviews", "/lamp/reviews", True),
        ("/*/reviews", "/reviews", False),
        ("/a*a", "/a", False),
        ("/a*b*c", "/a-b-b-c", True),
        ("/a*b*c", "/a-c-b", False),
        ("/[ab].html", "/a.html", False),
        ("/ca%66e", "/cafe", True),
        ("/a%2Ab", "/axb", False),
    ],
)
def test_a_star_stands_for_anything_and_nothing_else_does(pattern: str, path: str, fits: bool):
    assert is_like(path, pattern) is fits


def test_a_pattern_of_stars_takes_one_pass():
    assert not is_like("/" + "a" * 2_000, "/" + "*a" * 145 + "*b*c")


def test_a_rule_is_for_its_pages_whatever_their_query():
    assert ids(fitting([HELP, DEAL], PAGE, None)) == ["help", "deal"]
    assert ids(fitting([HELP, DEAL], "https://shop.example", None)) == ["deal"]
    assert ids(fitting([Invite(id="start", text="Hello", pages=("/",))], "https://shop.example", None)) == ["start"]


@pytest.mark.parametrize(
    ("language", "wanted", "fits"),
    [("de-AT", "de", True), ("DE", "de", True), ("de-AT", "de-CH", False), ("den", "de", False), (None, "de", False)],
)
def test_a_rule_is_for_its_languages(language: str | None, wanted: str, fits: bool):
    assert speaks(language, wanted) is fits
    assert ids(fitting([Invite(id="it", text="Hi", languages=(wanted,))], PAGE, language)) == (["it"] if fits else [])


def test_the_first_rule_that_fits_wins_and_triggers_are_told_beside_it():
    chosen = choose([CHART, HELP, DEAL], Known(visits=2))

    assert chosen.now == HELP
    assert chosen.triggers == (CHART,)


@pytest.mark.parametrize(("visits", "given"), [(1, None), (2, DEAL), (3, DEAL)])
def test_a_rule_may_wait_for_a_visit(visits: int, given: Invite | None):
    assert choose([DEAL], Known(visits)).now == given


def test_an_invite_is_not_given_twice():
    chosen = choose([HELP, DEAL, CHART], Known(9, shown=frozenset({"help", "chart"})))

    assert (chosen.now, chosen.triggers) == (DEAL, ())


@pytest.mark.parametrize("known", [Known(9, declined=True), Known(9, in_conversation=True)])
def test_who_closed_one_or_talks_is_not_invited(known: Known):
    assert choose([HELP, CHART], known).now is None
    assert choose([HELP, CHART], known).triggers == ()


def test_what_the_log_says_of_invites_is_understood():
    told = known_from(
        [("invite_shown", "help"), ("invite_accepted", "deal"), ("invite_shown", ["no", "id"]), ("basket", "x")],
        visits=3,
        in_conversation=False,
    )

    assert told == Known(3, frozenset({"help", "deal"}))
    assert known_from([("invite_closed", None)], visits=1, in_conversation=True) == Known(1, frozenset(), True, True)


@pytest.mark.parametrize(
    ("preferred", "expected"),
    [(("de-AT",), "Servus"), (("de-CH",), "Hallo"), (("fr",), "Hello"), ((None, "de"), "Hallo"), ((), "Hello")],
)
def test_a_text_is_told_in_the_nearest_language(preferred: tuple[str | None, ...], expected: str):
    assert in_language({"de": "Hallo", "de-at": "Servus", "en": "Hello"}, *preferred) == expected
    assert in_language("One for all", *preferred) == "One for all"


def test_without_english_the_first_text_is_told():
    assert in_language({"ar": "مرحبا", "de": "Hallo"}, "fr") == "مرحبا"


@pytest.mark.parametrize(
    ("told", "accepted", "expected"),
    [
        ("de-AT", "fr", "de-AT"),
        (None, "de-AT,de;q=0.9,en;q=0.8", "de-AT"),
        (None, "en;q=0.5, ar", "ar"),
        ("", "*", None),
        (None, "", None),
        (None, ";;;,q=,de;q=x,fr;q=nan,en;q=7", None),
        (None, "de;q=0", None),
    ],
)
def test_the_browsers_language_is_what_it_says_first(told: str | None, accepted: str, expected: str | None):
    assert preferred_language(told, accepted) == expected

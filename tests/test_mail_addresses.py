"""E-mail addresses in what people write."""

import pytest

from bot.mail_addresses import address_in, same_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("bob@visitors.example", "bob@visitors.example"),
        ("it is (Bob@Visitors.Example).", "Bob@Visitors.Example"),
        ("<bob+shop@mail.visitors.example>, thanks", "bob+shop@mail.visitors.example"),
        ("'bob@visitors.example'", "bob@visitors.example"),
        ("jörg@müller.example", "jörg@müller.example"),
        ("mail:o'brien@visitors.example", "o'brien@visitors.example"),
        ("ｂｏｂ＠visitors.example", "bob@visitors.example"),
        ("it is bob@visitors.example...", "bob@visitors.example"),
        ("me@xn--mller-kva.example", "me@xn--mller-kva.example"),
        ('"john doe"@visitors.example', '"john doe"@visitors.example'),
        ("a..b@visitors.example no, b@visitors.example", "b@visitors.example"),
    ],
)
def test_an_address_is_found_in_a_sentence(text: str, address: str) -> None:
    assert address_in(text) == address


@pytest.mark.parametrize(
    "text",
    [
        *("", "bob", "bob@example", "@visitors.example", "a..b@visitors.example", "bob at visitors.example"),
        *(
            "a@b@c.example",
            "x" * 65 + "@visitors.example",
            "x" * 4_000,
            "#" * 4_000,
            "a@" * 2_000,
            "bob@-visitors.example",
            "bob@visitors.invalid",
            '"' * 4_000,
            "bob@" + "a." * 2_000 + "example",
            "🙂@🙂.example",
        ),
    ],
)
def test_what_no_mail_could_reach_is_no_address(text: str) -> None:
    assert address_in(text) is None


def test_a_domain_is_the_same_however_its_letters_are_sent() -> None:
    assert same_address("me@xn--mller-kva.example", "me@müller.example")


def test_capitals_make_no_other_address() -> None:
    assert same_address("Bob@Visitors.example", " bob@visitors.EXAMPLE")
    assert not same_address("bob@visitors.example", "bob@visitor.example")

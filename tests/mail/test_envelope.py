"""What a mail looks like on its way: headers that nobody adds to, and words that stay words."""

from email import message_from_bytes, policy
from html.parser import HTMLParser
from typing import Any

import pytest

from bot.interactions import as_datetime
from bot.mail.envelope import envelope, mailable
from bot.mail.letters import Contents, letter
from bot.store.conversations import Message
from bot.store.mails import MailKind
from tests.cast import at
from tests.xss_corpus import CORPUS

LINK = "https://chat.example/resume#secret"


def contents(*said: Message, kind: MailKind = MailKind.ANSWER, **more: Any) -> Contents:
    return Contents(kind=kind, site="Demo", said=said, all=len(said), **more)


def said(text: str, sender: str = "staff", name: str = "Dana", **more: Any) -> Message:
    return Message(1, sender, text, at(), name=name, **more)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, [name for name, _ in attrs]))


def tags(html: str) -> list[tuple[str, list[str]]]:
    """Every element with the names of its attributes."""
    parser = _Tags()
    parser.feed(html)
    return parser.found


@pytest.mark.parametrize("site", ["Demo\r\nBcc: all@shop.example", "Demo\nX: y", "Demo\u2028Bcc: a@b.example"])
def test_nothing_in_a_name_becomes_a_header(site: str):
    written = letter(Contents(kind=MailKind.ANSWER, site=site, said=(said("Yes."),), all=1), link=LINK)

    mail = envelope(written, id="1", sender=f"{site} <help@shop.example>", to="bob@visitors.example",
                    at=as_datetime(at()))  # fmt: skip

    read = message_from_bytes(mail.as_bytes(), policy=policy.default)
    assert set(read.keys()) == set(mail.keys()) and not {"Bcc", "X"} & set(read.keys())
    assert read["To"].addresses[0].addr_spec == "bob@visitors.example"


@pytest.mark.parametrize(
    "address",
    ["bob@visitors.example\r\nBcc: all@shop.example", "bob@visitors.example, eve@shop.example", "bob", "bob@localhost",
     "Bob <bob@visitors.example>", "bob@visitors.example>", "", "a" * 65 + "@visitors.example", "bob@[127.0.0.1]"],
)  # fmt: skip
def test_what_is_no_address_is_mailed_to_nobody(address: str):
    assert mailable(address) is None


def test_a_name_with_umlauts_goes_to_the_domain_that_mail_knows():
    assert mailable(" bob@müller.example ") == "bob@xn--mller-kva.example"


@pytest.mark.parametrize("text", CORPUS)
def test_whatever_visitors_write_is_text_in_both_forms(text: str):
    written = letter(contents(said(text, "visitor", ""), said("Yes.")), link=LINK)

    plain = letter(contents(said("Nothing", "visitor", ""), said("Yes.")), link=LINK)
    assert tags(written.html) == tags(plain.html)
    assert text.split("\n")[0] in written.text


def test_sources_are_links_and_files_are_named():
    source = {"title": "Shipping", "url": "https://shop.example/shipping.html"}
    odd = {"title": "Odd", "url": "javascript:alert(1)"}
    file = {"id": "f", "name": "receipt.pdf", "type": "application/pdf", "size": 1000}

    written = letter(contents(said("Yes.", sources=(source, odd), files=(file,))), link=LINK)

    assert "- Shipping <https://shop.example/shipping.html>" in written.text and "File: receipt.pdf" in written.text
    assert 'href="https://shop.example/shipping.html"' in written.html
    assert "javascript:" not in written.html and "javascript:" not in written.text


def test_who_writes_german_is_written_to_in_german():
    written = letter(contents(said("Ja."), language="de"), link=LINK, until=at(days=14), stop="https://chat.example/s")

    assert written.subject == "Eine Antwort von Demo" and "Das Gespräch fortsetzen" in written.text
    assert "2026-03-16" in written.html and "Keine Mails mehr" in written.html

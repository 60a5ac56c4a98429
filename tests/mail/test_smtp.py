"""How we speak with a mail server: encrypted, or not at all."""

import ssl
from pathlib import Path

import pytest
import trustme

from bot.errors import ConfigurationError
from bot.interactions import as_datetime
from bot.mail.envelope import envelope
from bot.mail.letters import Letter
from bot.mail.smtp import Later, Server, Taken, post, server_of
from bot.settings import load
from tests.cast import at
from tests.mail.conftest import PostOffice

MAIL = envelope(Letter("Hello", "Hello", "<p>Hello"), id="1", sender="help@shop.example", to="bob@visitors.example",
                at=as_datetime(at()))  # fmt: skip
NO_FILE = Path("/nonexistent/duologue.toml")
FROM = {"DUOLOGUE_MAIL_FROM": "My shop <help@shop.example>"}


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.com", Server("mail.example.com", 587)),
        ("smtp://u%40x:p%2Fw@mail.example.com:2525", Server("mail.example.com", 2525, "u@x", "p/w")),
        ("smtps://mail.example.com", Server("mail.example.com", 465, tls="first")),
        ("smtp://relay:25?tls=off", Server("relay", 25, tls="may")),
        ("smtp://127.0.0.1:1025", Server("127.0.0.1", 1025, tls="may")),
    ],
)
def test_a_setting_says_where_mail_goes_and_how(url: str, server: Server):
    assert server_of(load({"DUOLOGUE_SMTP_URL": url} | FROM, NO_FILE).smtp_url) == server


@pytest.mark.parametrize(
    "url",
    ["mail.example.com:587", "http://mail.example.com", "smtp://", "smtp://host:0", "smtp://host:99999",
     "smtp://host/path", "smtp://host?tls=no", "smtp://u:p@host?tls=off", "smtps://host?tls=off"],
)  # fmt: skip
def test_a_setting_that_is_wrong_is_told_with_a_good_one_and_without_the_password(url: str):
    with pytest.raises(ConfigurationError, match=r"DUOLOGUE_SMTP_URL is \"\(not shown\)\".*smtp://user:password@"):
        load({"DUOLOGUE_SMTP_URL": url} | FROM, NO_FILE)


@pytest.mark.parametrize("sender", ["", "My shop", "a@b.example\nBcc: c@d.example"])
def test_mail_comes_from_somebody(sender: str):
    with pytest.raises(ConfigurationError, match=r"(?s)DUOLOGUE_MAIL_FROM.*help@shop\.example"):
        load({"DUOLOGUE_SMTP_URL": "smtp://mail.example.com", "DUOLOGUE_MAIL_FROM": sender}, NO_FILE)


def test_the_password_may_come_from_a_file(tmp_path: Path):
    (tmp_path / "smtp").write_text("smtp://u:p@mail.example.com\n")

    settings = load({"DUOLOGUE_SMTP_URL_FILE": str(tmp_path / "smtp")} | FROM, NO_FILE)

    assert server_of(settings.smtp_url).password == "p" and "u:p" not in repr(settings)


async def test_a_server_without_encryption_is_told_nothing(post_office: PostOffice):
    port = int(post_office.url.rpartition(":")[2])

    outcome = await post(Server("127.0.0.1", port, tls="must"), MAIL)

    assert isinstance(outcome, Later) and outcome.for_all and "offers no encryption" in outcome.why
    assert post_office.mails == []


@pytest.mark.parametrize("trusted", [True, False])
async def test_only_a_certificate_that_can_be_trusted_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool
):
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    if trusted:
        authority.cert_pem.write_to_path(tmp_path / "authority.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    office = PostOffice()
    office.open(tls_context=context, require_starttls=True)
    try:
        outcome = await post(Server("localhost", int(office.url.rpartition(":")[2]), tls="must"), MAIL)
    finally:
        office.close()

    assert outcome == Taken() if trusted else isinstance(outcome, Later) and "certificate" in outcome.why
    assert len(office.mails) == int(trusted)

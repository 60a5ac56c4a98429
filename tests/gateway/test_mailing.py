"""Mailing from the console: an answer, the transcript, to a colleague; with a preview, once, and written down."""

import pytest
from sqlalchemy import Connection, select

from bot.gateway.house import HOUSE
from bot.settings import Settings
from bot.store import mails, report_mails, staff
from bot.store.console_tables import audit
from bot.store.conversations import Conversation, saw
from bot.store.mail_contents import contents
from bot.store.mail_stops import stop
from bot.store.mails import MailKind, MailState
from bot.store.staff import NewMember
from bot.store.store import Store
from tests.cast import BOB, DANA, SHOP, at
from tests.gateway.front_office import FRAME, Browser, Office
from tests.gateway.test_mail_links import a_report_waits
from tests.mail.conftest import AFTER, leaves_an_address

COLLEAGUE = "lena@shop.example"


@pytest.fixture
def office_with_mail(office: Office) -> Office:
    house = office.app[HOUSE]
    given = {"home": house.settings.home, "smtp_url": "smtp://127.0.0.1:1", "mail_from": "help@shop.example"}
    house.settings = Settings.model_validate(given)
    return office


@pytest.fixture
async def talk(office_with_mail: Office, store: Store, dana: NewMember) -> Conversation:
    """Dana has answered somebody who left an address, and noted something."""
    known = await office_with_mail.conversation("Do you ship to Norway?")
    await store.write(leaves_an_address, known, BOB.email, 1)
    await store.write(staff.take, known.id, dana, at=at())
    for number, (text, note) in enumerate((("Yes, for 9.90 EUR.", False), ("Sounds keen.", True))):
        await store.write(
            staff.speak, known.id, dana, frame=f"d{number}", text=text, note=note, at=at(), mail_after=AFTER
        )
    return known


def page_of(talk: Conversation, what: str = "transcript") -> str:
    return f"/console/conversations/{talk.id}/mail?what={what}"


def post_to(talk: Conversation, what: str) -> str:
    return f"/console/conversations/{talk.id}/mail/{what}"


def mailed(connection: Connection) -> list[tuple[str, str]]:
    """What the audit log has of mailing: who, what."""
    rows = connection.execute(
        select(staff.staff.c.name, audit.c.detail)
        .join(audit, audit.c.staff == staff.staff.c.id)
        .where(audit.c.act == "mailed")
        .order_by(audit.c.id)
    )
    return [(row.name, row.detail) for row in rows]


async def test_the_transcript_is_shown_before_it_goes_and_without_notes(danas: Browser, talk: Conversation):
    page = await danas.get(page_of(talk))

    assert page.status == 200 and BOB.email in page.words and "left in the chat" in page.words
    assert "Yes, for 9.90 EUR." in page.words and "Do you ship to Norway?" in page.words
    assert "Sounds keen." not in page.words


async def test_the_transcript_goes_once_however_often_it_is_pressed_and_is_audited(
    danas: Browser, talk: Conversation, store: Store
):
    for _ in range(2):
        page = await danas.post(post_to(talk, "transcript"), {"id": FRAME.format(1)})
        assert page.status == 303 and page.location.endswith("/mail?what=transcript#mails")

    found = [one for one in await store.read(mails.mails_of, talk.id) if one.kind is MailKind.TRANSCRIPT]
    assert [(one.address, one.by, one.state) for one in found] == [(BOB.email, DANA.name, MailState.WAITING)]
    assert await store.read(mailed) == [(DANA.name, "transcript")]
    assert "waits to be sent" in (await danas.get(page_of(talk))).words


async def test_what_is_noted_is_in_no_visitors_mail_and_goes_to_a_colleague_when_asked_for(
    store: Store, talk: Conversation
):
    of = {kind: [one.text for one in await store.read(contents, talk.id, kind, up_to=99)] for kind in MailKind}

    assert "Sounds keen." in of.pop(MailKind.FORWARD_ALL)
    assert all("Sounds keen." not in said for said in of.values())


async def test_it_is_forwarded_to_a_colleague(danas: Browser, talk: Conversation, store: Store):
    fields = {"id": FRAME.format(1), "to": COLLEAGUE, "words": "Yours, I think.", "notes": "1"}

    await danas.post(post_to(talk, "forward"), fields)

    found = next(one for one in await store.read(mails.mails_of, talk.id) if one.address == COLLEAGUE)
    assert (found.kind, found.words, found.by) == (MailKind.FORWARD_ALL, "Yours, I think.", DANA.name)
    assert await store.read(mailed) == [(DANA.name, "forward_all")]


async def test_the_preview_of_what_is_forwarded_has_notes_when_asked_for(danas: Browser, talk: Conversation):
    without, with_notes = (
        await danas.get(page_of(talk, "forward")),
        await danas.get(f"{page_of(talk, 'forward')}&notes=1"),
    )

    assert "Sounds keen." not in without.words and "Sounds keen." in with_notes.words


@pytest.mark.parametrize("to", ["", "lena", f"{COLLEAGUE}\r\nBcc: all@shop.example", f"{COLLEAGUE}, {BOB.email}"])
async def test_what_is_no_address_is_refused_and_what_was_typed_is_kept(
    danas: Browser, talk: Conversation, store: Store, to: str
):
    page = await danas.post(post_to(talk, "forward"), {"id": FRAME.format(1), "to": to, "words": "Please look"})

    assert page.status == 400 and "Nothing was sent" in page.words and "Please look" in page.text
    assert await store.read(mailed) == []


async def test_mail_this_answer_takes_what_waits_and_is_pressed_once(danas: Browser, talk: Conversation, store: Store):
    link = await danas.get(f"/console/conversations/{talk.id}")
    preview = await danas.get(page_of(talk, "answer"))

    first = await danas.post(post_to(talk, "answer"), {"id": FRAME.format(1)})
    second = await danas.post(post_to(talk, "answer"), {"id": FRAME.format(2)})

    assert "Mail this answer" in link.words and "Yes, for 9.90 EUR." in preview.words
    assert (first.status, second.status) == (303, 409) and "mailed already" in second.words
    (mail,) = await store.read(mails.mails_of, talk.id)
    assert (mail.kind, mail.due_at, mail.after, mail.up_to) == (MailKind.ANSWER, at(), 1, 2)


async def test_an_answer_that_was_read_is_not_mailed(danas: Browser, talk: Conversation, store: Store):
    await store.write(saw, talk.id, 2)

    page, pressed = (
        await danas.get(page_of(talk, "answer")),
        await danas.post(post_to(talk, "answer"), {"id": FRAME.format(1)}),
    )

    assert "no answer that they have not read" in page.words and pressed.status == 409


async def test_who_wants_no_mail_or_left_no_address_is_not_mailed(
    danas: Browser, talk: Conversation, office: Office, store: Store
):
    await store.write(stop, SHOP, BOB.email, at=at())
    nobody = await office.conversation("Hello")

    stopped, unknown = await danas.get(page_of(talk)), await danas.get(page_of(nobody))
    pressed = [(await danas.post(post_to(one, "transcript"), {"id": FRAME.format(1)})).status for one in (talk, nobody)]

    assert "They want no mail" in stopped.words and "left no mail address" in unknown.words
    assert pressed == [409, 409] and await store.read(mailed) == []


async def test_reports_that_did_not_go_are_shown_with_their_trouble(
    danas: Browser, office_with_mail: Office, store: Store
):
    mail = await store.write(a_report_waits, at())
    waiting = await danas.get("/console/mail")
    await store.write(
        report_mails.becomes, mail, state="refused", trouble="The server refuses <b>the address</b> (550)."
    )

    refused = await danas.get("/console/mail")

    assert "demo : 1 waiting, 0 not sent." in waiting.words.replace("demo:", "demo :")
    assert "0 waiting, 1 not sent." in refused.words and "&lt;b&gt;the address&lt;/b&gt; (550)" in refused.text
    # Whoever answers visitors has no say about reports, and no address of theirs to see.
    assert "/insights/report/schedule" not in refused.text and "owner@shop.example" not in refused.text


async def test_without_mail_the_console_says_so_and_nothing_is_queued(danas: Browser, office: Office, store: Store):
    known = await office.conversation("Hello")
    await store.write(leaves_an_address, known, BOB.email, 1)

    page, all_mail = await danas.get(page_of(known)), await danas.get("/console/mail")
    refused = await danas.post(post_to(known, "transcript"), {"id": FRAME.format(1)})

    assert "Mail is not set up" in page.words and "Mail is not set up" in all_mail.words
    assert refused.status == 409 and await store.read(mails.mails_of, known.id) == []


async def test_what_waits_and_what_was_refused_is_listed_and_tried_anew(
    danas: Browser, talk: Conversation, store: Store
):
    (mail,) = await store.read(mails.mails_of, talk.id)
    waiting = await danas.get("/console/mail")
    await store.write(mails.is_refused, mail.id, "The server refuses the address (550).")
    refused = await danas.get("/console/mail?state=refused")

    pressed = [(await danas.post(f"/console/mail/{mail.id}/again")).status for _ in range(2)]

    assert "Waiting 1" in waiting.words and BOB.email in waiting.words
    assert "Not sent 1" in refused.words and "refuses the address (550)" in refused.words
    assert pressed == [303, 303]
    assert [one.state for one in await store.read(mails.mails_of, talk.id)] == [MailState.WAITING]


async def test_unknown_ones_are_not_found(danas: Browser, talk: Conversation):
    at = "/console/conversations/nobody/mail"
    found = [await danas.get(at), await danas.post(f"{at}/forward"), await danas.post("/console/mail/nobody/again")]
    found += [await danas.get(page_of(talk, "all")), await danas.get("/console/mail?state=sent")]
    found.append(await danas.get("/console/mail?page=x"))

    assert [page.status for page in found] == [404] * 6

"""What staff say while the visitor is away goes by mail: once, soon, and whatever the server does."""

import json
from datetime import timedelta
from pathlib import Path

from bot.mail.sender import Sender, pause_after
from bot.settings import Settings
from bot.store import mail_tables, mails
from bot.store.conversations import saw
from bot.store.forget import forget_conversation
from bot.store.mail_stops import stop
from bot.store.mails import MailState
from bot.store.store import Store
from bot.store.whole_person import everything
from tests.cast import BOB, SHOP, at
from tests.mail.conftest import AFTER, Away, Clock, PostOffice, Talk


async def states(store: Store, talk: Talk) -> list[MailState]:
    return [one.state for one in await store.read(mails.mails_of, talk.conversation.id)]


async def test_an_answer_goes_by_mail_to_who_is_away(
    store: Store, talk: Talk, sender: Sender, post_office: PostOffice, clock: Clock
):
    await talk.answer("Yes, for 9.90 EUR.")
    clock.pass_(minutes=5)

    await sender.look()

    (mail,) = post_office.mails
    assert post_office.given_to == [[BOB.email]]
    assert mail["Subject"] == "An answer from Demo" and mail["From"] == "Teasel Mill <help@shop.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_body(("plain",)).get_content()
    assert "Dana has answered" in text and "Do you ship to Norway?" in text and "Yes, for 9.90 EUR." in text
    assert "http://127.0.0.1:8080/resume#" in text and "/mail/stop/" in mail["List-Unsubscribe"]
    assert await states(store, talk) == [MailState.SENT]


async def test_five_answers_in_a_row_are_one_mail(talk: Talk, sender: Sender, post_office: PostOffice, clock: Clock):
    for number in range(5):
        await talk.answer(f"Part {number} of the answer.")
        clock.pass_(minutes=1)
        await sender.look()
    clock.pass_(minutes=5)

    await sender.look()
    await sender.look()

    (mail,) = post_office.mails
    text = mail.get_body(("plain",)).get_content()
    assert [f"Part {number}" in text for number in range(5)] == [True] * 5


async def test_what_is_said_later_is_another_mail_without_what_went_before(
    talk: Talk, sender: Sender, post_office: PostOffice, clock: Clock
):
    await talk.answer("The first.")
    clock.pass_(minutes=5)
    await sender.look()
    await talk.answer("The second.")
    clock.pass_(minutes=5)

    await sender.look()

    assert len(post_office.mails) == 2
    assert "The first." not in post_office.mails[1].get_body(("plain",)).get_content()


async def test_who_writes_all_day_is_not_waited_for(talk: Talk, sender: Sender, post_office: PostOffice, clock: Clock):
    for _ in range(5):
        await talk.answer("And another thing.")
        clock.pass_(minutes=4)
        await sender.look()

    assert len(post_office.mails) == 1


async def test_who_is_here_or_has_read_it_gets_no_mail(
    store: Store, talk: Talk, sender: Sender, post_office: PostOffice, clock: Clock, away: Away
):
    seq = await talk.answer("Yes.")
    clock.pass_(minutes=5)
    away.span = timedelta(0)
    await sender.look()
    assert await states(store, talk) == [MailState.WAITING]

    await store.write(saw, talk.conversation.id, seq)
    away.span = timedelta(hours=1)
    clock.pass_(minutes=5)
    await sender.look()

    assert post_office.mails == [] and await states(store, talk) == [MailState.NEEDLESS]


async def test_who_has_just_left_is_waited_for(
    talk: Talk, sender: Sender, post_office: PostOffice, clock: Clock, away: Away
):
    await talk.answer("Yes.")
    clock.pass_(minutes=5)

    away.span = AFTER - timedelta(seconds=1)
    await sender.look()
    before = len(post_office.mails)
    clock.pass_(seconds=1)
    away.span = AFTER
    await sender.look()

    assert (before, len(post_office.mails)) == (0, 1)


async def test_a_note_goes_to_nobody(store: Store, talk: Talk):
    await talk.answer("They sound cross.", note=True)

    assert await states(store, talk) == []


async def test_who_wants_no_mail_gets_none_also_of_what_waits_already(
    store: Store, talk: Talk, sender: Sender, post_office: PostOffice, clock: Clock
):
    await talk.answer("Yes.")
    await store.write(stop, SHOP, BOB.email.upper(), at=at())
    clock.pass_(minutes=5)

    await sender.look()
    await talk.answer("Still yes.")

    assert post_office.mails == [] and await states(store, talk) == [MailState.NEEDLESS]


async def test_who_is_forgotten_gets_no_mail(
    store: Store, talk: Talk, sender: Sender, post_office: PostOffice, clock: Clock
):
    await talk.answer("Yes.")
    await store.write(forget_conversation, talk.conversation.id)
    clock.pass_(minutes=5)

    await sender.look()

    assert post_office.mails == [] and await states(store, talk) == []


async def test_what_was_mailed_is_part_of_what_a_person_gets(store: Store, talk: Talk, clock: Clock):
    await talk.answer("Yes.")

    told = json.loads(await store.read(everything, talk.conversation.id, at=clock()) or b"{}")

    assert [(one["address"], one["kind"]) for one in told["mails"]] == [(BOB.email, "answers")]


async def test_a_server_that_is_down_is_tried_again_and_nothing_is_lost(
    store: Store, talk: Talk, sender: Sender, post_office: PostOffice, clock: Clock
):
    port = int(post_office.url.rpartition(":")[2])
    post_office.close()
    await talk.answer("Yes.")
    clock.pass_(minutes=5)
    await sender.look()
    told = await store.read(mails.outbox)

    post_office.open(port)
    await sender.look()
    at_once = len(post_office.mails)
    clock.pass_(minutes=1)
    await sender.look()

    assert told == mails.Outbox(1, 0, f"127.0.0.1:{port} can't be reached.")
    assert (at_once, len(post_office.mails)) == (0, 1)


async def test_not_now_is_asked_again_with_the_same_message_id(
    store: Store, talk: Talk, sender: Sender, post_office: PostOffice, clock: Clock
):
    post_office.answers = ["451 try later", "250 OK"]
    await talk.answer("Yes.")
    clock.pass_(minutes=5)
    await sender.look()
    (waiting,) = await store.read(mails.mails_of, talk.conversation.id)

    clock.pass_(minutes=1)
    await sender.look()

    assert (waiting.state, waiting.tries) == (MailState.WAITING, 1) and "451" in (waiting.trouble or "")
    (mail,) = post_office.mails
    assert mail["Message-ID"] == f"<{waiting.id}@shop.example>"
    assert await states(store, talk) == [MailState.SENT]


async def test_what_is_refused_for_good_is_not_tried_again(
    store: Store, talk: Talk, sender: Sender, post_office: PostOffice, clock: Clock
):
    post_office.to_recipients = ["550 no such mailbox"]
    await talk.answer("Yes.")
    clock.pass_(minutes=5)

    await sender.look()
    clock.pass_(days=1)
    await sender.look()

    (mail,) = await store.read(mails.mails_of, talk.conversation.id)
    assert (mail.state, mail.trouble) == (MailState.REFUSED, "The server refuses the address (550).")
    assert post_office.mails == []


async def test_after_two_days_in_vain_it_is_given_up(
    store: Store, talk: Talk, sender: Sender, post_office: PostOffice, clock: Clock
):
    post_office.answers = ["451 try later"] * 9
    await talk.answer("Yes.")
    clock.pass_(minutes=5)
    await sender.look()
    clock.pass_(days=2)

    await sender.look()

    (mail,) = await store.read(mails.mails_of, talk.conversation.id)
    assert mail.state is MailState.REFUSED and (mail.trouble or "").startswith("Given up after two days.")


async def test_what_was_refused_can_be_tried_anew(
    store: Store, talk: Talk, sender: Sender, post_office: PostOffice, clock: Clock
):
    post_office.answers = ["554 no"]
    await talk.answer("Yes.")
    clock.pass_(minutes=5)
    await sender.look()
    (mail,) = await store.read(mails.mails_of, talk.conversation.id)

    again = await store.write(mails.try_again, mail.id, at=clock())
    twice = await store.write(mails.try_again, mail.id, at=clock())
    await sender.look()

    assert (again, twice) == (True, False) and len(post_office.mails) == 1


async def test_an_address_that_no_mail_can_go_to_is_refused_at_once(
    store: Store, talk: Talk, sender: Sender, post_office: PostOffice, clock: Clock
):
    await talk.answer("Yes.")
    await store.write(lambda connection: connection.execute(mail_tables.mails.update().values(address="bob@localhost")))
    clock.pass_(minutes=5)

    await sender.look()

    assert await states(store, talk) == [MailState.REFUSED] and post_office.mails == []


async def test_without_a_server_nothing_waits_for_ever(
    store: Store, talk: Talk, away: Away, clock: Clock, tmp_path: Path
):
    await talk.answer("Yes.")

    await Sender(store, Settings(home=tmp_path), now=clock, away_for=away).look()

    (mail,) = await store.read(mails.mails_of, talk.conversation.id)
    assert mail.state is MailState.REFUSED and "not set up" in (mail.trouble or "")


def test_pauses_grow_to_an_hour():
    assert [pause_after(tries) // timedelta(minutes=1) for tries in (1, 2, 3, 6, 7, 40)] == [1, 2, 4, 32, 60, 60]

"""A sender that is killed while it sends: the mail goes, at worst twice, and then one can see that it is the same."""

import asyncio
import signal
import sys

from bot.mail.sender import HOLD, Sender
from bot.store import mails
from bot.store.mails import MailState
from bot.store.store import Store
from tests.mail.conftest import Clock, PostOffice, Talk

PATIENCE_S = 60


async def test_a_mail_that_was_being_sent_goes_again_under_the_same_message_id(
    store: Store, store_url: str, talk: Talk, sender: Sender, post_office: PostOffice, clock: Clock
):
    await talk.answer("Yes.")
    clock.pass_(minutes=5)
    killed: list[asyncio.subprocess.Process] = []
    post_office.at_data = lambda: killed[0].send_signal(signal.SIGKILL)
    command = (sys.executable, "-m", "tests.mail.send_once", store_url, post_office.url, str(clock()))
    killed.append(await asyncio.create_subprocess_exec(*command))

    code = await asyncio.wait_for(killed[0].wait(), PATIENCE_S)
    post_office.at_data = None
    await sender.look()
    at_once = len(post_office.mails)
    clock.pass_(seconds=HOLD.total_seconds())
    await sender.look()

    assert code == -signal.SIGKILL and at_once == 1
    first, second = post_office.mails
    assert first["Message-ID"] == second["Message-ID"]
    (mail,) = await store.read(mails.mails_of, talk.conversation.id)
    assert (mail.state, mail.tries) == (MailState.SENT, 2)

"""Judges conversations: reads them, counts, and writes the scores down, a few at a time."""

import asyncio
from collections.abc import Sequence

from bot.conversation_counts import counted
from bot.conversation_score import Counts
from bot.interactions import ConversationId, SiteKey
from bot.store.scores import Heard, Judged, behind, hear, keep, kept_score
from bot.store.store import Store

AT_ONCE = 50


async def judge(store: Store, whose: Sequence[ConversationId]) -> None:
    """Gives these conversations the scores that they have now; those in which a turn is open keep the one before."""
    heard = await store.read(hear, whose)
    # On PostgreSQL a read runs on the event loop, and counting words is no reading.
    judged = await asyncio.to_thread(lambda: [judged_by(one) for one in heard])
    if judged:
        await store.write(keep, judged)


async def judge_all(store: Store, *, site: SiteKey | None = None, again: bool = False) -> int:
    """Judges what has not been judged since something was said in it, or with `again` everything; how many there were.

    Nothing is forgotten before it is replaced, so that a report can be read meanwhile.
    """
    after, number = ConversationId(""), 0
    while found := await store.read(behind, after, AT_ONCE, site=site, again=again):
        await judge(store, found)
        after, number = found[-1], number + len(found)
    return number


def judged_by(heard: Heard) -> Judged:
    by_page = counted(heard.lines, heard.page)
    return Judged(heard.conversation, heard.site, heard.seq, heard.said_at, by_page, heard.bot)


async def counts_now(store: Store, conversation: ConversationId) -> Counts | None:
    """What the conversation's score is made of at this moment; while a turn is open, as it was judged last."""
    heard = await store.read(hear, [conversation])
    if not heard:
        return await store.read(kept_score, conversation)
    judged = await asyncio.to_thread(judged_by, heard[0])
    return judged.whole

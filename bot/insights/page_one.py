"""One page of the site: its score over time, and what was asked on it."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.insights.page_names import PageNames
from bot.insights.scores_over_time import ScoresOverTime, scores_over_time
from bot.interactions import ConversationId
from bot.store.page_questions import AskedOn, asked_on
from bot.store.pages_of_rows import Span
from bot.store.questions import crawled_pages, normal
from bot.store.score_figures import page_scores_after
from bot.store.store import Store

LOOKED_AT = 500
"""The latest questions of the page; older ones are in the figures alone."""
ADDRESSES_AT_ONCE = 1_000


@dataclass
class Wording:
    """A question in the words it was asked in last, with who asked it so."""

    text: str
    last: tuple[ConversationId, int]
    times: int = 0
    unanswered: int = 0
    conversations: int = 0


@dataclass(frozen=True)
class PageTalk:
    """`questions`: unanswered ones first, and those that most conversations had. `capped`: older ones are left out."""

    scores: ScoresOverTime
    questions: tuple[Wording, ...]
    capped: bool


async def page_talk(store: Store, span: Span, url: str) -> PageTalk:
    """What was said on the page `url`, under whichever of its addresses."""
    addresses = await _addresses(store, span, url)
    asked, capped = await store.read(asked_on, span, addresses, LOOKED_AT)
    scores = await scores_over_time(store, span, addresses)
    return PageTalk(scores, tuple(_worded(asked)), capped)


async def _addresses(store: Store, span: Span, url: str) -> list[str]:
    names = PageNames(await store.read(crawled_pages, span.site))
    number, found, after = names.number_of(url), list[str](), ""
    while rows := await store.read(page_scores_after, span, after, ADDRESSES_AT_ONCE):
        found += [address for address, _ in rows if names.number_of(address, seen=False) == number]
        after = rows[-1][0]
    return found


def _worded(asked: Iterable[AskedOn]) -> list[Wording]:
    found: dict[str, Wording] = {}
    talks: dict[str, set[ConversationId]] = {}
    for one in asked:
        words = normal(one.text)
        wording = found.setdefault(words, Wording(one.text, (one.conversation, one.seq)))
        wording.times += 1
        wording.unanswered += one.unanswered
        talks.setdefault(words, set()).add(one.conversation)
    for words, wording in found.items():
        wording.conversations = len(talks[words])
    return sorted(found.values(), key=lambda one: (not one.unanswered, -one.conversations, -one.times))

"""Visitors who ask the pages, and what was found at that time, as the store has it after such turns."""

from itertools import count

from bot.interactions import ConversationId, Kind, Microseconds, SiteKey, Understanding
from bot.store.consents import set_consent
from bot.store.conversations import begin, find
from bot.store.pages_of_rows import Span
from bot.store.questions import ACTION
from bot.store.store import Store
from bot.store.turns import Outcome, Reply, close, next_open, receive
from bot.store.visitors import mark_staff
from tests.cast import SHOP, at

HOME = "https://shop.example/"
HATS = "https://shop.example/hats"
ALL = Span(SHOP, at(days=-1), at(days=400))
NOT_FOUND = "I could not find that on our pages."

_frames = count(1)


def a_frame() -> str:
    return f"00000000-0000-4000-8000-{next(_frames):012}"


async def somebody(store: Store, site: SiteKey = SHOP, *, agrees: bool = False) -> ConversationId:
    """A new conversation; of a visitor with an id, when they agree to be measured."""
    conversation, _ = await store.write(begin, site, at=at(), language="en", page=None)
    if agrees:
        await agree(store, conversation.id)
    return conversation.id


async def of_staff(store: Store) -> ConversationId:
    """A conversation that somebody of the shop's own people begins, to try the chat."""
    conversation = await somebody(store, agrees=True)
    known = await store.read(find, conversation)
    assert known is not None and known.visitor is not None
    await store.write(mark_staff, known.visitor)
    return conversation


async def agree(store: Store, conversation: ConversationId) -> None:
    await store.write(set_consent, conversation, frame=a_frame(), measure=True, memory=False, at=at())


async def ask(
    store: Store,
    conversation: ConversationId,
    question: str,
    *,
    page: str | None = HOME,
    found: str | None = None,
    near: str | None = None,
    when: Microseconds | None = None,
    actions: tuple[str, ...] = (ACTION,),
    bot: str = "",
) -> None:
    """A turn in which the pages were asked: they answered from `found`, or offered `near` at most."""
    when = at() if when is None else when
    await store.write(receive, conversation, frame=a_frame(), text=question, page=page, at=when)
    turn = await store.read(next_open, conversation)
    assert turn is not None
    named = [one for one in (found or near,) if one]
    data = {"confidence": 0.9 if found else 0.2, "pages": named}
    sources = tuple({"url": one, "title": "", "quote": ""} for one in named)
    outcome = Outcome(
        replies=(Reply("Here it is." if found else NOT_FOUND, sources),),
        understanding=Understanding("ask_page", 0.9),
        actions=actions,
        noted=() if found or ACTION not in actions else ((Kind.UNANSWERED, data),),
        from_pages={"answered": found is not None} | data if ACTION in actions else None,
        bot=bot,
    )
    await store.write(close, turn, outcome, at=when)

"""Visitors who get quotes from the pages and tell what they think of them, as the store has it after such turns."""

from collections.abc import Sequence

from bot.desk import OPTION
from bot.interactions import ConversationId, Kind, Understanding
from bot.store.consents import ask_person, note
from bot.store.staff import add_member, speak, take
from bot.store.store import Store
from bot.store.turns import Outcome, Reply, close, next_open, receive
from tests.asking import HOME, a_frame
from tests.cast import DANA, at

WHICH = "Which do you mean?"


async def get(
    store: Store,
    conversation: ConversationId,
    question: str,
    quoted: tuple[str, str] | None = None,
    *,
    options: Sequence[str] = (),
    wants_person: str | None = None,
) -> None:
    """A turn in which the pages were asked: they gave these words of this page, or asked back."""
    await store.write(receive, conversation, frame=a_frame(), text=question, page=HOME, at=at())
    turn = await store.read(next_open, conversation)
    assert turn is not None
    sources = ({"url": quoted[0], "title": "", "quote": quoted[1]},) if quoted and not options else ()
    buttons = tuple((one, OPTION) for one in options)
    from_pages = {"answered": quoted is not None, "confidence": 0.9, "pages": [quoted[0]] if quoted else []}
    outcome = Outcome(
        replies=(Reply(WHICH if options else quoted[1] if quoted else "I do not know.", sources, buttons),),
        understanding=Understanding("ask_page", 0.9),
        from_pages=None if wants_person else from_pages,
        wants_person=wants_person,
    )
    await store.write(close, turn, outcome, at=at())


async def rate(store: Store, conversation: ConversationId, stars: int) -> None:
    data = {"stars": stars, "words": "canary words"}
    await store.write(note, conversation, frame=a_frame(), kind=Kind.RATING, data=data, at=at())


async def ask_for_person(store: Store, conversation: ConversationId) -> None:
    """By the button beside the chat."""
    await store.write(ask_person, conversation, frame=a_frame(), reason="", by="visitor", at=at())


async def staff_says(store: Store, conversation: ConversationId, text: str) -> None:
    dana = await store.write(add_member, DANA.name, "agent", at=at())
    await store.write(take, conversation, dana, at=at())
    await store.write(speak, conversation, dana, frame=a_frame(), text=text, note=False, at=at())

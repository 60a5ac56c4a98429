"""The sources of an answer: what is clicked goes to the quote, what is counted is the page."""

from bot.interactions import ConversationId
from bot.store.store import Store
from bot.store.turns import next_open
from tests.fake_engine import FakeEngine
from tests.gateway.visitor import Visitor

PAGE = "https://shop.example/shipping"
MARKED = f"{PAGE}#:~:text=We%20ship%20to%20Norway."
SOURCE = {"url": PAGE, "title": "Shipping", "quote": "We ship to Norway."}


async def test_a_click_leads_to_the_quote_and_the_transcript_keeps_the_page(
    visitor: Visitor, engine: FakeEngine, store: Store
) -> None:
    engine.shows("We ship to Norway.", sources=[SOURCE | {"link": MARKED}])
    conversation = ConversationId((await visitor.connect())["conversation"])

    answer = await visitor.ask("Do you ship to Norway?")
    engine.hold()
    await visitor.say("And to Iceland?")

    assert answer["sources"] == [SOURCE | {"url": MARKED}]
    turn = await store.read(next_open, conversation)
    assert turn is not None
    assert turn.history[-1].sources == (SOURCE | {"link": MARKED},)
    engine.go_on()


async def test_a_source_without_a_mark_is_shown_as_it_is(visitor: Visitor, engine: FakeEngine) -> None:
    engine.shows("Look here.", sources=[SOURCE])
    await visitor.connect()

    assert (await visitor.ask("Where?"))["sources"] == [SOURCE]

"""The report about pages, against stories that were counted by hand."""

import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.errors import ConfigurationError
from bot.insights.command import insights
from bot.insights.page_names import MOST_UNKNOWN, OTHERS, PageNames
from bot.insights.pages import pages
from bot.insights.reports import Wish
from bot.interactions import ConversationId, Interaction, Kind, Understanding
from bot.pages.critique.critique import critique
from bot.store.consents import ask_person
from bot.store.conversations import begin
from bot.store.counts import count_views
from bot.store.interactions import append
from bot.store.pages import NewPage, NewPassage, add_pages, begin_crawl, finish_crawl
from bot.store.purchases import Notice, record
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.turns import Outcome, Reply, close, next_open, press, receive
from bot.store.visitors import create, mark_staff
from tests.asking import of_staff
from tests.cast import ALICE, SHOP, at
from tests.insights.happened import bought, did, refunded

HOME, SHIPPING, SOCKS = "https://shop.example/", "https://shop.example/shipping", "https://shop.example/socks"
BLOG = "https://shop.example/blog/wool"
DAY = 24 * 60
TODAY = date(2026, 3, 5)
LOOKED_UP = ("action_listen", "action_answer_from_pages")
OFFER = ("Talk to a person", "/ask_person")


async def crawled(store: Store, *found: tuple[str, str]) -> None:
    """Pages, each with its words."""
    crawl = await store.write(begin_crawl, SHOP, origin="test", at=at())
    new = [NewPage(url, f"Title of {url}", "", at(), (NewPassage(0, (), words, ""),)) for url, words in found]
    await store.write(add_pages, crawl, new)
    await store.write(finish_crawl, SHOP, crawl, at=at(), report={})


def saw(who: str, url: str, minute: float, **changes: Any) -> Interaction:
    return did(who, Kind.PAGE_VIEW, minute, url=url, data={"title": "As seen"}, **changes)


class Talk:
    """A conversation of somebody, turn by turn, as the gateway stores it."""

    def __init__(self, store: Store, id: ConversationId) -> None:
        self.store, self.id, self.turns = store, id, 0

    async def asks(self, text: str, page: str | None, minute: float, *sources: str) -> str:
        """Asks the pages; without sources none answers. Gives the id of the offer's button."""
        self.turns += 1
        frame = f"{self.id}:{self.turns}"
        await self.store.write(receive, self.id, frame=frame, text=text, page=page, at=at(minutes=minute))
        noted = () if sources else ((Kind.UNANSWERED, {"confidence": 0.1, "pages": [HOME]}),)
        # What is not answered names the nearest pages, which answer nothing.
        named = tuple({"url": url, "title": "", "quote": ""} for url in sources or (HOME,))
        reply = Reply("As our pages say.", sources=named, buttons=() if sources else (OFFER,))
        return await self._closes(minute, Outcome((reply,), Understanding("ask", 0.9), LOOKED_UP, noted=noted))

    async def says(self, text: str, page: str | None, minute: float) -> None:
        self.turns += 1
        frame = f"{self.id}:{self.turns}"
        await self.store.write(receive, self.id, frame=frame, text=text, page=page, at=at(minutes=minute))
        await self._closes(minute, Outcome((Reply("Hello!"),), Understanding("greet", 0.9), ("utter_greet",)))

    async def takes_offer(self, button: str, minute: float) -> None:
        await self.store.write(press, self.id, frame=f"{self.id}:press", button=button, at=at(minutes=minute))
        outcome = Outcome((Reply("I have passed this on."),), Understanding("ask_person", 1.0), wants_person="asked")
        await self._closes(minute, outcome)

    async def _closes(self, minute: float, outcome: Outcome) -> str:
        turn = await self.store.read(next_open, self.id)
        assert turn is not None
        closed = await self.store.write(close, turn, outcome, at=at(minutes=minute, seconds=1))
        assert closed is not None
        return next((one["id"] for message in closed.messages for one in message.buttons), "")


async def talk(store: Store, page: str | None = HOME) -> Talk:
    conversation, _ = await store.write(begin, SHOP, at=at(), language="en", page=page)
    return Talk(store, conversation.id)


async def report(store: Store, *window: str) -> dict[str, Any]:
    return await pages(store, SHOP, *(window or ("2026-03-02", "2026-03-03")), critic=critique, today=TODAY)


def by_url(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["url"]: row for row in told["rows"]}


def figures(row: dict[str, Any], *names: str) -> Sequence[Any]:
    return [row[name] for name in names]


async def bought_by(store: Store, shop: Site, id: str, minute: float, value: int, currency: str, **who: Any) -> None:
    notice = Notice(id=id, kind=Kind.PURCHASE, at=at(minutes=minute), value=value, currency=currency, **who)
    await store.write(record, shop, notice, at=at(minutes=minute))


async def two_days(store: Store, shop: Site) -> None:
    """Alice comes three times and buys three times, Charlie once; staff, somebody unmeasured and a shell besides."""
    await crawled(store, (HOME, "We weave."), (SHIPPING, "We ship."), (SOCKS, "Warm."))
    alice, charlie, dana = [
        (await store.write(create, shop, at=at(), measure=True, memory=False)).id for _ in range(3)
    ]  # fmt: skip
    await store.write(mark_staff, dana)
    # Monday: Alice's first visit, over three pages, ends with an order; after 50 minutes begins her second.
    happened = [
        saw(alice, HOME, 0),
        did(alice, Kind.EXPOSED, 0, url=HOME, arm="offered"),
        saw(alice, f"{SHIPPING}?utm_source=mail#top", 5),
        did(alice, Kind.OPENED, 6, url=f"{SHIPPING}/"),
        saw(alice, SOCKS, 10),
        saw(alice, SOCKS, 60),
    ]
    # Tuesday: Charlie, who is held out, and Alice on another page; her browser was offline and tells it late.
    happened += [
        saw(charlie, SOCKS, DAY),
        did(charlie, Kind.EXPOSED, DAY, url=SOCKS, arm="held_out"),
        saw(charlie, BLOG, DAY + 90),
        saw(alice, SHIPPING, DAY),
        *(saw(dana, SHIPPING, minute) for minute in (1, 2, 3)),
        did(dana, Kind.OPENED, 1, url=SHIPPING),
        did(None, Kind.UNDERSTANDING, 1, source="rasa", data={"actions": list(LOOKED_UP)}),
        # Wednesday is in no window of these tests.
        saw(alice, HOME, 2 * DAY),
    ]
    await store.write(append, happened)
    for day, views in ((0, {SHIPPING: 5}), (1, {SHIPPING: 2, BLOG: 3}), (2, {SHIPPING: 100})):
        await store.write(count_views, SHOP, views, at=at(days=day))
    await bought_by(store, shop, "one", 20, 4990, "EUR", visitor=alice, customer=ALICE.customer)
    await bought_by(store, shop, "two", 65, 1000, "USD", visitor=alice)
    await bought_by(store, shop, "three", DAY + 10, 700, "EUR", customer=ALICE.customer)
    await bought_by(store, shop, "late", DAY + 30, 3000, "EUR", visitor=charlie)
    await bought_by(store, shop, "nobody", DAY, 100, "EUR")
    refund = Notice(id="back", kind=Kind.REFUND, of="one", at=at(hours=2), value=990, currency="EUR")
    await store.write(record, shop, refund, at=at())
    of_alice = await talk(store)
    await of_alice.says("Hello", SHIPPING, 6)
    await of_alice.asks("Do you ship to Norway?", SHIPPING, 7, f"{SHIPPING}#:~:text=Norway", HOME)
    offer = await of_alice.asks("And to Mars?", f"{SHIPPING}?utm_source=mail", 8)
    await of_alice.takes_offer(offer, 9)
    of_charlie = await talk(store)
    await of_charlie.asks("Is it warm?", SOCKS, DAY + 1, SHIPPING)
    for text in ("Is it blue?", "Is it red?", "IS IT  RED"):
        await of_charlie.asks(text, SOCKS, DAY + 2)
    await store.write(
        ask_person, of_charlie.id, frame="h", reason="asked", by="button", at=at(minutes=DAY + 3)
    )  # fmt: skip


async def test_every_figure_is_the_one_counted_by_hand(store: Store, shop: Site):
    await two_days(store, shop)

    told = await report(store)

    rows = by_url(told)
    seen = ("views", "views_measured", "views_daily", "exposures", "held_out", "opened")
    assert {url: figures(row, *seen) for url, row in rows.items()} == {
        SHIPPING: [9, 2, 7, 0, 0, 1],
        BLOG: [4, 1, 3, 0, 0, 0],
        SOCKS: [3, 3, 0, 1, 1, 0],
        HOME: [1, 1, 0, 1, 0, 0],
    }
    asked = ("messages", "questions", "answered_here", "answered_elsewhere", "unanswered", "handed_over")
    assert {url: figures(row, *asked) for url, row in rows.items()} == {
        # Hello, two questions and the pressed button, which names no page of its own.
        SHIPPING: [4, 2, 1, 0, 1, 1],
        BLOG: [0, 0, 0, 0, 0, 0],
        SOCKS: [4, 4, 0, 1, 3, 1],
        HOME: [0, 0, 0, 0, 0, 0],
    }
    euro = {"revenue": "40.00", "currency": "EUR"}
    assert {url: figures(row, "purchases", "revenue") for url, row in rows.items()} == {
        # The first order less its refund; the third, which the shop told of the customer alone.
        SHIPPING: [2, [{"revenue": "47.00", "currency": "EUR"}]],
        BLOG: [0, []],
        SOCKS: [2, [euro, {"revenue": "10.00", "currency": "USD"}]],
        HOME: [1, [euro]],
    }


async def test_orders_are_told_once_beside_the_pages(store: Store, shop: Site):
    await two_days(store, shop)

    told = await report(store)

    assert told["purchases"] == {
        "purchases": 3,
        "revenue": [{"revenue": "47.00", "currency": "EUR"}, {"revenue": "10.00", "currency": "USD"}],
    }
    # Half an hour after the last page, and of nobody known.
    assert told["unlinked"] == {"purchases": 2, "revenue": [{"revenue": "31.00", "currency": "EUR"}]}
    assert (told["questions_without_page"], told["other_pages"]) == (0, None)


async def test_pages_come_by_their_views_and_the_unknown_are_marked(store: Store, shop: Site):
    await two_days(store, shop)

    rows = (await report(store))["rows"]

    assert [(row["url"], row["crawled"], row["title"]) for row in rows] == [
        (SHIPPING, True, f"Title of {SHIPPING}"),
        (BLOG, False, "As seen"),
        (SOCKS, True, f"Title of {SOCKS}"),
        (HOME, True, f"Title of {HOME}"),
    ]
    assert rows[1]["one_way"] is None


async def test_the_most_asked_unanswered_question_is_a_flag_in_its_own_words(store: Store, shop: Site):
    await two_days(store, shop)

    rows = by_url(await report(store))

    def asked(url: str) -> list[dict[str, Any]]:
        return [flag for flag in rows[url]["flags"] if flag["flag"] == "unanswered_question"]

    assert asked(SOCKS) == [{"flag": "unanswered_question", "sentence": "Is it red?", "times": 2}]
    assert asked(SHIPPING) == [{"flag": "unanswered_question", "sentence": "And to Mars?", "times": 1}]
    assert asked(HOME) == []


async def test_an_answered_question_is_no_flag(store: Store, shop: Site):
    await crawled(store, (SOCKS, "You can reach us at hello@shop.example."))
    await (await talk(store)).asks("Is it red?", SOCKS, 0, SOCKS)

    (row,) = (await report(store))["rows"]

    assert (row["answered_here"], row["flags"]) == (1, [])


async def test_a_day_alone_has_its_own_figures(store: Store, shop: Site):
    await two_days(store, shop)

    rows = by_url(await report(store, "2026-03-03", "2026-03-03"))

    assert figures(rows[SHIPPING], "views", "questions", "purchases") == [3, 0, 1]
    assert figures(rows[SOCKS], "views", "questions", "purchases") == [1, 4, 0]
    assert figures(rows[HOME], "views", "questions", "purchases") == [0, 0, 0]


async def test_the_words_of_a_page_are_judged_with_what_was_done_on_it(store: Store, shop: Site):
    await crawled(store, (HOME, "We weave our own wool."), (SHIPPING, "We weave our own wool."))
    await (await talk(store)).says("Hello", HOME, 0)

    rows = by_url(await report(store))

    assert rows[SHIPPING]["one_way"]["score"] == 100
    assert rows[HOME]["one_way"]["score"] == 85
    assert rows[HOME]["one_way"]["parts"][3] == {"part": "chat", "points": 0.0, "of": 15, "counted": {"used": 1}}


async def test_a_page_in_many_pieces_is_judged_whole(store: Store, shop: Site):
    many = tuple(NewPassage(number, (), "We weave our wool.", "") for number in range(1_200))
    last = NewPassage(1_200, (), "Write to us: hello@shop.example.", "")
    crawl = await store.write(begin_crawl, SHOP, origin="test", at=at())
    await store.write(add_pages, crawl, [NewPage(HOME, "", "", at(), (*many, last))])
    await store.write(finish_crawl, SHOP, crawl, at=at(), report={})

    (row,) = (await report(store))["rows"]

    assert row["one_way"]["parts"][2]["counted"] == {"ways": ["mail", "contact"], "links_seen": False}


@pytest.mark.parametrize(
    ("minutes", "purchases"),
    [((0,), 1), ((29,), 1), ((-1,), 0), ((30,), 0), ((29, 58), 2), ((29, 59.5), 1), ((2 * 24 * 60,), 0)],
)
async def test_a_page_has_the_order_when_it_was_seen_before_in_the_same_visit(
    store: Store, shop: Site, minutes: tuple[float, ...], purchases: int
):
    order = 3 * DAY
    views = [saw("v", f"{SOCKS}/{number}", order - minute) for number, minute in enumerate(minutes)]
    await store.write(append, [replace(bought("v", 100), at=at(minutes=order)), *views])

    told = await report(store, "2026-03-01", "2026-03-09")

    assert sum(row["purchases"] for row in told["rows"]) == purchases


async def test_a_page_seen_twice_has_its_order_once(store: Store, shop: Site):
    await store.write(append, [saw("v", SOCKS, 0), saw("v", SOCKS, 1), replace(bought("v", 100), at=at(minutes=2))])

    (row,) = (await report(store))["rows"]

    assert figures(row, "views", "purchases") == [2, 1]


async def test_a_refund_of_an_earlier_order_stands_beside(store: Store, shop: Site):
    await store.write(append, [saw("v", SOCKS, 0), refunded("v", 500, data={"order": "of last year"})])

    told = await report(store)

    assert told["rows"][0]["revenue"] == []
    assert told["unlinked"] == {"purchases": 0, "revenue": [{"revenue": "-5.00", "currency": "EUR"}]}


async def test_what_staff_do_to_try_the_chat_is_in_no_figure(store: Store, shop: Site):
    await crawled(store, (SOCKS, "You can reach us at hello@shop.example."))
    tried = Talk(store, await of_staff(store))
    offer = await tried.asks("Is it red?", SOCKS, 0)
    await tried.takes_offer(offer, 1)

    (row,) = (await report(store))["rows"]

    assert figures(row, "messages", "questions", "unanswered", "handed_over") == [0, 0, 0, 0]
    assert row["flags"] == [] and row["one_way"]["parts"][3]["counted"] == {"used": 0}


async def test_a_question_from_nowhere_is_told_apart(store: Store, shop: Site):
    await (await talk(store, page=None)).asks("Is it red?", None, 0)

    told = await report(store)

    assert (told["rows"], told["questions_without_page"]) == ([], 1)


async def test_more_than_a_page_of_rows_is_counted_whole(store: Store, shop: Site):
    await crawled(store, *((f"{SOCKS}/{number}", "We weave.") for number in range(1_100)))
    await store.write(append, [saw(f"v{number}", f"{SOCKS}/{number % 1_100}", 0) for number in range(2_500)])
    await store.write(count_views, SHOP, {f"{SOCKS}/{number}": 1 for number in range(1_100)}, at=at())

    rows = (await report(store))["rows"]

    assert (len(rows), sum(row["views"] for row in rows), rows[0]["views"]) == (1_100, 3_600, 4)
    assert all(row["one_way"] for row in rows)


def test_pages_that_nobody_crawled_do_not_grow_without_end():
    names = PageNames([HOME], most_unknown=2)

    numbers = [names.number_of(f"{BLOG}/{number}") for number in (1, 2, 3, 4, 1)]

    assert numbers == [1, 2, OTHERS, OTHERS, 1]
    assert names.urls == [HOME, f"{BLOG}/1", f"{BLOG}/2"]


async def test_what_happened_on_all_further_pages_is_one_sum(store: Store, shop: Site):
    views = {f"{BLOG}/{number:05}": 1 for number in range(MOST_UNKNOWN + 3)}
    await store.write(count_views, SHOP, views, at=at())

    told = await report(store)

    assert (len(told["rows"]), told["other_pages"]["views"]) == (MOST_UNKNOWN, 3)


@pytest.mark.parametrize(
    ("url", "page"),
    [
        (f"{SHIPPING}/?utm_source=mail#costs", SHIPPING),
        ("http://www.shop.example/shipping", SHIPPING),
        ("https://shop.example/index.html", HOME),
        ("https://shop.example", HOME),
        ("https://shop.example/item?id=1", "https://shop.example/item?id=1"),
        ("https://blog.shop.example/shipping", None),
        ("https://shop.example/item?id=2", None),
        ("https://shop.example/Shipping", None),
        ("https://[nowhere/shipping", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_means_the_page_of_the_crawl(url: str | None, page: str | None):
    names = PageNames([HOME, SHIPPING, "https://shop.example/item?id=1"])

    number = names.number_of(url, seen=False)

    assert (None if number is None else names.urls[number]) == page


async def test_another_sites_pages_are_not_told(store: Store, shop: Site):
    await two_days(store, shop)

    with pytest.raises(ConfigurationError, match="There is no site"):
        await pages(store, "other", today=TODAY)


async def test_a_shop_where_nothing_happened_has_no_row(store: Store, shop: Site):
    assert (await report(store))["rows"] == []


async def test_people_get_a_table_and_what_to_mend(store: Store, shop: Site):
    await crawled(store, (SOCKS, "Prices updated in 2019. Write to us at hello@shop.example about the socks."))
    await (await talk(store)).asks("Is it \x1b[31mred?", SOCKS, 0)
    for_people, for_programs = io.StringIO(), io.StringIO()

    await insights(store, "pages", Wish(SHOP, critic=critique), out=for_people)
    await insights(store, "pages", Wish(SHOP, critic=critique), output="json", out=for_programs)

    assert "/socks" in for_people.getvalue()
    assert 'Out of date: "Prices updated in 2019."' in for_people.getvalue()
    assert "\x1b" not in for_people.getvalue()
    told = json.loads(for_programs.getvalue())
    assert {name for row in told["rows"] for name in row} - {"url", "title", "crawled"} == set(told["definitions"])

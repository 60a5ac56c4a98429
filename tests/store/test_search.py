"""The search over everything that was said, on both databases: what is found, in what order, and what no longer is."""

import random
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text

from bot.conversation import StaffTook
from bot.interactions import ConversationId
from bot.searching import parse
from bot.store import search as searching
from bot.store.blanking import blank
from bot.store.conversations import begin, happen
from bot.store.forget import forget_conversation
from bot.store.search import Hit, Place, search
from bot.store.sites import Site
from bot.store.staff import add_member, speak
from bot.store.store import Store
from bot.store.turns import Outcome, Reply, close, next_open, receive
from tests.cast import DANA, SHOP, at


async def a_talk(store: Store, *said: str) -> ConversationId:
    talk, _ = await store.write(begin, SHOP, at=at(), language="en", page=None)
    for one in said:
        await says(store, talk.id, one)
    return talk.id


async def says(store: Store, talk: ConversationId, said: str) -> None:
    await store.write(receive, talk, frame=str(uuid4()), text=said, page=None, at=at())


async def found(store: Store, typed: str) -> list[str]:
    hits, _ = await store.read(search, parse(typed))
    return [hit.text for hit in hits]


def indexed(connection: Connection) -> set[str]:
    """All the words that the index has, in whatever way the database keeps them."""
    if connection.dialect.name == "postgresql":
        words = text("SELECT word FROM ts_stat('SELECT words FROM sayings') ORDER BY word")
        return set(connection.execute(words).scalars())
    connection.exec_driver_sql("CREATE VIRTUAL TABLE temp.told USING fts5vocab(main, sayings_words, row)")
    words = set(connection.execute(text("SELECT term FROM temp.told ORDER BY term")).scalars())
    connection.exec_driver_sql("DROP TABLE temp.told")
    return words


def files_with_the_name(folder: Path) -> list[str]:
    return [one.name for one in folder.glob("store.db*") if b"ebulon" in one.read_bytes()]


async def test_visitor_bot_staff_and_notes_are_found(store: Store, shop: Site):
    talk = await a_talk(store, "Is the blue umbrella waterproof?")
    turn = await store.read(next_open, talk)
    assert turn is not None
    await store.write(close, turn, Outcome((Reply("Yes, umbrellas keep you dry."),)), at=at())
    dana = await store.write(add_member, DANA.name, "agent", at=at())
    await store.write(happen, talk, StaffTook(dana.id), at=at())
    for note, said in ((False, "I'll send you a parasol"), (True, "wants a gazebo really")):
        await store.write(speak, talk, dana, frame=str(uuid4()), text=said, note=note, at=at())

    senders = {word: (await store.read(search, parse(word)))[0][0].sender for word in
               ("blue", "dry", "parasol", "gazebo")}  # fmt: skip

    assert senders == {"blue": "visitor", "dry": "bot", "parasol": "staff", "gazebo": "note"}


async def test_all_words_in_any_order_and_the_last_may_go_on(store: Store, shop: Site):
    await a_talk(store, "Where is my order of Monday?")

    assert await found(store, "order where")
    assert await found(store, "monday ord")
    assert not await found(store, "ord monday")
    assert not await found(store, "order tuesday")


async def test_quotes_keep_words_together(store: Store, shop: Site):
    await a_talk(store, "my order is late")

    assert await found(store, '"order is late"')
    assert not await found(store, '"late order"')


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("Welche Größe hat die Hose?", "groesse hose"),
        ("Welche Groesse hat die Hose?", "größe"),
        ("WELCHE GRÖẞE?", "grösse"),
        ("Straße 5", "strasse"),
        ("das Café in Ågård", "cafe agard"),
        ("Привет, Йод", "привет йод"),
        ("طلبي متأخر", "طلبي"),
        ("मेरा हिन्दी ऑर्डर", "हिन्दी"),
        ("write to dana@shop.example, please", "shop example"),
        ("see https://shop.example/sizes.html", "sizes"),
        ("order 1001-A7 is lost", "a7"),
        ("it's 3.50 EUR", "3 50"),
    ],
)
async def test_a_word_is_found_however_it_is_written(store: Store, shop: Site, said: str, typed: str):
    await a_talk(store, said)

    assert await found(store, typed) == [said]


async def test_nothing_that_is_typed_is_an_error(store: Store, shop: Site):
    await a_talk(store, "Hello there")

    for typed in hostile():
        await store.read(search, parse(typed))

    assert len(hostile()) >= 200


def hostile() -> list[str]:
    bits = ['"', "'", "*", "-", "(", ")", "NEAR", "AND", "OR", "NOT", "^", ":", "{", "}", "\\", "&", "|", "!", "<->",
            ":*", ";", "--", "/*", "%", "_", "\x00", "\ud7ff", "\U0001f4a5", "\u202e", "ﬁ", "İ", "ß", "א", "e\u0301",
            "text:", "rowid", "NEAR(a b, 2)", "$1", "?", ":sought", "hello", "9" * 400, "a" * 3000, "\u0301", "\ufeff",
            "😀", "𝔘", "ﷺ", "1e5", "-3", "0x1F", "<script>", "'; DROP TABLE sayings; --", '"" ""',
            "a-b", "a.b@c.d"]  # fmt: skip
    chance = random.Random(6)
    return (
        bits
        + ["".join(chance.choices(bits, k=chance.randint(2, 6))) for _ in range(100)]
        + [" ".join(chance.choices(bits, k=chance.randint(2, 9))) for _ in range(100)]
    )


async def test_a_conversation_is_found_once_at_its_latest_message(store: Store, shop: Site):
    first = await a_talk(store, "umbrella one", "umbrella two")
    second = await a_talk(store, "umbrella three")
    await says(store, first, "umbrella four")

    hits, after = await store.read(search, parse("umbrella"))

    assert [(hit.conversation, hit.text) for hit in hits] == [(first, "umbrella four"), (second, "umbrella three")]
    assert after is None


async def test_turning_pages_shows_each_once_whatever_is_said_meanwhile(store: Store, shop: Site):
    talks = [await a_talk(store, f"umbrella {number}", f"more umbrella {number}") for number in range(9)]
    shown, after = await page(store, None)
    await says(store, talks[0], "umbrella again, of the last page")
    await says(store, talks[8], "umbrella again, of the first page")
    await a_talk(store, "a new umbrella")

    while after is not None:
        hits, after = await page(store, after)
        shown += hits

    assert [hit.conversation for hit in shown] == talks[::-1]


async def test_what_was_said_long_ago_is_found_beyond_where_is_looked_first(
    store: Store, shop: Site, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(searching, "WINDOW", 2)
    talks = [await a_talk(store, "an umbrella", f"number {number}", "or a hat") for number in range(9)]

    hits, after = await page(store, None)
    older, _ = await page(store, after)

    assert [hit.conversation for hit in [*hits, *older]] == talks[::-1][:8]
    assert await found(store, "umbrella") == ["an umbrella"] * 9
    assert await found(store, "parasol") == []


async def page(store: Store, after: Place | None) -> tuple[list[Hit], Place | None]:
    return await store.read(search, parse("umbrella"), after=after, limit=4)


async def test_what_is_forgotten_is_found_nowhere(store: Store, shop: Site, tmp_path: Path):
    talk = await a_talk(store, "my name is Zebulon", "Zebulon wants an umbrella")
    await a_talk(store, "an umbrella, please")
    assert "zebulon" in await store.write(indexed)

    await store.write(forget_conversation, talk)
    await store.erase_traces()
    await store.settled()

    assert not await found(store, "zebulon")
    assert await found(store, "umbrella") == ["an umbrella, please"]
    assert "zebulon" not in await store.write(indexed)
    assert not files_with_the_name(tmp_path)


async def test_what_is_blanked_is_found_no_more_and_all_else_is(store: Store, shop: Site, tmp_path: Path):
    talk = await a_talk(store, "my name is Zebulon, I want an umbrella")

    await store.write(blank, [talk], ["Zebulon"])
    await store.erase_traces()
    await store.settled()

    assert not await found(store, "zebulon")
    assert await found(store, "umbrella name") == ["my name is …, I want an umbrella"]
    assert "zebulon" not in await store.write(indexed)
    assert not files_with_the_name(tmp_path)

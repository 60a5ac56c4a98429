from dataclasses import replace

import pytest

from bot.interactions import Interaction, Kind, SiteKey
from bot.store.interactions import append, of_conversation, span, window
from bot.store.sites import Site
from bot.store.store import Store
from tests.cast import ALICE, SHOP, at


def a_view(number: int, **changes: object) -> Interaction:
    view = Interaction(
        at=at(minutes=number),
        site=SHOP,
        kind=Kind.PAGE_VIEW,
        source="browser",
        source_id=f"demo:{number}",
        visitor=ALICE.visitor,
        url="https://shop.example/",
        data={"title": "Start"},
    )
    return replace(view, **changes)  # type: ignore[arg-type]


async def everything(store: Store, *, limit: int = 100) -> list[Interaction]:
    whole = await store.read(span, SHOP, at(days=-9), at(days=9))
    if whole is None:
        return []
    last_id, after_id, told = whole[1], 0, []
    while rows := await store.read(
        window, SHOP, at(days=-9), at(days=9), after_id=after_id, last_id=last_id, limit=limit
    ):
        told += [row.interaction for row in rows]
        after_id = rows[-1].id
    return told


async def test_what_is_appended_is_read_back_as_it_was(store: Store, shop: Site):
    happened = [a_view(1), a_view(2, value=4990, currency="EUR", seq=3, turn="t", data={"a": [1, 2.5, None, "ü"]})]

    assert await store.write(append, happened) == [True, True]

    assert await everything(store) == happened


async def test_the_same_interaction_again_changes_nothing(store: Store, shop: Site):
    await store.write(append, [a_view(1)])

    assert await store.write(append, [a_view(2), a_view(1, url="https://shop.example/other")]) == [True, False]

    assert await everything(store) == [a_view(1), a_view(2)]


async def test_of_two_alike_in_one_batch_the_first_is_kept(store: Store, shop: Site):
    assert await store.write(append, [a_view(1), a_view(1, url=None), a_view(2)]) == [True, False, True]

    assert await everything(store) == [a_view(1), a_view(2)]


async def test_nothing_appended_is_nothing_written(store: Store, shop: Site):
    assert await store.write(append, []) == []
    assert await everything(store) == []


async def test_the_log_keeps_the_order_of_a_large_batch(store: Store, shop: Site):
    happened = [a_view(number) for number in range(1_500)]

    await store.write(append, happened)

    assert await everything(store, limit=400) == happened


@pytest.mark.parametrize(("minute", "is_in"), [(0, True), (-1 / 60e6, False), (60, False), (59, True)])
async def test_a_window_has_its_first_moment_and_not_its_last(store: Store, shop: Site, minute: float, is_in: bool):
    await store.write(append, [a_view(1, at=at(minutes=minute))])

    found = await store.read(window, SHOP, at(), at(hours=1), after_id=0, last_id=9, limit=9)

    assert len(found) == is_in
    assert (await store.read(span, SHOP, at(), at(hours=1)) is not None) == is_in


async def test_a_window_shows_no_other_site(store: Store, shop: Site):
    assert await store.read(window, SiteKey("other"), at(hours=-1), at(hours=1), after_id=0, last_id=9, limit=9) == []


async def test_a_conversation_is_told_in_order(store: Store, shop: Site):
    await store.write(append, [a_view(1, conversation="c"), a_view(2), a_view(0, conversation="c")])

    rows = await store.read(of_conversation, "c", limit=9)

    assert [row.interaction.source_id for row in rows] == ["demo:1", "demo:0"]

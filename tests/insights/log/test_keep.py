"""The log in files: everything once, at any moment, whatever was killed; and nothing of who was erased."""

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.insights.log import keep as keeping
from bot.insights.log.manifest import FORM, NAME, Manifest, load
from bot.insights.log.reading import READ_BESIDE, NoLogYet, ask
from bot.interactions import Kind, Microseconds
from bot.store.forget import forget_visitor
from bot.store.interactions import append
from bot.store.pages_of_rows import Span
from bot.store.purchases import Notice, record
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.visitors import create, link, mark_staff
from tests.cast import ALICE, SHOP, at
from tests.insights.happened import bought, did, viewed
from tests.insights.log.kept import Kept, kept

__all__ = ["kept"]
DAY = 24 * 60


async def test_what_was_copied_is_read_like_what_was_not(store: Store, shop: Site, kept: Kept):
    await store.write(append, [*viewed("v", 0, 1), bought("v", 4990, data={"margin": 1200, "order": "o"})])
    columns = ("id", "ts_us", '"at"', "visitor", "type", "value", "currency", "margin", '"order"', "page", "data")
    before = await kept.rows(*columns)

    kept.keep()

    assert await kept.rows(*columns) == before
    assert [(row[3], row[4], row[5], row[7]) for row in before] == [
        ("v", "page_view", None, None),
        ("v", "page_view", None, None),
        ("v", "purchase", 4990, 1200),
    ]


async def test_each_run_copies_only_what_is_new(store: Store, shop: Site, kept: Kept):
    await store.write(append, viewed("v", 0))
    first = kept.keep()
    await store.write(append, viewed("w", 1))

    second = kept.keep()

    assert [file.rows for file in second.files] == [1, 1]
    assert set(first.files) < set(second.files)
    assert await kept.rows("visitor") == [("v",), ("w",)]


async def test_nothing_new_writes_no_file(store: Store, shop: Site, kept: Kept):
    await store.write(append, viewed("v", 0))
    kept.keep()
    files = kept.files()

    kept.keep()

    assert kept.files() == files


async def test_a_day_is_a_folder_and_a_month_that_is_over_one_file(store: Store, shop: Site, kept: Kept):
    await store.write(append, viewed("v", 0, DAY, 2 * DAY))
    assert [one.partition("/")[0] for one in kept.keep().files and kept.files()] == [
        "day=2026-03-02",
        "day=2026-03-03",
        "day=2026-03-04",
    ]

    kept.keep(now=at(days=30))

    assert [one.partition("/")[0] for one in kept.files()] == ["month=2026-03"]
    assert await kept.rows("visitor") == [("v",)] * 3


async def test_what_comes_late_lands_in_its_month(store: Store, shop: Site, kept: Kept):
    await store.write(append, viewed("v", 0))
    kept.keep(now=at(days=30))
    await store.write(append, viewed("late", 1))

    kept.keep(now=at(days=30))
    march = Span(SHOP, at(), at(days=1))
    april = Span(SHOP, at(days=30), at(days=31))

    assert await kept.rows("visitor", span=march) == [("v",), ("late",)]
    assert await kept.rows("visitor", span=april) == []
    kept.keep(now=at(days=32))
    assert [one.partition("/")[0] for one in kept.files()] == ["month=2026-03"]
    assert await kept.rows("visitor") == [("v",), ("late",)]


async def test_many_pieces_of_a_day_are_put_together(store: Store, shop: Site, kept: Kept):
    for number in range(10):
        await store.write(append, viewed(f"v{number}", number))
        kept.keep()

    assert len(kept.files()) < 5
    assert len(await kept.rows("id")) == 10


async def test_who_is_erased_is_gone_from_every_answer_at_once_and_from_the_files_at_the_next_run(
    store: Store, shop: Site, kept: Kept
):
    alice = (await store.write(create, shop, at=at(), measure=True, memory=False)).id
    await store.write(link, SHOP, alice, ALICE.customer, evidence="identify", at=at())
    order = Notice(
        id="order-1", kind=Kind.PURCHASE, at=at(), value=4990, margin=1200, currency="EUR", visitor=alice,
        customer=ALICE.customer, email=ALICE.email, name=ALICE.name,
    )  # fmt: skip
    await store.write(record, shop, order, at=at())
    await store.write(append, [*viewed(alice, 0, 40 * DAY), *viewed("v", 0)])
    kept.keep(now=at(days=70))
    assert kept.holds(alice) and kept.holds(ALICE.customer) and kept.holds(ALICE.email)

    await store.write(forget_visitor, SHOP, alice)

    # The money stays, with nobody's name on it.
    left = [("purchase", None, None, 4990, 1200), ("page_view", "v", None, None, None)]
    assert sorted(await kept.rows("type", "visitor", "customer", "value", "margin"), key=str) == sorted(left, key=str)
    kept.keep(now=at(days=70))
    assert not any(kept.holds(text) for text in (alice, ALICE.customer, ALICE.email, f'"{ALICE.name}"'))
    assert sorted(await kept.rows("type", "visitor", "customer", "value", "margin"), key=str) == sorted(left, key=str)


async def test_identity_and_marks_come_along_and_are_those_of_now(store: Store, shop: Site, kept: Kept):
    linked, dana, later = [(await store.write(create, shop, at=at(), measure=True, memory=False)).id for _ in range(3)]
    await store.write(link, SHOP, linked, ALICE.customer, evidence="identify", at=at())
    await store.write(mark_staff, dana)
    kept.keep()
    await store.write(mark_staff, dana, staff=False)
    await store.write(link, SHOP, later, ALICE.customer, evidence="identify", at=at(minutes=6))

    told = await kept.asked("SELECT visitor, customer, marked FROM who")

    assert sorted(told) == sorted([(linked, ALICE.customer, 0), (later, ALICE.customer, 0)])


class Killed(Exception):
    """Stands for a process that ends here."""


@pytest.mark.parametrize("step", range(8))
async def test_killed_at_any_step_it_has_everything_once_and_the_next_run_goes_on(
    store: Store, shop: Site, kept: Kept, step: int, monkeypatch: pytest.MonkeyPatch
):
    await store.write(append, viewed("v", 0, DAY))
    kept.keep()
    await store.write(append, viewed("w", 0, DAY, 2 * DAY))
    replace, steps = Path.replace, iter(range(100))

    def until_killed(self: Path, target: Path) -> Path:
        if next(steps) == step:
            raise Killed
        return replace(self, target)

    with monkeypatch.context() as dying:
        dying.setattr(Path, "replace", until_killed)
        try:
            kept.keep(now=at(days=40))
        except Killed:
            assert sorted(await kept.rows("visitor")) == [("v",)] * 2 + [("w",)] * 3
    kept.keep(now=at(days=40))

    assert sorted(await kept.rows("visitor")) == [("v",)] * 2 + [("w",)] * 3
    assert len(kept.files()) == 1
    assert not list(kept.folder.rglob("*.part"))


async def test_another_store_under_the_same_address_is_copied_from_its_beginning(store: Store, shop: Site, kept: Kept):
    await store.write(append, viewed("v", 0, 1, 2))
    manifest = kept.keep()
    ahead = Manifest(manifest.store, manifest.number, keeping.Copied(rows=keeping.Mark(99)), manifest.files)
    keeping.publish(kept.folder, ahead)

    kept.keep()

    assert await kept.rows("visitor") == [("v",)] * 3


async def test_files_that_an_older_version_wrote_are_made_anew(store: Store, shop: Site, kept: Kept):
    await store.write(append, [did("v", Kind.UNDERSTANDING, data={"confidence": 0.75})])
    kept.keep()
    told = json.loads((kept.folder / NAME).read_text())
    (kept.folder / NAME).write_text(json.dumps(told | {"form": FORM - 1}))
    (kept.folder / kept.files()[0]).write_bytes(b"of another form")

    kept.keep()

    assert await kept.rows("visitor", "confidence") == [("v", 0.75)]
    assert len(kept.files()) == 1


async def test_a_reader_whose_files_were_replaced_reads_the_new_ones(
    store: Store, shop: Site, kept: Kept, monkeypatch: pytest.MonkeyPatch
):
    await store.write(append, viewed("v", 0, DAY))
    kept.keep()
    old = load(kept.folder)
    kept.keep(now=at(days=40))
    manifests = iter([old])
    monkeypatch.setattr("bot.insights.log.reading.load", lambda folder: next(manifests, None) or load(folder))

    assert await kept.rows("visitor") == [("v",)] * 2


async def test_with_too_much_that_is_new_the_answer_says_as_of_when_it_is(store: Store, shop: Site, kept: Kept):
    await store.write(append, viewed("v", 0))
    kept.keep()
    await store.write(append, [did("w", Kind.PRESENT) for _ in range(READ_BESIDE + 1)])
    span = Span(SHOP, Microseconds(0), at(days=1))

    told = await ask(store, kept.folder, span, lambda log: log.execute("SELECT visitor FROM log").fetchall())

    assert (told.told, told.as_of) == ([("v",)], at(minutes=5))
    with pytest.raises(NoLogYet, match="being counted"):
        await ask(store, kept.folder / "nowhere", span, lambda log: None)


async def test_what_is_committed_after_higher_numbers_is_copied_too(postgres_url: str, tmp_path: Path):
    from bot.store.sites import add_site

    store = Store(postgres_url)
    kept = Kept(store, tmp_path / "log")
    try:
        await store.write(add_site, SHOP, name="Demo", origins=(), at=at())
        await _late(store, kept)
    finally:
        await store.close()


async def _late(store: Store, kept: Kept) -> None:
    holding, go_on = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(connection: Connection) -> None:
        append(connection, viewed("slow", 0))
        loop.call_soon_threadsafe(holding.set)
        from sqlalchemy.util import await_only

        await_only(go_on.wait())

    other = Store(store.url.render_as_string(hide_password=False))
    writing = asyncio.create_task(other.write(slow))
    await holding.wait()
    await store.write(append, viewed("quick", 0))
    first = await asyncio.to_thread(kept.keep)
    go_on.set()
    await writing
    await other.close()

    assert sorted(await kept.rows("visitor")) == [("quick",), ("slow",)]
    await asyncio.to_thread(kept.keep, now=at(minutes=6))

    assert [gap.first for gap in first.copied.rows.gaps] == [1]
    assert sorted(await kept.rows("visitor")) == [("quick",), ("slow",)]
    assert sum(file.rows for file in (load(kept.folder) or Manifest()).files) == 2


async def test_a_row_with_half_a_character_or_a_far_day_is_kept(store: Store, shop: Site, kept: Kept):
    odd = [
        did("v", Kind.PAGE_VIEW, url="https://shop.example/%zz?utm_campaign=%ff", data={"title": "\ud800"}),
        did("w", Kind.PURCHASE, at=Microseconds(-1), value=2**60, currency="EUR"),
        did("x", Kind.PURCHASE, at=Microseconds(253_402_300_799_999_999), value=1, currency="EUR"),
    ]
    if store.url.drivername != "sqlite":
        odd = odd[1:]  # PostgreSQL takes no half characters
    await store.write(append, odd)

    kept.keep()

    ever = Span(SHOP, Microseconds(-10), Microseconds(2**62))
    assert [row[0] for row in await kept.rows("value", span=ever)][-2:] == [2**60, 1]


def test_the_folder_is_its_owners_alone(tmp_path: Path, sqlite_url: str):
    keeping.keep(sqlite_url, tmp_path / "log", at=at())

    assert (tmp_path / "log").stat().st_mode & 0o077 == 0

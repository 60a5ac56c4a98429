"""What is written down of experiments: shares that were held out, guesses that are never changed, who was drawn."""

from dataclasses import replace

from sqlalchemy import Connection

from bot.experiment import Arm
from bot.interactions import SiteKey, VisitorId
from bot.store.counts import count_views
from bot.store.drawn import drawn_after, views_of_nobody
from bot.store.experiments import Guess, Period, guess_of, periods, record_guess
from bot.store.migrate import downgrade, upgrade
from bot.store.pages_of_rows import Span
from bot.store.sites import Site, add_site
from bot.store.staff import NewMember, add_member
from bot.store.store import Store
from bot.store.visitors import Visitor, create, mark_staff
from tests.cast import MAYA, SHOP, at

DAY = Span(SHOP, at(hours=-1), at(hours=1))


def drawn(connection: Connection, site: Site, minute: float, holdout: float = 0.0) -> Visitor:
    return create(connection, replace(site, holdout=holdout), at=at(minutes=minute), measure=True, memory=False)


async def test_a_new_share_begins_a_new_period_and_the_same_share_does_not(store: Store, shop: Site):
    await store.write(add_site, SHOP, at=at(hours=1), name="Renamed")
    await store.write(add_site, SHOP, at=at(hours=2), holdout=0.2)
    await store.write(add_site, SHOP, at=at(hours=3), holdout=0.2)

    assert await store.read(periods, SHOP) == [Period(at(), 0.1), Period(at(hours=2), 0.2)]
    assert await store.read(periods, SiteKey("nobodys")) == []


async def test_what_was_held_out_before_it_was_written_down_counts_from_the_start_of_the_site(store: Store, shop: Site):
    await store.write(downgrade, "0015")

    await store.write(upgrade)

    assert await store.read(periods, SHOP) == [Period(at(), 0.1)]


async def test_a_guess_is_written_down_once_and_never_changed(store: Store, shop: Site):
    maya: NewMember = await store.write(add_member, MAYA.name, "marketer", at=at())
    first = Guess(change=0.2, planned=5_000, drawn=12, by=MAYA.name, at=at(hours=1))

    kept = await store.write(record_guess, SHOP, at(), first, staff=maya.id)
    again = await store.write(record_guess, SHOP, at(), replace(first, change=0.9), staff=maya.id)

    assert (kept, again) == (True, False)
    assert await store.read(guess_of, SHOP, at()) == first
    assert await store.read(guess_of, SHOP, at(hours=2)) is None


async def test_all_who_were_drawn_are_given_a_page_at_a_time_and_nobody_else(store: Store, shop: Site):
    offered = await store.write(drawn, shop, 1)
    held_out = await store.write(drawn, shop, 1, holdout=1.0)
    await store.write(mark_staff, held_out.id)
    await store.write(create, shop, at=at(minutes=2), measure=False, memory=True)
    late = await store.write(drawn, shop, 60)

    first = await store.read(drawn_after, SHOP, at(hours=1), VisitorId(""), 1)
    rest = await store.read(drawn_after, SHOP, at(hours=1), first[0].visitor, 10)

    found = {one.visitor: (one.arm, one.noise) for one in [*first, *rest]}
    assert found == {offered.id: (Arm.OFFERED, False), held_out.id: (Arm.HELD_OUT, True)}
    assert late.id not in found


async def test_views_of_nobody_are_of_the_days_that_the_window_touches(store: Store, shop: Site):
    await store.write(count_views, SHOP, {"https://shop.example/": 7}, at=at())

    assert await store.read(views_of_nobody, DAY) == 7
    assert await store.read(views_of_nobody, Span(SHOP, at(days=1), at(days=2))) == 0

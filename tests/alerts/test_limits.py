"""Not more than is wanted, not at night, and nothing lost by it: what is held back is told with the next."""

from bot.alert_rules import Quiet, What
from bot.store.alerts import set_limit
from bot.store.alerts_due import alerts_due
from bot.store.store import Store
from tests.alerts.conftest import Add, Clock, Shop, looks
from tests.cast import SHOP


async def test_the_rule_gets_exactly_so_many_an_hour_and_the_next_tells_of_the_rest(
    store: Store, talking: Shop, rule: Add, clock: Clock
):
    await rule(least=1, most_an_hour=2)
    for number in range(17):
        await talking.says(number)
        await looks(store, clock)
        clock.pass_(minutes=1)
    told = [one for one in await looks(store, clock) if one.told_at is not None]
    assert [one.more for one in told] == [0, 0]

    clock.pass_(minutes=42, seconds=59)
    assert not await store.read(alerts_due, clock())
    clock.pass_(seconds=1)
    assert await store.read(alerts_due, clock())
    told = [one for one in await looks(store, clock) if one.told_at is not None]

    assert sorted(one.more for one in told) == [0, 0, 14]


async def test_the_site_gets_exactly_so_many_an_hour_of_all_rules_together(
    store: Store, talking: Shop, rule: Add, clock: Clock
):
    await rule(least=1, most_an_hour=60)
    await rule(What.TOPIC, topic="delivery", least=1, most_an_hour=60)
    await store.write(set_limit, SHOP, 5, by=None, at=clock())
    for number in range(6):
        await talking.says(number)
        raised = await looks(store, clock)

    assert len(raised) == 12
    assert sum(one.told_at is not None for one in raised) == 5


async def test_in_quiet_hours_nothing_goes_and_in_the_morning_one_tells_of_all(
    store: Store, talking: Shop, rule: Add, clock: Clock
):
    await rule(least=1, quiet=Quiet(13 * 60, 7 * 60), timezone="Europe/Vienna")
    for number in range(3):
        await talking.says(number)
        await looks(store, clock)
    clock.pass_(hours=17, minutes=59)
    assert not await store.read(alerts_due, clock())
    assert [one for one in await looks(store, clock) if one.told_at is not None] == []

    clock.pass_(minutes=1)
    (told,) = [one for one in await looks(store, clock) if one.told_at is not None]

    assert told.more == 2


async def test_what_was_held_back_for_a_week_is_no_news_any_more(store: Store, talking: Shop, rule: Add, clock: Clock):
    await rule(least=1, quiet=Quiet(13 * 60, 12 * 60 + 59), timezone="Europe/Vienna")
    await talking.says(1)
    await looks(store, clock)

    clock.pass_(days=8, minutes=-1)

    assert [one.told_at for one in await looks(store, clock)] == [None]
    assert not await store.read(alerts_due, clock())

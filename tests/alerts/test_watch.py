"""What raises an alert: people and not mentions, once for each cause, whoever looks and whatever dies."""

import asyncio

from sqlalchemy import Connection, insert

from bot.alert_rules import What
from bot.interactions import Kind, Microseconds, VisitorId
from bot.store import alert_mentions, alerts_raised
from bot.store.alerts import find_rule
from bot.store.alerts_due import alerts_due
from bot.store.forget import forget_visitor
from bot.store.noise import claim
from bot.store.sites import add_site
from bot.store.store import Store
from bot.store.tables import conversations, identities, purchases, visitors
from tests.alerts.conftest import Add, Clock, Shop, looks, visitor
from tests.cast import SHOP, at


async def test_three_people_who_complain_raise_one_alert_and_one_who_does_so_thrice_none(
    store: Store, talking: Shop, rule: Add, clock: Clock
):
    await rule()
    for _ in range(3):
        await talking.says(1)
    assert await looks(store, clock) == []

    await talking.says(2)
    await talking.says(3)
    (raised,) = await looks(store, clock)

    assert (raised.count, raised.rule.what, raised.told_at) == (3, What.COMPLAINT, clock())


async def test_the_next_alert_needs_other_people(store: Store, talking: Shop, rule: Add, clock: Clock):
    await rule()
    for number in (1, 2, 3):
        await talking.says(number)
    await looks(store, clock)
    clock.pass_(hours=2)
    for number in (1, 2, 3, 4, 5):
        await talking.says(number)
    assert len(await looks(store, clock)) == 1

    await talking.says(6)

    assert [one.count for one in await looks(store, clock)] == [3, 3]


async def test_who_said_it_a_day_ago_does_not_count_any_more(store: Store, talking: Shop, rule: Add, clock: Clock):
    await rule()
    await talking.says(1)
    await talking.says(2)
    clock.pass_(hours=24)
    await talking.says(3)

    assert await looks(store, clock) == []


async def test_of_a_topic_only_those_count_who_said_it_about_that(store: Store, talking: Shop, rule: Add, clock: Clock):
    await rule(topic="price")
    for number in (1, 2, 3):
        await talking.says(number)
    for number in (4, 5):
        await talking.says(number, topics=["price", "size"])
    assert await looks(store, clock) == []

    await talking.says(6, topics=["price"])

    assert [one.count for one in await looks(store, clock)] == [3]


async def test_two_browsers_of_one_customer_are_one_person(store: Store, talking: Shop, rule: Add, clock: Clock):
    await rule()
    for number in (1, 2, 3):
        await talking.says(number)
    for number in (2, 3):
        await store.write(_is_customer, visitor(number), "customer-7")

    assert await looks(store, clock) == []


def _is_customer(connection: Connection, who: VisitorId, customer: str) -> None:
    values = {"site": SHOP, "visitor": who, "customer": customer, "evidence": "purchase", "since": at()}
    connection.execute(insert(identities).values(values))


async def test_our_own_people_raise_nothing(store: Store, talking: Shop, rule: Add, clock: Clock):
    await rule()
    for number in (1, 2, 3):
        await talking.says(number)
    await store.write(claim, "talk-3", ours=True)

    assert await looks(store, clock) == []


async def test_who_does_not_want_to_be_measured_any_more_does_not_count(
    store: Store, talking: Shop, rule: Add, clock: Clock
):
    await rule()
    for number in (1, 2, 3):
        await talking.says(number)
    await store.write(_is_unwilling, visitor(3))

    assert await looks(store, clock) == []


def _is_unwilling(connection: Connection, who: VisitorId) -> None:
    connection.execute(visitors.update().where(visitors.c.id == who).values(measure=False))


async def test_two_workers_raise_it_once(store: Store, store_url: str, talking: Shop, rule: Add, clock: Clock):
    await rule()
    for number in range(1, 10):
        await talking.says(number)
    other = Store(store_url)

    for _ in range(3):
        await asyncio.gather(looks(store, clock), looks(other, clock), looks(store, clock))
    await other.close()

    assert [one.count for one in await looks(store, clock)] == [9]


async def test_a_row_of_the_log_is_read_once_and_one_that_is_committed_late_too(
    store: Store, talking: Shop, rule: Add, clock: Clock
):
    await rule(least=1)
    await talking.says(1)
    first = await store.write(alert_mentions.read_log, at=clock())

    again = await store.write(alert_mentions.read_log, at=clock())
    await talking.says(2)
    third = await store.write(alert_mentions.read_log, at=clock())

    assert (first, again, third) == (1, 0, 1)


async def test_who_is_erased_before_the_look_does_not_count(store: Store, talking: Shop, rule: Add, clock: Clock):
    await rule()
    for number in (1, 2, 3):
        await talking.says(number)
    await store.write(alert_mentions.read_log, at=clock())

    await store.write(forget_visitor, SHOP, visitor(2))

    assert await looks(store, clock) == []


async def test_clearly_more_than_usual_is_told_with_what_is_usual(store: Store, talking: Shop, rule: Add, clock: Clock):
    await rule(usual=True)
    for day in range(1, 29):
        await talking.says(100 + day, at=at(days=-day, hours=-1))
    for number in range(1, 4):
        await talking.says(number)
    assert await looks(store, clock) == []

    for number in range(4, 12):
        await talking.says(number)
    (raised,) = await looks(store, clock)

    assert raised.count == 11 and raised.figures == {"usual": 1.0}


async def test_a_shop_of_a_week_has_nothing_that_is_usual(store: Store, talking: Shop, rule: Add, clock: Clock):
    await rule(usual=True)
    for day in range(1, 8):
        await talking.says(100 + day, at=at(days=-day, hours=-1))
    for number in range(1, 30):
        await talking.says(number)

    assert await looks(store, clock) == []


async def test_a_drop_of_the_mood_is_told_once_until_it_has_recovered(
    store: Store, talking: Shop, rule: Add, clock: Clock
):
    id = await rule(What.MOOD, least=20)
    for number in range(60):
        await talking.says(
            number, at=at(days=-1 - number % 20, hours=-1), sentiment=0.4 + number % 3 / 10, statements=[]
        )
    for number in range(100, 115):
        await talking.says(number, sentiment=-0.3 - number % 3 / 10, statements=[])

    (raised,) = await looks(store, clock)
    clock.pass_(hours=2)
    again = await looks(store, clock)

    assert (raised.count, len(again)) == (15, 1)
    assert raised.figures["before"] - raised.figures["now"] > 0.8
    clock.pass_(days=2)
    for number in range(200, 215):
        await talking.says(number, sentiment=0.5, statements=[])
    await looks(store, clock)
    clock.pass_(days=2)
    for number in range(300, 330):
        await talking.says(number, sentiment=-0.9, statements=[])
    assert len(await looks(store, clock)) == 2
    assert await store.read(find_rule, id) is not None


async def test_questions_that_no_page_answers_count_by_what_they_ask(
    store: Store, talking: Shop, rule: Add, clock: Clock
):
    await rule(What.QUESTION)
    for number in (1, 2, 3):
        await talking.happens(number, Kind.UNANSWERED, {}, text=f"Do you sell item {number}?")
    assert await looks(store, clock) == []

    for number in (4, 5, 6):
        await talking.happens(number, Kind.UNANSWERED, {}, text="Do you repair blankets?" + "!" * number)

    assert [one.count for one in await looks(store, clock)] == [3]


async def test_one_and_two_stars_count_and_three_do_not(store: Store, talking: Shop, rule: Add, clock: Clock):
    await rule(What.STARS)
    for number, stars in ((1, 1), (2, 2), (3, 3), (4, 5)):
        await talking.happens(number, Kind.RATING, {"stars": stars, "words": "Hm."})
    assert await looks(store, clock) == []

    await talking.happens(5, Kind.RATING, {"stars": 1, "words": ""})

    assert [one.count for one in await looks(store, clock)] == [3]


async def test_a_most_valuable_customer_who_complains_raises_one_alert_and_others_none(
    store: Store, talking: Shop, rule: Add, clock: Clock
):
    await store.write(add_site, SHOP, at=at(), settings={"valued_from": "500 EUR"})
    await rule(What.BEST, least=1)
    for number, cents in ((1, 49_900), (2, 50_000)):
        await talking.says(number)
        await store.write(_bought, visitor(number), cents)

    (raised,) = await looks(store, clock)
    await talking.says(2, "And again!")

    assert len(await looks(store, clock)) == 1
    assert await store.read(_behind, raised.id) == ["talk-2"]


def _bought(connection: Connection, who: VisitorId, cents: int) -> None:
    values = {"site": SHOP, "id": f"order-{who}", "type": "purchase", "visitor": who, "value": cents, "currency": "EUR"}
    connection.execute(insert(purchases).values(values | {"at": at(), "items": [], "digest": "x"}))


def _behind(connection: Connection, id: str) -> list[str]:
    from bot.store.alert_deliveries import find_raised, people_of

    raised = find_raised(connection, id)
    assert raised is not None
    return [one.conversation for one in people_of(connection, raised)]


async def test_who_waits_for_a_person_raises_an_alert_after_the_minutes_and_not_before(
    store: Store, talking: Shop, rule: Add, clock: Clock
):
    await rule(What.WAITING, least=10)
    await talking.says(1)
    await store.write(_waits, "talk-1", clock(), "distress")
    clock.pass_(minutes=9, seconds=59)
    assert await looks(store, clock) == [] and not await store.read(alerts_due, clock())
    clock.pass_(seconds=1)
    assert await store.read(alerts_due, clock())

    (raised,) = await looks(store, clock)
    clock.pass_(minutes=5)

    assert raised.figures == {"reason": "distress"}
    assert len(await looks(store, clock)) == 1 and not await store.read(alerts_due, clock())


async def test_who_was_answered_in_time_raises_none(store: Store, talking: Shop, rule: Add, clock: Clock):
    await rule(What.WAITING, least=10)
    await talking.says(1)
    await store.write(_waits, "talk-1", clock(), "")
    clock.pass_(minutes=9)
    await store.write(_taken, "talk-1")
    clock.pass_(minutes=9)

    assert await looks(store, clock) == []


def _waits(connection: Connection, where: str, since: Microseconds, reason: str) -> None:
    values = {"owner": "nobody", "state": "waiting", "asked_person_at": since, "reason": reason}
    connection.execute(conversations.update().where(conversations.c.id == where).values(values))


def _taken(connection: Connection, where: str) -> None:
    connection.execute(
        conversations.update().where(conversations.c.id == where).values(owner="staff", state="open")
    )  # fmt: skip


async def test_a_rule_that_is_off_raises_nothing_and_gives_the_worker_nothing_to_do(
    store: Store, talking: Shop, rule: Add, clock: Clock
):
    await rule(is_on=False)
    for number in (1, 2, 3):
        await talking.says(number)
    clock.pass_(minutes=2)

    assert not await store.read(alerts_due, clock())
    assert await looks(store, clock) == []


async def test_the_worker_has_something_to_do_once_a_minute_while_anything_happens(
    store: Store, talking: Shop, rule: Add, clock: Clock
):
    await rule()
    await talking.says(1)
    assert await store.read(alerts_due, clock())
    await looks(store, clock)

    await talking.says(2)
    at_once = await store.read(alerts_due, clock())
    clock.pass_(minutes=1)

    assert not at_once and await store.read(alerts_due, clock())


async def test_a_raise_for_people_who_counted_meanwhile_is_none(store: Store, talking: Shop, rule: Add, clock: Clock):
    id = await rule()
    for number in (1, 2, 3):
        await talking.says(number)
    await store.write(alert_mentions.read_log, at=clock())
    kept = await store.read(find_rule, id)
    assert kept is not None
    said = await store.read(alert_mentions.open_mentions, id, kept.rule, at=clock())
    numbers = [one.interaction for one in said]

    first, second = [
        await store.write(alerts_raised.raise_people, id, numbers, at=clock(), least=3, figures={}) for _ in range(2)
    ]

    assert first is not None and second is None

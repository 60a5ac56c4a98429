"""The one-page report says what people say: their mood, how many complain and of what; of few, nothing."""

from datetime import date

from bot.insights.one_page.page import in_unit
from bot.insights.one_page.report import one_page
from bot.store.forget import forget_visitor
from bot.store.sites import Site
from bot.store.store import Store
from tests.alerts.conftest import Shop, visitor
from tests.cast import SHOP, at
from tests.mail.conftest import Clock

TODAY = date(2026, 3, 2)


async def told(store: Store) -> dict[str, dict[str, object]]:
    report = await one_page(store, SHOP, "2026-02-20", "2026-03-02", today=TODAY)
    return {one["name"]: one for one in report["findings"]}


async def test_mood_and_complaints_are_told_with_their_numbers(store: Store, shop: Site):
    talking = Shop(store, Clock())
    for number in range(12):
        complains = number < 3
        kind = {} if complains else {"statements": []}
        for _ in range(1 + 4 * complains):
            await talking.says(number, at=at(hours=-1), sentiment=-0.6 if complains else 0.2, **kind)

    found = await told(store)

    mood, complained = found["mood"], found["complained"]
    assert (mood["state"], mood["n"], round(float(str(mood["value"])), 2)) == ("found", 12, 0.0)
    assert complained["value"] == 0.25 and complained["part"] == "What people say"
    assert str(complained["sentence"]).startswith("3 of 12 people complained, 25")
    assert str(complained["sentence"]).endswith("; most of delivery (3).")


async def test_of_fewer_than_ten_people_and_of_none_nothing_is_claimed(store: Store, shop: Site):
    nobody = await told(store)
    talking = Shop(store, Clock())
    for number in range(10):
        await talking.says(number, at=at(hours=-1))
    ten = await told(store)
    await store.write(forget_visitor, SHOP, visitor(1))
    nine = await told(store)

    assert [one["mood"]["state"] for one in (nobody, ten, nine)] == ["nothing there", "found", "too few to judge"]
    assert [one["complained"]["value"] for one in (nobody, ten, nine)] == [None, 1.0, None]
    assert nine["mood"]["sentence"] == "Too few to judge their mood: 9 people said something, and it takes 10."
    assert str(nine["complained"]["sentence"]).startswith("Too few to judge what people complain of: 9 people said")


def test_a_mood_is_read_with_its_sign():
    assert [in_unit(one, "mood", "EUR") for one in (0.127, -0.5)] == ["+0.13", "−0.50"]

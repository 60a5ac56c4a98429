"""Who agreed that an ad platform learns of them: the latest word counts, and it goes with the person."""

import pytest

from bot.interactions import Kind, SiteKey
from bot.store.ad_consents import SHOP as TOLD
from bot.store.ad_consents import Said, agreeing, note, tell, tidy
from bot.store.forget import forget_customer, forget_visitor, reach_of
from bot.store.mail_stops import stop
from bot.store.purchases import Notice, Recorded, record
from bot.store.sites import Site, add_site
from bot.store.store import Store
from bot.store.visitors import create
from bot.store.whole_person import all_of
from tests.cast import ALICE, CHARLIE, SHOP, at
from tests.store.test_forget import everything, someone

MAIL = "alice@customers.example"
ALICES = {f"c:{ALICE.customer}": MAIL}


def said(agrees: bool, *, day: int = 0, address: str | None = MAIL, customer: str | None = None, id: str = "") -> Said:
    id = id or f"{address}:{customer}:{agrees}:{day}"
    return Said(address=address, customer=customer, agrees=agrees, at=at(days=day), source=TOLD, source_id=id)


async def agree(store: Store, *words: Said, people: dict[str, str] = ALICES) -> set[str]:
    await store.write(note, SHOP, words, at=at())
    return await store.read(agreeing, SHOP, people)


async def test_nobody_agrees_who_said_nothing(store: Store, shop: Site):
    assert await agree(store) == set()


async def test_a_yes_is_of_the_address_however_it_is_written(store: Store, shop: Site):
    assert await agree(store, said(True, address=" Alice@Customers.Example ")) == set(ALICES)


async def test_a_yes_is_of_the_customer_whatever_their_address(store: Store, shop: Site):
    assert await agree(store, said(True, address=None, customer=ALICE.customer)) == set(ALICES)


@pytest.mark.parametrize(("words", "agrees"), [
    ([said(True, day=1), said(False, day=2)], False),
    ([said(False, day=1), said(True, day=2)], True),
    ([said(False, day=2), said(True, day=1)], False),
    ([said(True, day=1), said(False, day=1)], False),
    ([said(True, day=1), said(False, day=2, address=None, customer=ALICE.customer)], False),
    ([said(False, day=1), said(True, day=2, address=None, customer=ALICE.customer)], True),
    ([said(True, day=1), said(False, day=1, address=None, customer=ALICE.customer)], False),
])  # fmt: skip
async def test_the_latest_word_counts_and_of_two_at_once_the_no(
    store: Store, shop: Site, words: list[Said], agrees: bool
):
    assert (await agree(store, *words) == set(ALICES)) is agrees


async def test_what_is_told_to_one_site_is_of_no_other(store: Store, shop: Site):
    await store.write(add_site, SiteKey("other"), at=at())
    await store.write(note, SHOP, [said(True)], at=at())

    assert await store.read(agreeing, "other", ALICES) == set()


async def test_a_visitor_is_no_customer_of_the_same_name(store: Store, shop: Site):
    yes = said(True, address=None, customer="7")

    assert await agree(store, yes, people={"v:7": "seven@mail.example"}) == set()


async def test_told_again_it_is_known_and_told_otherwise_it_is_refused(store: Store, shop: Site):
    tellings = [said(True, id="1"), said(True, id="1"), said(False, id="1")]

    answers = [await store.write(tell, SHOP, one, at=at()) for one in tellings]

    assert answers == [Recorded.RECORDED, Recorded.DUPLICATE, Recorded.CONFLICT]
    assert await store.read(agreeing, SHOP, ALICES) == set(ALICES)


async def test_who_wants_no_more_mail_has_taken_it_back(store: Store, shop: Site):
    await store.write(note, SHOP, [said(True)], at=at())

    await store.write(stop, SHOP, MAIL.upper(), at=at(days=1))

    assert await store.read(agreeing, SHOP, ALICES) == set()


async def test_many_people_are_asked_of_at_once(store: Store, shop: Site):
    many = {f"v:{number}": f"m{number}@mail.example" for number in range(1_500)}
    await store.write(note, SHOP, [said(True, address=f"m{number}@mail.example") for number in range(1_000)], at=at())

    assert len(await store.read(agreeing, SHOP, many)) == 1_000


async def test_it_goes_with_who_is_forgotten_and_stays_of_others(store: Store, shop: Site):
    visitor, _ = await store.write(someone, shop, customer=ALICE.customer, said="canary")
    await store.write(someone, shop, customer=CHARLIE.customer, said="charlie")
    words = [
        said(True, address="canary@customers.example"), said(True, address=None, customer=ALICE.customer),
        said(True, address="charlie@customers.example"),
    ]  # fmt: skip
    await store.write(note, SHOP, words, at=at())

    await store.write(forget_visitor, SHOP, visitor)

    left = await store.read(everything)
    assert "canary" not in left and f'"{ALICE.customer}"' not in left
    charlies = {f"c:{CHARLIE.customer}": "charlie@customers.example"}
    assert await store.read(agreeing, SHOP, charlies) == set(charlies)


async def test_a_customer_known_by_an_address_alone_takes_it_along(store: Store, shop: Site):
    await store.write(note, SHOP, [said(True, address="only@mail.example")], at=at())

    await store.write(forget_customer, SHOP, "only@mail.example")

    assert "only@mail.example" not in await store.read(everything)


async def test_it_is_in_what_somebody_gets_who_asks_for_everything(store: Store, shop: Site):
    await store.write(someone, shop, customer=ALICE.customer, said="canary")
    await store.write(note, SHOP, [said(True, address="canary@customers.example"), said(True, day=3)], at=at())
    whose = await store.read(reach_of, SHOP, visitors=set(), customers={ALICE.customer})

    told = await store.read(all_of, whose, at=at())

    assert [(one["agrees"], one["at"], one["source"]) for one in told["ad_consents"]] == [
        (True, "2026-03-02T12:00:00.000Z", "shop")
    ]


async def test_what_somebody_typed_into_a_checkout_tells_them_nothing_of_its_owner(store: Store, shop: Site):
    visitor = (await store.write(create, shop, at=at(), measure=True, memory=False)).id
    order = Notice(id="1", kind=Kind.PURCHASE, at=at(), value=1, currency="EUR", visitor=visitor, email=MAIL)
    await store.write(record, shop, order, at=at())
    await store.write(note, SHOP, [said(True)], at=at())
    whose = await store.read(reach_of, SHOP, visitors={visitor}, customers=set())

    assert (await store.read(all_of, whose, at=at()))["ad_consents"] == []


def test_an_address_is_tidied_as_the_platforms_say():
    assert tidy("  Anna@ Shop.Example\n") == "anna@shop.example"

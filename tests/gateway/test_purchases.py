import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.gateway.purchases import BODY_BYTES, ITEMS, verify
from bot.interactions import SiteKey
from bot.profiles import Profile
from bot.store.profiles import find_profile
from bot.store.sites import Site, add_site
from bot.store.store import Store
from bot.store.tables import sites
from tests.cast import ALICE, ORIGIN, SHOP, at
from tests.gateway.doors import Client, Clock, a_batch, an_event, doors

NOW_S = at() // 1_000_000
ORDER: dict[str, Any] = {
    "site": SHOP,
    "id": "order-1001",
    "type": "purchase",
    "visitor": None,
    "customer": {"id": ALICE.customer, "email": ALICE.email, "name": ALICE.name},
    "value": "49.90",
    "currency": "EUR",
    "margin": "12.00",
    "items": [{"sku": "lamp", "title": "Lamp", "quantity": 1, "price": "49.90"}],
    "at": "2026-03-02T11:00:00Z",
}
REFUND = {"site": SHOP, "id": "refund-7", "type": "refund", "of": "order-1001", "value": "9.90", "currency": "EUR",
          "at": "2026-03-02T11:30:00Z"}  # fmt: skip
STATUS = {"site": SHOP, "id": "status-9", "type": "status", "of": "order-1001", "status": "sent",
          "tracking": "https://parcels.example/1", "at": "2026-03-02T11:45:00Z"}  # fmt: skip


@pytest.fixture
async def client(store: Store, shop: Site) -> AsyncIterator[Client]:
    async with doors(store) as client:
        yield client


def sign(body: bytes, secret: str, t: int | str = NOW_S) -> str:
    return hmac.new(secret.encode(), f"{t}.".encode() + body, hashlib.sha256).hexdigest()


async def tell(client: Client, shop: Site, told: Any, **changes: Any) -> tuple[int, Any]:
    """Sends what the shop's back end tells, signed as it should be; gives the status and the answer."""
    body = changes.get("body", json.dumps(told).encode())
    header = changes.get("header", f"t={NOW_S},v1={sign(body, shop.secrets[0])}")
    async with client.post("/v1/purchases", data=body, headers={"Duologue-Signature": header}) as response:
        return response.status, await response.json()


async def alice(store: Store) -> Profile:
    found = await store.read(find_profile, f"customer:{SHOP}:{ALICE.customer}")
    assert found is not None
    return found


async def test_orders_refunds_and_statuses_are_recorded_once(client: Client, store: Store, shop: Site):
    for told in (ORDER, REFUND, STATUS):
        assert await tell(client, shop, told) == (201, {"status": "recorded"})
        assert await tell(client, shop, told) == (200, {"status": "duplicate"})

    assert (await alice(store)).spent == {"EUR": 4000}


async def test_the_same_id_with_other_content_is_refused(client: Client, store: Store, shop: Site):
    await tell(client, shop, ORDER)

    status, told = await tell(client, shop, ORDER | {"value": "49.91"})

    assert (status, told["error"]) == (409, "conflict")
    assert (await alice(store)).spent == {"EUR": 4990}


async def test_twenty_copies_at_once_are_one_order(client: Client, store: Store, shop: Site):
    answers = await asyncio.gather(*(tell(client, shop, ORDER) for _ in range(20)))

    assert sorted(status for status, _ in answers) == [200] * 19 + [201]
    assert (await alice(store)).orders == 1


async def test_the_order_of_a_visitor_is_theirs(client: Client, store: Store, shop: Site):
    async with client.post("/v1/events", json=a_batch(an_event(1))) as response:
        visitor = (await response.json())["visitor"]

    await tell(client, shop, ORDER | {"visitor": visitor})

    profile = await store.read(find_profile, f"visitor:{visitor}")
    assert profile is not None and profile.spent == {"EUR": 4990}


@pytest.mark.parametrize("visitor", [None, "never-given", "a\x00b", "\ud800"])
async def test_an_order_of_nobody_known_is_kept(client: Client, shop: Site, visitor: str | None):
    assert (await tell(client, shop, ORDER | {"visitor": visitor, "customer": None}))[0] == 201


@pytest.mark.parametrize(
    ("value", "currency", "minor"),
    [("49.9", "EUR", 4990), ("0", "EUR", 0), ("5000", "JPY", 5000), ("5000.00", "JPY", 5000), ("1.234", "KWD", 1234),
     ("9999999999999.99", "EUR", 999_999_999_999_999), ("007", "USD", 700)],
)  # fmt: skip
async def test_money_is_taken_to_the_smallest_unit(
    client: Client, store: Store, shop: Site, value: str, currency: str, minor: int
):
    told = ORDER | {"value": value, "currency": currency, "margin": "-1", "items": []}

    assert (await tell(client, shop, told))[0] == 201

    assert (await alice(store)).spent == {currency: minor}


@pytest.mark.parametrize(
    "change",
    [
        {"value": 49.9}, {"value": 49}, {"value": "-1.00"}, {"value": "1e3"}, {"value": "NaN"}, {"value": "1,00"},
        {"value": ""}, {"value": " 1"}, {"value": "١"}, {"value": "49.901"}, {"value": "0.5", "currency": "JPY"},
        {"value": "99999999999999.99"}, {"value": None}, {"value": "9" * 5_000}, {"margin": 12.0}, {"margin": "x"},
        {"currency": "eur"}, {"currency": "EURO"}, {"currency": None}, {"currency": "€"},
        {"id": ""}, {"id": "i" * 257}, {"id": 1001}, {"id": "a\x00"}, {"id": "\ud800"}, {"id": None},
        {"type": "gift"}, {"type": None}, {"at": "yesterday"}, {"at": "2026-03-02"}, {"at": "2026-03-02T12:00:00"},
        {"at": 1}, {"at": "9999-12-31T23:59:59Z"}, {"customer": "Alice"}, {"customer": {}}, {"customer": {"id": ""}},
        {"visitor": 5}, {"items": [{"price": 49.9}]}, {"items": [{"price": "x"}]}, {"items": [{"quantity": -1}]},
        {"items": [{"quantity": 1.5}]}, {"items": {}}, {"items": [{}] * (ITEMS + 1)},
    ],
)  # fmt: skip
async def test_what_is_malformed_is_refused_in_a_sentence(client: Client, shop: Site, change: dict[str, Any]):
    status, told = await tell(client, shop, ORDER | change)

    assert (status, told["error"]) == (400, "malformed")
    assert told["detail"].endswith(".")


@pytest.mark.parametrize(
    "told",
    [
        {**REFUND, "of": None}, {**REFUND, "value": "-9.90"}, {**REFUND, "value": 9.9}, {**STATUS, "of": ""},
        {**STATUS, "status": "lost"}, {**STATUS, "tracking": "javascript:alert(1)"}, {**STATUS, "tracking": 5},
    ],
)  # fmt: skip
async def test_malformed_refunds_and_statuses_are_refused(client: Client, shop: Site, told: dict[str, Any]):
    assert (await tell(client, shop, told))[0] == 400


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"site":"demo","value":NaN}', b"[" * 90_000])
async def test_what_is_not_an_object_is_malformed(client: Client, shop: Site, body: bytes):
    assert (await tell(client, shop, None, body=body))[0] == 400


@pytest.mark.parametrize(
    "header",
    ["", "t=", "v1=", f"t={NOW_S}", "t=x,v1=y", f"t={NOW_S},v1=", f"t={NOW_S},v1=\udcc3\udca4", f"t={NOW_S},t=1,v1=a",
     "t=" + "9" * 5_000 + ",v1=a", f"t={NOW_S},v1=" + "0" * 64, "t=²,v1=a"],
)  # fmt: skip
async def test_a_bad_signature_is_refused(client: Client, shop: Site, header: str):
    header = header.encode("utf-8", "surrogateescape").decode("latin-1")

    status, told = await tell(client, shop, ORDER, header=header)

    assert (status, told["error"]) == (401, "bad_signature")


async def test_a_signature_is_of_one_body(client: Client, shop: Site):
    signature = sign(json.dumps(ORDER).encode(), shop.secrets[0])

    status, _ = await tell(client, shop, ORDER | {"value": "0.01"}, header=f"t={NOW_S},v1={signature}")

    assert status == 401


async def test_an_unknown_site_is_refused_like_a_bad_signature(client: Client, shop: Site):
    body = json.dumps(ORDER | {"site": "nowhere"}).encode()

    for header in (f"t={NOW_S},v1={sign(body, '')}", ""):
        assert (await tell(client, shop, None, body=body, header=header))[0] == 401


@pytest.mark.parametrize(("late_s", "status"), [(300, 201), (-300, 201), (301, 401), (-301, 401)])
async def test_a_signature_is_good_for_five_minutes_both_ways(store: Store, shop: Site, late_s: int, status: int):
    async with doors(store, Clock(at(seconds=late_s))) as client:
        assert (await tell(client, shop, ORDER))[0] == status


async def test_while_secrets_rotate_either_will_do(client: Client, store: Store, shop: Site):
    old, new = shop.secrets[0], "n" * 64
    await store.write(
        lambda connection: connection.execute(sites.update().values(secrets=[new, old])).rowcount
    )  # fmt: skip
    body = json.dumps(ORDER).encode()

    for signatures in ([sign(body, old)], [sign(body, new)], ["0" * 64, sign(body, new)]):
        header = ",".join([f"t={NOW_S}", *(f"v1={one}" for one in signatures)])
        assert (await tell(client, shop, None, body=body, header=header))[0] in (200, 201)


@pytest.mark.parametrize(("size", "status"), [(BODY_BYTES, 201), (BODY_BYTES + 1, 413)])
async def test_a_body_has_a_limit(client: Client, shop: Site, size: int, status: int):
    assert (await tell(client, shop, None, body=json.dumps(ORDER).encode().ljust(size)))[0] == status


def test_too_many_signatures_are_not_all_tried():
    good = sign(b"x", "secret")
    header = f"t={NOW_S}," + ",".join(["v1=" + "0" * 64] * 10 + [f"v1={good}"])

    assert not verify(header, b"x", ("secret",), at())
    assert verify(f"t={NOW_S},v1={good}", b"x", ("other", "secret"), at())


async def test_an_order_is_not_lost_for_half_a_character_in_a_name(client: Client, store: Store, shop: Site):
    customer = {**ORDER["customer"], "name": "Alice \ud83d"}
    body = json.dumps({**ORDER, "customer": customer}).encode()
    assert b"\\ud83d" in body

    assert await tell(client, shop, None, body=body) == (201, {"status": "recorded"})

    name = (await alice(store)).fact("name")
    assert name is not None and name.value == "Alice"


async def hand_over(client: Client, shop: Site, told: Any, origin: str) -> tuple[int, Any, str | None]:
    """As a thank-you page does with the signed body that its shop has put into it."""
    body = json.dumps(told).encode()
    headers = {"Duologue-Signature": f"t={NOW_S},v1={sign(body, shop.secrets[0])}", "Origin": origin}
    async with client.post("/v1/purchases", data=body, headers=headers) as answer:
        return answer.status, await answer.json(), answer.headers.get("Access-Control-Allow-Origin")


async def test_the_shops_own_page_may_hand_over_what_the_shop_has_signed(client: Client, shop: Site):
    async with client.options("/v1/purchases", headers={"Origin": ORIGIN}) as first:
        assert first.status == 204
        assert "Duologue-Signature" in first.headers["Access-Control-Allow-Headers"]

    assert await hand_over(client, shop, ORDER, ORIGIN) == (201, {"status": "recorded"}, ORIGIN)
    assert await hand_over(client, shop, ORDER, ORIGIN) == (200, {"status": "duplicate"}, ORIGIN)


async def test_a_page_may_also_read_why_it_was_refused(client: Client, shop: Site):
    headers = {"Duologue-Signature": f"t={NOW_S},v1={'0' * 64}", "Origin": ORIGIN}

    async with client.post("/v1/purchases", json=ORDER, headers=headers) as answer:
        assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (401, ORIGIN)


async def test_another_sites_page_may_not_hand_over_an_order(client: Client, store: Store, shop: Site):
    await store.write(add_site, SiteKey("other"), name="Other", origins=("https://other.example",), at=at())

    for foreign in ("https://evil.example", "https://other.example", "null"):
        status, told, _ = await hand_over(client, shop, ORDER, foreign)
        assert (status, told["error"]) == (403, "foreign_origin")
    assert (await tell(client, shop, ORDER))[0] == 201
    async with client.options("/v1/purchases", headers={"Origin": "https://evil.example"}) as first:
        assert first.status == 403

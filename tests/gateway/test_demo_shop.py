"""The demonstration shop serves its pages and nothing else, and sells at its own prices or not at all."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from bot.errors import ConfigurationError, StoreUnavailable
from bot.gateway import demo_shop, identity, purchases
from bot.gateway.demo_shop import MIRA, shop_app
from bot.gateway.house import now
from tests.cast import ALICE

type Client = TestClient[web.Request, web.Application]
SECRET = "the site's secret, as long as one of 32 bytes"
PRODUCTS = [
    {"sku": "TM-1", "title": "Scarf", "price": "49.90", "margin": "12.00", "currency": "EUR"},
    {"sku": "TM-2", "title": "Hat", "price": "0.10", "margin": "0.05", "currency": "EUR"},
    {"sku": "TM-3", "title": "Gift card", "price": "25.00", "currency": "EUR"},
    {"sku": "TM-4", "title": "Kilt", "price": "99.00", "margin": "9.00", "currency": "GBP"},
]


@dataclass
class Gateway:
    """Takes purchases as the real one does; answers with `statuses` in turn, then 201."""

    statuses: list[int] = field(default_factory=list)
    got: list[tuple[str, bytes]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((request.headers["Duologue-Signature"], await request.read()))
        return web.json_response({"status": "recorded"}, status=self.statuses.pop(0) if self.statuses else 201)

    @property
    def last(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.got[-1][1])
        return body


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("<body><h1>Teasel Mill</h1>\n<!-- duologue -->\n</body>")
    (site / "style.css").write_text("body{color:red}")
    (site / "robots.txt").write_text("User-agent: *")
    (site / "products.json").write_text(json.dumps(PRODUCTS))
    (site / "notes.bak").write_text("not of the shop")
    (tmp_path / "secret.txt").write_text("not for anybody")
    return site


@pytest.fixture
async def gateway() -> AsyncIterator[tuple[Gateway, str]]:
    taken = Gateway()
    app = web.Application()
    app.router.add_post("/v1/purchases", taken.take)
    async with TestServer(app) as server:
        yield taken, str(server.make_url("")).rstrip("/")


@pytest.fixture
async def shop(folder: Path, gateway: tuple[Gateway, str], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    monkeypatch.setattr(demo_shop, "PAUSE_S", 0.0)
    async with TestClient(
        TestServer(shop_app(folder, gateway_url=gateway[1], site_key="demo", secret=secret))
    ) as client:
        yield client


async def secret() -> str:
    return SECRET


def an_order(**other: Any) -> dict[str, Any]:
    order = {
        "visitor": ALICE.visitor,
        "customer": {"name": ALICE.name, "email": ALICE.email},
        "items": [{"sku": "TM-1", "quantity": 2}, {"sku": "TM-2", "quantity": 1}],
    }
    return order | other


async def buy(shop: Client, order: object) -> tuple[int, dict[str, Any]]:
    answer = await shop.post("/checkout", json=order)
    return answer.status, await answer.json()


async def get(shop: Client, path: str, **headers: str) -> ClientResponse:
    # Encoded: the client would tidy `..` away before it is sent.
    return await shop.get(URL(path, encoded=True), headers=headers)


async def test_every_page_has_the_widget_in_it(shop: Client, gateway: tuple[Gateway, str]) -> None:
    first, named = await get(shop, "/"), await get(shop, "/index.html")

    text = await first.text()
    assert f'<script type="module" src="{gateway[1]}/widget.js" data-site="demo"></script>' in text
    assert "<!-- duologue -->" not in text
    assert text == await named.text()
    assert first.headers["Content-Type"] == "text/html; charset=utf-8"


async def test_a_page_that_the_browser_has_is_not_sent_again(shop: Client) -> None:
    first = await get(shop, "/style.css")

    by_tag = await get(shop, "/style.css", **{"If-None-Match": first.headers["ETag"]})
    by_time = await get(shop, "/style.css", **{"If-Modified-Since": first.headers["Last-Modified"]})
    other = await get(
        shop, "/style.css", **{"If-None-Match": '"old"', "If-Modified-Since": first.headers["Last-Modified"]}
    )

    assert (first.status, by_tag.status, by_time.status, other.status) == (200, 304, 304, 200)
    assert by_tag.headers["ETag"] == first.headers["ETag"]


async def test_the_widget_has_to_live_with_a_strict_policy(shop: Client, gateway: tuple[Gateway, str]) -> None:
    answer = await get(shop, "/")

    rules = answer.headers["Content-Security-Policy"].split("; ")
    assert f"script-src 'self' {gateway[1]}" in rules
    assert f"connect-src 'self' {gateway[1]} {gateway[1].replace('http', 'ws')}" in rules
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..\\secret.txt",
        "/..%5csecret.txt",
        "/index.html%00.txt",
        "/./style.css/../../secret.txt",
        "/notes.bak",
        "/missing.html",
        "/%ff%fe",
    ],
)
async def test_nothing_outside_the_shop_can_be_had(shop: Client, path: str) -> None:
    answer = await get(shop, path)

    assert answer.status == 404
    assert "There is no such page" in await answer.text()


async def test_a_purchase_reaches_the_gateway_signed_and_at_the_shops_prices(
    shop: Client,
    gateway: tuple[Gateway, str],
) -> None:
    status, said = await buy(shop, an_order())

    header, body = gateway[0].got[0]
    at, given = header.removeprefix("t=").split(",v1=")
    assert given == hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    told = gateway[0].last
    assert (status, said) == (201, {"order": told["id"]})
    assert (told["value"], told["margin"], told["currency"]) == ("99.90", "24.05", "EUR")
    assert (told["site"], told["type"], told["visitor"]) == ("demo", "purchase", ALICE.visitor)
    assert told["customer"]["id"].startswith("shop-")
    assert told["items"][0] == {"sku": "TM-1", "title": "Scarf", "quantity": 2, "price": "49.90"}


async def test_the_same_address_is_the_same_customer_and_each_order_has_its_own_number(
    shop: Client,
    gateway: tuple[Gateway, str],
) -> None:
    await buy(shop, an_order())
    await buy(shop, an_order(visitor=None, customer={"name": "A.", "email": ALICE.email.upper()}))

    first, second = (json.loads(body) for _, body in gateway[0].got)
    assert first["customer"]["id"] == second["customer"]["id"]
    assert first["id"] != second["id"]
    assert second["visitor"] is None


async def test_a_margin_that_is_not_known_for_all_is_not_told(
    shop: Client,
    gateway: tuple[Gateway, str],
) -> None:
    await buy(shop, an_order(items=[{"sku": "TM-1", "quantity": 1}, {"sku": "TM-3", "quantity": 1}]))

    assert gateway[0].last["margin"] is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"items": []}, "items"),
        ({"items": [{"sku": "TM-9", "quantity": 1}]}, 'no product "TM-9"'),
        ({"items": [{"sku": "TM-1", "quantity": 0}]}, "greater than or equal to 1"),
        ({"items": [{"sku": "TM-1", "quantity": 21}]}, "less than or equal to 20"),
        ({"items": [{"sku": "TM-1", "quantity": 1.5}]}, "valid integer"),
        ({"items": [{"sku": "TM-1", "quantity": 1}, {"sku": "TM-1", "quantity": 1}]}, "twice"),
        ({"items": [{"sku": "TM-1", "quantity": 1}, {"sku": "TM-4", "quantity": 1}]}, "EUR and GBP"),
        ({"customer": {"name": " ", "email": "a@b.example"}}, "customer.name"),
        ({"customer": {"name": "Alice", "email": "nobody"}}, "customer.email is not an e-mail address"),
        ({"customer": None}, "customer"),
        ({"visitor": "<script>"}, "visitor"),
        ({"price": "0.01"}, "price"),
    ],
)
async def test_a_wrong_order_is_refused_with_a_reason_and_never_sent(
    shop: Client,
    gateway: tuple[Gateway, str],
    change: dict[str, Any],
    sentence: str,
) -> None:
    status, said = await buy(shop, an_order(**change))

    assert status == 400
    assert sentence in said["detail"]
    assert gateway[0].got == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"null"])
async def test_what_is_no_order_at_all_is_refused(shop: Client, body: bytes) -> None:
    answer = await shop.post("/checkout", data=body, headers={"Content-Type": "application/json"})

    assert answer.status == 400


async def test_another_sites_form_buys_nothing(shop: Client, gateway: tuple[Gateway, str]) -> None:
    answer = await shop.post("/checkout", data=json.dumps(an_order()), headers={"Content-Type": "text/plain"})

    assert answer.status == 415
    assert gateway[0].got == []


async def test_a_gateway_that_fails_once_gets_the_same_purchase_again(
    shop: Client,
    gateway: tuple[Gateway, str],
) -> None:
    gateway[0].statuses[:] = [503]

    status, _ = await buy(shop, an_order())

    assert status == 201
    assert gateway[0].got[0][1] == gateway[0].got[1][1]


@pytest.mark.parametrize(("statuses", "sent"), [([503, 503, 503], 3), ([401], 1), ([400], 1)])
async def test_an_order_that_the_gateway_does_not_take_is_not_bought(
    shop: Client,
    gateway: tuple[Gateway, str],
    statuses: list[int],
    sent: int,
) -> None:
    gateway[0].statuses[:] = statuses

    status, said = await buy(shop, an_order())

    assert (status, said["error"]) == (502, "not_bought")
    assert said["detail"].startswith("Nothing was bought")
    assert len(gateway[0].got) == sent


async def test_a_gateway_that_is_away_is_said_plainly(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_shop, "PAUSE_S", 0.0)
    app = shop_app(folder, gateway_url="http://127.0.0.1:9", site_key="demo", secret=secret)
    async with TestClient(TestServer(app)) as shop:
        status, said = await buy(shop, an_order())

    assert status == 502
    assert said["detail"].startswith("Nothing was bought")


def test_a_shop_without_a_price_list_does_not_start(folder: Path) -> None:
    (folder / "products.json").write_text('[{"sku": "TM-1"}]')

    with pytest.raises(ConfigurationError, match=r"products\.json"):
        shop_app(folder, gateway_url="http://127.0.0.1:9", site_key="demo", secret=secret)


async def test_the_proof_names_a_made_up_customer_whatever_the_browser_asks_for(shop: Client) -> None:
    answer = await shop.post("/demo/proof", json={"sub": "charlie", "name": "Charlie", "email": "charlie@shop.example"})

    claims = identity.verify((await answer.json())["jwt"], (SECRET,), now())
    assert (claims.name, claims.email) == (MIRA.name, MIRA.email)
    again = identity.verify((await (await shop.post("/demo/proof")).json())["jwt"], (SECRET,), now())
    assert again.customer == claims.customer


async def test_a_purchase_for_the_thank_you_page_is_signed_and_says_nothing_of_the_margin(shop: Client) -> None:
    answer = await shop.post("/demo/purchase", json={"visitor": ALICE.visitor})

    told = await answer.json()
    body = json.loads(told["body"])
    assert purchases.verify(told["signature"], told["body"].encode(), (SECRET,), now())
    assert (body["visitor"], body["customer"]["name"], body["value"]) == (ALICE.visitor, MIRA.name, "0.10")
    assert body["margin"] is None


async def test_two_purchases_for_the_thank_you_page_are_two_orders(shop: Client) -> None:
    told = [await (await shop.post("/demo/purchase", json={})).json() for _ in range(2)]

    ids = {json.loads(one["body"])["id"] for one in told}
    assert len(ids) == 2


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"visitor": "<script>"}', b'{"value": "1000000.00"}', b'{"id": "order-1"}']
)
async def test_the_browser_says_nothing_of_a_purchase_but_who_it_is(shop: Client, body: bytes) -> None:
    answer = await shop.post("/demo/purchase", data=body)

    assert answer.status == 400


@pytest.mark.parametrize("path", ["/demo/proof", "/demo/purchase"])
async def test_a_shop_that_can_not_read_its_secret_signs_nothing_and_says_so(folder: Path, path: str) -> None:
    async def away() -> str:
        raise StoreUnavailable("The store is away.")

    app = shop_app(folder, gateway_url="http://127.0.0.1:9", site_key="demo", secret=away)
    async with TestClient(TestServer(app)) as shop:
        answer = await shop.post(path, json={})
        said = await answer.text()

    assert answer.status == 503
    assert "Try again" in said

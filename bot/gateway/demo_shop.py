"""The demonstration shop: its pages with the widget in them, and a checkout that tells the gateway of each purchase.

It stands for somebody else's shop. It knows the gateway's address, the site's key and the site's secret, and reaches
the gateway as any shop does: a tag in its pages, a signed request from its back end.
"""

import asyncio
import gzip
import hashlib
import hmac
import html
import json
import logging
import re
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

import aiohttp
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from yarl import URL

from bot.errors import ConfigurationError, StoreUnavailable
from bot.gateway.house import problem
from bot.gateway.signatures import jwt

PLACE_OF_WIDGET = b"<!-- duologue -->"
TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webp": "image/webp",
    ".xml": "application/xml",
}
"""What the shop serves; a file of another type is not of the shop."""
TRIES = 3
PAUSE_S = 0.3
PATIENCE_S = 5.0
BODY_BYTES = 64 * 1024
ORDER_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without those that look alike: people read their order number out on the telephone."""
PROOF_S = 600
NOT_BOUGHT = "Nothing was bought: the shop could not write your order down. Try again in a minute."
log = logging.getLogger(__name__)

Secret = Callable[[], Awaitable[str]]


class Customer(BaseModel):
    # The other engine takes a twentieth of a second to read the pattern below, at each start.
    model_config = ConfigDict(regex_engine="python-re")

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    email: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, max_length=254, pattern=r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+\.[^@\s]+$"
        ),
    ]


class Wanted(BaseModel):
    sku: Annotated[str, StringConstraints(max_length=64)]
    quantity: Annotated[int, Field(strict=True, ge=1, le=20)]


class FromPage(BaseModel):
    """What any page of the shop may say: the visitor's public reference."""

    # By the other engine as above, in two models.
    model_config = ConfigDict(extra="forbid", regex_engine="python-re")

    visitor: Annotated[str, StringConstraints(pattern=r"^[\w.:-]{1,128}\Z")] | None = None


class Checkout(FromPage):
    """What the checkout page sends. It has no prices: those are the shop's to say."""

    customer: Customer
    items: Annotated[list[Wanted], Field(min_length=1, max_length=50)]


MIRA = Customer(name="Mira Example", email="mira@customers.example")
"""Whom the developers' page signs in. Nobody: a proof for a name that a browser chooses would prove nothing."""


@dataclass(frozen=True)
class Product:
    sku: str
    title: str
    price: Decimal
    margin: Decimal | None
    currency: str


@dataclass(frozen=True)
class File:
    """A file of the shop as it is sent."""

    body: bytes
    packed: bytes
    type: str
    etag: str
    changed: datetime


@dataclass(frozen=True)
class Shop:
    files: Mapping[str, File]
    products: Mapping[str, Product]
    purchases: URL
    site: str
    secret: Secret


SHOP = web.AppKey("shop", Shop)
SESSION = web.AppKey("session", aiohttp.ClientSession)
routes = web.RouteTableDef()


def shop_app(site_dir: Path, *, gateway_url: str, site_key: str, secret: Secret) -> web.Application:
    """The shop's server. `secret` gives what signs its purchases now; it is asked at each, since secrets rotate."""
    source, key = html.escape(f"{gateway_url}/widget.js"), html.escape(site_key)
    tag = f'<script type="module" src="{source}" data-site="{key}"></script>'
    app = web.Application(client_max_size=BODY_BYTES)
    app[SHOP] = Shop(
        files=_files(site_dir, tag.encode()),
        products=_products(site_dir / "products.json"),
        purchases=URL(gateway_url) / "v1" / "purchases",
        site=site_key,
        secret=secret,
    )
    app.add_routes(routes)
    headers = _headers(URL(gateway_url).origin())

    async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(headers)

    async def session(app: web.Application) -> AsyncIterator[None]:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE_S)) as app[SESSION]:
            yield

    app.on_response_prepare.append(add_headers)
    app.cleanup_ctx.append(session)
    return app


def _headers(gateway: URL) -> dict[str, str]:
    socket = gateway.with_scheme("wss" if gateway.scheme == "https" else "ws")
    rules = (
        "default-src 'none'",
        f"script-src 'self' {gateway}",
        "style-src 'self'",
        "img-src 'self' data:",
        f"connect-src 'self' {gateway} {socket}",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
    return {
        # As strict as a careful shop's own: the widget has to live with it.
        "Content-Security-Policy": "; ".join(rules),
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
    }


def _files(folder: Path, tag: bytes) -> dict[str, File]:
    """All files of the shop under their paths. What is not in here can't be asked for, by whatever path."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix in TYPES]
    return {path.relative_to(folder).as_posix(): _file(path, tag) for path in found}


def _file(path: Path, tag: bytes) -> File:
    body = path.read_bytes()
    if path.name == "products.json":
        # What a product brings is the shop's own business; the pages need the price only.
        shown = [{name: value for name, value in one.items() if name != "margin"} for one in json.loads(body)]
        body = json.dumps(shown, ensure_ascii=False).encode()
    if path.suffix == ".html":
        body = body.replace(PLACE_OF_WIDGET, tag)
    changed = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
    etag = hashlib.sha256(body).hexdigest()[:20]
    return File(body, gzip.compress(body, 9, mtime=0), TYPES[path.suffix], etag, changed)


def _products(path: Path) -> dict[str, Product]:
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))
        return {one["sku"]: _product(one) for one in listed}
    except (OSError, ValueError, KeyError, TypeError, InvalidOperation) as error:
        good = '[{"sku": "TM-101", "title": "Fold Blanket", "price": "149.00", "margin": "61.00", "currency": "EUR"}]'
        raise ConfigurationError(
            f"{path} can't be read as a list of products ({error!r}); it is e.g. {good}."
        ) from error


def _product(listed: dict[str, Any]) -> Product:
    margin = listed.get("margin")
    return Product(
        sku=listed["sku"],
        title=listed["title"],
        price=Decimal(listed["price"]),
        margin=None if margin is None else Decimal(margin),
        currency=listed["currency"],
    )


@routes.get("/{path:.*}")
async def page(request: web.Request) -> web.Response:
    files = request.app[SHOP].files
    found = files.get(request.match_info["path"] or "index.html")
    if found is None:
        return _missing()
    headers = {
        "Cache-Control": "no-cache",
        "ETag": f'"{found.etag}"',
        "Vary": "Accept-Encoding",
    }
    if _has(request, found):
        response = web.Response(status=304, headers=headers)
    else:
        body = found.body
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            body, headers["Content-Encoding"] = found.packed, "gzip"
        response = web.Response(body=body, headers=headers, content_type=found.type, charset="utf-8")
    response.last_modified = found.changed
    return response


def _has(request: web.Request, found: File) -> bool:
    """Whether the browser has this very file. By RFC 9110 its time counts only when it names no ETag."""
    if (tags := request.if_none_match) is not None:
        return any(tag.value in ("*", found.etag) for tag in tags)
    since = request.if_modified_since
    return since is not None and found.changed <= since


def _missing() -> web.Response:
    text = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Not found</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/style.css">'
        '</head><body><main id="content"><div class="wrap"><h1>There is no such page</h1>'
        '<p><a href="/index.html">Go to the shop’s first page</a></p></div></main></body></html>'
    )
    return web.Response(text=text, status=404, content_type="text/html")


@routes.post("/checkout")
async def checkout(request: web.Request) -> web.Response:
    """Sells what was asked for: 201 once the gateway has written the purchase down, else nothing was bought."""
    if request.content_type != "application/json":
        # Another site's form can't send this type, so it can't buy in a visitor's name.
        return problem(415, "not_json", "Send the order as application/json.")
    try:
        order = Checkout.model_validate_json(await request.read())
    except ValidationError as error:
        return problem(400, "bad_order", _why(error))
    shop = request.app[SHOP]
    purchase = _purchase(shop, order)
    if isinstance(purchase, str):
        return problem(400, "bad_order", purchase)
    if not await _tell(request.app[SESSION], shop, purchase):
        return problem(502, "not_bought", NOT_BOUGHT)
    return web.json_response({"order": purchase["id"]}, status=201)


@routes.post("/demo/proof")
async def sign_in(request: web.Request) -> web.Response:
    """What a shop gives its page for `identify` once somebody has signed in; here, for a made-up customer."""
    at = int(time.time())
    claims = {"sub": _customer_id(MIRA.email), "iat": at, "exp": at + PROOF_S, **MIRA.model_dump()}
    return web.json_response({"jwt": jwt.encode(claims, await _secret(request), "HS256")})


@routes.post("/demo/purchase")
async def sign_purchase(request: web.Request) -> web.Response:
    """What a shop renders into its thank-you page for `purchase`: the signed body of a small order."""
    try:
        said = FromPage.model_validate_json(await request.read())
    except ValidationError as error:
        return problem(400, "malformed", _why(error))
    shop = request.app[SHOP]
    cheapest = min(shop.products.values(), key=lambda product: product.price)
    wanted = Wanted(sku=cheapest.sku, quantity=1)
    purchase = _purchase(shop, Checkout(visitor=said.visitor, customer=MIRA, items=[wanted]))
    if isinstance(purchase, str):
        return problem(400, "malformed", purchase)
    # Whoever looks at the page can read it.
    body = json.dumps(purchase | {"margin": None}, ensure_ascii=False)
    signed = signature(await _secret(request), body.encode(), at=int(time.time()))
    return web.json_response({"body": body, "signature": signed})


async def _secret(request: web.Request) -> str:
    try:
        return await request.app[SHOP].secret()
    except StoreUnavailable as error:
        raise web.HTTPServiceUnavailable(text="The shop can't sign at this moment. Try again.") from error


def _why(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "body"
    if where == "customer.email" and first["type"] == "string_pattern_mismatch":
        return "customer.email is not an e-mail address; give e.g. name@example.com."
    return f"{where}: {first['msg']}."


def _purchase(shop: Shop, order: Checkout) -> dict[str, Any] | str:
    """The purchase as the gateway wants it, or the sentence that says why there is none."""
    skus = [wanted.sku for wanted in order.items]
    if unknown := next((sku for sku in skus if sku not in shop.products), None):
        return f'items: there is no product "{unknown}".'
    if twice := next((sku for sku in skus if skus.count(sku) > 1), None):
        return f'items: "{twice}" is there twice; give it once with its quantity.'
    lines = [(shop.products[wanted.sku], wanted.quantity) for wanted in order.items]
    currencies = sorted({product.currency for product, _ in lines})
    if len(currencies) > 1:
        return f"items: the prices are in {' and '.join(currencies)}; order them one by one."
    margins = [None if product.margin is None else product.margin * quantity for product, quantity in lines]
    return {
        "site": shop.site,
        "id": "order-" + "".join(secrets.choice(ORDER_LETTERS) for _ in range(8)),
        "type": "purchase",
        "visitor": order.visitor,
        "customer": {"id": _customer_id(order.customer.email), **order.customer.model_dump(include={"email", "name"})},
        "value": str(sum(product.price * quantity for product, quantity in lines)),
        "currency": currencies[0],
        # One unknown makes the whole unknown: a sum of the others would be too low.
        "margin": None if None in margins else str(sum(margin for margin in margins if margin is not None)),
        "items": [
            {"sku": product.sku, "title": product.title, "quantity": quantity, "price": str(product.price)}
            for product, quantity in lines
        ],
        "at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


def _customer_id(email: str) -> str:
    """The same for the same address. A real shop gives its account's id, which only the account's owner can claim."""
    return "shop-" + hashlib.sha256(email.casefold().encode()).hexdigest()[:20]


async def _tell(session: aiohttp.ClientSession, shop: Shop, purchase: dict[str, Any]) -> bool:
    """Whether the gateway has the purchase. It is sent again under the same id, so that it counts once."""
    body = json.dumps(purchase, ensure_ascii=False).encode()
    why = "not tried"
    for attempt in range(TRIES):
        await asyncio.sleep(PAUSE_S * attempt)
        try:
            headers = {
                "Content-Type": "application/json",
                "Duologue-Signature": signature(await shop.secret(), body, at=int(time.time())),
            }
            async with session.post(shop.purchases, data=body, headers=headers) as answer:
                if answer.status in (200, 201):
                    return True
                why = f"{answer.status} {(await answer.text())[:200]}"
                if answer.status < 500 and answer.status != 429:
                    break
        except (aiohttp.ClientError, TimeoutError, StoreUnavailable) as error:
            why = repr(error)
    log.warning("The gateway did not take %s: %s", purchase["id"], re.sub(r"\s+", " ", why))
    return False


def signature(secret: str, body: bytes, *, at: int) -> str:
    """The header that proves who sent `body`, and when (Unix seconds)."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"

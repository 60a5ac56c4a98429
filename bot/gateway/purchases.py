"""`POST /v1/purchases`: the shop's back end tells of orders, refunds and where they are; signed, each told once.

It may also render the signed body into its thank-you page, which then hands it over.
"""

import hashlib
import hmac
from typing import Annotated, Literal

from aiohttp import web
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from bot.gateway.bodies import is_storable, moment, read_body, storable, storable_json
from bot.gateway.events import why
from bot.gateway.house import HOUSE, from_json, problem
from bot.gateway.origins import foreign_page, is_own_page, open_to_pages, preflight
from bot.interactions import Kind, Microseconds
from bot.money import is_currency, minor_units
from bot.store.purchases import Notice, Recorded, record
from bot.visits import URL_LENGTH, is_web_address

BODY_BYTES = 256 * 1024
TOLERANCE_S = 300
SIGNATURES = 10
"""More `v1` than this is no rotation of secrets but an attempt to try many."""
ITEMS = 1_000
routes = web.RouteTableDef()


def _exact(text: str) -> str:
    if not is_storable(text):
        raise ValueError("it has a character that can't be stored")
    return text


def _currency(code: str) -> str:
    if not is_currency(code):
        raise ValueError("give a code of ISO 4217, e.g. EUR")
    return code


def _address(url: str) -> str:
    if not is_web_address(url):
        raise ValueError("give an http(s) address")
    return url


def time_told(text: str) -> str:
    moment(text)
    return text


def _words(value: object) -> object:
    # An order must not be lost for half a character in a name, which pydantic would refuse.
    return storable(value) if isinstance(value, str) else value


Id = Annotated[str, Field(min_length=1, max_length=256), AfterValidator(_exact)]
Words = Annotated[str, Field(max_length=512), BeforeValidator(_words)]
Currency = Annotated[str, AfterValidator(_currency)]


class Told(BaseModel):
    # Strict, so that 49.9 is no money and "1" no number; unknown fields are left alone.
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class Customer(Told):
    id: Id
    email: Annotated[str, Field(max_length=320), BeforeValidator(_words)] | None = None
    name: Words | None = None


class Item(Told):
    sku: Words | None = None
    title: Words | None = None
    quantity: Annotated[int, Field(ge=0, le=1_000_000)] = 1
    price: str | None = None


class Purchase(Told):
    id: Id
    type: Literal["purchase"]
    visitor: str | None = None
    customer: Customer | None = None
    value: str
    currency: Currency
    margin: str | None = None
    items: Annotated[list[Item], Field(max_length=ITEMS)] = []
    at: Annotated[str, AfterValidator(time_told)]

    def notice(self) -> Notice:
        customer = self.customer
        for item in self.items:
            if item.price is not None:
                minor_units(item.price, self.currency)
        return Notice(
            id=self.id,
            kind=Kind.PURCHASE,
            at=moment(self.at),
            visitor=self.visitor and storable(self.visitor),
            customer=None if customer is None else customer.id,
            email=None if customer is None else customer.email,
            name=None if customer is None else customer.name,
            value=minor_units(self.value, self.currency),
            margin=None if self.margin is None else minor_units(self.margin, self.currency, signed=True),
            currency=self.currency,
            items=[storable_json(item.model_dump(exclude_none=True)) for item in self.items],
        )


class Refund(Told):
    id: Id
    type: Literal["refund"]
    of: Id
    value: str
    currency: Currency
    at: Annotated[str, AfterValidator(time_told)]

    def notice(self) -> Notice:
        value = minor_units(self.value, self.currency)
        return Notice(
            id=self.id, kind=Kind.REFUND, at=moment(self.at), of=self.of, value=value, currency=self.currency
        )  # fmt: skip


class Status(Told):
    id: Id
    type: Literal["status"]
    of: Id
    status: Literal["paid", "packed", "sent", "delivered", "cancelled"]
    tracking: Annotated[str, Field(max_length=URL_LENGTH), AfterValidator(_address)] | None = None
    at: Annotated[str, AfterValidator(time_told)]

    def notice(self) -> Notice:
        return Notice(
            id=self.id, kind=Kind.STATUS, at=moment(self.at), of=self.of, status=self.status, tracking=self.tracking
        )  # fmt: skip


_told: TypeAdapter[Purchase | Refund | Status] = TypeAdapter(
    Annotated[Purchase | Refund | Status, Field(discriminator="type")]
)


@routes.options("/v1/purchases")
async def ask_first(request: web.Request) -> web.StreamResponse:
    return await preflight(request)


@routes.post("/v1/purchases")
@open_to_pages
async def take_purchase(request: web.Request) -> web.StreamResponse:
    house = request.app[HOUSE]
    body = await read_body(request, BODY_BYTES)
    if body is None:
        return problem(413, "too_large", f"What is told of an order has at most {BODY_BYTES // 1024} KiB.")
    try:
        told = from_json(body)
        if not isinstance(told, dict):
            raise ValueError("one object is expected")
    except ValueError as error:
        return problem(400, "malformed", why(error))
    site = await house.site(told.get("site"))
    secrets = ("",) if site is None else site.secrets
    is_signed = verify(request.headers.get("Duologue-Signature", ""), body, secrets, house.now())
    if site is None or not is_signed:
        return problem(401, "bad_signature", "The signature is not of this site, this body and this time.")
    if not is_own_page(request, site):
        return foreign_page()
    try:
        notice = _told.validate_python(told).notice()
    except ValueError as error:
        return problem(400, "malformed", wrong(error))
    return _answer(await house.store.write(record, site, notice, at=house.now()))


def verify(header: str, body: bytes, secrets: tuple[str, ...], at: Microseconds) -> bool:
    """Whether one of `v1` is the body's, made with one of the secrets, at most 300 s ago or ahead.

    Every signature is compared with every secret, in constant time: how long it takes tells nothing.
    """
    parts = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    given = [value for name, _, value in parts if name == "v1"]
    if len(times) != 1 or not times[0].isascii() or not times[0].isdigit() or len(times[0]) > 12:
        return False
    signed = times[0].encode() + b"." + body
    own = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest().encode() for secret in secrets]
    matches = [hmac.compare_digest(made, one.encode("utf-8", "replace")) for made in own for one in given[:SIGNATURES]]
    is_fresh = abs(at - int(times[0]) * 1_000_000) <= TOLERANCE_S * 1_000_000
    return any(matches) and is_fresh


def wrong(error: ValueError) -> str:
    return why(error) if hasattr(error, "errors") else f"{error}."


def _answer(recorded: Recorded) -> web.Response:
    match recorded:
        case Recorded.RECORDED:
            return web.json_response({"status": "recorded"}, status=201)
        case Recorded.DUPLICATE:
            return web.json_response({"status": "duplicate"})
        case Recorded.CONFLICT:
            return problem(409, "conflict", "This id was told before with other content; that one stays.")

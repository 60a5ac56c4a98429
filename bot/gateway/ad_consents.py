"""`POST /v1/consents`: the shop's back end tells who agreed that an ad platform learns of them, or took it back.

Signed as orders are, each told once. It is the shop that asks for it: no choice in the chat goes so far.
"""

from typing import Annotated, Literal

from aiohttp import web
from pydantic import AfterValidator, Field

from bot.gateway.bodies import moment, read_body
from bot.gateway.events import why
from bot.gateway.house import HOUSE, from_json, problem
from bot.gateway.purchases import Id, Told, time_told, verify, wrong
from bot.interactions import Microseconds
from bot.mail_addresses import address_in
from bot.store.ad_consents import SHOP, Said, tell
from bot.store.purchases import Recorded

BODY_BYTES = 16 * 1024
AHEAD_US = 86_400 * 1_000_000
"""A shop's clock may be ahead of ours, or in another zone than it says; not by more than a day."""
routes = web.RouteTableDef()


def _an_address(text: str) -> str:
    if address_in(text) != text:
        raise ValueError("give a mail address, e.g. anna@shop.example, as mail programs write it")
    return text


class Consent(Told):
    id: Id
    type: Literal["advertising"]
    agrees: bool
    email: Annotated[str, Field(max_length=320), AfterValidator(_an_address)] | None = None
    customer: Id | None = None
    at: Annotated[str, AfterValidator(time_told)]

    def said(self, *, now: Microseconds) -> Said:
        if self.email is None and self.customer is None:
            raise ValueError("say whose consent it is: give an email, a customer, or both")
        at = moment(self.at)
        if at > now + AHEAD_US:
            raise ValueError("at is in the future; give when they said so")
        return Said(
            address=self.email, customer=self.customer, agrees=self.agrees, at=at, source=SHOP, source_id=self.id
        )


@routes.post("/v1/consents")
async def take_consent(request: web.Request) -> web.StreamResponse:
    """201 recorded, 200 told before, 409 the same id with other content; no page may tell it, only a back end."""
    house = request.app[HOUSE]
    body = await read_body(request, BODY_BYTES)
    if body is None:
        return problem(413, "too_large", f"What is told of a consent has at most {BODY_BYTES // 1024} KiB.")
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
    try:
        said = Consent.model_validate(told).said(now=house.now())
    except ValueError as error:
        return problem(400, "malformed", wrong(error))
    match await house.store.write(tell, site.key, said, at=house.now()):
        case Recorded.RECORDED:
            return web.json_response({"status": "recorded"}, status=201)
        case Recorded.DUPLICATE:
            return web.json_response({"status": "duplicate"})
        case Recorded.CONFLICT:
            return problem(409, "conflict", "This id was told before with other content; that one stays.")

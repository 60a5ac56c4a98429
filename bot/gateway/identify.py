"""A visitor says who they are, and their site signed it: in a frame, or by `POST /v1/identify`."""

from typing import Annotated
from uuid import NAMESPACE_URL, uuid5

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints

from bot.gateway.bearer import visitors_only
from bot.gateway.bodies import read_body
from bot.gateway.events import why
from bot.gateway.frames import PROOF_LENGTH
from bot.gateway.house import HOUSE, House, from_json, problem
from bot.gateway.identity import Refused, verify
from bot.gateway.origins import preflight
from bot.gateway.refusals import Problem
from bot.gateway.rooms import ROOMS
from bot.interactions import ConversationId, CustomerId
from bot.store.conversations import Conversation
from bot.store.identify import OtherCustomer, identify
from bot.store.sites import Site

BODY_BYTES = 16 * 1024
STATUS = {"other_customer": 409}
routes = web.RouteTableDef()


class Proof(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")
    jwt: Annotated[str, StringConstraints(max_length=PROOF_LENGTH)]


@routes.options("/v1/identify")
async def ask_first(request: web.Request) -> web.StreamResponse:
    return await preflight(request)


@routes.post("/v1/identify")
@visitors_only
async def take_proof(request: web.Request, site: Site, conversation: Conversation) -> web.StreamResponse:
    body = await read_body(request, BODY_BYTES)
    if body is None:
        return problem(413, "too_large", f"A proof has at most {PROOF_LENGTH:,} characters.")
    try:
        proof = Proof.model_validate(from_json(body))
    except ValueError as error:
        return problem(400, "malformed", why(error))
    try:
        # Named by its content: the same proof again does nothing again.
        frame = str(uuid5(NAMESPACE_URL, proof.jwt))
        customer = await prove(request.app[HOUSE], site, conversation.id, proof.jwt, frame=frame)
    except Problem as refused:
        return problem(STATUS.get(refused.code, 401), refused.code, refused.detail)
    request.app[ROOMS].hub.push(conversation.id, {"type": "identified", "customer": customer})
    return web.json_response({"customer": customer})


async def prove(house: House, site: Site, conversation: ConversationId, jwt: str, *, frame: str) -> CustomerId:
    """Links the conversation to the customer that the site has signed; Problem when the proof is not good."""
    at = house.now()
    try:
        claims = verify(jwt, site.secrets, at)
        customer = CustomerId(claims.customer)
        who = {"email": claims.email, "name": claims.name}
        await house.store.write_in_order(
            conversation, identify, conversation, frame=frame, customer=customer, at=at, **who
        )  # fmt: skip
    except Refused as refused:
        raise Problem(refused.code, refused.detail) from refused
    except OtherCustomer as other:
        raise Problem("other_customer", "This visitor is already someone else; reset first.") from other
    return customer

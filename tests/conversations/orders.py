"""What was bought in the demonstration shop before anybody talks about it, told as a shop's own server tells it."""

import hashlib
import hmac
import json
import time
from typing import Any

import aiohttp

from bot.store.sites import Site

BOUGHT_AT = "2026-03-02T12:00:00Z"
CHANGED_AT = "2026-03-05T12:00:00Z"
ANNA, BEN = "anna.keller@customers.example", "ben.ito@customers.example"
CLARA, EMIL = "clara.roy@customers.example", "emil.sand@customers.example"
TRACKING = "https://carrier.example/parcels/7781"
ORDERS = (
    ("1001", ANNA, "sent", TRACKING),
    ("1002", BEN, "packed", None),
    ("1003", CLARA, "delivered", None),
    ("1004", EMIL, "cancelled", None),
    ("1005", BEN, "paid", None),
)
"""Number, the address it was bought with, its latest status, and where the parcel can be followed."""


async def place_orders(gateway: aiohttp.ClientSession, site: Site) -> None:
    """Once or many times: the gateway knows what it has been told."""
    for number, email, status, tracking in ORDERS:
        await place(gateway, site, number, email, status, tracking)


async def place(
    gateway: aiohttp.ClientSession, site: Site, number: str, email: str, status: str, tracking: str | None = None
) -> None:
    await _tell(gateway, site, _purchase(number, email))
    news = {"type": "status", "id": f"status-{number}", "of": f"order-{number}", "status": status}
    await _tell(gateway, site, news | {"tracking": tracking, "at": CHANGED_AT})


def _purchase(number: str, email: str) -> dict[str, Any]:
    customer = {"id": f"customer-of-{email.partition('@')[0]}", "email": email, "name": None}
    bought = {"type": "purchase", "id": f"order-{number}", "visitor": None, "customer": customer}
    return bought | {"value": "39.00", "currency": "EUR", "margin": None, "items": [], "at": BOUGHT_AT}


async def _tell(gateway: aiohttp.ClientSession, site: Site, event: dict[str, Any]) -> None:
    body, now = json.dumps({"site": site.key} | event), int(time.time())
    signed = hmac.new(site.secrets[0].encode(), f"{now}.{body}".encode(), hashlib.sha256).hexdigest()
    headers = {"Duologue-Signature": f"t={now},v1={signed}"}
    async with gateway.post("/v1/purchases", data=body, headers=headers) as told:
        assert told.status in (200, 201), await told.text()

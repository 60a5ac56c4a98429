"""What people do on the pages of the invented shop: look around, buy, send some of it back."""

from dataclasses import asdict

from bot.insights.demonstration.journal import SECOND_US, Journal
from bot.insights.demonstration.planted import CAMPAIGN, CAMPAIGN_SPENDS
from bot.insights.demonstration.shop import ORIGIN, PAGES, TITLES, WARES, Ware
from bot.interactions import Kind, Microseconds
from bot.store.purchases import Notice

CURRENCY = "EUR"
MARGIN = 0.35
WITH_MARGIN = 0.8
"""The share of orders of which the shop told what it earned."""
REFUNDED = 0.08
DAY_US = 86_400 * SECOND_US


def look(one: Journal, *, is_first: bool) -> None:
    """Some pages; the launcher shows, or would have, on the first visit's first one."""
    who = one.who
    query = f"?utm_source={who.campaign}&utm_campaign={who.campaign}" if who.campaign and is_first else ""
    browser = {"country": who.country, "language": who.language, "device": who.device}
    sent = {"referrer": who.referrer} if who.referrer and is_first else {}
    page = one.one_of(*PAGES)
    one.add(Kind.PAGE_VIEW, url=f"{ORIGIN}{page}{query}", data={"title": TITLES[page]} | browser | sent)
    if is_first:
        one.add(Kind.EXPOSED, url=f"{ORIGIN}/")
    for _ in range(one.one_of(0, 1, 1, 2, 3, 5)):
        page = one.one_of(*PAGES)
        one.add(Kind.PAGE_VIEW, after=90, url=ORIGIN + page, data={"title": TITLES[page]} | browser)


def buy(one: Journal) -> None:
    """An order: from now on they are known as a customer. Some of it may go back days later."""
    who, number = one.who, len(one.orders)
    order = f"invented-{who.number}-{number}"
    wares = _basket(one)
    times = CAMPAIGN_SPENDS if who.campaign == CAMPAIGN else 1
    value = times * sum(ware.price for ware in wares)
    margin = _margin(one, value)
    one.customer_since = one.customer_since or Microseconds(one.now + 600 * SECOND_US)
    about = {"order": order, "name": who.name, "email": who.email} | ({} if margin is None else {"margin": margin})
    one.add(Kind.PURCHASE, after=600, value=value, currency=CURRENCY, url=f"{ORIGIN}/thanks", data=about)
    items = [asdict(ware) | {"quantity": times, "price": f"{ware.price / 100:.2f}"} for ware in wares]
    _tell(one, order, Kind.PURCHASE, value, email=who.email, name=who.name, margin=margin, items=items)
    if one.chance(REFUNDED) or who.is_costly:
        _give_back(one, order, value)


def _basket(one: Journal) -> list[Ware]:
    if one.who.is_regular:
        return [one.one_of(*WARES[:2])]
    return [one.one_of(*WARES) for _ in range(one.one_of(1, 1, 1, 2, 3))]


def _margin(one: Journal, value: int) -> int | None:
    """Less than nothing, what costs more to bring than it earns; None: the shop did not say."""
    if one.who.is_costly:
        return -900
    return round(value * MARGIN) if one.chance(WITH_MARGIN) else None


def _give_back(one: Journal, order: str, value: int) -> None:
    part = value if one.chance(0.4) else round(value * one.one_of(0.25, 0.5))
    back, bought = one.now + 4 * DAY_US, one.now
    one.now = Microseconds(back)
    one.add(Kind.REFUND, value=part, currency=CURRENCY, data={"order": order})
    _tell(one, f"{order}-refund", Kind.REFUND, part, of=order)
    one.now = bought


def _tell(one: Journal, id: str, kind: Kind, value: int, **more: object) -> None:
    told = Notice(
        id=id,
        kind=kind,
        at=one.now,
        visitor=one.who.visitor,
        customer=one.who.customer,
        value=value,
        currency=CURRENCY,
        **more,  # type: ignore[arg-type]
    )
    one.orders.append(told)

"""Orders that visitors ask for in the chat: looked up for who may know, and not for who guesses."""

from collections import OrderedDict
from datetime import UTC

from bot.gateway.house import House
from bot.gateway.pace import Pace
from bot.interactions import as_datetime
from bot.orders import Order, OrderSought, said
from bot.store.conversations import Conversation
from bot.store.orders import News, may_try, order_of_customer, order_of_mail

TRIES_OF_AN_ADDRESS, TRIES_AN_HOUR = 10, 10
"""Over all conversations, in memory: who guesses another's order begins a new conversation for each try."""
ADDRESSES = 10_000


class Orders:
    def __init__(self, house: House) -> None:
        self._house = house
        self._paces: OrderedDict[tuple[str, str], Pace] = OrderedDict()

    async def look(self, whose: Conversation, number: str | None, email: str | None) -> OrderSought:
        """The order, if it is the customer's whom the site vouches for, or number and address belong together."""
        store, found = self._house.store, None
        if whose.customer is not None:
            found = await store.read(order_of_customer, whose.site, whose.customer, number=number)
        if found is None and not await store.read(may_try, whose, at=self._house.now()):
            return OrderSought(is_refused=True)
        if found is None and number is not None and email is not None:
            if not self._pace_of(whose.site, email).take():
                return OrderSought(is_refused=True)
            found = await store.read(order_of_mail, whose.site, number=number, email=email)
        return OrderSought(None if found is None else await self._told(whose, found))

    async def _told(self, whose: Conversation, news: News) -> Order:
        site = await self._house.site(whose.site)
        hours = None if site is None else site.chat.opening_hours
        on = as_datetime(news.at).astimezone(UTC if hours is None else hours.timezone).date()
        return Order(said(news.number), news.status, on, news.tracking)

    def _pace_of(self, site: str, email: str) -> Pace:
        key = (site, email.casefold())
        pace = self._paces.pop(key, None) or Pace(burst=TRIES_OF_AN_ADDRESS, per_second=TRIES_AN_HOUR / 3_600)
        self._paces[key] = pace
        if len(self._paces) > ADDRESSES:
            self._paces.popitem(last=False)
        return pace

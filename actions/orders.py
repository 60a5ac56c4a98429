"""How an order is: told to who names its number and the e-mail address it was bought with, or is known to the site."""

from typing import Any, ClassVar

from actions import words
from actions.forms import Events, Form, Talk
from actions.words import Words, language_of, offer, say
from bot import desk
from bot.hours import day_in_words
from bot.mail_addresses import address_in
from bot.orders import Order, number_in

NEWS = {
    "paid": words.ORDER_PAID,
    "packed": words.ORDER_PACKED,
    "sent": words.ORDER_SENT,
    "delivered": words.ORDER_DELIVERED,
    "cancelled": words.ORDER_CANCELLED,
}


class OrderForm(Form):
    form = "order_form"
    begun_by = ("order_status",)
    slots = ("order_number", "email")
    questions: ClassVar[dict[str, Words]] = {"order_number": words.WHICH_ORDER, "email": words.ORDERED_WITH}
    without: ClassVar[dict[str, Words]] = {"order_number": words.WITHOUT_NUMBER, "email": words.WITHOUT_ADDRESS}

    def hear(self, talk: Talk) -> bool:
        email, number = address_in(talk.text), number_in(talk.text)
        heard = {name: one for name, one in (("order_number", number), ("email", email)) if one is not None}
        talk.keep(**heard)
        return bool(heard)

    async def go_on(self, talk: Talk) -> Events:
        number, email = talk.slot("order_number"), talk.slot("email")
        sought = await desk.current().order(talk.call, number=number, email=email)
        if sought.found is not None:
            self.tell(talk, sought.found)
            return self.end(talk)
        if sought.is_refused:
            talk.say(words.TOO_MANY_TRIES, buttons=offer(talk.tracker))
            return self.end(talk)
        if number and email:
            return self.not_found(talk)
        return self.ask(talk, "email" if number else "order_number")

    def not_found(self, talk: Talk) -> Events:
        """One sentence, whichever of the two was wrong: it must not tell whose order there is."""
        talk.say(words.NO_SUCH_ORDER)
        talk.keep(order_number=None, email=None)
        return self.ask(talk, "order_number")

    def tell(self, talk: Talk, order: Order) -> None:
        news = NEWS.get(order.status or "", words.ORDER_BOUGHT)
        told = say(news, talk.tracker, order.number, day_in_words(order.on, language_of(talk.tracker)))
        if order.tracking is None:
            talk.dispatcher.utter_message(text=told)
            return
        title = say(words.FOLLOW_ORDER, talk.tracker, order.number)
        source: dict[str, Any] = {"url": order.tracking, "title": title, "quote": ""}
        follow = say(words.FOLLOW_IT, talk.tracker, order.tracking)
        talk.dispatcher.utter_message(text=f"{told} {follow}", json_message={"sources": [source]})

"""What somebody who comes back is told first: what matters to them now, and nothing that they did not tell or buy."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.orders import said
from bot.visits import IDLE_LIMIT

AWAY = IDLE_LIMIT
"""Who was away for less than this has never left: they reload, or look at another page."""
MONTHS = {
    "en": "January February March April May June July August September October November December".split(),  # noqa: SIM905
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),  # noqa: SIM905
}
DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),  # noqa: SIM905
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split(),  # noqa: SIM905
}


@dataclass(frozen=True)
class OrderNews:
    """The latest of an order of theirs, on the site's own calendar."""

    number: str
    status: str
    on: date


@dataclass(frozen=True)
class Need:
    """What they looked for when they were last here. `answered` is None when the pages were not asked."""

    value: str
    answered: bool | None


@dataclass(frozen=True)
class Welcome:
    """The words, and whether a person is offered beside them."""

    text: str
    offers_person: bool = False


@dataclass(frozen=True, kw_only=True)
class Return:
    """Somebody who comes back, and what is new to them since they left."""

    today: date
    name: str | None = None
    order: OrderNews | None = None
    answered_by: str | None = None
    """Who of the staff has answered meanwhile, unread."""
    need: Need | None = None
    met_by_silence: bool = False
    """They said nothing to the last welcome: only news is worth another."""
    valued: bool = False
    """One of the best customers: a person is a press away, whatever the news."""


def welcome(back: Return, language: str) -> Welcome | None:
    """One greeting and one thing that matters, the newest first; None when there is nothing to say.

    The best customers are told nothing else, and nothing of their worth: they are offered a person beside it.
    """
    found = _said(back, language)
    return found if found is None or not back.valued else replace(found, offers_person=True)


def _said(back: Return, language: str) -> Welcome | None:
    words = _WORDS["de" if language == "de" else "en"]
    hello = words["back_name"].format(back.name) if back.name else words["back"]
    if back.order is not None and back.order.status in _STATUSES:
        when = _when(back.order.on, back.today, language)
        news = words[f"order_{back.order.status}"].format(number=said(back.order.number), when=when)
        return Welcome(f"{hello} {news}")
    if back.answered_by is not None:
        return Welcome(f"{hello} {words['answered_by'].format(back.answered_by)}")
    if back.met_by_silence:
        return None
    if back.need is not None and back.need.answered is False:
        return Welcome(f"{hello} {words['need_unanswered'].format(back.need.value)}", offers_person=True)
    if back.need is not None:
        return Welcome(f"{hello} {words['need'].format(back.need.value)}")
    return Welcome(f"{hello} {words['ask']}") if back.name else None


def _when(on: date, today: date, language: str) -> str:
    german = language == "de"
    if on >= today:
        return "heute" if german else "today"
    if today - on == timedelta(days=1):
        return "gestern" if german else "yesterday"
    if today - on < timedelta(days=7):
        return f"am {DAYS['de'][on.weekday()]}" if german else f"on {DAYS['en'][on.weekday()]}"
    month = MONTHS["de" if german else "en"][on.month - 1]
    return f"am {on.day}. {month}" if german else f"on {on.day} {month}"


_STATUSES = frozenset({"paid", "packed", "sent", "delivered", "cancelled"})
_WORDS = {
    "en": {
        "back": "Welcome back.",
        "back_name": "Welcome back, {}.",
        "ask": "What would you like to know?",
        "order_paid": "The payment for your order {number} arrived {when}.",
        "order_packed": "Your order {number} was packed {when}.",
        "order_sent": "Your order {number} left {when}.",
        "order_delivered": "Your order {number} was delivered {when}.",
        "order_cancelled": "Your order {number} was cancelled {when}.",
        "answered_by": "{} has answered you here meanwhile.",
        "need": "Last time you were looking for {}. Just ask if something is still open.",
        "need_unanswered": "Last time I found no answer for this: {}. If it is still open, a person can look into it.",
    },
    "de": {
        "back": "Schön, dass Sie wieder da sind.",
        "back_name": "Schön, dass Sie wieder da sind, {}.",
        "ask": "Was möchten Sie wissen?",
        "order_paid": "Die Zahlung für Ihre Bestellung {number} ist {when} eingegangen.",
        "order_packed": "Ihre Bestellung {number} wurde {when} verpackt.",
        "order_sent": "Ihre Bestellung {number} ist {when} abgegangen.",
        "order_delivered": "Ihre Bestellung {number} wurde {when} zugestellt.",
        "order_cancelled": "Ihre Bestellung {number} wurde {when} storniert.",
        "answered_by": "{} hat Ihnen hier inzwischen geantwortet.",
        "need": "Letztes Mal haben Sie das gesucht: {}. Fragen Sie einfach, wenn noch etwas offen ist.",
        "need_unanswered": "Letztes Mal fand ich dazu nichts: {}. Wenn es noch offen ist, kann sich ein Mensch darum "
        "kümmern.",
    },
}
PERSON = {"en": "Talk to a person", "de": "Mit einem Menschen sprechen"}

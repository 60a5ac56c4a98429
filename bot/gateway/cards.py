"""The cards of an answer, as an action gave them: what may be shown of them, and nothing else."""

from typing import Any

from bot.gateway.bodies import storable
from bot.gateway.frames import clean
from bot.visits import is_web_address

MOST = 10
TITLE, TEXT, PRICE, ADDRESS = 200, 1_000, 60, 2_048
"""Characters."""


def cards_of(custom: dict[str, Any] | None) -> tuple[dict[str, Any], ...]:
    """At most ten cards, {title, text, url, image, price}; one without a title is none.

    Texts are text, whatever is in them. An address that is not of the web is left out, not the card.
    """
    given = (custom or {}).get("cards")
    cards = (_card(one) for one in given[:MOST] if isinstance(one, dict)) if isinstance(given, list) else ()
    return tuple(card for card in cards if card["title"])


def _card(given: dict[Any, Any]) -> dict[str, Any]:
    return {
        "title": _text(given.get("title"), TITLE),
        "text": _text(given.get("text"), TEXT),
        "url": _address(given.get("url")),
        "image": _address(given.get("image")),
        "price": _text(given.get("price"), PRICE) or None,
    }


def _text(value: object, limit: int) -> str:
    return storable(clean(value))[:limit].rstrip() if isinstance(value, str) else ""


def _address(value: object) -> str | None:
    return value if isinstance(value, str) and len(value) <= ADDRESS and is_web_address(value) else None

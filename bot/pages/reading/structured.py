"""What a page says of itself in JSON-LD, where shops keep price, stock and questions: as lines for readers."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree, html  # type: ignore[import-untyped]

from bot.pages.reading.tidy import clean, text_of
from bot.store.pages import Product
from bot.visits import is_web_address

MAX_TEXT = 3_000
MAX_NODES = 5_000
_PLACES = frozenset({"Store", "LocalBusiness", "Organization", "Restaurant", "Hotel", "OnlineStore"})
# Of any shop, museum or dentist: schema.org has hundreds of names for places that open.
_OPENS = ("openingHours", "openingHoursSpecification")
_DAYS = {
    "mo": "Monday", "tu": "Tuesday", "we": "Wednesday", "th": "Thursday", "fr": "Friday", "sa": "Saturday",
    "su": "Sunday", "ph": "public holidays",
}  # fmt: skip
_DAY = re.compile(rf"\b(?:{'|'.join(_DAYS)})\b", re.IGNORECASE)
_PRODUCTS = frozenset({"Product", "ProductGroup"})
_AVAILABLE = {
    "InStock": "in stock",
    "OutOfStock": "out of stock",
    "SoldOut": "sold out",
    "PreOrder": "to pre-order",
    "BackOrder": "on back order",
    "LimitedAvailability": "only a few left",
    "InStoreOnly": "only in the shop",
    "OnlineOnly": "only online",
    "Discontinued": "no longer made",
}


@dataclass(frozen=True)
class Statement:
    """`about` is a name or a question, `text` what is said of it."""

    about: str
    text: str


def statements(root: Any) -> list[Statement]:
    """Products, questions with their answers, and places of business, in the page's order."""
    found: dict[Statement, None] = {}
    for node in _nodes_of(root):
        for statement in _said(node):
            found.setdefault(statement)
    return list(found)


def product_on(root: Any, url: str) -> Product | None:
    """The product that the page is about; None where it tells of several, as a list of products does.

    Its picture only when it is on the page's own host: a card must not make visitors ask strangers.
    """
    sold = {name: node for node in _nodes_of(root) if _is_product(node) and (name := _text(node.get("name")))}
    if len(sold) != 1:
        return None
    (name, node) = sold.popitem()
    price = next((told for offer in _dicts(node.get("offers"))[:1] if (told := _price(offer))), None)
    return Product(name, price, _picture(node, url))


def _nodes_of(root: Any) -> Iterator[dict[str, Any]]:
    for script in root.iter("script"):
        if (script.get("type") or "").split(";")[0].strip().lower() == "application/ld+json":
            yield from _nodes(script.text or "")


def _is_product(node: dict[str, Any]) -> bool:
    return not _PRODUCTS.isdisjoint(map(str, _as_list(node.get("@type"))))


def _picture(node: dict[str, Any], url: str) -> str | None:
    for image in _as_list(node.get("image"))[:1]:
        given = image.get("url") or image.get("contentUrl") if isinstance(image, dict) else image
        if not isinstance(given, str):
            continue
        try:
            address = urljoin(url, given.strip())
            own = urlsplit(address)[:2] == urlsplit(url)[:2]
        except ValueError:
            continue
        if own and is_web_address(address):
            return address
    return None


def _nodes(text: str) -> Iterator[dict[str, Any]]:
    try:
        waiting = [json.loads(text)]
    except (ValueError, RecursionError):
        return
    for _ in range(MAX_NODES):
        if not waiting:
            return
        node = waiting.pop(0)
        if isinstance(node, list):
            waiting[:0] = node
        elif isinstance(node, dict):
            yield node
            waiting[:0] = [
                value for key in ("@graph", "mainEntity", "itemListElement", "item") if (value := node.get(key))
            ]


def _said(node: dict[str, Any]) -> Iterator[Statement]:
    kinds = set(map(str, _as_list(node.get("@type"))))
    name = _text(node.get("name"))
    if kinds & _PRODUCTS and name:
        told = [*_offers(node), *_properties(node)]
        if told:
            yield Statement(name, f"{name}: {', '.join(told)}")
        if description := _text(node.get("description")):
            yield Statement(name, description)
    elif "Question" in kinds and name:
        answers = [_text(answer.get("text")) for answer in _dicts(node.get("acceptedAnswer"))]
        if any(answers):
            yield Statement(name, next(filter(None, answers)))
    elif name and (kinds & _PLACES or any(node.get(key) for key in _OPENS)):
        if told := list(_ways_to_reach(node)):
            yield Statement(name, f"{name}: {', '.join(told)}")
        for hours in _hours(node):
            yield Statement(name, f"{name}, {hours}")


def _hours(node: dict[str, Any]) -> Iterator[str]:
    """When a place is open: "Monday to Friday: open 10:00 to 17:30"."""
    for hours in _dicts(node.get("openingHoursSpecification")):
        days = ", ".join(_text(day).rpartition("/")[2] for day in _as_list(hours.get("dayOfWeek")))
        opens, closes = _text(hours.get("opens")), _text(hours.get("closes"))
        if days and opens and closes:
            closed = opens == closes == "00:00"
            yield f"{days}: closed" if closed else f"{days}: open {opens} to {closes}"
    for given in _as_list(node.get("openingHours")):
        days, _, times = _text(given).rpartition(" ")
        if days and "-" in times:
            spelt = _DAY.sub(lambda day: _DAYS[day[0].lower()], days).replace("-", " to ").replace(",", ", ")
            yield clean(f"{spelt}: open {times.replace('-', ' to ')}")


def _offers(node: dict[str, Any]) -> Iterator[str]:
    for offer in _dicts(node.get("offers"))[:1]:
        if price := _price(offer):
            yield f"price {price}"
        state = _text(offer.get("availability")).rpartition("/")[2]
        if state in _AVAILABLE:
            yield _AVAILABLE[state]


def _price(offer: dict[str, Any]) -> str:
    low, high = _text(offer.get("lowPrice")), _text(offer.get("highPrice"))
    price = _text(offer.get("price")) or (f"{low} to {high}" if low and high and low != high else low)
    return clean(f"{price} {_text(offer.get('priceCurrency'))}") if price else ""


def _properties(node: dict[str, Any]) -> Iterator[str]:
    for key, told in (("material", "material"), ("color", "colour"), ("size", "size"), ("weight", "weight"),
                      ("sku", "article number"), ("brand", "brand")):  # fmt: skip
        if value := ", ".join(filter(None, (_text(one) for one in _as_list(node.get(key))))):
            yield f"{told} {value}"
    sizes = [_text(variant.get("size")) for variant in _dicts(node.get("hasVariant"))]
    if any(sizes):
        yield f"sizes {', '.join(dict.fromkeys(filter(None, sizes)))}"


def _ways_to_reach(node: dict[str, Any]) -> Iterator[str]:
    for address in _as_list(node.get("address"))[:1]:
        parts = ("streetAddress", "postalCode", "addressLocality", "addressRegion")
        told = (
            ", ".join(filter(None, (_text(address.get(part)) for part in parts))) if isinstance(address, dict) else ""
        )
        if told := told or _text(address):
            yield f"address {told}"
    for key in ("telephone", "email"):
        if value := _text(node.get(key)):
            yield f"{key} {value.removeprefix('mailto:')}"


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in _as_list(value) if isinstance(one, dict)]


def _text(value: Any) -> str:
    """A value as one line; markup, which answers often carry, becomes plain."""
    if isinstance(value, dict):
        value = value.get("name") or " ".join(str(value.get(key, "")) for key in ("value", "unitText", "unitCode"))
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value)[:MAX_TEXT]
    if "<" in text and ">" in text:
        try:
            text = text_of(html.fragment_fromstring(text, create_parent="div"))
        except (etree.ParserError, ValueError):
            return ""
    return clean(text)

"""Selling unasked: the phrases that say so, by topic, and where they are said.

The list is all there is to it, so that it can be read, argued about and mended; docs/insights.md prints it, and a test
holds the two together. A phrase is matched as it is written here, in any case and as whole words; one that ends with *
also begins a longer word.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

_SENTENCE = re.compile(r"[^.!?\n]+")


@dataclass(frozen=True)
class Topic:
    """`said` is a pitch, unless the visitor has said one of `asked` before: then it is an answer."""

    name: str
    said: tuple[str, ...]
    asked: tuple[str, ...] = ()

    @cached_property
    def pitch(self) -> re.Pattern[str]:
        return _any_of(self.said)

    @cached_property
    def wish(self) -> re.Pattern[str]:
        return _any_of(self.asked)


def _any_of(phrases: Sequence[str]) -> re.Pattern[str]:
    parts = [re.escape(one.removesuffix("*")) + (r"\w*" if one.endswith("*") else "") for one in phrases]
    # An empty choice would be found everywhere.
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)" if parts else r"(?!)")


TOPICS = (
    Topic(
        "haste",
        said=(
            "act fast", "act now", "before it is too late", "before it's too late", "do not miss", "don't miss",
            "ends soon", "going fast", "hurry", "last chance", "limited time", "only today", "selling fast",
            "today only", "while stocks last", "while supplies last",
            "beeilen sie sich", "greifen sie zu", "jetzt zugreifen", "letzte chance", "nicht verpassen",
            "nur für kurze zeit", "nur heute", "nur noch heute", "schnell sein", "solange der vorrat reicht",
            "verpassen sie nicht",
        ),
    ),
    Topic(
        "offers",
        said=(
            "% off", "best deal", "black friday", "coupon*", "discount*", "free gift", "great deal", "on sale",
            "promo code", "promotion*", "special offer*", "special price*", "voucher*",
            "aktionspreis*", "gratis dazu", "gutschein*", "im angebot", "prozent reduziert", "rabatt*", "schnäppchen",
            "sonderangebot*", "sonderpreis*",
        ),
        asked=(
            "cheap*", "cost*", "coupon*", "deal", "deals", "discount*", "expensive", "gift card*", "offer", "offers",
            "price*", "promo*", "sale", "sales", "voucher*",
            "aktion*", "angebot*", "gutschein*", "günstig*", "kostet", "kosten", "preis*", "prozent*", "rabatt*",
            "schnäppchen", "sonderangebot*", "teuer",
        ),
    ),
    Topic(
        "buying",
        said=(
            "add it to your basket", "add it to your cart", "buy it now", "buy now", "buy today", "get yours",
            "order it now", "order now", "order today", "place your order now", "shop now", "sign up now",
            "sign up today", "subscribe now", "subscribe to our newsletter", "treat yourself", "upgrade now",
            "upgrade today",
            "abonnieren sie unser*", "bestellen sie jetzt", "bestellen sie noch heute", "gleich bestellen",
            "gönnen sie sich", "jetzt anmelden", "jetzt bestellen", "jetzt kaufen", "kaufen sie jetzt",
            "noch heute bestellen", "sichern sie sich",
        ),
        asked=(
            "basket", "buy", "buying", "cart", "newsletter*", "order", "ordering", "purchase*", "sign up", "subscribe",
            "upgrade", "upgrading",
            "abonnieren", "anmelden", "bestellen", "einkaufen", "kaufen", "newsletter*", "warenkorb",
        ),
    ),
    Topic(
        "more of it",
        said=(
            "can i interest you", "check out our", "customers also bought", "discover our", "goes perfectly with",
            "have you considered our", "have you tried our", "may i interest you", "perfect for you",
            "take a look at our new", "why not try our", "you may also like", "you might also like", "you will love",
            "you'll love",
            "darf ich ihnen unser*", "das könnte ihnen auch gefallen", "entdecken sie unser*", "haben sie schon unser*",
            "kunden kauften auch", "passt perfekt zu", "perfekt für sie", "probieren sie doch unser*",
            "sie werden es lieben", "werfen sie einen blick auf unser*",
        ),
        asked=(
            "alternative*", "anything else", "else do you", "gift*", "looking for", "recommend*", "something like",
            "suggest*", "what would you", "which one*",
            "alternative*", "empfehl*", "geschenk*", "ich suche", "sonst noch", "vorschl*", "was würden sie", "welche*",
        ),
    ),
    Topic(
        "boasting",
        said=(
            "award-winning", "best choice", "best-in-class", "market leader", "must-have", "number one",
            "second to none", "the very best", "top quality", "unbeatable", "world-class",
            "beste wahl", "ein muss", "marktführer", "nummer eins", "preisgekrönt*", "spitzenqualität", "unschlagbar*",
            "weltklasse",
        ),
    ),
)  # fmt: skip


@dataclass
class Asked:
    """What a visitor has asked for so far: from then on it is no pitch."""

    topics: set[str] = field(default_factory=set)

    def hear(self, words: str) -> None:
        plain = _plain(words)
        self.topics |= {topic.name for topic in TOPICS if topic.wish.search(plain)}


def pitches(words: str, asked: Iterable[str] = ()) -> list[str]:
    """The sentences that sell what was not asked for; `asked` names the topics that were."""
    topics = [topic for topic in TOPICS if topic.name not in set(asked)]
    return [one for one in _sentences(words) if any(topic.pitch.search(_plain(one)) for topic in topics)]


def _sentences(words: str) -> Iterator[str]:
    return (one.strip() for one in _SENTENCE.findall(words) if one.strip())


def _plain(words: str) -> str:
    return " ".join(words.casefold().replace("’", "'").split())

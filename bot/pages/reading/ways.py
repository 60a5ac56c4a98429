"""How a page lets its visitors reach a person, wherever it does: in header and footer, by links and by forms."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from bot.pages.reading.hidden import drop_hidden
from bot.pages.reading.html import parse_html
from bot.pages.reading.tidy import clean

MAIL, PHONE, FORM, CONTACT = WAYS = ("mail", "phone", "form", "contact")
"""A mail address or link, a telephone number or link, a form to write in, a link that says contact; in this order."""

# Not lenses, nor what pays without a touch. Before and after it no letter: addresses join words by hyphens.
_SAYS_CONTACT = re.compile(
    r"(?<![a-z])(?:contact(?:s|[-_ ]?us|[-_ ]?form|[-_ ]?page)?(?![a-z]|[-_ ]?lens)|kontakt(?![a-z])|"
    r"get[-_ ]in[-_ ]touch)",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[\w.+-]@[\w-]+(?:\.[\w-]+)+")
# As in what pages tell of telephones, but behind the word or with the country: footers are full of other numbers.
_PHONE = re.compile(
    r"(?:\b(?:tel(?:ephone)?|phone|mobile|call(?: us)?(?: on| at)?)\b[.: ]{0,3}|(?=\+))[+(]?\d[\d ()/.-]{5,}\d",
    re.IGNORECASE,
)
# A mail service that hides addresses from robots, and gives them back to browsers.
_VEILED_MAIL = "/cdn-cgi/l/email-protection"
_TEXT_FIELDS = frozenset({"", "text", "tel"})
_NO_MESSAGE = re.compile(r"search|query|captcha|^[qs]$", re.IGNORECASE)
# Who writes, how much, where to, by which code: nothing of it says a word to anybody.
_NOTHING_SAID = re.compile(
    r"mail|name|search|query|keyword|find|filter|coupon|voucher|promo|discount|gift|code|quantity|qty|amount|price|zip|"
    r"post|street|address|city|town|country|captcha|date|size|url|website|login|user|^[qs]$",
    re.IGNORECASE,
)
_BUYS_OR_SIGNS_IN = "cc-number", "street-address", "address-line1", "current-password", "new-password", "username"


def ways_on(text: str, *, url: str = "") -> tuple[str, ...]:
    """What a visitor of the page with this HTML can use, hidden things and the chat left out."""
    root = parse_html(text)
    if root is None:
        return ()
    # The body of a form's field is never shown, the field is: under a name of its own it is judged as all others.
    for field in list(root.iter("input", "textarea")):
        field.set("field", "textarea" if field.tag == "textarea" else (field.get("type") or "").strip().lower())
        field.text, field.tag = None, "field"
    drop_hidden(root)
    found = {*_linked(root, url), *_told(root)}
    if any(map(_speaks, root.iter("form"))):
        found.add(FORM)
    return tuple(way for way in WAYS if way in found)


def _linked(root: Any, url: str) -> Iterator[str]:
    for link in root.iter("a", "area"):
        address = (link.get("href") or "").strip()
        scheme, _, rest = address.partition(":")
        if scheme.lower() == "mailto" or _VEILED_MAIL in address:
            # Without an address it shares the page with the visitor's own friends.
            if _VEILED_MAIL in address or "@" in rest.replace("%40", "@").partition("?")[0] or "to=" in rest:
                yield MAIL
        elif scheme.lower() == "tel":
            if re.search(r"\d.*\d.*\d", rest):
                yield PHONE
        elif _leads_to_contact(link, address, url):
            yield CONTACT


def _leads_to_contact(link: Any, address: str, url: str) -> bool:
    # A link that runs a script may open a chat, and leads nowhere by itself.
    if not address or address == "#" or address.lower().startswith("javascript:"):
        return False
    named = " ".join((clean("".join(link.itertext())), link.get("aria-label") or "", link.get("title") or ""))
    if _SAYS_CONTACT.search(named):
        return True
    try:
        target = urlsplit(urljoin(url, address))
        own = urlsplit(url).hostname
    except ValueError:
        return False
    # Of another company's contact page this page's visitors have nothing.
    is_own = own is None or target.hostname is None or _site(target.hostname) == _site(own)
    return is_own and bool(_SAYS_CONTACT.search(f"{target.path}#{target.fragment}"))


def _site(host: str) -> str:
    return host.removeprefix("www.")


def _told(root: Any) -> Iterator[str]:
    """Addresses and numbers that stand there as words, which a visitor can copy."""
    text = " ".join(root.itertext())
    yield from (way for way, pattern in ((MAIL, _MAIL), (PHONE, _PHONE)) if pattern.search(text))


def _speaks(form: Any) -> bool:
    """Whether something can be said in it: not a search, a newsletter, a sign-in, a cart or a checkout."""
    if (form.get("role") or "").lower() == "search":
        return False
    fields = [one for one in form.iter("field") if "disabled" not in one.attrib and "readonly" not in one.attrib]
    if any(field.get("field") == "textarea" and not _NO_MESSAGE.search(_named(field)) for field in fields):
        return True
    if any(one.get("field") == "password" or one.get("autocomplete") in _BUYS_OR_SIGNS_IN for one in fields):
        return False
    return any(field.get("field") in _TEXT_FIELDS and not _NOTHING_SAID.search(_named(field)) for field in fields)


def _named(field: Any) -> str:
    return (field.get("name") or field.get("id") or field.get("placeholder") or field.get("aria-label") or "").strip()

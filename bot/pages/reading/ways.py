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
_SEARCHES = re.compile(r"(?<!re)search|query|captcha|^[qs]$", re.IGNORECASE)
_SAYS_MESSAGE = re.compile(r"question|message|comment|subject|enquir|inquir|request|feedback|help", re.IGNORECASE)
# Who writes, how much, where to, by which code: nothing of it says a word to anybody.
_NOTHING_SAID = re.compile(
    r"mail|name|search|query|keyword|find|filter|coupon|voucher|promo|discount|gift|code|quantity|qty|amount|price|zip|"
    r"post|street|address|city|town|country|captcha|date|size|url|website|login|user|^[qs]$",
    re.IGNORECASE,
)
_MAIL_FIELD = re.compile(r"e-?mail", re.IGNORECASE)
_BUYS = ("cc-number", "street-address", "address-line1")


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
    if not _SAYS_CONTACT.search(address) and not _SAYS_CONTACT.search(url):
        return False
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
    if (form.get("role") or "").strip().lower() == "search":
        return False
    fields = [one for one in form.iter("field") if "disabled" not in one.attrib and "readonly" not in one.attrib]
    kinds = {field.get("field") for field in fields}
    if any(field.get("field") == "textarea" and not _is_named(field, _SEARCHES) for field in fields):
        return True
    if any(map(_SEARCHES.search, _values(form, "action", "id", "class", "name"))):
        return False
    if not kinds.isdisjoint(("password", "search")) or any(one.get("autocomplete") in _BUYS for one in fields):
        return False
    texts = [field for field in fields if field.get("field") in ("", "text")]
    # A mail address with more beside it, but nothing to say in words, is still a newsletter's.
    if "email" in kinds or any(_is_named(field, _MAIL_FIELD) for field in texts):
        texts = [field for field in texts if _is_named(field, _SAYS_MESSAGE)]
    return "tel" in kinds or any(not _is_named(field, _NOTHING_SAID) for field in texts)


def _is_named(field: Any, pattern: re.Pattern[str]) -> bool:
    return any(map(pattern.search, _values(field, "name", "id", "placeholder", "aria-label")))


def _values(element: Any, *names: str) -> list[str]:
    return [value.strip() for name in names if (value := element.get(name))]

"""E-mail addresses in what people write."""

import re
import unicodedata
from collections.abc import Iterator

LONGEST_NAME = 64
_WRITTEN = re.compile(
    # Never begun within a name, or a message of one character again and again would be read again and again.
    r"(?:(?<![\w.%+@-])(?<!\w['’])\w[\w%+'’&-]*(?:\.[\w%+'’&-]+)*|(?<![\w\"@])\"[^\"@\s\\](?:[^\"@\r\n\\]{0,62})\")@"
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+(?:xn--[\w-]{1,59}|[^\W\d_]{2,63})(?![\w@-]|\.\w)"
)


def addresses_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Each with its beginning and its end, as mail programs write it: the domain in small letters of its script."""
    for found in _WRITTEN.finditer(text):
        if (address := _valid(found.group())) is not None:
            yield found.start(), found.end(), address


def address_in(text: str) -> str | None:
    """The first address that mail could reach; None without any. As it was written, for names may tell case."""
    plain = unicodedata.normalize("NFKC", text)
    return next((plain[start:end] for start, end, _ in addresses_in(plain)), None)


def same_address(one: str, other: str) -> bool:
    """Whether two addresses are one: nobody's mail depends on capitals, or on how a domain's letters are sent."""
    return _alike(one) == _alike(other)


def _alike(address: str) -> str:
    tidy = address.strip()
    return (_valid(tidy) or tidy).casefold()


def _valid(written: str) -> str | None:
    if len(written.rpartition("@")[0]) > LONGEST_NAME:
        return None
    # Imported here: few messages have an address.
    from email_validator import EmailNotValidError, validate_email

    try:
        # Whether mail arrives there is not asked: that would tell a name server who writes to us.
        return validate_email(written, check_deliverability=False, allow_quoted_local=True).normalized
    except EmailNotValidError:
        return None

"""E-mail addresses in what people write."""

import re
import unicodedata

LONGEST, LONGEST_NAME = 254, 64
_ADDRESS = re.compile(
    # Never begun within a name, or a message of one character again and again would be read again and again.
    r"(?<![\w.%+@-])(?<!\w')(\w[\w%+'&-]*(?:\.[\w%+'&-]+)*)@"
    r"((?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63})(?![\w@-]|\.\w)"
)


def address_in(text: str) -> str | None:
    """The first address that mail could reach; None without any. As it was written, for names may tell case."""
    for found in _ADDRESS.finditer(unicodedata.normalize("NFKC", text)):
        name, host = found.groups()
        if len(name) <= LONGEST_NAME and "_" not in host and len(name) + len(host) < LONGEST:
            return f"{name}@{host}"
    return None


def same_address(one: str, other: str) -> bool:
    """Whether two addresses are one: nobody's mail depends on capitals."""
    return one.strip().casefold() == other.strip().casefold()

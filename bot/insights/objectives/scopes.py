"""What of the site an objective is about: all of it, some pages, a campaign or a channel."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit, urlunsplit

MOST_PAGES, LONGEST = 20, 500
CHANNELS = ("direct", "search", "social", "mail", "paid", "affiliate", "campaign", "referral")


class Scope(StrEnum):
    SITE = "site"
    PAGES = "pages"
    CAMPAIGN = "campaign"
    CHANNEL = "channel"


@dataclass(frozen=True)
class About:
    """`within` are the pages' addresses, or the one campaign or channel; nothing for the whole site."""

    scope: Scope = Scope.SITE
    within: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        match self.scope:
            case Scope.PAGES if len(self.within) > 1:
                return f"{len(self.within)} pages"
            case Scope.PAGES:
                return f"the page {path_of(self.within[0])}"
            case Scope.CAMPAIGN | Scope.CHANNEL:
                return f"the {self.scope.value} {self.within[0]}"
        return "the whole site"


def pages_given(text: str, origins: Iterable[str]) -> tuple[str, ...] | str:
    """The addresses of these lines, each once; or the sentence that says which is no page of the site."""
    hosts = [urlsplit(one) for one in origins]
    found: dict[str, None] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        parts = urlsplit(line if "//" in line or line.startswith("/") else f"/{line}") if _is_plain(line) else None
        if parts is not None and not parts.netloc and hosts:
            parts = parts._replace(scheme=hosts[0].scheme, netloc=hosts[0].netloc)
        if parts is None or not any(_bare(parts.netloc) == _bare(one.netloc) for one in hosts):
            return f"“{line[:60]}” is no page of this site; write its address or path, e.g. /delivery."
        found[urlunsplit((parts.scheme, parts.netloc.lower(), parts.path, "", "")).rstrip("/")] = None
    if len(found) > MOST_PAGES:
        return f"These are {len(found):,} pages; an objective is about {MOST_PAGES} at most."
    return tuple(found) or "Write at least one page, e.g. /delivery."


def as_logged(pages: Iterable[str]) -> tuple[str, ...]:
    """All ways in which the log may have the pages: with www. or without, by http or https, with index.html."""
    ways: dict[str, None] = {}
    for page in pages:
        parts = urlsplit(page)
        path = parts.path.removesuffix("/index.html").rstrip("/")
        for host in (_bare(parts.netloc), f"www.{_bare(parts.netloc)}"):
            for scheme in ("https", "http"):
                ways |= dict.fromkeys((f"{scheme}://{host}{path}", f"{scheme}://{host}{path}/index.html"))
    return tuple(ways)


def path_of(page: str) -> str:
    return urlsplit(page).path or "/"


def _is_plain(line: str) -> bool:
    try:
        urlsplit(line)
    except ValueError:
        return False
    return len(line) <= LONGEST and line.isprintable() and " " not in line


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.")

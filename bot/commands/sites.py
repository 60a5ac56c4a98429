"""What `duologue site` does: adds a website, sets what its chat looks like and says, shows it."""

import argparse
import html
import json
import re
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from bot.commands.opened import opened
from bot.errors import ConfigurationError
from bot.gateway.house import now
from bot.interactions import SiteKey
from bot.settings import load
from bot.site_changes import changed
from bot.site_values import DARK, LEAST_CONTRAST, contrast
from bot.store.sites import Site, add_site, all_sites, change_settings, find_site
from bot.store.store import Store
from bot.terminal import write_json

SITE_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
FILE_BYTES = 1024 * 1024


async def site(given: argparse.Namespace) -> int:
    _refuse_what_is_for_another_act(given)
    async with opened(load()) as store:
        found = await store.read(all_sites) if given.act == "list" else [await _one(store, given)]
    if given.output == "json":
        told = [_as_json(one) for one in found]
        write_json(told if given.act == "list" else told[0])
        return 0
    for one in found:
        sys.stdout.write("\n".join(_lines(one, load().own_url)) + "\n")
    if given.act == "set" and (colour := found[0].chat.colour) and contrast(colour, DARK) < LEAST_CONTRAST:
        sys.stderr.write(f"On a dark page ({DARK}) {colour} has a contrast of {contrast(colour, DARK):.1f}:1 only.\n")
    return 0


async def _one(store: Store, given: argparse.Namespace) -> Site:
    key = _key(given)
    known = await store.read(find_site, key)
    if given.act == "add":
        return await store.write(add_site, SiteKey(key), at=now(), **_told(given, key, is_known=known is not None))
    if known is not None and given.act == "set":
        change = partial(changed, file=_read(given), told=given.settings)
        known = await store.write(change_settings, key, change)
    if known is None:
        raise ConfigurationError(f'There is no site "{key}"; `duologue site list` shows them.')
    return known


def _key(given: argparse.Namespace) -> str:
    if not given.key:
        raise ConfigurationError(f"Which site? Give its key: duologue site {given.act} my-shop.")
    return str(given.key)


def _refuse_what_is_for_another_act(given: argparse.Namespace) -> None:
    if given.act != "set" and (given.settings or given.file):
        what = given.settings[0] if given.settings else f"--file {given.file}"
        raise ConfigurationError(f"{what} is to be set: duologue site set {given.key} {what}")
    if given.act == "set":
        if not given.settings and given.file is None:
            raise ConfigurationError('What is to be set? E.g. duologue site set my-shop phone="+353 20 915 0142".')
        for name in ("name", "origin", "consent", "holdout"):
            if getattr(given, name):
                raise ConfigurationError(f"--{name} is for `duologue site add`, which also changes a site there is.")


def _told(given: argparse.Namespace, key: str, *, is_known: bool) -> dict[str, Any]:
    faults = []
    if SITE_KEY.fullmatch(key) is None:
        faults.append(f'The key is "{key}"; give small letters, digits, - and _, e.g. my-shop.')
    if not given.origin and not is_known:
        faults.append("Give --origin at least once: where the site's pages are, e.g. --origin https://shop.example.")
    for origin in given.origin:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/") or parts.query:
            faults.append(f'The origin is "{origin}"; give scheme and host only, e.g. https://shop.example.')
    if given.holdout is not None and not 0 <= given.holdout < 1:
        faults.append(f"The holdout is {given.holdout}; give a share from 0 to below 1, e.g. 0.1.")
    if faults:
        raise ConfigurationError("\n".join(faults))
    told = {"name": given.name or None, "consent": given.consent, "holdout": given.holdout}
    origins = tuple(origin.rstrip("/").lower() for origin in given.origin)
    return told | ({"origins": origins} if origins else {})


def _read(given: argparse.Namespace) -> Mapping[str, Any] | None:
    if given.file is None:
        return None
    good = 'give an object such as {"phone": "+353 20 915 0142"}'
    try:
        if given.file.stat().st_size > FILE_BYTES:
            raise ConfigurationError(f"{given.file} is larger than {FILE_BYTES // 1024} KiB; {good}.")
        read = json.loads(given.file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{given.file} can't be read ({error.strerror}); give a .json file.") from error
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{given.file} is not JSON ({str(error)[:80]}); {good}.") from error
    if not isinstance(read, dict):
        raise ConfigurationError(f"{given.file} is not an object; {good}.")
    return read


def _as_json(site: Site) -> dict[str, Any]:
    return {
        "key": site.key,
        "name": site.name,
        "secret": site.secrets[0],
        "origins": list(site.origins),
        "holdout": site.holdout,
        "consent": site.consent,
        "settings": site.chat.as_json(),
    }


def _lines(site: Site, own_url: str) -> Iterator[str]:
    yield f"{site.key}: {site.name}"
    yield f"  pages at          {', '.join(site.origins)}"
    yield f"  secret            {site.secrets[0]}"
    yield f"  holdout           {site.holdout:.0%}, consent: {site.consent}"
    yield f"  put on each page  {tag(site, own_url)}"
    yield '  it may also have  data-storage="session" or "none", data-track="off"'
    for name, value in _flat(site.chat.as_json()):
        yield f"  {name:16}  {value}"


def tag(site: Site, own_url: str) -> str:
    """The line for the site's pages. What is seen before any conversation is in it: nothing is asked for it."""
    chosen = {
        "site": site.key,
        "color": site.chat.colour,
        "side": site.chat.side,
        "consent": "not_needed" if site.consent == "not_needed" else None,
    }
    data = "".join(f' data-{name}="{html.escape(value)}"' for name, value in chosen.items() if value)
    return f'<script type="module" src="{html.escape(own_url)}/widget.js"{data}></script>'


def _flat(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each setting under the name that `site set` takes."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}.{part}", shown) for part, shown in _flat(value))
        elif name == "invites":
            yield from ((f"invites.{one['id']}", json.dumps(one, ensure_ascii=False)) for one in value)
        else:
            yield name, ", ".join(map(_word, value)) if isinstance(value, list) else _word(value)


def _word(value: object) -> str:
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False)
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else " ".join(str(value).split())

"""Changes to a site's settings as a command line gives them: `hours.timezone=Europe/Dublin`, `phone=` to remove."""

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from bot.errors import ConfigurationError
from bot.site_settings import SiteSettings, parse, unknown

_PARTS = ("greeting", "hours", "invites")
_OF_THE_SITE = ("name", "origin", "origins", "consent", "holdout")
_JSON_BEGINS = ("{", "[", '"')
_JSON_WORDS = {"true": True, "false": False, "null": None}


def changed(before: Mapping[str, Any], file: Mapping[str, Any] | None, told: Sequence[str]) -> SiteSettings:
    """The settings with those of the file in place of what they were, then each `name=value`.

    What is not named stays. Every fault is told, as `parse` does, and then nothing changes.
    """
    after = dict(before) | dict(file or {})
    faults = []
    for one in told:
        # On a copy: half a change would be told as further faults that nobody made.
        tried = deepcopy(after)
        if (fault := _set(tried, one)) is None:
            after = tried
        else:
            faults.append(fault)
    after = {name: value for name, value in after.items() if value is not None}
    try:
        settings = parse(after)
    except ConfigurationError as error:
        raise ConfigurationError("\n".join([*faults, str(error)])) from error
    if faults:
        raise ConfigurationError("\n".join(faults))
    return settings


def _set(settings: dict[str, Any], told: str) -> str | None:
    """Does what one `name=value` says; the fault, when it can't be done."""
    name, is_given, text = told.partition("=")
    path = name.split(".")
    if not is_given:
        return f'"{name[:80]}" has no value; give e.g. phone="+353 20 915 0142", or phone= to remove it.'
    if path[0] in _OF_THE_SITE:
        return f"{path[0]} is given to `duologue site add`; e.g. duologue site add my-shop --{path[0].rstrip('s')} …"
    if path[0] not in SiteSettings.model_fields:
        return unknown(path[0], sorted(SiteSettings.model_fields))
    if len(path) > 1 and path[0] not in _PARTS:
        return f'"{name[:80]}": {path[0]} has no parts; give {path[0]}=…'
    try:
        _put(settings, path, None if text == "" else _value(text))
    except json.JSONDecodeError as error:
        return f"{name[:80]} is no JSON at character {error.pos + 1} ({error.msg}); quote it for the shell: '[…]'."
    except (LookupError, ValueError, RecursionError):
        return f'"{name[:80]}": there is nothing to set at this place; give {path[0]}=… whole.'
    return None


def _value(text: str) -> Any:
    """JSON when it looks like it; else the text as it is: a telephone number is no number."""
    if text in _JSON_WORDS:
        return _JSON_WORDS[text]
    return json.loads(text) if text.lstrip().startswith(_JSON_BEGINS) else text


def _put(place: Any, path: Sequence[str], value: Any) -> None:
    """Puts the value at its place; None removes what is there. LookupError when there is no such place."""
    key, *rest = _key(place, path[0]), *path[1:]
    if rest:
        if isinstance(place, dict) and place.get(key) is None:
            if value is None:
                return
            place[key] = {}
        _put(place[key], rest, value)
    elif value is not None:
        place[key] = value
    elif isinstance(place, list):
        del place[key]
    else:
        place.pop(key, None)


def _key(place: Any, part: str) -> Any:
    """What `part` is called there; an entry of a list is named by its id, or its number from 0."""
    if isinstance(place, dict) and part:
        return part
    if not isinstance(place, list):
        raise LookupError(part)
    ids = [one.get("id") if isinstance(one, dict) else None for one in place]
    if part not in ids and not (part.isascii() and part.isdigit()):
        raise LookupError(part)
    return ids.index(part) if part in ids else int(part)

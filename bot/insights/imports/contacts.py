"""Rows of contacts as customers: who they are, and whether they said that they may be mailed."""

from collections.abc import Mapping
from typing import Any

from bot.insights.imports.faults import Wrong, shown
from bot.insights.imports.orders import Ways, id_of
from bot.insights.imports.values import moment, words, yes_or_no
from bot.mail_addresses import address_in

NAMES = {"name": 512, "company": 256, "city": 256, "country": 64, "language": 35}


def read_contact(cells: Mapping[str, str], ways: Ways) -> tuple[str, dict[str, Any]]:
    """Whose id it is, or their mail address where they have none, and what is told of them."""
    told: dict[str, Any] = {}
    for name, longest in NAMES.items():
        if text := words(cells.get(name, ""), longest):
            told[name] = text
    if "name" not in told and (both := _both_names(cells)):
        told["name"] = both
    if text := words(cells.get("email", ""), 320):
        if address_in(text) != text:
            raise Wrong(f"{shown(text)} is no mail address; write e.g. anna@shop.example, or nothing")
        told["email"] = text
    if text := cells.get("at", "").strip():
        told["at"], _ = moment(text, ways.clock)
        if told["at"] > ways.now:
            raise Wrong(f"{shown(text)} is in the future; write since when they are a customer, or nothing")
    # What nobody said stays unsaid: no consent is made of a missing word.
    if (consent := yes_or_no(cells.get("consent", ""))) is not None:
        told["mail_consent"] = consent
    if (ads := _of_ads(cells, ways)) is not None:
        told["ads"] = ads
    return _whose(cells, told), told


def _of_ads(cells: Mapping[str, str], ways: Ways) -> dict[str, Any] | None:
    """Whether an ad platform may learn of them, and since when; a yes without a day is one of nobody knows when."""
    agrees, text = yes_or_no(cells.get("ads_consent", "")), cells.get("ads_consent_at", "").strip()
    if agrees is None:
        if text:
            raise Wrong(f"{shown(text)} is the day of a consent to advertising, and there is no yes or no beside it")
        return None
    at = moment(text, ways.clock)[0] if text else None
    if at is not None and at > ways.now:
        raise Wrong(f"{shown(text)} is in the future; write when they said so to advertising, or nothing")
    return {"agrees": agrees} | ({} if at is None else {"at": at})


def _both_names(cells: Mapping[str, str]) -> str:
    return words(f"{cells.get('first_name', '')} {cells.get('last_name', '')}")


def _whose(cells: Mapping[str, str], told: dict[str, Any]) -> str:
    if words(cells.get("id", "")):
        return id_of(cells["id"], "customer id")
    if "email" not in told:
        raise Wrong("there is neither a customer id nor a mail address; every row needs one of them")
    return str(told["email"]).lower()

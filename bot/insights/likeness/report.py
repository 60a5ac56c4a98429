"""The report of who is like one's best customers, and how surely: read from the log, learned at a moment in the past.

The figures foretell; they don't say what made anybody buy.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import ConfigurationError
from bot.insights.log.reading import ask
from bot.insights.window import BEGINNING, span_of
from bot.interactions import Microseconds, SiteKey, rfc3339
from bot.money import decimal_text
from bot.store.pages_of_rows import Span
from bot.store.store import Store
from bot.store.told_facts import unmeasured_after

if TYPE_CHECKING:
    import duckdb

    from bot.insights.likeness.told import Told

SEEDS = ("top spenders", "buyers", "conversing buyers", "silent buyers", "conversing visitors")
TOP = 50


async def likeness(
    store: Store, site: str, until: str | None = None, *, seed: str = SEEDS[0], log: Path | None = None
) -> dict[str, Any]:
    """Who is like those of the segment `seed`, by all that is known up to the end of `until`."""
    return (await likeness_and_first(store, site, until, seed=seed, log=log))[0]


async def likeness_and_first(
    store: Store, site: str, until: str | None = None, *, seed: str = SEEDS[0], log: Path | None = None
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The same, and everybody of the tenth most alike, for a list; nobody where nothing lifts."""
    told, whole, as_of = await people_like(store, site, until, seed=seed, log=log)
    report = _report(told, whole, seed, as_of)
    return report, told.alike.first if told.alike is not None and report["lifts"] else ()


async def people_like(
    store: Store, site: str, until: str | None = None, *, seed: str = SEEDS[0], log: Path | None = None
) -> "tuple[Told, Span, Microseconds | None]":
    """The same before it is put into words, with everybody of the first tenth."""
    if seed not in SEEDS:
        raise ConfigurationError(f'Nobody can be like "{seed[:40]}"; there are {", ".join(SEEDS)}.')
    whole = span_of(site, None, until)
    unwilling = await _unwilling(store, whole.site)
    answer = await ask(store, log, Span(whole.site, BEGINNING, whole.until), _asked(seed, whole.until, unwilling))
    return answer.told, whole, answer.as_of


async def _unwilling(store: Store, site: SiteKey) -> list[str]:
    found: list[str] = []
    while ids := await store.read(unmeasured_after, site, found[-1] if found else ""):
        found += ids
    return found


def _asked(seed: str, until: int, unwilling: Sequence[str]) -> "Callable[[duckdb.DuckDBPyConnection], Told]":
    def question(connection: "duckdb.DuckDBPyConnection") -> "Told":
        # Imported here, in a thread: the models' library takes two seconds.
        from bot.insights.likeness.told import told
        from bot.insights.one_core import one_core

        with one_core("sklearn.ensemble", "sklearn.linear_model"):
            return told(connection, seed, until, unwilling)

    return question


def _report(told: "Told", whole: Span, seed: str, as_of: Microseconds | None) -> dict[str, Any]:
    from bot.insights.likeness import sentences
    from bot.insights.likeness.reasons import WORDS, sentence

    def money(value: float) -> str:
        return f"{Decimal(decimal_text(round(value), told.currency)):,} {told.currency}"

    found, lifts = told.judged, told.judged is not None and told.judged.lifts
    # Without a lift nobody is told: a list that is no better than chance looks like one that is.
    alike = told.alike if lifts else None
    known: dict[str, Any] = {
        "label": "descriptive",
        "site": whole.site,
        "until": rfc3339(whole.until),
        "as_of": None if as_of is None else rfc3339(as_of),
        "seed": seed,
        "currency": told.currency,
        "moment": None if told.moment is None else rfc3339(Microseconds(told.moment)),
        "days": told.days,
        "people": told.people,
        "seeds": told.seeds,
        "buyers_suffice": told.buyers_suffice,
        "model": None if found is None else found.chosen,
        "ranked": None if found is None else {name: _ranked(one) for name, one in found.ranked.items()},
        "by_spend": None if found is None or found.by_spend is None else _ranked(found.by_spend),
        "against_spend": None if found is None else found.against_spend,
        "lifts": lifts,
        "suspects": [] if found is None else [
            {"name": name, "words": WORDS.get(name, name), "why": why} for name, why in found.suspects
        ],
        "reasons": [asdict(one) | {"sentence": sentence(one, money)} for one in told.reasons] if lifts else [],
        "scored": 0 if alike is None else alike.people,
        "first_tenth": 0 if alike is None else len(alike.first),
        "never_talked": 0 if alike is None else alike.never_talked,
        "alike": [] if alike is None else [
            _one(*one) for one in list(zip(alike.first, alike.scores, alike.talked, strict=True))[:TOP]
        ],
    }  # fmt: skip
    return known | {"sentence": sentences.finding(known), "notes": sentences.notes(known)}


def _ranked(one: Any) -> dict[str, float]:
    return {"auc": one.mean_auc, "auc_error": one.auc_error, "lift": one.mean_lift, "lift_error": one.lift_error}


def _one(person: str, score: float, talked: bool) -> dict[str, Any]:
    kind, _, id = person.partition(":")
    whose = {"customer": id if kind == "c" else None, "visitor": id if kind == "v" else None}
    return whose | {"score": score, "talked": talked}

"""The people behind the numbers of an experiment: who was drawn into an arm, and to whom of them something happened."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.experiment import Arm
from bot.insights.lift.reading import NEVER, drawees_listed
from bot.insights.lift.report import asked_of
from bot.insights.window import span_of
from bot.money import decimal_text
from bot.store.experiments import periods
from bot.store.store import Store

PAGE = 50


@dataclass(frozen=True)
class Drawn:
    """A page of them, who brought most first; `total` is how many there are in all.

    `rows`: `person`, `at`, `talked_at`, `bought_at` (ts_us; None for never), `exposed`, `bought`, and `revenue` since
    they were drawn, as text in `currency`.
    """

    total: int
    rows: tuple[dict[str, Any], ...]


async def drawn_people(
    store: Store, site: str, since: str, until: str, *, arm: Arm, what: str, skip: int = 0, limit: int = PAGE,
    log: Path | None = None,
) -> Drawn:  # fmt: skip
    """Those whom the report about the same days counts, `limit` after the first `skip`.

    `what` happened to them: drawn, exposed, talked or bought, as the question `drawn.listed` has it.
    """
    whole = span_of(site, since, until)
    span = asked_of(await store.read(periods, whole.site), whole).span
    people, currency = await drawees_listed(store, span, arm, what, log=log)
    return Drawn(len(people), tuple(_told(row, currency) for row in people.slice(skip, limit).to_pylist()))


def _told(row: dict[str, Any], currency: str) -> dict[str, Any]:
    moments = {name: None if row[name] >= NEVER else int(row[name]) for name in ("at", "talked_at", "bought_at")}
    flags = {name: row[name] == 1 for name in ("exposed", "bought")}
    revenue = decimal_text(round(row["spent"]), currency)
    return {"person": row["person"], **moments, **flags, "revenue": revenue, "currency": currency}

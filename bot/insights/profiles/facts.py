"""What only the store has: what people said of themselves, as columns, which take little memory."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.insights.profiles.free_mail import work_host
from bot.interactions import SiteKey
from bot.store.store import Store
from bot.store.told_facts import Fact, facts_after, unmeasured_after

if TYPE_CHECKING:
    import pyarrow as pa

TOLD = ("place", "company", "need", "interest")
LONGEST = 120


@dataclass(frozen=True)
class Known:
    """`facts`: (visitor, customer, attribute, value, at) of each fact. `unmeasured`: (visitor) of who agrees not."""

    facts: "pa.Table"
    unmeasured: "pa.Table"


async def known_of(store: Store, site: SiteKey) -> Known:
    """Of everybody of the site, read a page at a time."""
    import pyarrow as pa

    form = pa.schema(
        [*((name, pa.string()) for name in ("visitor", "customer", "attribute", "value")), ("at", pa.int64())]
    )
    pieces, after = [], ""
    while page := await store.read(facts_after, site, after):
        after = page[-1][0]
        rows = [(*_whose(id, site), *one) for id, facts in page for one in _attributes(facts)]
        pieces.append(pa.table([list(column) for column in zip(*rows, strict=True)] or [[]] * 5, schema=form))
    unmeasured, after = [], ""
    while ids := await store.read(unmeasured_after, site, after):
        after = ids[-1]
        unmeasured.append(pa.array(ids, pa.string()))
    return Known(
        pa.concat_tables(pieces) if pieces else form.empty_table(),
        pa.table({"visitor": pa.chunked_array(unmeasured, pa.string())}),
    )


def _whose(id: str, site: SiteKey) -> tuple[str | None, str | None]:
    """(visitor, customer) of a profile's id."""
    kind, _, whose = id.partition(":")
    return (whose, None) if kind == "visitor" else (None, whose.removeprefix(f"{site}:"))


def _attributes(facts: Iterable[Fact]) -> Iterable[tuple[str, str, int]]:
    held = list(facts)
    for kind, value, at in held:
        if kind in TOLD and value.strip():
            yield kind, value.strip()[:LONGEST], at
    if not any(kind == "company" for kind, _, _ in held):
        yield from (("company", host, at) for kind, value, at in held if kind == "email" and (host := work_host(value)))

"""Who agreed that an ad platform learns of them, and who took that back: each word kept with its day and its source.

What a visitor agrees to in the chat is to be measured and remembered; this is another thing, and the shop asks for it.
The latest word counts. Of two of the same moment, no.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Table,
    Text,
    and_,
    delete,
    false,
    insert,
    or_,
    select,
)

from bot.interactions import CustomerId, Microseconds, SiteKey
from bot.store.database import insert_into
from bot.store.purchases import Recorded
from bot.store.tables import At, RowId, metadata

ad_consents = Table(
    "ad_consents",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("site", Text, ForeignKey("sites.key"), nullable=False),
    Column("address", Text),  # in small letters; none: of a customer whatever their address
    Column("customer", Text),  # none: of the address alone
    Column("agrees", Boolean, nullable=False),
    Column("at", At, nullable=False),  # when they said so; 0: a yes of which nobody knows when
    Column("source", Text, nullable=False),  # shop | import | unsubscribe
    Column("source_id", Text, nullable=False),
    Column("told_at", At, nullable=False),
    Index("ix_ad_consents_told", "site", "source", "source_id", unique=True),  # told once; undoing an import
    Index("ix_ad_consents_address", "site", "address"),  # who of a list agreed
    Index("ix_ad_consents_customer", "site", "customer"),  # the same; forgetting
    sqlite_autoincrement=True,
)
SHOP, UNSUBSCRIBE = "shop", "unsubscribe"
"""Of what the shop's back end tells, and of who wants no more mail. What came in a file is of its import."""
TOLD_ONCE = ("site", "source", "source_id")
AT_ONCE = 400
_c = ad_consents.c


@dataclass(frozen=True, kw_only=True)
class Said:
    """A yes or a no of an address, of a customer, or of both; `source_id` is the same when it is told again."""

    address: str | None
    customer: str | None
    agrees: bool
    at: Microseconds
    source: str
    source_id: str


def tidy(address: str) -> str:
    """As both platforms want it before it is hashed: in small letters, without blanks in it or around it."""
    return "".join(address.split()).lower()


def note(connection: Connection, site: SiteKey, said: Sequence[Said], *, at: Microseconds) -> None:
    """Keeps these words, none of which was told before."""
    if said:
        connection.execute(insert(ad_consents), [_row(site, one, at) for one in said])


def tell(connection: Connection, site: SiteKey, said: Said, *, at: Microseconds) -> Recorded:
    """Keeps one word that may be told again; the same id with other content stays as it was."""
    new = insert_into(connection, ad_consents).values(_row(site, said, at))
    added = connection.execute(new.on_conflict_do_nothing(index_elements=TOLD_ONCE).returning(_c.id)).one_or_none()
    if added is not None:
        return Recorded.RECORDED
    of = select(ad_consents).where(_c.site == site, _c.source == said.source, _c.source_id == said.source_id)
    before = connection.execute(of).mappings().one()
    is_same = all(before[name] == value for name, value in _row(site, said, at).items() if name != "told_at")
    return Recorded.DUPLICATE if is_same else Recorded.CONFLICT


def withdraw(connection: Connection, site: SiteKey, address: str, *, at: Microseconds) -> None:
    """Who wants no more mail wants no more of this either, if they ever agreed."""
    whose = tidy(address)
    agreed = select(_c.id).where(_c.site == site, _c.address == whose, _c.agrees)
    if connection.execute(agreed.limit(1)).first() is not None:
        no = Said(address=whose, customer=None, agrees=False, at=at, source=UNSUBSCRIBE, source_id=f"{whose}:{at}")
        tell(connection, site, no, at=at)


def agreeing(connection: Connection, site: SiteKey, people: Mapping[str, str]) -> set[str]:
    """Who of these agrees now, by the latest word about their address or about them; `people` have their addresses."""
    words: dict[tuple[str, str], tuple[int, bool]] = {}
    addresses = {tidy(address) for address in people.values()}
    customers = {one[2:] for one in people if one.startswith("c:")}
    for kind, column, ids in (("address", _c.address, addresses), ("customer", _c.customer, customers)):
        for some in batched(sorted(ids), AT_ONCE):
            rows = select(column.label("whose"), _c.at, _c.agrees).where(_c.site == site, column.in_(some))
            for row in connection.execute(rows.order_by(_c.id)):
                _take(words, (kind, row.whose), row.at, row.agrees)
    return {one for one, address in people.items() if _agrees(words, one, tidy(address))}


def take_back(connection: Connection, site: SiteKey, source: str, source_ids: Iterable[str]) -> None:
    """What came with an import that is undone."""
    for some in batched(source_ids, AT_ONCE):
        of = and_(_c.site == site, _c.source == source, _c.source_id.in_(some))
        connection.execute(delete(ad_consents).where(of))


def of_person(site: SiteKey, customers: Collection[str], addresses: Collection[str]) -> ColumnElement[bool]:
    """All that is kept of somebody: by who they are, and by the addresses that are theirs for certain."""
    theirs = or_(_c.customer.in_(sorted(customers)), _c.address.in_(sorted(map(tidy, addresses))))
    return and_(_c.site == site, theirs) if customers or addresses else false()


def forget(
    connection: Connection, site: SiteKey, customers: Collection[CustomerId], addresses: Collection[str]
) -> None:
    connection.execute(delete(ad_consents).where(of_person(site, customers, addresses)))


def _row(site: SiteKey, said: Said, at: Microseconds) -> dict[str, Any]:
    address = None if said.address is None else tidy(said.address)
    return vars(said) | {"address": address, "site": site, "told_at": at}


def _agrees(words: Mapping[tuple[str, str], tuple[int, bool]], person: str, address: str) -> bool:
    said = [words.get(("address", address)), words.get(("customer", person[2:])) if person.startswith("c:") else None]
    known = [one for one in said if one is not None]
    latest = max((at for at, _ in known), default=None)
    return latest is not None and all(agrees for at, agrees in known if at == latest)


def _take(words: dict[tuple[str, str], tuple[int, bool]], whose: tuple[str, str], at: int, agrees: bool) -> None:
    before = words.get(whose)
    if before is None or at > before[0] or (at == before[0] and not agrees):
        words[whose] = (at, agrees)

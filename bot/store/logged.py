"""A row of the log as the core knows it, and back."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from bot.interactions import Interaction, Kind


@dataclass(frozen=True)
class Logged:
    """An interaction and its place in the log."""

    id: int
    interaction: Interaction


def logged(row: Row[Any]) -> Logged:
    return Logged(
        row.id,
        Interaction(
            at=row.at,
            site=row.site,
            kind=Kind(row.type),
            source=row.source,
            source_id=row.source_id,
            visitor=row.visitor,
            customer=row.customer,
            conversation=row.conversation,
            seq=row.seq,
            turn=row.turn,
            url=row.url,
            arm=row.arm,
            value=row.value,
            currency=row.currency,
            data=row.data,
        ),
    )


def as_row(interaction: Interaction) -> dict[str, Any]:
    row = dict(vars(interaction))
    row["type"] = row.pop("kind").value
    return row

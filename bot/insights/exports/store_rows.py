"""The exports whose rows the store has: a page at a time, each cell as `columns` wants it."""

import json
from collections.abc import AsyncIterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.conversation_score import COUNTED
from bot.insights.exports import people_columns
from bot.insights.exports.conversation_columns import LATER, cells_of, later_cells_of
from bot.insights.exports.objective_columns import Counted
from bot.insights.segments import segments
from bot.insights.window import ROWS_AT_ONCE
from bot.interactions import CustomerId, VisitorId, rfc3339
from bot.money import DIGITS, decimal_text
from bot.profiles import FACTS, Profile
from bot.store.conversation_facts import Facts, facts_of
from bot.store.conversation_people import people_of
from bot.store.pages_of_rows import (
    Span,
    conversations_after,
    messages_after,
    profiles_after,
    purchases_after,
    questions_after,
)
from bot.store.store import Store
from bot.store.visitors import ledger

LATER_ONES = len(LATER)

type Row = tuple[str | int | float | bool | None, ...]
type Pages = AsyncIterator[list[Row]]


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


async def conversations(store: Store, span: Span, log: Path | None) -> Pages:
    counted = await Counted.read(store, span, log)
    after = (0, "")
    while rows := await store.read(conversations_after, span, after, ROWS_AT_ONCE):
        led = await store.read(people_of, rows)
        told = await conversation_rows(store, rows)
        yield [
            (
                *one[:-LATER_ONES], *people_columns.cells_of(row, led[row.id]), *one[-LATER_ONES:],
                *counted.cells_of(row),
            )
            for row, one in zip(rows, told, strict=True)
        ]  # fmt: skip
        after = (rows[-1].changed_at, rows[-1].id)


async def conversation_rows(store: Store, rows: Sequence[Any]) -> list[Row]:
    """Without who they are and what they bought."""
    facts = await store.read(facts_of, [row.id for row in rows])
    found = [facts.get(row.id, Facts()) for row in rows]
    return [
        (*_conversation(row), *cells_of(row, told), *later_cells_of(row, told))
        for row, told in zip(rows, found, strict=True)
    ]


def _conversation(row: Any) -> Row:
    return (
        row.id, row.created_at, row.changed_at, row.site, row.visitor, row.customer, row.owner, row.staff, row.state,
        row.seq, row.language, row.page, row.measure, row.memory, row.asked_person_at, row.score,
        *(getattr(row, f"score_{name}") for name in COUNTED),
    )  # fmt: skip


async def messages(store: Store, span: Span, _: Path | None) -> Pages:
    after = ("", 0)
    while rows := await store.read(messages_after, span, after, ROWS_AT_ONCE):
        yield [
            (
                row.conversation, row.seq, row.at, row.sender, row.name, row.text, row.reply_to, row.turn, row.page,
                as_json([source.get("url") for source in row.sources]), row.visitor, row.customer,
            )
            for row in rows
        ]  # fmt: skip
        after = (rows[-1].conversation, rows[-1].seq)


async def profiles(store: Store, span: Span, _: Path | None) -> Pages:
    known = await store.read(ledger, span.site)
    after = ""
    while rows := await store.read(profiles_after, span, after, ROWS_AT_ONCE):
        yield [_profile(profile, known) for profile in rows if _was_here(profile, span)]
        after = rows[-1].id


def _was_here(profile: Profile, span: Span) -> bool:
    first, last = profile.first_seen, profile.last_seen
    return first is not None and last is not None and first < span.until and last >= span.since


def _profile(profile: Profile, known: dict[VisitorId, CustomerId]) -> Row:
    kind, _, whose = profile.id.partition(":")
    customer = known.get(VisitorId(whose)) if kind == "visitor" else whose.partition(":")[2]
    facts = [None if (fact := profile.fact(one)) is None else fact.value for one in FACTS]
    spent = {currency: decimal_text(value, currency) for currency, value in profile.spent.items()}
    return (
        profile.id, profile.site, customer, profile.first_seen, profile.last_seen, profile.first_page,
        profile.pages_viewed, profile.visits, profile.opened, profile.exposures, profile.arm, profile.conversed,
        profile.messages_said, profile.answers_got, profile.sentiment, profile.ratings,
        round(profile.stars_total / profile.ratings, 2) if profile.ratings else None, profile.handovers,
        profile.orders, as_json(spent), " ".join(profile.languages), *facts, profile.measure, profile.memory,
    )  # fmt: skip


async def purchases(store: Store, span: Span, _: Path | None) -> Pages:
    after = ""
    while rows := await store.read(purchases_after, span, after, ROWS_AT_ONCE):
        yield [
            (
                row.id, row.at, row.site, row.type, row.of, row.visitor, row.customer, row.email, row.name, row.value,
                row.margin, row.currency, row.status, row.tracking, as_json(row.items),
            )
            for row in rows
        ]  # fmt: skip
        after = rows[-1].id


async def questions(store: Store, span: Span, _: Path | None) -> Pages:
    after = 0
    while rows := await store.read(questions_after, span, after, ROWS_AT_ONCE):
        yield [
            (row.id, row.at, row.site, row.conversation, row.seq, row.text, row.url, row.data.get("confidence"),
             as_json(row.data.get("pages", [])))
            for row in rows
        ]  # fmt: skip
        after = rows[-1].id


async def segment_rows(store: Store, span: Span, log: Path | None) -> Pages:
    told = await segments(store, span.site, rfc3339(span.since), rfc3339(span.until), log=log)
    yield [
        (
            row["segment"], row["people"], row["visits"], _minor(row["revenue"], row["currency"]), row["currency"],
            row["orders"], _minor(row["margin"], row["currency"]), row["margin_known"], row["margin_orders"],
        )
        for row in told["rows"]
    ]  # fmt: skip


def _minor(amount: str | None, currency: str) -> int | None:
    # A sum, which may have more digits than one amount may be told with.
    return None if amount is None else int(Decimal(amount).scaleb(DIGITS.get(currency, 2)))

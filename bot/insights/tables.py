"""The tables that can be exported: the columns of each, and its rows a page at a time."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.conversation_score import COUNTED
from bot.insights.cells import Line, moment, money
from bot.insights.segments import segments
from bot.insights.window import ROWS_AT_ONCE, happened
from bot.interactions import CustomerId, Kind, VisitorId, rfc3339
from bot.money import decimal_text
from bot.profiles import FACTS, Profile
from bot.store.logged import Logged
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

type Pages = AsyncIterator[list[Line]]


@dataclass(frozen=True)
class Export:
    """A kind of export. Columns are only ever added, at the end: somebody's spreadsheet counts them."""

    columns: tuple[str, ...]
    pages: Callable[[Store, Span, Path | None], Pages]
    """Of the store, and of the log, which is in this folder if there is one."""


async def _interactions(store: Store, span: Span, _: Path | None) -> Pages:
    known = await store.read(ledger, span.site)
    async for rows in happened(store, span):
        yield [_interaction(row, known) for row in rows]


def _interaction(row: Logged, known: dict[VisitorId, CustomerId]) -> Line:
    one = row.interaction
    data = one.data
    return (
        row.id, rfc3339(one.at), one.site, one.visitor, known.get(one.visitor or VisitorId(""), one.customer),
        one.kind.value, one.conversation, one.seq, one.turn, one.url, one.arm, money(one.value, one.currency),
        one.currency, one.source, data.get("intent"), data.get("confidence"), data.get("sentiment"), data,
    )  # fmt: skip


async def _exposures(store: Store, span: Span, _: Path | None) -> Pages:
    known = await store.read(ledger, span.site)
    async for rows in happened(store, span):
        yield [
            (
                row.id, rfc3339(one.at), one.site, one.visitor, known.get(one.visitor or VisitorId(""), one.customer),
                one.arm, one.url, one.data.get("props", {}).get("seen_first") is True,
            )
            for row in rows
            if (one := row.interaction).kind is Kind.EXPOSED
        ]  # fmt: skip


async def _conversations(store: Store, span: Span, _: Path | None) -> Pages:
    after = (0, "")
    while rows := await store.read(conversations_after, span, after, ROWS_AT_ONCE):
        yield [conversation_line(row) for row in rows]
        after = (rows[-1].changed_at, rows[-1].id)


def conversation_line(row: Any) -> Line:
    return (
        row.id, rfc3339(row.created_at), rfc3339(row.changed_at), row.site, row.visitor, row.customer,
        row.owner, row.staff, row.state, row.seq, row.language, row.page, row.measure, row.memory,
        moment(row.asked_person_at), row.score, *(getattr(row, name) for name in COUNTED),
    )  # fmt: skip


async def _messages(store: Store, span: Span, _: Path | None) -> Pages:
    after = ("", 0)
    while rows := await store.read(messages_after, span, after, ROWS_AT_ONCE):
        yield [
            (
                row.conversation, row.seq, rfc3339(row.at), row.sender, row.name, row.text, row.reply_to, row.turn,
                row.page, [source.get("url") for source in row.sources], row.visitor, row.customer,
            )
            for row in rows
        ]  # fmt: skip
        after = (rows[-1].conversation, rows[-1].seq)


async def _profiles(store: Store, span: Span, _: Path | None) -> Pages:
    known = await store.read(ledger, span.site)
    after = ""
    while rows := await store.read(profiles_after, span, after, ROWS_AT_ONCE):
        yield [_profile(profile, known) for profile in rows if _was_here(profile, span)]
        after = rows[-1].id


def _was_here(profile: Profile, span: Span) -> bool:
    first, last = profile.first_seen, profile.last_seen
    return first is not None and last is not None and first < span.until and last >= span.since


def _profile(profile: Profile, known: dict[VisitorId, CustomerId]) -> Line:
    kind, _, whose = profile.id.partition(":")
    customer = known.get(VisitorId(whose)) if kind == "visitor" else whose.partition(":")[2]
    facts = [None if (fact := profile.fact(one)) is None else fact.value for one in FACTS]
    spent: dict[str, object] = {currency: decimal_text(value, currency) for currency, value in profile.spent.items()}
    return (
        profile.id, profile.site, customer, moment(profile.first_seen), moment(profile.last_seen), profile.first_page,
        profile.pages_viewed, profile.visits, profile.opened, profile.exposures, profile.arm, profile.conversed,
        profile.messages_said, profile.answers_got, profile.sentiment, profile.ratings,
        round(profile.stars_total / profile.ratings, 2) if profile.ratings else None, profile.handovers,
        profile.orders, spent, " ".join(profile.languages), *facts, profile.measure, profile.memory,
    )  # fmt: skip


async def _purchases(store: Store, span: Span, _: Path | None) -> Pages:
    after = ""
    while rows := await store.read(purchases_after, span, after, ROWS_AT_ONCE):
        yield [
            (
                row.id, rfc3339(row.at), row.site, row.type, row.of, row.visitor, row.customer, row.email, row.name,
                money(row.value, row.currency), money(row.margin, row.currency), row.currency, row.status,
                row.tracking, row.items,
            )
            for row in rows
        ]  # fmt: skip
        after = rows[-1].id


async def _questions(store: Store, span: Span, _: Path | None) -> Pages:
    after = 0
    while rows := await store.read(questions_after, span, after, ROWS_AT_ONCE):
        yield [
            (row.id, rfc3339(row.at), row.site, row.conversation, row.seq, row.text, row.url,
             row.data.get("confidence"), row.data.get("pages", []))
            for row in rows
        ]  # fmt: skip
        after = rows[-1].id


async def _segments(store: Store, span: Span, log: Path | None) -> Pages:
    told = await segments(store, span.site, rfc3339(span.since), rfc3339(span.until), log=log)
    yield [tuple(row.values()) for row in told["rows"]]


EXPORTS = {
    "interactions": Export(
        ("id", "at", "site", "visitor", "customer", "type", "conversation", "seq", "turn", "url", "arm", "value",
         "currency", "source", "intent", "confidence", "sentiment", "data"),
        _interactions,
    ),
    "conversations": Export(
        ("id", "at", "changed_at", "site", "visitor", "customer", "owner", "staff", "state", "messages", "language",
         "page", "measure", "memory", "asked_person_at", "score", *COUNTED),
        _conversations,
    ),
    "messages": Export(
        ("conversation", "seq", "at", "from", "name", "text", "reply_to", "turn", "page", "sources", "visitor",
         "customer"),
        _messages,
    ),
    "profiles": Export(
        ("id", "site", "customer", "first_seen", "last_seen", "first_page", "pages_viewed", "visits", "opened",
         "exposures", "arm", "conversed", "messages_said", "answers_got", "sentiment", "ratings", "stars",
         "handovers", "orders", "spent", "languages", *FACTS, "measure", "memory"),
        _profiles,
    ),
    "purchases": Export(
        ("id", "at", "site", "type", "of", "visitor", "customer", "email", "name", "value", "margin", "currency",
         "status", "tracking", "items"),
        _purchases,
    ),
    "segments": Export(
        ("segment", "people", "visits", "revenue", "currency", "orders", "margin", "margin_known", "margin_orders"),
        _segments,
    ),
    "questions": Export(
        ("id", "at", "site", "conversation", "seq", "question", "url", "confidence", "pages"), _questions
    ),
    "exposures": Export(("id", "at", "site", "visitor", "customer", "arm", "url", "seen_first"), _exposures),
}  # fmt: skip

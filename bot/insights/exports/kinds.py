"""What can be exported: the columns of each kind, and where its rows are."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.conversation_score import COUNTED
from bot.insights.exports import conversation_columns, log_rows, objective_columns, people_columns, store_rows
from bot.insights.exports.columns import Column, Type, columns
from bot.insights.exports.store_rows import Pages
from bot.profiles import FACTS
from bot.store.pages_of_rows import Span
from bot.store.store import Store

TEXT, WORD, WHOLE, NUMBER = Type.TEXT, Type.WORD, Type.WHOLE, Type.NUMBER
MOMENT, MONEY, YES, JSON = Type.MOMENT, Type.MONEY, Type.YES, Type.JSON


@dataclass(frozen=True)
class Export:
    """A kind of export. Columns are only ever added, at the end: somebody's spreadsheet counts them."""

    columns: tuple[Column, ...]
    pages: Callable[[Store, Span, Path | None], Pages] | None = None
    """Rows of the store; the folder is the log's, if there is one."""
    log: str | None = None
    """Asks the log for all rows, to which those of the store are the table `told`."""
    as_logged: frozenset[str] = frozenset()
    """The columns that are the log's own of this name, cell by cell; `customer` by what is known today."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.columns)


EXPORTS = {
    "interactions": Export(
        columns(
            id=WHOLE, at=MOMENT, site=WORD, visitor=TEXT, customer=TEXT, type=WORD, conversation=TEXT, seq=WHOLE,
            turn=TEXT, url=TEXT, arm=WORD, value=MONEY, currency=WORD, source=WORD, intent=TEXT, confidence=NUMBER,
            sentiment=NUMBER, data=JSON,
        ),
        log=log_rows.INTERACTIONS,
        as_logged=frozenset({"visitor", "customer", "conversation", "turn", "url", "intent"}),
    ),
    "conversations": Export(
        columns(
            id=TEXT, at=MOMENT, changed_at=MOMENT, site=WORD, visitor=TEXT, customer=TEXT, owner=WORD, staff=TEXT,
            state=WORD, messages=WHOLE, language=TEXT, page=TEXT, measure=YES, memory=YES, asked_person_at=MOMENT,
            score=WHOLE, **dict.fromkeys(COUNTED, WHOLE),
        ) + conversation_columns.COLUMNS + people_columns.COLUMNS + conversation_columns.LATER
        + objective_columns.COLUMNS,
        store_rows.conversations,
    ),
    "messages": Export(
        columns(
            conversation=TEXT, seq=WHOLE, at=MOMENT, from_=WORD, name=TEXT, text=TEXT, reply_to=WHOLE, turn=TEXT,
            page=TEXT, sources=JSON, visitor=TEXT, customer=TEXT,
        ),
        store_rows.messages,
    ),
    "profiles": Export(
        columns(
            id=TEXT, site=WORD, customer=TEXT, first_seen=MOMENT, last_seen=MOMENT, first_page=TEXT,
            pages_viewed=WHOLE, visits=WHOLE, opened=WHOLE, exposures=WHOLE, arm=WORD, conversed=YES,
            messages_said=WHOLE, answers_got=WHOLE, sentiment=NUMBER, ratings=WHOLE, stars=NUMBER, handovers=WHOLE,
            orders=WHOLE, spent=JSON, languages=TEXT, **dict.fromkeys(FACTS, TEXT), measure=YES, memory=YES,
        ),
        store_rows.profiles,
    ),
    "purchases": Export(
        columns(
            id=TEXT, at=MOMENT, site=WORD, type=WORD, of=TEXT, visitor=TEXT, customer=TEXT, email=TEXT, name=TEXT,
            value=MONEY, margin=MONEY, currency=WORD, status=WORD, tracking=TEXT, items=JSON,
        ),
        store_rows.purchases,
        log_rows.PURCHASES,
    ),
    "segments": Export(
        columns(
            segment=WORD, people=WHOLE, visits=WHOLE, revenue=MONEY, currency=WORD, orders=WHOLE, margin=MONEY,
            margin_known=WHOLE, margin_orders=WHOLE,
        ),
        store_rows.segment_rows,
    ),
    "questions": Export(
        columns(
            id=WHOLE, at=MOMENT, site=WORD, conversation=TEXT, seq=WHOLE, question=TEXT, url=TEXT, confidence=NUMBER,
            pages=JSON,
        ),
        store_rows.questions,
    ),
    "exposures": Export(
        columns(
            id=WHOLE, at=MOMENT, site=WORD, visitor=TEXT, customer=TEXT, arm=WORD, url=TEXT, seen_first=YES
        ),
        log=log_rows.EXPOSURES,
        as_logged=frozenset({"visitor", "customer", "url"}),
    ),
}  # fmt: skip

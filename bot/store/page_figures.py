"""What the report about pages asks: pages of a crawl, views of nobody, money, and what turns were about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select

from bot.interactions import Interaction, Kind, Microseconds
from bot.store.counts import day_of
from bot.store.logged import Logged, logged
from bot.store.pages_of_rows import Span
from bot.store.tables import conversations, daily_views, interactions, messages, pages


@dataclass(frozen=True)
class CrawledPage:
    """`ways`: how it lets its visitors reach a person; None when it was crawled before this was looked at."""

    id: int
    url: str
    title: str
    ways: tuple[str, ...] | None


@dataclass(frozen=True)
class Asked:
    """A question and what became of it: its words, and the pages that the bot quoted."""

    text: str
    sources: tuple[str, ...]
    unanswered: bool


def pages_after(connection: Connection, crawl: int, after: int, limit: int) -> list[CrawledPage]:
    """The crawl's pages in their order, the next `limit` after the one with the id `after`."""
    columns = pages.c.id, pages.c.url, pages.c.title, pages.c.ways
    asked = select(*columns).where(pages.c.crawl == crawl, pages.c.id > after).order_by(pages.c.id).limit(limit)
    return [
        CrawledPage(row.id, row.url, row.title, None if row.ways is None else tuple(row.ways))
        for row in connection.execute(asked)
    ]


def daily_views_after(connection: Connection, span: Span, after: str, limit: int) -> list[tuple[str, int]]:
    """Page views of those who did not agree, by page, in the order of URLs, over all days that the window touches."""
    last = day_of(Microseconds(span.until - 1))
    rows = connection.execute(
        select(daily_views.c.url, func.sum(daily_views.c.views))
        .where(
            daily_views.c.site == span.site,
            daily_views.c.day >= day_of(span.since),
            daily_views.c.day <= last,
            daily_views.c.url > after,
        )
        .group_by(daily_views.c.url)
        .order_by(daily_views.c.url)
        .limit(limit)
    )
    return [(url, int(views)) for url, views in rows]


def money_after(connection: Connection, span: Span, after: int, limit: int) -> list[Logged]:
    """Purchases and refunds of the window in the order of the log, the next `limit` after the row with this id."""
    rows = connection.execute(
        select(interactions)
        .where(
            interactions.c.id > after,
            interactions.c.type.in_((Kind.PURCHASE.value, Kind.REFUND.value)),
            # As in `window`: without the sums each call would sort the whole window.
            interactions.c.site.concat("") == span.site,
            interactions.c.at + 0 >= span.since,
            interactions.c.at + 0 < span.until,
        )
        .order_by(interactions.c.id)
        .limit(limit)
    )
    return [logged(row) for row in rows]


def asked_in(connection: Connection, turns: Mapping[str, str]) -> dict[str, Asked]:
    """What was asked in these turns, by turn; `turns` give each its conversation. What was erased is left out."""
    if not turns:
        return {}
    ids, whose = list(turns), sorted(set(turns.values()))
    said = connection.execute(
        select(messages.c.turn, messages.c.sender, messages.c.text, messages.c.sources)
        .where(messages.c.conversation.in_(whose), messages.c.turn.in_(ids))
        .order_by(messages.c.conversation, messages.c.seq)
    )
    texts: dict[str, str] = {}
    quoted: dict[str, list[str]] = {}
    for row in said:
        if row.sender == "visitor":
            texts[row.turn] = row.text
        else:
            quoted.setdefault(row.turn, []).extend(source.get("url", "") for source in row.sources)
    unanswered = set(
        connection.execute(
            select(interactions.c.turn)
            .where(
                interactions.c.conversation.in_(whose),
                interactions.c.turn.in_(ids),
                interactions.c.type == Kind.UNANSWERED.value,
            )
            .order_by(interactions.c.id)
        ).scalars()
    )
    return {
        turn: Asked(text, tuple(quoted.get(turn, ())), turn in unanswered or not quoted.get(turn))
        for turn, text in texts.items()
    }


_LAST_PAGE = (
    select(messages.c.page)
    .where(
        messages.c.conversation == bindparam("conversation"),
        messages.c.at <= bindparam("at"),
        messages.c.page.is_not(None),
    )
    .order_by(messages.c.seq.desc())
    .limit(1)
)
_FIRST_PAGE = select(conversations.c.page).where(conversations.c.id == bindparam("conversation"))


def last_pages(connection: Connection, happened: Sequence[Interaction]) -> list[str | None]:
    """For each, the page of the last message before it; a pressed button names none. None when there was none."""
    return [_last_page(connection, one) for one in happened]


def _last_page(connection: Connection, one: Interaction) -> str | None:
    where = {"conversation": one.conversation, "at": one.at}
    page: str | None = connection.execute(_LAST_PAGE, where).scalar_one_or_none()
    return page or connection.execute(_FIRST_PAGE, {"conversation": one.conversation}).scalar_one_or_none()

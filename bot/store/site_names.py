"""What a site's pages are called, and what they sell: for who listens to its visitors."""

from sqlalchemy import Connection, select

from bot.store.tables import pages


def titles_and_products(connection: Connection, crawl: int, *, limit: int = 5_000) -> list[tuple[str, str | None]]:
    """Each page's title, and the name of the product where it sells one; in the order of the crawl."""
    asked = select(pages.c.title, pages.c.product).where(pages.c.crawl == crawl).order_by(pages.c.id).limit(limit)
    return [(row.title, (row.product or {}).get("name")) for row in connection.execute(asked)]

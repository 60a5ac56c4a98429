"""A visitor says who they are, and the site has signed it."""

from sqlalchemy import Connection, update

from bot.interactions import ConversationId, CustomerId, Kind, Microseconds
from bot.store import visitors
from bot.store.conversations import find, give_receipt, interaction, receipt
from bot.store.interactions import append
from bot.store.tables import conversations


class OtherCustomer(Exception):
    """The conversation or its visitor is another customer already; two are never merged."""


def identify(
    connection: Connection,
    conversation: ConversationId,
    *,
    frame: str,
    customer: CustomerId,
    email: str | None,
    name: str | None,
    at: Microseconds,
) -> None:
    """Links the conversation, and its visitor where there is one, to the customer."""
    known, _ = receipt(connection, conversation, frame)
    if known:
        return
    before = find(connection, conversation)
    assert before is not None
    if before.customer not in (None, customer):
        raise OtherCustomer
    if before.visitor is not None:
        link = visitors.link(connection, before.site, before.visitor, customer, evidence="identify", at=at)
        if link is visitors.Link.OTHER_CUSTOMER:
            raise OtherCustomer
    connection.execute(
        update(conversations).where(conversations.c.id == conversation).values(customer=customer, changed_at=at)
    )
    give_receipt(connection, conversation, frame, None)
    after = find(connection, conversation)
    assert after is not None
    data = {key: value for key, value in (("email", email), ("name", name)) if value}
    append(connection, [interaction(after, Kind.IDENTIFIED, at=at, source_id=f"{conversation}:{frame}", data=data)])

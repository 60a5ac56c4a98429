"""A visitor says who they are, and the site has signed it."""

from dataclasses import replace

from sqlalchemy import Connection, update

from bot.interactions import ConversationId, CustomerId, Kind, Microseconds
from bot.store import visitors
from bot.store.conversations import existing, give_receipt, interaction, receipt
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
    before = existing(connection, conversation)
    if before.customer not in (None, customer):
        raise OtherCustomer
    if before.visitor is not None:
        evidence = visitors.PROVEN if before.owns_visitor else visitors.BY_REFERENCE
        link = visitors.link(connection, before.site, before.visitor, customer, evidence=evidence, at=at)
        if link is visitors.Link.OTHER_CUSTOMER:
            raise OtherCustomer
    connection.execute(
        update(conversations).where(conversations.c.id == conversation).values(customer=customer, changed_at=at)
    )
    give_receipt(connection, conversation, frame, None)
    after = existing(connection, conversation)
    data = {key: value for key, value in (("email", email), ("name", name)) if value}
    row = interaction(after, Kind.IDENTIFIED, at=at, source_id=f"{conversation}:{frame}", data=data)
    # Who only showed a reference must not write their own name into the profile behind it.
    append(connection, [row if before.owns_visitor else replace(row, visitor=None)])

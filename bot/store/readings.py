"""How far bot or staff have read a conversation, as far as it follows from what they did."""

from sqlalchemy import Connection, func, select

from bot.interactions import ConversationId
from bot.store.tables import messages, turns


def read_up_to(connection: Connection, conversation: ConversationId) -> int:
    """The seq of the visitor's last message that the bot has answered, or after which staff said something; else 0."""
    answered = select(func.max(turns.c.seq)).where(
        turns.c.conversation == conversation, turns.c.mode == "answer", turns.c.state == "closed"
    )
    said = select(func.max(messages.c.seq)).where(messages.c.conversation == conversation, messages.c.sender == "staff")
    before = select(func.max(messages.c.seq)).where(
        messages.c.conversation == conversation,
        messages.c.sender == "visitor",
        messages.c.seq < said.scalar_subquery(),
    )
    return max(connection.execute(query).scalar() or 0 for query in (answered, before))

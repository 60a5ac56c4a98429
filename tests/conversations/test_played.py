"""Every conversation, held over the chat's socket with the running product: each line gets what is written below it."""

import pytest

from tests.conversations.play import play, transcript
from tests.conversations.script import Conversation, all_conversations
from tests.conversations.visitor import House

ALL = all_conversations()
KNOWN_WRONG_AT_MOST = 10


def as_case(conversation: Conversation) -> object:
    known = [pytest.mark.xfail(strict=True, reason=conversation.fails)] if conversation.fails else []
    return pytest.param(conversation, id=f"{conversation.file.removesuffix('.yml')}: {conversation.name}", marks=known)


@pytest.mark.parametrize("conversation", [as_case(one) for one in ALL])
async def test_a_conversation_goes_as_it_is_written(house: House, conversation: Conversation) -> None:
    played = await play(house, conversation)

    assert played.faults == [], f"\n{transcript(played)}"


def test_few_conversations_are_known_to_go_wrong():
    known = [one.name for one in ALL if one.fails]

    assert len(known) <= KNOWN_WRONG_AT_MOST, known

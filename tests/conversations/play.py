"""Plays a conversation over the chat's socket and judges every answer."""

from dataclasses import dataclass

from tests.conversations.expectations import faults
from tests.conversations.script import Conversation, Line
from tests.conversations.visitor import House, Turn, meet


@dataclass(frozen=True)
class Played:
    conversation: Conversation
    turns: tuple[tuple[Line, Turn, tuple[str, ...]], ...]
    """Each line with what came back and what is wrong with that."""
    broke_off: str = ""
    """Why it could not go on: a line was refused, or had no answer."""

    @property
    def faults(self) -> list[str]:
        found = [fault for _, _, found in self.turns for fault in found]
        return [*found, self.broke_off] if self.broke_off else found


async def play(house: House, conversation: Conversation) -> Played:
    talk = await meet(house, conversation)
    turns, broke_off = [], ""
    try:
        for line in conversation.lines:
            turn = await talk.take(line)
            turns.append((line, turn, tuple(faults(line, turn))))
    except (AssertionError, TimeoutError) as error:
        broke_off = f"“{conversation.lines[len(turns)].text}”: {error or 'no answer in time'}"
    finally:
        await talk.visitor.leave()
    return Played(conversation, tuple(turns), broke_off)


def transcript(played: Played) -> str:
    """The conversation as it went, with its faults, for a person who has to mend one or the other."""
    told = [f"{played.conversation.file}: {played.conversation.name}"]
    for _, turn, found in played.turns:
        told.append(f"  visitor: {turn.said}")
        told += [f"  bot:     {reply['text']}".replace("\n", "\n           ") for reply in turn.replies]
        if turn.sources or turn.buttons:
            pages = [source["url"].rpartition("/")[2].partition("#")[0] for source in turn.sources]
            told.append(f"           pages {pages}, buttons {turn.buttons}")
        told += [f"  WRONG    {fault}" for fault in found]
    if played.broke_off:
        told.append(f"  BROKE OFF {played.broke_off}")
    return "\n".join(told)

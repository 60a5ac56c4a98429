"""What a turn asks of the pages: its own words, or the question that was left open until an option was chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.desk import OPTION
from bot.pages.answering.question import Turn
from bot.spoken import TOO_MANY, legible, questions_in
from bot.store.conversations import Message
from bot.store.turns import OpenTurn


@dataclass(frozen=True)
class Question:
    """`within` names where to look for the answer; empty for all pages."""

    text: str
    history: tuple[Turn, ...]
    page: str | None
    within: str = ""


def question_of(turn: OpenTurn) -> Question:
    """Whoever answers the bot's "which do you mean?", by a press or in so many words, still asks what they asked."""
    opened, option = _left_open(turn.history, turn.text)
    if opened is None:
        return Question(_first_of_many(legible(turn.text)), _turns(turn.history), turn.page)
    asked = turn.history[opened]
    return Question(f"{asked.text} {option}", _turns(turn.history[:opened]), turn.page or asked.page, option)


def _first_of_many(text: str) -> str:
    """All of it, but where so much is asked that no one place of a page could answer it."""
    asked = questions_in(text)
    return asked[0] if len(asked) >= TOO_MANY else text


def _left_open(history: Sequence[Message], text: str) -> tuple[int | None, str]:
    """Where the question stands that the bot asked back about, and the option that was chosen."""
    option = ""
    # The bot may have said its options more than once: the question is what came before the first time.
    for at in range(len(history) - 1, -1, -1):
        if history[at].sender == "visitor":
            if option and not _offers(history[at - 1] if at else None, option):
                return at, option
        elif not (chosen := _offers(history[at], text)):
            break
        else:
            option = chosen
    return None, ""


def _offers(message: Message | None, text: str) -> str:
    """The option of this name; empty when there is none."""
    said = text.strip().casefold()
    buttons = message.buttons if message is not None else ()
    return next((one["title"] for one in buttons if one["payload"] == OPTION and one["title"].casefold() == said), "")


def _turns(history: Sequence[Message]) -> tuple[Turn, ...]:
    return tuple(Turn(one.sender == "visitor", one.text) for one in history)

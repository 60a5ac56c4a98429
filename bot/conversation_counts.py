"""A conversation's lines, counted turn by turn, each on the page where it was taken."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.conversation_score import Counts, own_words, words_in, words_of
from bot.pitches import Asked, pitches

ENDINGS = frozenset({"goodbye", "thank", "stop"})
"""Intents that need no reply."""
NOT_ASKING = ENDINGS | {"greet", "deny", "abuse", "unclear", "out_of_scope"}
"""What is said to these is no answer, and they don't go on with one."""


@dataclass(frozen=True)
class Line:
    """A message. `turn` is what a visitor's message and the bot's replies to it have in common.

    Of the visitor's, `asked` is None when the pages were not asked, else whether they answered; `failed` says that the
    deadline passed, so that what the bot says to it is an apology. `quotes` are the words of pages in the bot's.
    """

    sender: str
    text: str
    turn: str | None = None
    page: str | None = None
    quotes: tuple[str, ...] = ()
    intent: str | None = None
    asked: bool | None = None
    failed: bool = False


@dataclass
class _Turn:
    said: Line
    page: str | None
    replied: bool = False
    person_came: bool = False
    went_on: bool = False
    our_words: int = 0
    pitches: int = 0

    def counts(self) -> Counts:
        asked = self.said.asked is not None
        answered = self.replied and (self.said.asked is not False or self.person_came)
        return Counts(
            turns=1,
            visitor_words=words_in(self.said.text),
            our_words=self.our_words,
            questions=int(asked),
            answered=int(asked and answered),
            waiting=int(self.replied or self.said.intent not in ENDINGS),
            replied=int(self.replied),
            follow_ups=int(self.went_on and answered and self.said.intent not in NOT_ASKING),
            pitches=self.pitches,
        )


def counted(lines: Iterable[Line], page: str | None = None) -> dict[str | None, Counts]:
    """The counts by page; added up they are the conversation's. Empty when no visitor said anything.

    `page` is where the conversation began. A message that names no page, as a pressed button does, is on the page of
    the one before it.
    """
    transcript = _Transcript(page)
    for line in lines:
        transcript.hear(line)
    found: dict[str | None, Counts] = {}
    for turn in transcript.turns:
        found[turn.page] = found.get(turn.page, Counts()) + turn.counts()
    return found


@dataclass
class _Transcript:
    page: str | None
    turns: list[_Turn] = field(default_factory=list)
    _by_name: dict[str, _Turn] = field(default_factory=dict)
    _asked: Asked = field(default_factory=Asked)
    _seen_by_person: int = 0
    _early: list[Line] = field(default_factory=list)
    """What we said before the visitor did: it counts for their first turn."""

    def hear(self, line: Line) -> None:
        if line.sender == "visitor":
            self._begin(line)
        elif not self.turns:
            self._early.append(line)
        elif line.sender == "staff":
            self._count(line, self.turns[-1])
            self._person_speaks()
        else:
            turn = self._by_name.get(line.turn or "", self.turns[-1])
            self._count(line, turn)
            if turn.said.turn == line.turn and not turn.said.failed:
                turn.replied = True

    def _begin(self, line: Line) -> None:
        self.page = line.page or self.page
        if self.turns and line.intent not in NOT_ASKING:
            self.turns[-1].went_on = True
        turn = _Turn(line, self.page)
        self.turns.append(turn)
        self._by_name[line.turn or ""] = turn
        for early in self._early:
            self._count(early, turn)
        self._early.clear()
        self._asked.hear(line.text)

    def _person_speaks(self) -> None:
        """A person replies to all that was said before, also to what the bot could not answer."""
        for turn in self.turns[self._seen_by_person :]:
            turn.replied = turn.person_came = True
        self._seen_by_person = len(self.turns)

    def _count(self, line: Line, turn: _Turn) -> None:
        turn.our_words += words_of(line.text, line.quotes)
        turn.pitches += len(pitches(own_words(line.text, line.quotes), self._asked.topics))

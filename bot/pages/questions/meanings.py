"""Which of people's own words mean the same, in English and in what a glossary knows: for the report of listening."""

from collections.abc import Callable, Sequence

from bot.engine.glossary import Glossary, glossaries
from bot.pages.indexing.encoder import Encoder
from bot.pages.questions.alike import alike
from bot.pages.questions.unanswered import Report, unanswered
from bot.project import ROOT
from bot.store.pages_of_rows import Span
from bot.store.store import Store

STATED_ALIKE = 0.46
"""The mean cosine of two groups of statements from which they are one: lower than of questions (alike.ALIKE), since
short sentences say the same in fewer words. Of 51 clauses of 14 meanings, 0.76 of the pairs in a group belong together
then, and 0.56 of those that belong together are; at 0.55 it is 0.75 and 0.30 (tests/pages/questions/test_meanings.py).
"""
GLOSSARIES = ROOT / "data" / "glossary"


class Meanings:
    """`encoder` is asked for only when there is something to understand."""

    def __init__(self, encoder: Callable[[], Encoder]) -> None:
        self._encoder = encoder
        self._glossaries: Sequence[Glossary] | None = None

    def alike(self, texts: Sequence[str]) -> list[tuple[int, float]]:
        """Of each text, the number of its group and how near it is to the group's middle; -1: of none.

        The same words in German and English are alike as far as the glossary goes.
        """
        if not texts:
            return []
        if self._glossaries is None:
            self._glossaries = glossaries(GLOSSARIES)
        placed = alike([self._in_english(text) for text in texts], self._encoder(), at_least=STATED_ALIKE)
        return list(zip(placed.groups.tolist(), placed.nearness.tolist(), strict=True))

    async def questions(self, store: Store, span: Span) -> Report:
        """What no page of the site answers."""
        return await unanswered(store, self._encoder, span)

    def _in_english(self, text: str) -> str:
        known = (one.in_english(text) for one in self._glossaries or ())
        return next((glossed for glossed in known if glossed), text)

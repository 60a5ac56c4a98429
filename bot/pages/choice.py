"""Which of the places found are named, and when the visitor is asked which of them was meant."""

from bot.desk import Source
from bot.pages.fragment import lines_of, with_text
from bot.pages.index import Index
from bot.store.pages import StoredPassage


def source_of(index: Index, passage: StoredPassage, quote: str) -> Source:
    """The passage as the visitor is shown it, with a link to the quoted words."""
    lines = lines_of(index.passages[number] for number in index.numbers_of(passage.url))
    heading = "".join(passage.heading[-1:])
    return Source(passage.url, passage.title, quote, with_text(passage.url, quote, lines), heading)

"""What a page says, block by block, however it was read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.store.pages import Product

ROW_LEVEL = 7
"""A table's caption stands below every heading."""


@dataclass(frozen=True)
class Block:
    """A heading (`level` 1 to 6), a paragraph (0), or a row of a table with its table's `caption`."""

    text: str
    level: int = 0
    is_row: bool = False
    leads_away: bool = False
    """A row of a table or list that is mostly links."""
    caption: str = ""
    under: tuple[str, ...] = ()
    """For a block found apart from its surroundings: the headings above it."""


@dataclass(frozen=True)
class Extracted:
    title: str
    language: str
    blocks: tuple[Block, ...]
    product: Product | None = None

    @property
    def text(self) -> str:
        """What a reader sees below the page's title, a block a line; a heading above nothing tells nothing."""
        return "\n".join(block.text for block in _told(self.blocks))

    @property
    def has_text(self) -> bool:
        return any(not block.level for block in self.blocks)


def _told(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks without the title, headings with nothing below them, and what only the structured data says."""
    title = next((block for block in blocks if block.level == 1), None)
    for at, block in enumerate(blocks):
        if block is title or (block.under and not block.is_row):
            continue
        below = next((one for one in blocks[at + 1 :] if not one.level or one.level <= block.level), None)
        if not block.level or (below is not None and not below.level):
            yield block

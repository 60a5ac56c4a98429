"""What a page says: its title, language, and its text as headings, paragraphs and rows; nothing that is hidden."""

import copy
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import trafilatura
from lxml import etree, html  # type: ignore[import-untyped]

from bot.pages.reading.blocks import Block, Extracted
from bot.pages.reading.hidden import drop_hidden
from bot.pages.reading.html import parse_html
from bot.pages.reading.structured import Statement, product_on, statements
from bot.pages.reading.tables import LONG_DEFINITION_WORDS, definitions, is_data_table, table_lines
from bot.pages.reading.tidy import clean, text_of

# It warns about each page that holds no article; a crawl says so in its report.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_FURNITURE = ("nav", "header", "footer", "aside", "form", "menu", "dialog")
_BLOCK_TAGS = """
address article blockquote body br caption cell center dd details div dl dt fieldset figcaption figure form h1 h2 h3 h4
h5 h6 head header hr html item lb li list main ol p pre quote row section summary table tbody td tfoot th thead tr ul
"""
_BLOCKS = frozenset(_BLOCK_TAGS.split())
# Holds the place of a table's row while the main content is chosen; a page that writes these brackets loses them.
_PLACE = re.compile(r"⟦(\d+)⟧")
# A table or list outside the main content with more of its words in links than this leads to other pages.
MOSTLY_LINKS = 0.8
# Below this share of what the page's own <main> says, the chosen content has missed the point of the page.
ENOUGH_OF_MAIN = 0.5
ENOUGH_OF_BODY = 0.1


def extract_text(text: str, *, title: str = "", url: str = "") -> Extracted:
    """Plain text: paragraphs are set apart by blank lines, and each line that ends a sentence ends a block."""
    paragraphs = (clean(part) for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")))
    blocks = tuple(Block(paragraph) for paragraph in paragraphs if paragraph)
    return Extracted(clean(title) or clean(url), "", blocks)


def extract_html(text: str, *, title: str = "", url: str = "") -> Extracted:
    """The main content of the page by trafilatura, and what it leaves out though visitors ask for it."""
    root = parse_html(text)
    if root is None:
        return Extracted(clean(title) or clean(url), "", ())
    title = clean(title) or _title(root) or clean(url)
    language = clean(root.get("lang") or "").lower()[:35]
    said, product = statements(root), product_on(root, url)
    _keep_pressable_headings(root)
    _keep_headings_that_lead_to_themselves(root)
    drop_hidden(root)
    rows = _set_rows_aside(root)
    body = root.find("body") if root.tag != "body" else root
    if body is None:
        return Extracted(title, language, ())
    blocks = _restored(_chosen(root, body), rows)
    blocks += _missed_rows(blocks, rows)
    blocks += _missed_statements(blocks, said)
    return Extracted(title, language, tuple(blocks), product)


def _title(root: Any) -> str:
    for found in (root.findtext(".//title"), *root.xpath("//meta[@property='og:title']/@content")):
        if found and clean(found):
            return clean(found)
    return next((text for heading in root.iter("h1") if (text := text_of(heading))), "")


def _keep_pressable_headings(root: Any) -> None:
    """An accordion's question is a button inside a heading: the words stay, the button goes."""
    for button in list(root.iter("button")):
        if any(parent.tag in _HEADINGS or parent.tag in ("dt", "summary") for parent in button.iterancestors()):
            if opens := button.get("aria-controls"):
                button.getparent().set("aria-controls", opens)
            button.drop_tag()


def _keep_headings_that_lead_to_themselves(root: Any) -> None:
    """Documentation links each heading to its own place, so that readers can copy the address.

    A heading that is all link is taken for a teaser of another page, and goes; a sign beside the words is none of them.
    """
    for link in root.xpath("//a[starts-with(@href, '#')]"):
        if not any(parent.tag in _HEADINGS for parent in link.iterancestors()):
            continue
        if any(letter.isalnum() for letter in text_of(link)):
            link.drop_tag()
        else:
            link.drop_tree()


def _set_rows_aside(root: Any) -> list[Block]:
    """Replaces each data table and list of definitions by place holders, one a row; gives the rows by number."""
    rows: list[Block] = []
    for element in list(root.iter("summary")):
        element.tag = "h4"
    for element in list(root.iter("table", "dl")):
        if element.getparent() is None or any(parent.tag in _FURNITURE[:3] for parent in element.iterancestors()):
            continue
        parts: list[Any] = []
        leads_away = _linked_share(element) > MOSTLY_LINKS
        if element.tag == "table" and is_data_table(element):
            caption, lines = table_lines(element)
            row = Block("", is_row=True, leads_away=leads_away, caption=caption, under=_headings_above(element))
            parts += [_placeholder(rows, replace(row, text=line)) for line in lines]
        elif element.tag == "dl":
            row = Block("", is_row=True, leads_away=leads_away, under=_headings_above(element))
            for term, told in definitions(element):
                if term.endswith("?") or len(told.split()) > LONG_DEFINITION_WORDS:
                    parts += [_element("h4", term), _element("p", told)] if term else [_element("p", told)]
                else:
                    line = f"{term}: {told}" if term else told
                    parts.append(_placeholder(rows, replace(row, text=line)))
        if parts:
            place = html.Element("div")
            place.extend(parts)
            place.tail = element.tail
            element.getparent().replace(element, place)
    return rows


def _linked_share(element: Any) -> float:
    """How much of the element's text is in links to pages: a number to call, or an address to write to, is a fact."""
    away = [link for link in element.iter("a") if not (link.get("href") or "").lower().startswith(("tel:", "mailto:"))]
    return sum(len(text_of(link)) for link in away) / max(1, len(text_of(element)))


def _placeholder(rows: list[Block], block: Block) -> Any:
    rows.append(block)
    return _element("p", f"⟦{len(rows) - 1}⟧ {block.text}")


def _element(tag: str, text: str) -> Any:
    made = html.Element(tag)
    made.text = text
    return made


def _headings_above(element: Any) -> tuple[str, ...]:
    path: list[tuple[int, str]] = []
    for heading in reversed(element.xpath("preceding::h1|preceding::h2|preceding::h3|preceding::h4")):
        level = _HEADINGS[heading.tag]
        if (not path or level < path[0][0]) and (text := text_of(heading)):
            path.insert(0, (level, text))
        if level == 1:
            break
    return tuple(text for _, text in path)


def _chosen(root: Any, body: Any) -> list[Block]:
    """The main content; when that holds too little of what the page itself calls main, all of the latter."""
    main = next(iter(body.xpath("//main|//*[@role='main']")), None)
    region = list(_blocks(_without_furniture(main if main is not None else body)))
    enough = (ENOUGH_OF_MAIN if main is not None else ENOUGH_OF_BODY) * _word_count(region)
    # Teasers and subscription boxes go when it is strict; on some pages so does what they say.
    for strict in (True, False):
        found = trafilatura.bare_extraction(copy.deepcopy(root), include_comments=False, favor_precision=strict)
        # With no dictionary asked for it is a document or nothing.
        blocks = list(_blocks(found.body)) if found is not None and not isinstance(found, dict) else []
        if _word_count(blocks) >= enough:
            return blocks
    return region


def _without_furniture(region: Any) -> Any:
    region = copy.deepcopy(region)
    region.tail = None
    for element in list(region.iter(*_FURNITURE)):
        # Inside <main>, a header holds the page's own title.
        if (
            element is not region
            and element.getparent() is not None
            and not (element.tag == "header" and region.tag == "main")
        ):
            element.drop_tree()
    for element in list(region.iter("ul", "ol", "div")):
        if element.getparent() is not None and element is not region and _is_list_of_links(element):
            element.drop_tree()
    return region


def _is_list_of_links(element: Any) -> bool:
    links = list(element.iter("a"))
    if len(links) < 4:
        return False
    linked = sum(_length(link) for link in links)
    return linked > 0.8 * _length(element) and linked < 50 * len(links)


def _length(element: Any) -> int:
    """How many letters its text has, blanks left out."""
    return len("".join("".join(element.itertext()).split()))


def _blocks(body: Any) -> Iterator[Block]:
    """The element's text as blocks, whether it is HTML or trafilatura's own small vocabulary."""
    buffer: list[str] = []
    level = 0

    def flush() -> Iterator[Block]:
        text = clean("".join(buffer))
        buffer.clear()
        if text:
            yield Block(text, level=level)

    for event, element in etree.iterwalk(body, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in _BLOCKS:
            yield from flush()
        if event == "start":
            if tag in _HEADINGS or (tag == "head" and element.get("rend")):
                level = _HEADINGS.get(tag) or _HEADINGS.get(element.get("rend"), 3)
            buffer.append(element.text or "" if tag else "")
        else:
            if tag in _HEADINGS or tag == "head":
                level = 0
            buffer.append((element.tail or "") if element is not body else "")
    yield from flush()


def _restored(blocks: list[Block], rows: list[Block]) -> list[Block]:
    """The blocks with each place holder back as its row; what surrounds it here gives its headings."""
    restored: list[Block] = []
    for block in blocks:
        parts = _PLACE.split(block.text)
        if len(parts) == 1:
            restored.append(block)
            continue
        if before := clean(parts[0]):
            restored.append(replace(block, text=before))
        for number in parts[1::2]:
            if int(number) < len(rows):
                restored.append(replace(rows[int(number)], under=()))
    return restored


def _missed_rows(blocks: list[Block], rows: list[Block]) -> list[Block]:
    there = {block.text for block in blocks}
    return [row for row in rows if row.text not in there and not row.leads_away]


def _missed_statements(blocks: list[Block], said: list[Statement]) -> list[Block]:
    """What the structured data tells and the text does not."""
    there = _squeezed(" ".join(block.text for block in blocks))
    return [Block(one.text, under=(one.about,)) for one in said if _squeezed(one.text) not in there]


def _squeezed(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def _word_count(blocks: list[Block]) -> int:
    return sum(len(block.text.split()) for block in blocks if not block.level)

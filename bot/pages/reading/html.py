"""HTML as a tree, however it is written; nothing outside the text is ever loaded."""

import re
from typing import Any

from lxml import etree, html  # type: ignore[import-untyped]

_OF_HEAD = frozenset({"title", "meta", "link", "base", "script", "style", "template", "noscript", "bgsound"})

MOST_ATTRIBUTES = 500
"""The parser compares each attribute of an element with all before it: 40,000 in one cost it 17 s, and no one can stop
it meanwhile."""
_ATTRIBUTE = r"""[\s/]*+[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>"'][^\s>]*+)?+)?+"""
# Each attribute is taken once and never given back, so that the time is that of one reading.
_TAG = re.compile(rf"<([a-zA-Z][^\s/>]*+)((?:{_ATTRIBUTE})*+)")
_ATTRIBUTES = re.compile(_ATTRIBUTE)


def parse_html(text: str) -> Any | None:
    """The root element, or None for what holds no HTML. Nothing outside the text is ever loaded."""
    # lxml refuses text that declares an encoding of its own, and NUL characters.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.replace("\0", ""), count=1)
    if not text.strip():
        return None
    text = _TAG.sub(_without_a_crowd, text)
    try:
        root = html.document_fromstring(text, parser=html.HTMLParser(no_network=True, huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    _move_text_out_of_head(root)
    return root


def _without_a_crowd(tag: re.Match[str]) -> str:
    """The tag as it is, or bare when no person can have written it."""
    if len(tag[2]) <= MOST_ATTRIBUTES or len(_ATTRIBUTES.findall(tag[2])) <= MOST_ATTRIBUTES:
        return tag[0]
    return f"<{tag[1]}"


def _move_text_out_of_head(root: Any) -> None:
    """HTML allows a page without <body>; the parser, which knows no <main>, then takes it for a part of the head."""
    head, body = root.find("head"), root.find("body")
    stray = [] if head is None else [part for part in head if isinstance(part.tag, str) and part.tag not in _OF_HEAD]
    if stray:
        if body is None:
            body = etree.SubElement(root, "body")
        body[0:0] = stray

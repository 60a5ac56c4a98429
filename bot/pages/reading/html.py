"""HTML as a tree, however it is written; nothing outside the text is ever loaded."""

import re
from typing import Any

from lxml import etree, html  # type: ignore[import-untyped]

_OF_HEAD = frozenset({"title", "meta", "link", "base", "script", "style", "template", "noscript", "bgsound"})


def parse_html(text: str) -> Any | None:
    """The root element, or None for what holds no HTML. Nothing outside the text is ever loaded."""
    # lxml refuses text that declares an encoding of its own, and NUL characters.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.replace("\0", ""), count=1)
    if not text.strip():
        return None
    try:
        root = html.document_fromstring(text, parser=html.HTMLParser(no_network=True, huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    _move_text_out_of_head(root)
    return root


def _move_text_out_of_head(root: Any) -> None:
    """HTML allows a page without <body>; the parser, which knows no <main>, then takes it for a part of the head."""
    head, body = root.find("head"), root.find("body")
    stray = [] if head is None else [part for part in head if isinstance(part.tag, str) and part.tag not in _OF_HEAD]
    if stray:
        if body is None:
            body = etree.SubElement(root, "body")
        body[0:0] = stray

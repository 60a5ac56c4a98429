"""What of an answer from the pages is kept with its turn, so that staff can see why it was given."""

from typing import Any

from bot.desk import Source
from bot.pages.answering.answer import Answer, Found
from bot.pages.answering.fragment import with_text

PASSAGES_KEPT = 3
WORDS_KEPT = 80
"""Characters of a title or heading: enough to know the place by."""


def looked_at(answer: Answer) -> dict[str, Any]:
    """The confidence that was enough, and the best passages with the place each is at, the quoted one first.

    Of a row in the log, which is never rewritten, hence few and short: a page's words are on the page.
    """
    quoted = {source.url: source for source in reversed(answer.said.sources) if source.quote}
    best = answer.found[:PASSAGES_KEPT]
    return {"enough": answer.enough, "passages": [_place(one, quoted.get(one.passage.url)) for one in best]}


def _place(found: Found, source: Source | None) -> dict[str, Any]:
    passage = found.passage
    told: dict[str, Any] = {"url": passage.url, "score": round(found.score, 4)}
    if source is not None and source.quote in passage.text:
        told |= {"title": source.name or source.title, "link": source.link}
    else:
        told |= {"title": passage.title, "link": with_text(passage.url, passage.text.partition("\n")[0])}
    told |= {"heading": "".join(passage.heading[-1:])}
    if told["link"] in ("", passage.url):
        del told["link"]
    return {name: value[:WORDS_KEPT] if name in ("title", "heading") else value for name, value in told.items()}

"""What visitors say of what is known of them: that it is something else, or no longer so."""

import re
from collections.abc import Iterator, Mapping

_LETTERS = r"[^\W\d_](?:[^\W_]|['’.-](?=[^\W_]))*"
_NEW = rf"(?P<new>{_LETTERS}(?:[ ]{_LETTERS}){{0,2}}|[\w.+-]+@[\w.-]+\w)"
_LEAD = r"(?:it['’]?s|it[ ]is|i['’]?m|i[ ]am|that['’]?s|but|es[ ]ist|ich[ ]bin|sondern|now|no|nein|actually)"
_CORRECTED = (
    r"\bnot[ ](?:in[ ]|at[ ]|from[ ])?<old>[ ]*[,.;:]?[ ]*(?:" + _LEAD + r"[ ]+){1,2}(?:in[ ]|at[ ])?" + _NEW,
    r"(?:^|[,.;:!][ ]*|" + _LEAD + r"[ ]+)" + _NEW + r"[ ]*[,.;]?[ ]*(?:and[ ])?not[ ](?:in[ ]|at[ ])?<old>",
    r"\bnicht[ ](?:in[ ]|bei[ ])?<old>[ ]*[,.;:]?[ ]*(?:" + _LEAD + r"[ ]+){1,2}(?:in[ ]|bei[ ])?" + _NEW,
    r"(?:^|[,.;:!][ ]*|" + _LEAD + r"[ ]+)" + _NEW + r"[ ]*[,.;]?[ ]*(?:und[ ])?nicht[ ](?:in[ ]|bei[ ])?<old>",
)
_BEFORE = re.compile(rf"^(?:(?:{_LEAD})[ ]+)+", re.IGNORECASE)
_NO_LONGER = (
    r"\b(?:no[ ]longer|not|don['’]?t|doesn['’]?t|isn['’]?t|never)\b[^.!?]{0,40}<old>",
    r"<old>(?!\w)[^.!?]{0,20}\b(?:is[ ](?:wrong|not[ ]right|outdated)|isn['’]?t[ ](?:right|true)|any[ ]?more)",
    r"<old>(?!\w)[^.!?]{0,20}\bist[ ]falsch",
    r"\b(?:nicht|nie)\b[^.!?]{0,40}<old>",
    r"<old>(?!\w)[^.!?,]{0,20}\bnicht\b",
)


def corrected(text: str, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Facts whose value the visitor says anew by naming the old one: "it's Hannah, not Anna". Known are by kind."""
    for kind, value in known.items():
        for pattern in _CORRECTED:
            found = _search(pattern, value, text)
            new = _BEFORE.sub("", found["new"]) if found else ""
            if new and new.casefold() != value.casefold():
                yield kind, new if new[0].isupper() or kind not in ("name", "place", "company") else new.title()
                break


def no_longer(text: str, known: Mapping[str, str]) -> Iterator[str]:
    """Kinds of which the visitor says that the value is not, or no longer, so."""
    for kind, value in known.items():
        if any(_search(pattern, value, text) for pattern in _NO_LONGER):
            yield kind


def _search(pattern: str, value: str, text: str) -> re.Match[str] | None:
    return re.search(pattern.replace("<old>", rf"(?<!\w){re.escape(value)}"), text, re.IGNORECASE)

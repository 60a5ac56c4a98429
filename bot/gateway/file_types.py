"""What a file is, told by its bytes alone; and whether what it says of itself contradicts them."""

import codecs
import re
import unicodedata
from dataclasses import dataclass

UNDECLARED = "application/octet-stream"
"""What is said of a file whose type nobody knows: no contradiction to anything."""


@dataclass(frozen=True)
class FileType:
    """`endings` are what a name may end in, the usual one first; `declared` what a browser may call it."""

    media: str
    endings: tuple[str, ...]
    declared: frozenset[str]


PNG = FileType("image/png", ("png",), frozenset({"image/png", "image/x-png"}))
JPEG = FileType(
    "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), frozenset({"image/jpeg", "image/jpg", "image/pjpeg"})
)  # fmt: skip
WEBP = FileType("image/webp", ("webp",), frozenset({"image/webp"}))
PDF = FileType("application/pdf", ("pdf",), frozenset({"application/pdf", "application/x-pdf"}))
TEXT = FileType("text/plain", ("txt", "text", "log", "md"), frozenset({"text/plain", "text/markdown", "text/x-log"}))

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")


def type_of(head: bytes) -> FileType:
    """The type that the first bytes tell; text when they tell none, and then all of it has to be `PlainText`."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    return PDF if head.startswith(b"%PDF-") else TEXT


def contradicts(type: FileType, *, name: str, declared: str) -> bool:
    """Whether the name's ending or the declared media type says that it is something else."""
    stem, dot, ending = name.rpartition(".")
    if stem and dot and ending.lower() not in type.endings:
        return True
    return declared.lower() not in type.declared | {"", UNDECLARED}


class PlainText:
    """Reads a file piece by piece, as long as it is text: UTF-8, no control characters, and no markup."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._begun = False

    def takes(self, piece: bytes, *, last: bool) -> bool:
        """Whether it still is text with this piece; `last` refuses half a character at the end."""
        try:
            text = self._decoder.decode(piece, final=last)
        except UnicodeDecodeError:
            return False
        return _CONTROLS.search(text) is None and not self._is_markup(text)

    def _is_markup(self, text: str) -> bool:
        # HTML, SVG and XML are text too; a browser that is asked to guess runs them.
        start = next((letter for letter in text if not _is_invisible(letter)), None) if not self._begun else None
        self._begun = self._begun or start is not None
        return start == "<"


def _is_invisible(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) in ("Cf", "Mn")

"""What a file is called where it is shown or saved: a name, never a path, and nothing hidden in it."""

import re
import unicodedata
from urllib.parse import quote

from aiohttp import BodyPartReader

LONGEST = 120
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Controls, direction marks, half characters: with them a name can show another ending than it has."""
_IN_FORM = re.compile(r'; *filename="((?:[^"\\]|\\.)*)"')


def name_in_form(part: BodyPartReader) -> str | None:
    """What the part's file is called; None for a field that is no file.

    Browsers escape nothing but quotes and ends of lines, and aiohttp takes a name with two semicolons for none.
    """
    found = _IN_FORM.search(part.headers.get("Content-Disposition", ""))
    return part.filename if found is None else re.sub(r'\\(["\\])', r"\1", found[1])


def clean_name(given: str) -> str:
    """The last part of what may be a path, with its ending, at most 120 characters; empty when nothing is left.

    >>> clean_name("../../photo\\u202egpj.exe")
    'photogpj.exe'
    """
    visible = "".join(one for one in given if unicodedata.category(one) not in _INVISIBLE)
    part = unicodedata.normalize("NFC", visible).replace("\\", "/").rpartition("/")[2]
    # Windows drops dots and blanks at the end; one at the start hides the file elsewhere.
    name = " ".join(part.split()).strip(". ")
    if len(name) <= LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > 10:
        return name[:LONGEST].rstrip(". ")
    return f"{stem[: LONGEST - len(ending) - 1].rstrip('. ')}{dot}{ending}"


def as_attachment(name: str) -> str:
    """The header that makes a browser save a file under this name, and never show it."""
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"

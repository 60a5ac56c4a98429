"""All that is kept of a person as one file to hand to them: a page to read, the same for machines, and their files."""

import asyncio
import json
from html import escape
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from bot.interactions import Microseconds
from bot.store.files import FileId, piece
from bot.store.forget import Reach
from bot.store.store import Store
from bot.store.whole_person import all_of

HEADINGS = {
    "visitors": "Browsers, and what each agreed to",
    "customers": "Whom the shop knows you as, and on what evidence",
    "profiles": "What is known of you",
    "conversations": "Conversations",
    "messages": "What was said in them, the staff's notes too",
    "files": "Files that were sent",
    "labels": "Labels that staff put on conversations",
    "interactions": "The log of what happened",
    "purchases": "Orders",
    "ad_consents": "Whether an ad platform may learn of you, as you said it and when",
    "reviews": "What staff say answers should have been",
    "nobody_came": "When you waited and nobody came",
    "mails": "Mails",
    "invitations": "Invitations to talk",
    "valued_lot": "Whether staff saw that you are one of the best customers, by lot",
}
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
    "table{border-collapse:collapse;margin:.5rem 0 1.5rem}th,td{text-align:start;vertical-align:top;padding:.125rem "
    ".75rem .125rem 0;overflow-wrap:anywhere}td{white-space:pre-wrap}th{font-weight:600}"
)


async def write_person(store: Store, whose: Reach, into: BinaryIO, *, at: Microseconds) -> dict[str, int]:
    """Writes the zip: index.html, person.json and files/; how many rows of each kind there are."""
    told = await store.read(all_of, whose, at=at)
    # On another thread: a year of somebody takes a second to pack, and visitors wait on this one.
    with ZipFile(into, "w", ZIP_DEFLATED) as zip:
        await asyncio.to_thread(_write_words, zip, told)
        for row in told["files"]:
            await asyncio.to_thread(zip.writestr, name_in_zip(row), await _contents(store, row["id"]), ZIP_STORED)
    return {name: len(rows) for name, rows in told.items() if isinstance(rows, list)}


def _write_words(zip: ZipFile, told: dict[str, Any]) -> None:
    zip.writestr("index.html", page_of(told))
    zip.writestr("person.json", json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8", "replace"))


def name_in_zip(row: dict[str, Any]) -> str:
    """Where a file is in the zip. Its name has no path in it, and its id tells two of a name apart."""
    return f"files/{row['id']}-{row['name'].replace('/', '_')}"


def page_of(told: dict[str, Any]) -> str:
    """The page: nothing in it runs, and what anybody typed is text."""
    parts = [_part(HEADINGS.get(name, name), rows) for name, rows in told.items() if isinstance(rows, list) and rows]
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>All that is kept of you</title>"
        f"<style>{STYLE}</style><h1>All that is kept of you</h1><p>By {escape(told['site'])}, as of "
        f"{escape(told['made_at'])}. The same for machines is in person.json, files that were sent are in files/.</p>"
        + "".join(parts)
    )


def _part(heading: str, rows: list[dict[str, Any]]) -> str:
    return f"<h2>{escape(heading)} ({len(rows)})</h2>" + "".join(map(_row, rows))


def _row(row: dict[str, Any]) -> str:
    lines = (f"<tr><th>{escape(name)}<td>{_value(value)}" for name, value in row.items() if value not in ("", [], {}))
    return f"<table>{''.join(lines)}</table>"


def _value(value: object) -> str:
    return escape(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


async def _contents(store: Store, file: FileId) -> bytes:
    """All of it; at most ten megabytes."""
    held, number = bytearray(), 0
    while (content := await store.read(piece, file, number)) is not None:
        held += content
        number += 1
    return bytes(held)

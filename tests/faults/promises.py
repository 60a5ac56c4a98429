"""What was promised to a visitor, held against what the store has: once, in order, answered."""

import json
from collections import Counter
from typing import Any

from tests.faults.talker import Book, Talker
from tests.running import Duologue


async def transcript(duologue: Duologue, conversation: str) -> list[dict[str, Any]]:
    """All messages of a conversation as the staff see them."""
    messages: list[dict[str, Any]] = []
    more = True
    while more:
        after = messages[-1]["seq"] if messages else 0
        path = f"/v1/staff/conversations/{conversation}?after={after}"
        status, body = await duologue.get(path, headers=duologue.dana.headers)
        assert status == 200, body
        page = json.loads(body)
        messages += page["messages"]
        more = page["more"]
    return messages


async def broken_promises(duologue: Duologue, *talkers: Talker) -> list[str]:
    """Each promise that does not hold, as a sentence; empty when all do. Everything must be acknowledged by now."""
    broken: list[str] = []
    for one in talkers:
        found = broken_by(one.book, await transcript(duologue, one.conversation))
        broken += [f"{one.name}: {sentence}" for sentence in found]
    return broken + await _log_differs(duologue, talkers)


def broken_by(book: Book, stored: list[dict[str, Any]]) -> list[str]:
    """The promises of one book that its conversation, as stored, does not keep."""
    broken = list(book.contradictions)
    acked, said = book.acks(), {one["id"]: one["seq"] for one in stored if one["from"] == "visitor"}
    ids = [one["id"] for one in stored if one["from"] == "visitor"]
    sent = [entry.id for entry in book.ledger if entry.what == "sent"]
    if unacked := [id for id in sent if id not in acked]:
        broken.append(f"{len(unacked)} were never acknowledged")
    if lost := [id for id in acked if id not in said]:
        broken.append(f"{len(lost)} were acknowledged and are not in the transcript: {lost}")
    if doubled := [id for id, count in Counter(ids).items() if count > 1]:
        broken.append(f"{doubled} are in the transcript more than once")
    if foreign := [id for id in ids if id not in sent]:
        broken.append(f"{foreign} are in the transcript and were never sent")
    if moved := {id: (seq, said[id]) for id, seq in acked.items() if id in said and said[id] != seq}:
        broken.append(f"acknowledged under one seq, kept under another: {moved}")
    if list(acked.values()) != sorted(acked.values()):
        broken.append(f"the order of acknowledgement is not the order by seq: {list(acked.values())}")
    if [one["seq"] for one in stored] != list(range(1, len(stored) + 1)):
        broken.append(f"the seqs have gaps or repeats: {[one['seq'] for one in stored]}")
    answers = Counter(one["reply_to"] for one in stored if one["from"] == "bot")
    if wrong := {seq: answers[seq] for seq in said.values() if answers[seq] != 1}:
        broken.append(f"not answered exactly once (seq: answers): {wrong}")
    shown = {one["seq"]: (one["from"], one["text"]) for one in stored}
    if {seq: (one["from"], one["text"]) for seq, one in book.shown.items()} != shown:
        broken.append("the browser was shown another conversation than is stored")
    return broken


async def _log_differs(duologue: Duologue, talkers: tuple[Talker, ...]) -> list[str]:
    """The log has one row for each message, each answer and each understanding."""
    told = await duologue.cli("export", "interactions", "--format", "jsonl")
    assert told.code == 0, told.stderr
    rows = Counter((row["conversation"], row["type"]) for row in map(json.loads, told.stdout.splitlines()))
    kinds = ("message", "answer", "understanding")
    expected = {(one.conversation, kind): len(one.book.acks()) for one in talkers for kind in kinds}
    return [
        f"the log has {rows[key]} rows of {key}, not {count}" for key, count in expected.items() if rows[key] != count
    ]

"""A store full of conversations, in the words of real people: CLINC150's questions, reviews, MTRAG's passages."""

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from itertools import batched
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from bot.store.migrate import upgrade
from bot.store.store import Store

DATA = Path(__file__).parents[3] / "shared" / "data"
BEGAN = 1_760_000_000_000_000
MESSAGES_EACH = 10
ROWS_AT_ONCE = 20_000
BEFORE_THE_SEARCH = "0010"
"""The rows are written first, and what makes them findable after: as in a store that is brought up to date."""
STANDINGS = (("bot", "resolved", 70), ("bot", "open", 26), ("nobody", "waiting", 1), ("staff", "open", 3))
PAGES = ("delivery", "returns", "sizes", "repairs", "gift-cards", "contact", "jumpers/grey-jumper")
_CONVERSATION = text(
    "INSERT INTO conversations (id, site, owns_visitor, token_used_at, owner, staff, state, asked_person_at, measure, "
    "memory, language, seq, seen_seq, page, created_at, changed_at) VALUES (:id, 'demo', false, :at, :owner, :staff, "
    ":state, :asked, false, false, :language, 10, 10, :page, :at, :at)"
)
_MESSAGE = text(
    "INSERT INTO messages (conversation, seq, sender, text, sources, buttons, at) "
    "VALUES (:conversation, :seq, :sender, :text, '[]', '[]', :at)"
)


def questions() -> list[str]:
    with gzip.open(DATA / "clinc150" / "data_full.json.gz") as file:
        told = json.load(file)
    with gzip.open(DATA / "vader" / "amazonReviewSnippets_GroundTruth.txt.gz", "rt", errors="replace") as file:
        reviews = [line.rstrip("\n").split("\t", 2)[2] for line in file if line.count("\t") >= 2]
    return [said for some in told.values() for said, _ in some] + reviews


def answers() -> list[str]:
    with gzip.open(DATA / "mtrag" / "passages_clapnq.jsonl.gz", "rt") as file:
        return [json.loads(line)["text"][:240] for line in file]


async def seeded(store: Store, conversations: int) -> None:
    """Fills an empty store, and brings it up to date."""
    await store.write(upgrade, BEFORE_THE_SEARCH)
    await store.write(_site_and_staff)
    chance, asked, told = random.Random(7), questions(), answers()
    for some in batched(range(conversations), ROWS_AT_ONCE // MESSAGES_EACH):
        rows = [_conversation(chance, number) for number in some]
        await store.write(_write, rows, list(_messages(chance, rows, asked, told)))
    await store.write(upgrade)
    await store.write(_counted)


def _site_and_staff(connection: Connection) -> None:
    """In the tables as they were then."""
    connection.execute(
        text(
            "INSERT INTO sites (key, name, secrets, salt, origins, holdout, consent, settings, created_at) "
            """VALUES ('demo', 'Demo', '["x"]', 'x', '["https://shop.example"]', 0.1, 'ask', '{}', 0)"""
        )
    )
    connection.execute(
        text(
            "INSERT INTO staff (id, name, role, password_hash, token_hash, created_at) "
            "VALUES ('lena', 'Lena', 'agent', 'x', 'x', 0)"
        )
    )


def _conversation(chance: random.Random, number: int) -> dict[str, Any]:
    ((owner, state, _),) = chance.choices(STANDINGS, [share for *_, share in STANDINGS])
    at = BEGAN + number * 60_000_000 + chance.randrange(10**12)
    return {
        "id": f"{chance.getrandbits(128):032x}", "at": at, "owner": owner, "state": state,
        "staff": "lena" if owner == "staff" else None, "asked": at if state == "waiting" else None,
        "language": chance.choice(("en", "en-GB", "de", "de-AT")),
        "page": f"https://shop.example/{chance.choice(PAGES)}.html",
    }  # fmt: skip


def _messages(
    chance: random.Random, rows: Sequence[dict[str, Any]], asked: list[str], told: list[str]
) -> Iterator[dict[str, Any]]:
    for row in rows:
        # Half of them end with what the visitor says.
        first = chance.randrange(2)
        for seq in range(1, MESSAGES_EACH + 1):
            said = ("visitor", chance.choice(asked)) if (seq + first) % 2 else ("bot", chance.choice(told))
            yield {"conversation": row["id"], "seq": seq, "sender": said[0], "text": said[1], "at": row["at"] + seq}


def _write(connection: Connection, rows: list[dict[str, Any]], messages: list[dict[str, Any]]) -> None:
    connection.execute(_CONVERSATION, rows)
    connection.execute(_MESSAGE, messages)


def _counted(connection: Connection) -> None:
    """As the databases do by themselves in the night."""
    connection.exec_driver_sql("ANALYZE")

"""`duologue subject-export`: one person, whole, and nobody else; with a line in the audit log."""

import io
import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import Connection, select

from bot.__main__ import main
from bot.insights.person_file import write_person
from bot.store import files, labels
from bot.store.console_tables import audit
from bot.store.conversations import Conversation
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.subjects import reach_of_subject, record_export, subjects_of
from tests.cast import ALICE, CHARLIE, SHOP, at
from tests.store.test_forget import someone

EVIL = "<script>alert(1)</script>"
CONTENT = b"\x89PNG\r\n\x1a\n" + bytes(files.PIECE_BYTES)


async def a_file(store: Store, known: Conversation, name: str) -> str:
    """Sent by the visitor, in two pieces."""
    file = await store.write(files.begin, known.id, name=name, type="image/png", at=at())
    assert file is not None
    half = files.PIECE_BYTES
    await store.write(files.add_piece, file, 0, CONTENT[:half], last=False)
    await store.write(files.add_piece, file, 1, CONTENT[half:], last=True)
    return file


def exports(connection: Connection) -> list[tuple[str | None, str]]:
    rows = connection.execute(select(audit.c.staff, audit.c.subject).where(audit.c.act == "exported"))
    return [tuple(row) for row in rows]


async def test_it_is_all_of_one_person_readable_and_nothing_of_anybody_else(store: Store, shop: Site):
    visitor, known = await store.write(someone, shop, customer=ALICE.customer, said=EVIL)
    await store.write(someone, shop, customer=CHARLIE.customer, said="charlie")
    file = await a_file(store, known, "photo.png")
    label = await store.write(labels.create, "refund", "red", at=at())
    assert label is not None
    await store.write(labels.stick, label.id, [known.id], staff=None, at=at())  # type: ignore[arg-type]
    whose = await store.read(reach_of_subject, SHOP, ("customer", ALICE.customer))

    counts = await write_person(store, whose, into := io.BytesIO(), at=at())

    zip = ZipFile(into)
    page, told = zip.read("index.html").decode(), json.loads(zip.read("person.json"))
    assert set(zip.namelist()) == {"index.html", "person.json", f"files/{file}-photo.png"}
    assert zip.read(f"files/{file}-photo.png") == CONTENT
    assert [one["name"] for one in told["labels"]] == ["refund"]
    assert [one["id"] for one in told["visitors"]] == [visitor]
    assert (counts["conversations"], counts["files"], counts["labels"]) == (1, 1, 1)
    assert "charlie" not in page and "charlie" not in json.dumps(told)
    assert EVIL not in page and "&lt;script&gt;" in page


async def test_a_person_is_found_by_customer_visitor_or_address_and_nobody_by_anything_else(store: Store, shop: Site):
    visitor, _ = await store.write(someone, shop, customer=ALICE.customer, said="alice")
    await store.write(someone, shop, customer=CHARLIE.customer, said="charlie")

    found = {
        (kind, value): await store.read(subjects_of, SHOP, kind, value)
        for kind, value in (
            ("customer", ALICE.customer), ("visitor", visitor), ("email", "ALICE@customers.example"),
            ("customer", "nobody"), ("visitor", ALICE.customer), ("email", "alice"), ("email", "%"),
        )
    }  # fmt: skip

    assert list(found.values()) == [
        [("customer", ALICE.customer)], [("visitor", visitor)], [("customer", ALICE.customer)], [], [], [], []
    ]  # fmt: skip


async def test_an_address_that_two_people_gave_names_both(store: Store, shop: Site):
    for customer in (ALICE.customer, CHARLIE.customer):
        await store.write(someone, shop, customer=customer, said="same")

    found = await store.read(subjects_of, SHOP, "email", "same@customers.example")

    assert found == [("customer", ALICE.customer), ("customer", CHARLIE.customer)]


async def test_the_export_is_in_the_audit_log(store: Store, shop: Site):
    visitor, _ = await store.write(someone, shop, customer=ALICE.customer, said="alice")

    await store.write(record_export, SHOP, ("visitor", visitor), at=at())

    assert await store.read(exports) == [(None, f"visitor:{visitor}")]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--customer", "nobody"], 1, "Nobody on the site demo goes by this customer; nothing was written."),
        (["--email", "nobody@nowhere.example", "--site", "demo"], 1, "Nobody on the site demo"),
        (["--customer", "x", "--site", "elsewhere"], 1, "There is no site elsewhere"),
        ([], 2, "Give one of --customer ID"),
        (["--customer", "x", "--visitor", "y"], 2, "Give one of --customer ID"),
    ],
)
def test_who_is_unknown_is_told_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str],
    code: int, told: str,
):  # fmt: skip
    monkeypatch.setenv("DUOLOGUE_HOME", str(tmp_path / "home"))
    out = tmp_path / "person.zip"
    assert main(["site", "add", "demo", "--origin", "https://shop.example"]) == 0

    done = main(["subject-export", *arguments, "--out", str(out)])

    assert (done, out.exists()) == (code, False)
    assert told in capsys.readouterr().err

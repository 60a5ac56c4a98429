"""`duologue insights report`: sentences for people, JSON for programs, and the page as a file."""

import io
import json
from pathlib import Path

import pytest

from bot.errors import ConfigurationError, DuologueError
from bot.insights.command import insights
from bot.insights.one_page.command import write_report
from bot.insights.reports import Wish
from bot.store.sites import Site
from bot.store.store import Store
from tests.cast import SHOP

DAY = {"since": "2026-03-02", "until": "2026-03-02"}


async def test_it_is_told_in_sentences_and_as_json(store: Store, shop: Site):
    table, told = io.StringIO(), io.StringIO()

    await insights(store, "report", Wish(SHOP, **DAY), out=table)
    await insights(store, "report", Wish(SHOP, **DAY), output="json", out=told)

    assert "Who came and who bought\n  Nobody came in these days. [descriptive, n = 0]" in table.getvalue()
    sentences = [one["sentence"] for one in json.loads(told.getvalue())["findings"]]
    assert sentences[0] == "Nobody came in these days."
    assert len(set(sentences)) == len(sentences)
    assert "Nothing could be compared in these days, so no difference" in table.getvalue()


async def test_the_file_is_of_the_kind_that_is_asked_for_or_that_its_name_says(
    store: Store, shop: Site, tmp_path: Path
):
    for name, format, begins in (("a.pdf", None, b"%PDF"), ("b", "pdf", b"%PDF"), ("c.html", None, b"<!doctype html>")):
        out = tmp_path / name

        assert await write_report(store, SHOP, *DAY.values(), format=format, out=out, log=tmp_path / "log") == 0

        assert out.read_bytes().startswith(begins)


async def test_what_can_not_be_written_leaves_nothing_behind(store: Store, shop: Site, tmp_path: Path):
    with pytest.raises(ConfigurationError, match='no "docx"'):
        await write_report(store, SHOP, *DAY.values(), format=None, out=tmp_path / "a.docx", log=tmp_path)
    with pytest.raises(DuologueError, match="give another --out"):
        await write_report(store, SHOP, *DAY.values(), format="pdf", out=tmp_path / "no" / "a.pdf", log=tmp_path)

    assert not _pdfs(tmp_path)


def _pdfs(folder: Path) -> list[Path]:
    return list(folder.glob("*.pdf*"))

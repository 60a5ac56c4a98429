"""The index of a crawl: found by words, kept on disk, never believed when damaged."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.pages.indexing.index import FORMAT, Index, IndexDamaged, build, load, page_key
from bot.store.pages import StoredPassage


def passage(number: int, text: str, *, url: str = "/a", heading: tuple[str, ...] = ()) -> StoredPassage:
    return StoredPassage(number, url, "Title", number, heading, text, f"digest-{number}")


PASSAGES = [
    passage(1, "We ship wool blankets.", heading=("Shipping",)),
    passage(2, "Hats are warm. Hats are red.", url="/hats"),
    passage(3, "Größe M – für Männer", url="/größe"),
]


@pytest.fixture
def index() -> Index:
    return build(PASSAGES)


def test_the_rarer_word_tells_more_and_headings_and_titles_count(index: Index):
    assert list(index.scores({"hat": 1.0}) > 0) == [False, True, False]
    assert list(index.scores({"ship": 1.0}) > 0) == [True, False, False]
    assert list(index.has_any(["titl"], np.arange(3))) == [True, True, True]
    assert (index.idf("hat") or 0) > (index.idf("titl") or 0)
    assert index.idf("kayak") is None
    assert index.rarest > (index.idf("hat") or 0)


def test_passages_are_found_by_the_words_of_their_own_language():
    german = replace(passage(1, "Wir liefern Decken, Größe M, für 5 Euro.", heading=("Lieferung",)), language="de-AT")
    english = replace(passage(2, "Hats are warm.", url="/hats"), language="en")
    index = build([german, english, passage(3, "M", url="/m"), replace(german, url="/b")])

    assert index.languages == ("de", "en")
    assert [index.language_of(one) for one in index.passages] == ["de", "en", "de", "de"]
    assert index.speakers("deck") == {"de"}
    assert index.has("gross")
    assert index.has("=money")


def test_words_are_kin_that_differ_by_an_ending():
    index = build([passage(1, "accept acceptons acceptations accord")])

    assert index.kin("acceptez") == {"accept"}
    assert "accepton" in index.kin("accept")
    assert index.kin("acc") == frozenset()


def test_weights_add_up(index: Index):
    both = index.scores({"hat": 2.0, "ship": 0.5})

    assert list(both) == pytest.approx(list(2 * index.scores({"hat": 1.0}) + 0.5 * index.scores({"ship": 1.0})))


def test_passages_of_a_section_are_counted_together():
    index = build([passage(1, "hat"), passage(2, "hat"), passage(3, "hat", url="/b")])

    sums = index.section_sums(index.scores({"hat": 1.0}))

    assert sums[0] == sums[1] == pytest.approx(2 * sums[2])


def test_a_saved_index_is_the_same_when_loaded(index: Index, tmp_path: Path):
    index.save(tmp_path / "1")
    loaded = load(tmp_path / "1")

    assert loaded.passages == PASSAGES
    assert list(loaded.scores({"hat": 1.0})) == list(index.scores({"hat": 1.0}))
    assert [path.name for path in tmp_path.iterdir()] == ["1"]


def test_saving_again_replaces(index: Index, tmp_path: Path):
    index.save(tmp_path / "1")
    build(PASSAGES[:1]).save(tmp_path / "1")

    assert len(load(tmp_path / "1")) == 1


@pytest.mark.parametrize("harm", ["missing", "cut", "changed", "lost file", "other format", "no json"])
def test_a_damaged_index_is_refused(index: Index, tmp_path: Path, harm: str):
    folder = tmp_path / "1"
    index.save(folder)
    data, manifest = next(folder.glob("data*")), folder / "manifest.json"
    match harm:
        case "missing":
            folder.rename(tmp_path / "elsewhere")
        case "cut":
            data.write_bytes(data.read_bytes()[:-4])
        case "changed":
            data.write_bytes(data.read_bytes()[:-1] + b"\x01")
        case "lost file":
            (folder / "passages.jsonl").unlink()
        case "other format":
            manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": FORMAT + 1}))
        case "no json":
            manifest.write_text("[")

    with pytest.raises(IndexDamaged):
        load(folder)


def test_passages_without_words_can_be_indexed():
    assert len(build([passage(1, "…"), passage(2, "the")]).scores({"hat": 1.0})) == 2
    assert len(build([])) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://shop.example/", "http://shop.example:8081/index.html#top"),
        ("/help/", "https://shop.example/help"),
        ("/a.html", "https://shop.example/a.html"),
    ],
)
def test_urls_of_one_page_have_one_key(one: str, other: str):
    assert page_key(one) == page_key(other)


def test_a_query_and_a_documents_id_tell_pages_apart():
    assert page_key("/a?id=1") != page_key("/a?id=2")
    assert page_key("ibmcld_00004-0-0") == "ibmcld_00004-0-0"

"""What passages mean: found without their words, understood once, never mixed with another encoder's."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.pages.answering.answer import answer
from bot.pages.indexing.encoder import WIDTH, Encoder, States, Vectors
from bot.pages.indexing.index import Index, IndexDamaged, build, load
from bot.store.pages import StoredPassage
from tests.homes import MODELS


class CountingEncoder(Encoder):
    """Says what it was asked to understand."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return super().encode(texts)

    def encode_with_states(self, texts: Sequence[str]) -> tuple[Vectors, list[States]]:
        self.asked += texts
        return super().encode_with_states(texts)


def passage(number: int, text: str) -> StoredPassage:
    return StoredPassage(number, f"/{number}", "A page", 0, (), text, text)


PAGES = [
    passage(1, "You can collect your order at the mill free of charge."),
    passage(2, "Wash the blanket by hand in cool water."),
    passage(3, "We answer the telephone from Monday to Friday."),
]


@pytest.fixture(scope="module")
def index(encoder: Encoder) -> Index:
    return build(PAGES, encoder)


def test_the_encoder_says_what_its_model_card_says(encoder: Encoder):
    happy, *others = encoder.encode(
        ["That is a happy person", "That is a happy dog", "That is a very happy person", "Today is a sunny day"]
    )

    # The card's own figures for these sentences, 0.695, 0.943 and 0.257, within what eight bits allow.
    assert [float(happy @ one) for one in others] == pytest.approx([0.695, 0.943, 0.257], abs=0.02)


def test_a_text_is_understood_alike_alone_and_among_others(encoder: Encoder):
    texts = ["short", "a rather longer text about woollen blankets " * 9, "", "mill"]

    together, alone = encoder.encode(texts), np.array([encoder.encode([one])[0] for one in texts])

    assert together.shape == (4, WIDTH)
    # Eight bits are scaled by what else is in the batch.
    assert float((together * alone).sum(axis=1).min()) > 0.99


def test_a_question_is_answered_that_shares_hardly_a_word_with_the_page(index: Index):
    found = answer(index, "can I pick up what I bought myself?")

    assert found.found[0].passage is PAGES[0]


def test_only_what_is_new_is_understood_again(index: Index):
    encoder = CountingEncoder(MODELS)
    changed = [PAGES[0], passage(2, "Have the blanket cleaned by us."), PAGES[2]]

    again = build(changed, encoder, before=index)

    assert encoder.asked == ["A page\nHave the blanket cleaned by us."]
    assert again.meaning is not None and index.meaning is not None
    assert (again.meaning.vectors[[0, 2]] == index.meaning.vectors[[0, 2]]).all()
    assert not (again.meaning.vectors[1] == index.meaning.vectors[1]).all()


def test_what_was_understood_is_kept_with_the_index(index: Index, encoder: Encoder, tmp_path: Path):
    index.save(tmp_path / "1")

    again = load(tmp_path / "1", encoder)

    assert index.meaning is not None and again.meaning is not None
    assert np.abs(again.meaning.vectors - index.meaning.vectors).max() < 0.001
    assert answer(again, "can I wash it in the machine?").found[0].passage.id == 2


@pytest.mark.parametrize("reader", ["another", "none"])
def test_another_encoders_index_is_built_anew(index: Index, encoder: Encoder, tmp_path: Path, reader: str):
    folder = tmp_path / "1"
    index.save(folder)
    told = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(told | {"encoder": "another"}))

    with pytest.raises(IndexDamaged, match="another encoder"):
        load(folder, encoder if reader == "another" else None)


def test_two_that_prepare_the_model_at_once_both_have_it(tmp_path: Path):
    first, second = Encoder(tmp_path / "models"), Encoder(tmp_path / "models")

    assert first.folder == second.folder
    assert [one.name for one in (tmp_path / "models").iterdir()] == [first.name]

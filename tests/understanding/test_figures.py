"""Amounts, days, numbers and addresses, as visitors write them: on sentences that were labelled first."""

import random
import time
from pathlib import Path

import pytest

from bot.understanding.figures import in_figures

SETS = Path(__file__).parents[1] / "understanding_sets"
KINDS = ("email", "phone", "money", "date", "quantity", "order_number")
Told = tuple[str, str, str]


def read(name: str) -> list[tuple[str, set[Told]]]:
    """Each sentence with what is in it, as `kind: words = value`, written down by hand."""
    rows = (line.split("\t") for line in (SETS / f"{name}.tsv").read_text(encoding="utf-8").splitlines())
    return [(text, set() if told == "-" else {_told(one) for one in told.split(" | ")}) for text, told in rows]


def _told(one: str) -> Told:
    kind, _, rest = one.partition(": ")
    words, _, value = rest.rpartition(" = ")
    return kind, words, value


def heard_in(text: str) -> set[Told]:
    return {(one.kind, one.text, one.value) for one in in_figures(text)}


@pytest.mark.parametrize("name", ["figures", "figures_apart"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_in_figures_is_heard_as_people_labelled_it(name: str, kind: str) -> None:
    pairs = [
        ({one for one in heard_in(text) if one[0] == kind}, {one for one in told if one[0] == kind})
        for text, told in read(name)
    ]

    right = sum(len(heard & told) for heard, told in pairs)
    assert right >= (0.95 if kind != "email" else 0.8) * sum(len(told) for _, told in pairs)
    assert right >= (0.95 if kind != "email" else 0.85) * sum(len(heard) for heard, _ in pairs)


def test_the_sentences_are_many_and_a_sixth_of_them_has_nothing() -> None:
    rows = read("figures") + read("figures_apart")

    assert len({text for text, _ in rows}) >= 250
    assert sum(not told for _, told in rows) >= len(rows) / 6
    assert all(words in text for text, told in rows for _, words, _ in told)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.234.567,89 €", "1234567.89 EUR"), ("0,5 €", "0.50 EUR"), ("€0", "0 EUR"), ("£1,234", "1234 GBP")],
)
def test_points_and_commas_are_read_as_the_writer_meant_them(text: str, value: str) -> None:
    assert [one.value for one in in_figures(text)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "1e400 €",
        "9" * 4_000 + " €",
        "+" + "4" * 4_000,
        "99.99.9999 and 0.0.2026",
        "in 999 years",
        "٣٢/١٣/٢٠٢٦",
        "² € ½ kg",
        "in ⅷ days",
        "the 0th",
        "-0 €",
        "𝟡𝟡 €",
        '"' * 300 + "@a.de",
        "\ud800@\udfff.de +49 \ud800",
    ],
)
def test_what_no_library_was_made_for_breaks_nothing(text: str) -> None:
    assert all(text[one.start : one.end] == one.text for one in in_figures(text))


@pytest.mark.parametrize("seed", range(50))
def test_whatever_is_made_of_pieces_of_figures_breaks_nothing(seed: int) -> None:
    # Random letters hardly ever make a figure.
    pieces = [*"0123456789 .,-/€$+()@'\"", "in ", "vor ", "am ", "next ", "Tagen", " March", "friday", "k", " ago", "٣"]
    text = "".join(random.Random(seed).choices(pieces, k=200))

    assert all(text[one.start : one.end] == one.text for one in in_figures(text))


@pytest.mark.parametrize(
    "figure", ["3 March 2026, ", "in 3 days ", "€20-30 ", "+43 664 1234567 ", "a@b.co ", "3.4.2026 "]
)
def test_a_message_full_of_figures_takes_no_time(figure: str) -> None:
    text = (figure * 1_000)[:4_000]
    in_figures("tomorrow")
    began = time.process_time()

    in_figures(text)

    assert time.process_time() - began < 1

"""What comes first: by words and meaning, by what its tokens say, by what it asks, and by where the visitor is."""

from dataclasses import replace

import numpy as np
import pytest

from bot.pages.answering import privacy
from bot.pages.answering.answer import answer, ranked
from bot.pages.answering.question import Turn
from bot.pages.answering.ranking import FEATURES, shipped_weights
from bot.pages.indexing import meaning
from bot.pages.indexing.encoder import STATE, Encoder
from bot.pages.indexing.index import Index, build
from bot.store.pages import StoredPassage


def passage(
    number: int, text: str, *, url: str = "", heading: tuple[str, ...] = (), title: str = "A page"
) -> StoredPassage:
    return StoredPassage(number, url or f"/{number}", title, number, heading, text, f"{number} {text}")


def feature(index: Index, question: str, name: str, history: tuple[Turn, ...] = ()) -> dict[str, float]:
    """Of each passage that was looked at, by its URL."""
    found = ranked(index, question, history)
    assert found is not None
    column = found.features[:, FEATURES.index(name)].tolist()
    return {index.passages[number].url: told for number, told in zip(found.numbers, column, strict=True)}


def test_a_state_keeps_what_is_near(encoder: Encoder) -> None:
    one, same, other = (encoder.read(text) for text in ("the blanket", "a woollen blanket", "on Saturday afternoon"))

    assert one.states.shape[1] == STATE
    assert np.linalg.norm(one.states, axis=1) == pytest.approx(1, abs=1e-5)
    assert (one.states @ same.states.T).max(axis=1).mean() > (one.states @ other.states.T).max(axis=1).mean() + 0.1


def test_a_question_means_what_was_spoken_of(encoder: Encoder) -> None:
    scarf, jumper = encoder.encode(["how do I wash the scarf", "how do I wash the jumper"])

    after = encoder.read("how do I wash it", ["tell me about the scarf"])

    assert after.vector @ scarf > after.vector @ jumper
    assert len(after.states) == len(encoder.read("how do I wash it").states) - 2  # without beginning and end


def test_the_passage_with_a_token_for_each_of_the_questions_has_more(encoder: Encoder) -> None:
    index = build([passage(1, "Wash the scarf by hand."), passage(2, "The scarf is blue and long.")], encoder)

    told = feature(index, "how is the scarf washed", "tokens")

    assert told["/1"] > told["/2"] + 0.05


def test_a_heading_that_asks_the_same_is_told_from_one_of_the_same_subject(encoder: Encoder) -> None:
    index = build(
        [
            passage(1, "Yes, within 30 days.", heading=("Can I send something back?",)),
            passage(2, "Yes, at the door.", heading=("Can I send something as a gift?",)),
            passage(3, "We send things back and forth.", heading=("About sending",)),
        ],
        encoder,
    )

    told = feature(index, "is it possible to return what I bought", "asks_alike")

    assert told["/1"] > 0
    assert told.get("/2", 0) < told["/1"]
    assert told.get("/3", 0) == 0


@pytest.mark.parametrize(
    ("question", "is_about"),
    [
        ("who gets my personal data", True),
        ("do you share my information with third parties", True),
        ("how long does shipping take", False),
        ("can I wash the blanket in the machine", False),
        ("do you sell gift cards", False),
    ],
)
def test_a_question_about_privacy_is_told_from_others(encoder: Encoder, question: str, is_about: bool) -> None:
    assert (privacy.about_privacy(encoder.read(question).vector) > 0.5) is is_about


POLICY = (
    "We may disclose personally identifiable information to affiliates and vendors who act for us.",
    "We place cookies and web beacons that log browsing activity over time and across services.",
    "Records are retained for as long as the purposes of their collection require.",
    "All transmissions are encrypted by SSL, and our servers stand behind firewalls.",
    "We do not knowingly solicit information from persons under the age of 13.",
)


@pytest.mark.parametrize(
    ("question", "answers"),
    [("do you track me", 1), ("how long do you keep my data", 2), ("do you collect data of children", 4)],
)
def test_privacy_pages_are_found_in_their_own_words(encoder: Encoder, question: str, answers: int) -> None:
    told = privacy.answers_alike(encoder.read(question).vector, encoder.encode(POLICY))

    assert int(told.argmax()) == answers


def test_other_questions_are_left_as_they_are(encoder: Encoder) -> None:
    index = build(
        [passage(1, "Who knits it gets paid for each piece."), passage(2, "Wool is paid by weight.")], encoder
    )

    assert feature(index, "how are knitters paid", "privacy") == pytest.approx({"/1": 0, "/2": 0}, abs=0.05)


def test_what_is_like_the_best_is_in_their_company(encoder: Encoder) -> None:
    washing = [
        "Wash the scarf by hand.",
        "Wash the hat by hand.",
        "Wash the socks by hand.",
        "Wash the jumper by hand.",
    ]
    others = ["Rinse it in cold water with a little soap.", "The bus stops in front of the shop."]
    index = build([passage(number, text) for number, text in enumerate([*washing, *others], 1)], encoder)

    told = feature(index, "how do I wash by hand in the shop", "company")

    assert min(told[f"/{number}"] for number in (1, 2, 3, 4)) > told["/5"] > told["/6"] + 0.1


def test_three_of_the_first_five_are_of_the_page_where_it_is_asked(encoder: Encoder) -> None:
    elsewhere = [passage(number, f"Delivery to town {number} takes {number} days.") for number in range(1, 9)]
    here = [passage(20 + part, f"Part {part} of the story of the mill.", url="/story") for part in range(4)]
    index = build([*elsewhere, *here], encoder)

    listed = [one.passage.url for one in answer(index, "how long does delivery take", page="/story").found]

    assert listed[:5].count("/story") == 3
    assert "/story" not in [one.passage.url for one in answer(index, "how long does delivery take").found[:5]]


def test_the_page_where_it_is_asked_is_looked_at_on_a_site_of_two_languages_too(encoder: Encoder) -> None:
    own = [passage(1, "Kettles are never lent.", url="/here"), passage(2, "Wir versenden am Montag.", url="/de")]
    others = [passage(number, f"Parcel number {number} is sent on Monday.") for number in range(3, 90)]
    told = zip([*own, *others], ("en", "de", *["en"] * len(others)), strict=True)
    index = build([replace(one, language=language) for one, language in told], encoder)

    found = answer(index, "when is a parcel sent", page="/here")

    assert "/here" in [one.passage.url for one in found.found[:5]]


def test_a_section_in_pieces_is_listed_once_and_a_long_one_more_often(encoder: Encoder) -> None:
    def site(pieces: int) -> Index:
        cut = [passage(number, f"Wool of kind {number} is soft.", url="/wool") for number in range(pieces)]
        return build([*cut, passage(90, "Wool is washed by hand."), passage(91, "Wool is dyed blue.")], encoder)

    def times(index: Index) -> int:
        return [one.passage.url for one in answer(index, "which wool is soft").found].count("/wool")

    assert (times(site(3)), times(site(7))) == (1, 3)


def test_a_large_site_finds_what_a_small_one_finds(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    things = ("blanket", "scarf", "hat", "jumper", "sock", "mitten", "cardigan", "cushion")
    deeds = ("wash", "buy", "return", "repair", "dye", "knit", "store", "send")
    every = [passage(number, f"How to {deeds[number % 8]} a {things[number // 8]}.") for number in range(64)]
    asked = encoder.read("repairing my jumper")
    whole = build(every, encoder).meaning
    assert whole is not None
    exact = whole.nearness(asked)
    monkeypatch.setattr(meaning, "EXACT", 32)
    monkeypatch.setattr(meaning, "NEAREST", 8)

    pruned = build(every, encoder).meaning

    assert pruned is not None
    rough = pruned.nearness(asked)
    best = int(exact.argmax())
    assert every[best].text == "How to repair a jumper."
    assert int(rough.argmax()) == best
    assert rough[best] == pytest.approx(exact[best], abs=1e-6)
    assert not np.allclose(rough, exact, atol=1e-3)


def test_the_weights_that_are_shipped_are_of_all_features() -> None:
    weights = shipped_weights()

    assert list(weights) == list(FEATURES)
    assert weights["tokens"] > 0 and weights["words"] > 0

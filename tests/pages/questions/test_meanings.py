"""Which of people's own words mean the same, by the real encoder."""

from itertools import combinations

from bot.pages.indexing.encoder import Encoder
from bot.pages.questions.meanings import Meanings

SAID = (
    (
        "my parcel is late",
        "the package has been delayed",
        "delivery took forever",
        "still waiting for my parcel",
        "my order hasn't arrived",
        "where is my package, it should be here by now",
    ),
    (
        "nobody answers the phone",
        "I can't reach anyone",
        "no reply to my emails",
        "your support never responds",
        "I have written three times without an answer",
    ),
    (
        "the wool scratches my neck",
        "this scarf is so itchy",
        "the fabric itches terribly",
        "it is scratchy on the skin",
    ),
    ("the price is too high", "too expensive for what it is", "way overpriced", "I can't afford that"),
    ("the zip broke after a day", "the zipper is broken", "zip came off immediately"),
    ("you charged me twice", "I was billed two times", "my card was debited twice", "double payment on my account"),
    ("the website keeps crashing", "your app crashes all the time", "the page won't load", "checkout shows an error"),
    ("wrong size was sent", "you sent me the wrong size", "I ordered M and got XL", "it is the wrong size"),
    ("shipping costs are too high", "postage is too expensive", "why is delivery so dear"),
    ("love the colours", "the colours are beautiful", "such gorgeous colours"),
    ("your staff are so friendly", "very kind people", "the team was really nice", "lovely service from your team"),
    ("delivery was super fast", "arrived the next day, great", "so quick, thank you"),
    ("I need a gift for my mother", "looking for a present for my mum", "birthday present for mother"),
    ("I need a warm winter coat", "looking for a thick coat for winter", "a jacket that keeps me warm"),
)
"""A row a meaning; the limit was chosen on these."""


def test_what_means_the_same_comes_together_and_little_else_does(encoder: Encoder):
    texts = [text for row in SAID for text in row]
    meant = [number for number, row in enumerate(SAID) for _ in row]

    found = [group for group, _ in Meanings(lambda: encoder).alike(texts)]

    pairs = list(combinations(range(len(texts)), 2))
    together = sum(found[one] == found[other] for one, other in pairs)
    same = sum(meant[one] == meant[other] for one, other in pairs)
    right = sum(found[one] == found[other] and meant[one] == meant[other] for one, other in pairs)
    assert right / together >= 0.7
    assert right / same >= 0.5


def test_german_is_compared_by_its_english_words(encoder: Encoder):
    (late, german, itchy) = Meanings(lambda: encoder).alike(
        ["my parcel is late", "mein Paket ist zu spät", "the wool scratches my neck"]
    )

    assert late[0] == german[0] != itchy[0]


def test_without_anything_said_no_encoder_is_asked_for():
    def none() -> Encoder:
        raise AssertionError("There is nothing to understand.")

    assert Meanings(none).alike([]) == []

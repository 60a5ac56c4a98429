import json
from dataclasses import replace
from functools import reduce
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.interactions import Interaction, Kind
from bot.profiles import Profile, ProfileId, Told, as_json, from_json, learn, profile_of, together
from tests.cast import ALICE, SHOP, at

NOBODY = Profile(id=ProfileId(f"visitor:{ALICE.visitor}"), site=SHOP)


def happening(kind: Kind, minute: float = 0, **changes: Any) -> Interaction:
    one = Interaction(at=at(minutes=minute), site=SHOP, kind=kind, source="test", source_id="1", visitor=ALICE.visitor)
    return replace(one, **changes)


def consent(*, memory: bool, minute: float = 0, **data: Any) -> Interaction:
    return happening(Kind.CONSENT, minute, data={"measure": True, "memory": memory} | data)


def understood(*facts: tuple[str, str], minute: float = 0, seq: int = 1, **data: Any) -> Interaction:
    return happening(
        Kind.UNDERSTANDING, minute, conversation="c", seq=seq, data={"facts": [list(fact) for fact in facts]} | data
    )


def learned(*happened: Interaction) -> Profile:
    return reduce(learn, happened, NOBODY)


def test_a_profile_knows_where_it_began_and_how_far_it_came():
    profile = learned(
        happening(Kind.PAGE_VIEW, 10, url="https://shop.example/b"),
        happening(Kind.PAGE_VIEW, 0, url="https://shop.example/a"),
        happening(Kind.PAGE_VIEW, 45, url="https://shop.example/c"),
        happening(Kind.EXPOSED, arm="offered"),
        happening(Kind.OPENED),
    )

    assert (profile.first_page, profile.pages_viewed, profile.visits) == ("https://shop.example/a", 3, 2)
    assert (profile.first_seen, profile.last_seen) == (at(), at(minutes=45))
    assert (profile.exposures, profile.opened, profile.arm) == (1, 1, "offered")


@pytest.mark.parametrize(
    ("happened", "conversed"),
    [
        ([], False),
        ([Kind.MESSAGE], False),
        ([Kind.ANSWER], False),
        ([Kind.ANSWER, Kind.MESSAGE], False),
        ([Kind.MESSAGE, Kind.ANSWER], True),
    ],
)
def test_who_was_answered_has_conversed(happened: list[Kind], conversed: bool):
    assert learned(*(happening(kind) for kind in happened)).conversed == conversed


def test_the_sentence_that_there_is_no_answer_is_no_answer():
    profile = learned(happening(Kind.MESSAGE), happening(Kind.ANSWER, data={"failed": True}))

    assert (profile.messages_said, profile.conversed) == (1, False)


def test_what_was_said_before_agreeing_comes_with_the_consent():
    profile = learned(consent(memory=True, said=2, answered=1, facts=[["name", "Alice"]]))

    assert (profile.messages_said, profile.answers_got) == (2, 1)
    assert [fact.value for fact in profile.facts] == ["Alice"]


def test_facts_are_remembered_only_of_who_agreed_to_it():
    said = understood(("name", "Alice"))

    assert learned(said).facts == ()
    assert learned(consent(memory=False), said).facts == ()
    assert learned(consent(memory=True), said).facts == (Told("name", "Alice", at(), "c", 1),)


def test_who_withdraws_is_forgotten_and_not_remembered_again():
    said = [consent(memory=True), understood(("name", "Alice")), consent(memory=False, minute=1)]

    assert learned(*said).facts == ()
    assert learned(*said, consent(memory=True, minute=2)).facts == ()


def test_the_later_word_counts():
    profile = learned(
        consent(memory=True),
        understood(("place", "Bonn"), minute=5, seq=7),
        understood(("place", "Berlin"), ("company", "Acme"), minute=3, seq=5),
    )

    assert profile.fact("place") == Told("place", "Bonn", at(minutes=5), "c", 7)
    assert profile.fact("company") == Told("company", "Acme", at(minutes=3), "c", 5)
    assert profile.fact("email") is None


def test_what_the_site_vouches_for_stands_above_what_was_said():
    profile = learned(
        consent(memory=True),
        happening(Kind.IDENTIFIED, data={"name": "Alice", "email": ALICE.email}),
        understood(("name", "Queen Alice"), minute=9),
    )

    assert [(fact.kind, fact.value, fact.verified) for fact in profile.facts] == [
        ("name", "Alice", True),
        ("email", ALICE.email, True),
    ]


def test_what_they_look_for_is_told_back_from_our_side():
    profile = learned(consent(memory=True), understood(("need", "a hat for my son"), ("interest", "your dyes")))

    assert [fact.text() for fact in profile.facts] == [
        "You are looking for a hat for your son.",
        "You are interested in our dyes.",
    ]


def test_facts_are_sentences_to_be_shown():
    profile = learned(consent(memory=True), understood(("name", "Alice"), ("place", "Bonn")))

    assert [(fact.id, fact.text()) for fact in profile.facts] == [
        ("name", "Your name is Alice."),
        ("place", "You live in Bonn."),
    ]


def test_money_is_purchases_less_refunds_in_each_currency():
    profile = learned(
        happening(Kind.PURCHASE, value=4990, currency="EUR"),
        happening(Kind.PURCHASE, value=1000, currency="USD"),
        happening(Kind.REFUND, value=990, currency="EUR"),
    )

    assert (profile.spent, profile.orders) == ({"EUR": 4000, "USD": 1000}, 2)


def test_mood_ratings_and_handovers_are_counted():
    profile = learned(
        understood(sentiment=0.5),
        understood(sentiment=-0.1),
        happening(Kind.RATING, data={"stars": 4}),
        happening(Kind.RATING, data={"stars": 9}),
        happening(Kind.HANDOVER, data={"to": "nobody"}),
        happening(Kind.HANDOVER, data={"to": "staff"}),
    )

    assert profile.sentiment == pytest.approx(0.2)
    assert (profile.stars_total, profile.ratings, profile.handovers) == (4, 1, 1)
    assert NOBODY.sentiment is None


def test_an_interaction_is_learned_by_its_visitor_or_else_by_its_customer():
    assert profile_of(happening(Kind.PAGE_VIEW, customer="7")) == f"visitor:{ALICE.visitor}"
    assert profile_of(happening(Kind.PURCHASE, visitor=None, customer="7")) == f"customer:{SHOP}:7"
    assert profile_of(happening(Kind.MESSAGE, visitor=None)) is None


def test_linked_profiles_are_one_person_and_stay_apart():
    laptop = learned(
        happening(Kind.PAGE_VIEW, url="https://shop.example/a"), consent(memory=True), understood(("name", "Alice"))
    )
    phone = replace(
        learned(
            happening(Kind.PAGE_VIEW, 10, url="https://shop.example/b"),
            consent(memory=False),
            happening(Kind.PURCHASE, 20, value=4990, currency="EUR", arm="offered"),
        ),
        id=ProfileId("visitor:phone"),
    )

    person = together([laptop, phone])

    assert together([phone, laptop]) == replace(person, id=phone.id)
    assert (person.id, person.visits, person.pages_viewed, person.spent) == (laptop.id, 2, 2, {"EUR": 4990})
    assert (person.first_page, person.last_seen) == ("https://shop.example/a", at(minutes=20))
    assert (person.measure, person.memory, person.arm) == (True, False, "offered")
    assert [fact.value for fact in person.facts] == ["Alice"]
    assert together([laptop]) == laptop


_data = st.dictionaries(
    st.sampled_from(["facts", "sentiment", "stars", "measure", "memory", "language", "name", "email", "to", "said"]),
    st.recursive(
        st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-1, 1) | st.sampled_from(["en", "Alice", "name"]),
        lambda inner: st.lists(inner, max_size=3),
        max_leaves=6,
    ),
    max_size=4,
)
_interactions = st.lists(
    st.builds(
        happening,
        st.sampled_from(list(Kind)),
        st.integers(0, 200),
        data=_data,
        url=st.none() | st.sampled_from(["https://shop.example/a", "https://shop.example/b"]),
        value=st.none() | st.integers(0, 10_000),
        currency=st.none() | st.sampled_from(["EUR", "JPY"]),
        arm=st.none() | st.just("offered"),
    ),
    max_size=12,
)


@given(_interactions)
def test_whatever_happened_the_profile_survives_being_stored(happened: list[Interaction]):
    profile = learned(*happened)

    assert from_json(profile.id, profile.site, json.loads(json.dumps(as_json(profile)))) == profile


@given(_interactions, st.randoms(use_true_random=False))
def test_what_is_counted_does_not_depend_on_the_order_of_arrival(happened: list[Interaction], random: Any):
    shuffled = list(happened)
    random.shuffle(shuffled)

    one, other = learned(*happened), learned(*shuffled)

    for counted in ("first_seen", "last_seen", "pages_viewed", "visits", "messages_said", "spent", "orders",
                    "sentiment", "ratings", "handovers", "exposures", "opened"):  # fmt: skip
        assert getattr(one, counted) == getattr(other, counted)


def test_a_body_of_nothing_is_somebody_new():
    assert from_json(NOBODY.id, SHOP, {}) == NOBODY

"""Who comes back is told what matters now, and nothing else."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.welcome import Need, OrderNews, Return, welcome

TODAY = date(2026, 3, 4)
ANNA = Return(today=TODAY, name="Anna")
SENT = OrderNews("order-1001", "sent", TODAY - timedelta(days=1))
BLANKET = "a blanket for your newborn"


def said(back: Return, language: str = "en") -> str | None:
    found = welcome(back, language)
    return None if found is None else found.text


def test_news_of_an_order_is_told_by_name_and_day():
    assert said(replace(ANNA, order=SENT)) == "Welcome back, Anna. Your order 1001 left yesterday."


@pytest.mark.parametrize(
    ("days", "when"), [(0, "today"), (1, "yesterday"), (2, "on Monday"), (6, "on Thursday"), (7, "on 25 February")]
)
def test_the_day_is_said_as_people_say_it(days: int, when: str):
    order = OrderNews("1001", "delivered", TODAY - timedelta(days=days))

    assert said(replace(ANNA, order=order)) == f"Welcome back, Anna. Your order 1001 was delivered {when}."


def test_in_german_too():
    back = replace(ANNA, order=SENT)

    assert said(back, "de") == "Schön, dass Sie wieder da sind, Anna. Ihre Bestellung 1001 ist gestern abgegangen."


def test_an_order_is_told_before_an_answer_and_an_answer_before_a_need():
    back = replace(ANNA, answered_by="Dana", need=Need(BLANKET, True))

    assert "Dana has answered you" in (said(back) or "")
    assert "order 1001" in (said(replace(back, order=SENT)) or "")


@pytest.mark.parametrize("answered", [True, None])
def test_what_they_looked_for_is_named_and_nothing_is_sold(answered: bool | None):
    found = welcome(replace(ANNA, need=Need(BLANKET, answered)), "en")

    assert found is not None and not found.offers_person
    assert found.text.startswith(f"Welcome back, Anna. Last time you were looking for {BLANKET}.")


def test_for_what_was_not_answered_a_person_is_offered():
    found = welcome(Return(today=TODAY, need=Need(BLANKET, False)), "en")

    assert found is not None and found.offers_person
    assert found.text.startswith("Welcome back. Last time I found no answer")


def test_whom_nothing_is_known_of_is_not_welcomed():
    assert said(Return(today=TODAY)) is None


def test_who_met_the_last_welcome_with_silence_hears_only_news():
    silent = replace(ANNA, met_by_silence=True, need=Need(BLANKET, True))

    assert said(silent) is None
    assert said(replace(silent, order=SENT)) is not None


def test_a_status_that_has_no_words_is_no_news():
    assert said(Return(today=TODAY, order=OrderNews("1001", "lost", TODAY))) is None


@pytest.mark.parametrize("language", ["en", "de"])
def test_one_of_the_best_customers_is_told_the_same_and_offered_a_person(language: str):
    back = Return(today=date(2026, 3, 2), name="Alice", order=OrderNews("1001", "sent", date(2026, 3, 1)))

    plain, best = welcome(back, language), welcome(replace(back, valued=True), language)

    assert plain is not None and best is not None
    assert (plain.text, plain.offers_person, best.offers_person) == (best.text, False, True)


def test_one_of_the_best_customers_to_whom_nothing_is_new_is_left_in_peace():
    assert welcome(Return(today=date(2026, 3, 2), valued=True), "en") is None

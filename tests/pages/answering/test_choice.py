"""Which pages are named, and when the visitor is asked what was meant."""

import pytest

from bot.pages.answering.answer import SURE_ENOUGH, answer
from bot.pages.answering.choice import is_yes_or_no
from bot.pages.answering.question import Turn
from bot.pages.indexing.encoder import Encoder
from bot.pages.indexing.index import Index
from tests.pages.answering.test_answer import HOST, index_of, shop_index  # noqa: F401

LEAVING_OPEN = (
    "how do I wash it",
    "what is it made of",
    "sizes",
    "returns",
    "delivery",
    "gift cards",
    "blankets",
    "is it in stock",
    "delivery time",
)
CLEAR = (
    "Do you ship to Norway?",
    "How do I wash the Harbour Jumper?",
    "What is the Ridge Hat made of?",
    "What is your phone number?",
    "When are you open on Saturday?",
    "Can I pay with PayPal?",
    "how do I return something",
    "Is the wool itchy?",
    "opening hours",
    "how much is shipping",
)


@pytest.fixture(scope="module")
def clinic(encoder: Encoder) -> Index:
    """A site of another kind: three branches with pages alike, and no products."""
    pages = {
        f"/{town.lower()}": f"<title>{town} | Vets of the North</title><main><h1>{town}</h1><p>Our practice in {town} "
        f"has {vets} vets.</p><h2>Parking</h2><p>You can park {park} the house.</p><h2>Emergencies</h2>"
        f"<p>At night call +44 1632 9600{vets}.</p></main>"
        for town, vets, park in (("Alnwick", 3, "behind"), ("Berwick", 5, "in front of"), ("Corbridge", 2, "beside"))
    }
    pages["/prices"] = (
        "<title>Prices | Vets of the North</title><main><h1>Prices</h1><p>A first visit costs £45.</p></main>"
    )
    return index_of(pages, encoder)


@pytest.mark.parametrize("question", LEAVING_OPEN)
def test_a_question_that_leaves_open_what_is_meant_is_asked_back(shop_index: Index, question: str) -> None:  # noqa: F811
    options = answer(shop_index, question).said.options

    assert 2 <= len(set(options)) == len(options) <= 3


def test_what_every_page_says_in_one_sentence_is_not_asked_back_about(encoder: Encoder) -> None:
    index = index_of(
        {
            f"/{name}": f"<title>{name}</title><main><h1>{name}</h1><p>A {name} of wool.</p>"
            "<h2>Delivery</h2><p>Delivery costs 5 euro.</p></main>"
            for name in ("Hat", "Scarf", "Jumper")
        },
        encoder,
    )

    assert answer(index, "delivery").said.options == ()


@pytest.mark.parametrize("question", LEAVING_OPEN)
def test_each_option_leads_to_an_answer_about_it(shop_index: Index, question: str) -> None:  # noqa: F811
    texts = []
    for option in answer(shop_index, question).said.options:
        found = answer(shop_index, f"{question} {option}", within=option)
        best = found.found[0].passage

        assert found.said.answered
        assert option in (*best.heading, best.title.partition(" · ")[0], best.product and best.product.name)
        assert found.said.options == ()
        texts.append(found.said.text)
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("question", CLEAR)
def test_a_clear_question_is_answered(shop_index: Index, question: str) -> None:  # noqa: F811
    said = answer(shop_index, question).said

    assert said.answered
    assert said.options == ()


def test_the_page_that_the_visitor_is_on_tells_what_is_meant(shop_index: Index) -> None:  # noqa: F811
    said = answer(shop_index, "how do I wash it", page=f"{HOST}/product-ridge-hat.html").said

    assert (said.options, "Ridge Hat" in said.text) == ((), True)


@pytest.mark.parametrize("question", ["how do I wash it", "what is it made of"])
def test_a_page_about_something_else_tells_nothing(shop_index: Index, question: str) -> None:  # noqa: F811
    assert len(answer(shop_index, question, page=f"{HOST}/index.html").said.options) >= 2


@pytest.mark.parametrize(
    ("question", "words"), [("Do you have parking?", "six parking spaces"), ("vegan", "no vegan products")]
)
def test_a_page_about_something_else_hides_no_answer(
    shop_index: Index,  # noqa: F811
    question: str,
    words: str,
) -> None:
    assert words in answer(shop_index, question, page=f"{HOST}/index.html").said.text


def test_what_was_said_before_tells_what_is_meant(shop_index: Index) -> None:  # noqa: F811
    before = [Turn(True, "How much is the Ridge Hat?"), Turn(False, "The Ridge Hat costs 39 euro.")]

    said = answer(shop_index, "and how do I wash it?", before).said

    assert said.options == ()
    assert "Ridge Hat" in said.text


def test_a_greeting_before_tells_nothing(shop_index: Index) -> None:  # noqa: F811
    before = [Turn(True, "Hello!"), Turn(False, "Hi there! What would you like to know?")]

    assert answer(shop_index, "how do I wash it", before).said.options


def test_branches_that_are_alike_are_told_apart_by_their_titles(clinic: Index) -> None:
    said = answer(clinic, "where can I park").said

    assert set(said.options) <= {"Alnwick", "Berwick", "Corbridge"}
    assert len(said.options) >= 2
    for town in said.options:
        assert answer(clinic, f"where can I park {town}", within=town).said.sources[0].url == f"/{town.lower()}"


def test_a_town_that_is_named_is_not_asked_for(clinic: Index) -> None:
    said = answer(clinic, "where can I park in Berwick").said

    assert (said.options, said.text) == ((), "You can park in front of the house.")


def test_another_page_that_answers_as_well_is_named_too(shop_index: Index) -> None:  # noqa: F811
    first, second = answer(shop_index, "Do you ship to Norway?").said.sources

    assert {first.url, second.url} == {f"{HOST}/faq.html", f"{HOST}/shipping.html"}
    assert "Norway" in first.quote and "Norway" in second.quote
    assert second.link.startswith(f"{second.url}#:~:text=")


def test_a_page_that_says_less_is_not_named(shop_index: Index) -> None:  # noqa: F811
    assert len(answer(shop_index, "Can I pay with PayPal?").said.sources) == 1


def test_a_source_is_named_without_the_sites_name(shop_index: Index) -> None:  # noqa: F811
    (source, *_) = answer(shop_index, "How much is shipping to Japan?").said.sources

    assert (source.title, source.name) == (
        "Shipping times and costs · Teasel Mill",
        "Shipping times and costs",
    )


def test_nothing_is_said_of_a_name_that_is_nowhere(shop_index: Index) -> None:  # noqa: F811
    said = answer(shop_index, "sizes", within="Kayaks").said

    assert not said.answered and said.confidence < SURE_ENOUGH


@pytest.mark.parametrize(
    "question", ["Do you ship to Norway?", "and is it warm", "can't I pay by card", "Isn't it wool"]
)
def test_a_question_for_yes_or_no_is_known(question: str) -> None:
    assert is_yes_or_no(question)


@pytest.mark.parametrize(
    "question", ["How do you ship?", "When is it open?", "isle of man delivery", "what can I return"]
)
def test_other_questions_are_not_for_yes_or_no(question: str) -> None:
    assert not is_yes_or_no(question)

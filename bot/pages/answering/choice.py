"""Which of the places found are named, how their words are said, and when the visitor is asked which was meant."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.desk import Manner, Source
from bot.pages.answering.fragment import lines_of, text_of, with_text
from bot.pages.indexing.index import Index, page_key
from bot.pages.indexing.words import VAGUE, Term, plain_words, terms_asked
from bot.store.pages import StoredPassage

SOURCES = 3
ALSO_COVERS, ALSO_SURE, ALSO_WORSE = 0.95, 0.8, 0.25
"""To be named as well: what a place speaks of as a share of what the quoted one does, how sure of it we are, and how
much less it may be worth."""
SURE_OF_YES = 0.85
OPTIONS = 3
MOST_TERMS = 2
"""A question that asks about more is not asked back: the best place answers it, or none does."""
AS_GOOD = 0.08
"""Places whose worth is apart by no more are about as good."""
OUTRIGHT = 0.12
"""A place that is so much nearer in meaning than the others is what was meant."""
LEAST_SURE = 0.55
LONGEST_OPTION = 60
ALIKE = 0.5
"""Quotes that share this much of their words say one thing."""

_TAIL = re.compile(r"\s+[·|–—-]\s+[^·|–—]*$")
_YES_OR_NO = re.compile(
    r"^\W*(?:(?:and|but|so|or|also|hi|hello|hey)\W+)?(?:is|are|am|was|were|do|does|did|can|could|will|would|shall|should|may|"
    r"might|must|has|have|had|isn['’]t|aren['’]t|don['’]t|doesn['’]t|can['’]t|won['’]t)\b",
    re.IGNORECASE,
)
_YES_ABROAD = re.compile(
    r"^\W*(?:yes|ja|jo|jawohl|doch|nein|oui|si|non|s[íì]|no|sim|não|nee|nej|nei|kyllä|tak|nie|ano|ne|да|нет|evet|hayır|نعم|أجل|لا)\b"
    r"|^\W*(?:はい|いいえ|是|不|可以|네|아니)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Place:
    """A passage with its best words; `coverage` and `confidence` as in an answer, `near` its meaning's cosine."""

    passage: StoredPassage
    quote: str
    coverage: float
    confidence: float
    near: float
    worth: float

    @property
    def page(self) -> str:
        return page_key(self.passage.url)

    @property
    def subject(self) -> str:
        """The nearest heading, by which places of several pages may be alike."""
        return "".join(self.passage.heading[-1:]).casefold()


def manner_of(question: str, best: Place) -> Manner:
    """How the words of the place may be said. On the topic is not the answer; a page's yes is to its own question."""
    if not is_yes_or_no(question):
        return Manner.PLAIN
    if best.confidence < SURE_OF_YES:
        return Manner.FOUND
    same = set(terms_asked(question)) == set(terms_asked(best.subject))
    return Manner.PLAIN if same and best.subject.endswith("?") else Manner.QUOTED


def manner_abroad(best: Place) -> Manner:
    """The same of what is not in English, where no question is known for one of yes or no: a page's yes is its own."""
    return Manner.QUOTED if _YES_ABROAD.match(best.quote) else Manner.PLAIN


def is_yes_or_no(question: str) -> bool:
    return bool(_YES_OR_NO.match(question))


def named(index: Index, places: Sequence[Place]) -> tuple[Source, ...]:
    """The first of the places as the source of the answer, then other pages that answer it as well."""
    best, *others = places
    taken = {best.page: best}
    for one in sorted(others, key=lambda one: -one.worth):
        also = (
            one.coverage >= ALSO_COVERS * best.coverage
            and one.confidence >= ALSO_SURE
            and one.worth >= best.worth - ALSO_WORSE
        )
        if also and one.quote != best.quote and len(taken) < SOURCES:
            taken.setdefault(one.page, one)
    return tuple(_source(index, one, places) for one in taken.values())


def options(question: str, terms: Sequence[Term], places: Sequence[Place]) -> tuple[str, ...]:
    """What to ask back with: the names of two or three places that are about as good and answer different things.

    Empty when it is clear enough what is meant. The first of `places` is the one that would be quoted.
    """
    best = places[0]
    rivals = [one for one in places if one.worth >= best.worth - AS_GOOD and one.confidence >= LEAST_SURE]
    if len(rivals) < 2 or best.near - max(one.near for one in rivals if one is not best) >= OUTRIGHT:
        return ()
    names = _pages_alike(rivals) or (_topics(rivals) if _is_a_topic(question, terms) else [])
    asked = plain_words(question)
    found = [one for one in dict.fromkeys(names) if 0 < len(one) <= LONGEST_OPTION and plain_words(one) != asked]
    return tuple(found[:OPTIONS]) if len(found) > 1 else ()


def _pages_alike(rivals: Sequence[Place]) -> list[str]:
    """The names of pages that have one heading: what of them is meant was not said. Empty when there are no such."""
    subject, times = Counter(one.subject for one in rivals).most_common(1)[0]
    if times < len(rivals) / 2:
        subject = rivals[0].subject
    # The heading "Ferry Scarf" on the scarf's own page and in the list of products is one thing.
    alike = [one for one in rivals if one.subject == subject and subject not in one.passage.title.casefold()]
    # What all pages say in one sentence, such as the cost of shipping, is meant of all.
    return [_name(one, alike) for one in alike] if len({one.quote for one in alike}) > 1 else []


def _topics(rivals: Sequence[Place]) -> list[str]:
    """The headings of places that say different things."""
    kept = _different(rivals)
    told = Counter(one.passage.product for one in kept)
    # "Materials" of one product among others says less than its name.
    return [
        _name(one, kept)
        if told[one.passage.product] == 1 and one.passage.product
        else "".join(one.passage.heading[-1:])
        for one in kept
    ]


def _different(places: Sequence[Place]) -> list[Place]:
    """Those that say what none before them says."""
    kept: list[Place] = []
    for one in places:
        if all(_shared(one.quote, other.quote) < ALIKE for other in kept):
            kept.append(one)
    return kept


def is_called(passage: StoredPassage, name: str) -> bool:
    """Whether the passage is below a heading, or of a page, that was offered under this name."""
    titles = (passage.title, passage.title.removesuffix(_tail(passage.title)))
    return name in (*passage.heading, *titles, passage.product and passage.product.name)


def leaves_open(terms: Sequence[Term]) -> bool:
    """Whether so little is asked that what is meant may be one of several things."""
    # "Your phone number?" is answered by any page that has it; "how much?" alone is not worth asking back about.
    own = [term for term in terms if not term.is_fact]
    return 0 < len(own) <= MOST_TERMS and all(term.stem in VAGUE for term in terms if term.is_fact)


def _is_a_topic(question: str, terms: Sequence[Term]) -> bool:
    """Whether only a topic is named, without a question about it."""
    return len(plain_words(question)) <= len(terms)


def _shared(one: str, other: str) -> float:
    words, others = set(plain_words(one)), set(plain_words(other))
    return len(words & others) / max(1, min(len(words), len(others)))


def _name(place: Place, places: Sequence[Place]) -> str:
    """What the place's page is about: its product, or else its title."""
    product = place.passage.product
    return product.name if product is not None else _short_titles(places)[place.passage.title]


def _short_titles(places: Sequence[Place]) -> dict[str, str]:
    """Each title without what the titles of other pages found end with too, such as the site's name."""
    titles = {one.passage.title for one in places}
    tails = Counter(_tail(title) for title in titles)
    return {title: title.removesuffix(_tail(title)) if tails[_tail(title)] > 1 else title for title in titles}


def _tail(title: str) -> str:
    found = _TAIL.search(title)
    return found[0] if found else ""


def _source(index: Index, place: Place, places: Sequence[Place]) -> Source:
    passage = place.passage
    own = [index.passages[number] for number in index.numbers_of(passage.url)]
    at = next(number for number, one in enumerate(own) if one is passage)
    # A table may go on in the next passage, but hardly further.
    before, near = own[max(0, at - 1) : at], own[max(0, at - 1) : at + 2]
    return Source(
        passage.url,
        passage.title,
        place.quote,
        link=with_text(
            passage.url, place.quote, lines_of(near), first=len(lines_of(before)), page=lambda: text_of(own)
        ),
        heading="".join(passage.heading[-1:]),
        name=_short_titles(places)[passage.title],
    )

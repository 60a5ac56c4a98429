"""What the report about listening tells, as it is given as JSON: pages, exports and alerts are built on these shapes.

All of it is descriptive. People are counted, never mentions: a person is a customer with all their browsers, or a
browser of nobody known that agrees to be measured; who says a thing twenty times counts once. Robots, staff and who
agrees no longer are left out. Shares are of the people who said anything at all in the window, from 0 to 1, with
Wilson's interval of 95 %. Money is decimal text in `currency`. Moments are RFC 3339, days ISO. Texts are what visitors
wrote, with numbers of cards, e-mail addresses and long numbers made unreadable: they are text, never HTML.

`Listening` is the whole. Whoever may not read what visitors say is told `without_words(told)`.
"""

from typing import Any, TypedDict

KINDS = ("topic", "need", "objection", "praise", "complaint", "wish")
QUOTES = 3
LISTED = 50
OF_WORDS = ("page", "topic")
OF_PEOPLE = ("channel", "campaign", "country", "language", "device")
"""The first that was ever known of a person, until the window's end."""
BY = (*OF_WORDS, *OF_PEOPLE)
"""What people can be told apart by."""
"""Groups of a kind, pages or topics; `in_all` says how many there are."""
type Row = dict[str, Any]


class Quote(TypedDict):
    """Words of a visitor: at most 240 characters of message `seq` of `conversation`, said on `page`."""

    text: str
    at: str
    page: str | None
    conversation: str
    seq: int | None


class Change(TypedDict):
    """Against as many days right before. `difference` of the shares (now less then) with Newcombe's interval.

    `found` is "more" or "less" only where that is beyond chance among all changes of the report (Holm), else None.
    `told` says it in words, "too few to judge" or "nobody then" among them; then the difference is None.
    """

    people: int
    share: float | None
    difference: float | None
    low: float | None
    high: float | None
    found: str | None
    told: str


class Group(TypedDict):
    """What several people said alike. `key` is the same as long as `name` is.

    `name` is a topic, or the words of the most central quote; `words` are the commonest of a meaning, which name
    nobody. `buyers` of the people have ever bought (paid more than they got back), and `spent` so much together.
    `change` is None without a window before. `quotes` are of different people, the latest first.
    """

    key: str
    name: str
    words: list[str]
    people: int
    mentions: int
    share: float
    low: float
    high: float
    change: Change | None
    buyers: int
    spent: str
    quotes: list[Quote]


class Kind(TypedDict):
    """All of one of KINDS. `by_topic` and `by_meaning` are two views of the same, the most people first.

    `alone` people said what is like nothing that others said; `not_read` mentions were too many to be compared.
    A topic has no meanings.
    """

    kind: str
    people: int
    mentions: int
    share: float | None
    low: float | None
    high: float | None
    change: Change | None
    buyers: int
    spent: str
    by_topic: list[Group]
    topics_in_all: int
    by_meaning: list[Group]
    meanings_in_all: int
    alone: int
    not_read: int


class Shift(TypedDict):
    """A mean less another with its interval of 95 % (Welch). `found` as in Change: "better", "worse" or None."""

    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    found: str | None
    told: str


class Step(TypedDict):
    """A day, week or month. `mean` is from -1 to 1 over people, each by the mean of theirs then, with its interval;
    None where fewer than two said anything. `change` is from the step before."""

    first: str
    last: str
    is_whole: bool
    people: int
    messages: int
    mean: float | None
    low: float | None
    high: float | None
    change: Shift | None


class Turn(TypedDict):
    """From `on` the mood was another than before; only told where it is clear."""

    on: str
    before: float
    after: float
    difference: float
    low: float
    high: float
    p: float


class Sentiment(TypedDict):
    """`detectable`: a change against the window before that would be found eight times of ten."""

    step: str
    people: int
    mean: float | None
    low: float | None
    high: float | None
    before: float | None
    before_people: int
    change: Shift | None
    detectable: float | None
    steps: list[Step]
    turn: Turn | None
    sentence: str


class Missed(TypedDict):
    """A question that no page answers. `weight`: 1 for each who asked, 3 for a buyer, 5 for one of the best tenth."""

    key: str
    question: str
    wordings: list[str]
    people: int
    times: int
    buyers: int
    best: int
    spent: str
    weight: int
    first: str
    last: str
    pages: list[Row]
    """`{"url", "times"}`, the most first."""


class Stars(TypedDict):
    """How people rated, each by the mean of theirs. `unhappy` of them gave 1 or 2 stars at least once."""

    name: str | None
    people: int
    ratings: int
    mean: float | None
    low: float | None
    high: float | None
    unhappy: int
    unhappy_share: float | None
    unhappy_low: float | None
    unhappy_high: float | None
    told: str
    quotes: list[Quote]


class Feedback(TypedDict):
    whole: Stars
    by_page: list[Stars]
    pages_in_all: int
    by_topic: list[Stars]
    topics_in_all: int


class Listening(TypedDict):
    """`before` is null when the window has no beginning. `left_out`: `robots_and_staff` and `unwilling` people, and
    `of_nobody` messages of who never agreed to be measured. `by` is there when asked for: how it is told in `by.py`."""

    label: str
    site: str
    since: str
    until: str
    as_of: str | None
    before: Row | None
    currency: str
    people: int
    people_before: int
    messages: int
    left_out: dict[str, int]
    kinds: list[Kind]
    sentiment: Sentiment
    unanswered: list[Missed]
    unanswered_in_all: int
    feedback: Feedback
    by: Row | None


def without_words(told: Listening) -> Listening:
    """The same numbers for who may not read what visitors say: no quotes, no questions, meanings by their words."""
    found: Listening = {**told}
    found["kinds"] = [_kind_without(one) for one in told["kinds"]]
    found["unanswered"] = [{**one, "question": "", "wordings": []} for one in told["unanswered"]]
    feedback = told["feedback"]
    found["feedback"] = {
        **feedback,
        "whole": {**feedback["whole"], "quotes": []},
        "by_page": [{**one, "quotes": []} for one in feedback["by_page"]],
        "by_topic": [{**one, "quotes": []} for one in feedback["by_topic"]],
    }
    return found


def _kind_without(kind: Kind) -> Kind:
    return {
        **kind,
        "by_topic": [{**one, "quotes": []} for one in kind["by_topic"]],
        "by_meaning": [{**one, "quotes": [], "name": ", ".join(one["words"])} for one in kind["by_meaning"]],
    }

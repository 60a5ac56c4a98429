"""What people say, of a real log on both databases."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.errors import ConfigurationError
from bot.insights.command import insights
from bot.insights.listening.files import FILES, file_of, write_files
from bot.insights.listening.masked import LONGEST, masked
from bot.insights.listening.meaning import Ears, commonest
from bot.insights.listening.report import listening
from bot.insights.listening.told import KINDS, without_words
from bot.insights.reports import Wish
from bot.interactions import Interaction, Kind, VisitorId
from bot.store.forget import forget_visitor
from bot.store.interactions import append
from bot.store.profiles import rebuild_all
from bot.store.sites import Site
from bot.store.visitors import create, link, mark_staff, set_consent
from tests.cast import ALICE, SHOP, at
from tests.insights.happened import bought, did, refunded
from tests.insights.log.kept import Kept, kept

__all__ = ["kept"]

DAY = ("2026-03-02", "2026-03-02")
NOW = at(hours=8)
DAY_MINUTES = 24 * 60


async def told(kept: Kept, happened: Iterable[Interaction], *window: str, **options: Any) -> dict[str, Any]:
    """The report after this happened: the same from the files as from the store alone."""
    await kept.store.write(append, list(happened))
    window = window or DAY
    beside = await listening(kept.store, SHOP, *window, log=kept.folder, now=NOW, **options)
    kept.keep()
    copied = await listening(kept.store, SHOP, *window, log=kept.folder, now=NOW, **options)
    assert copied == beside
    return dict(copied)


def kind_of(report: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(one for one in report["kinds"] if one["kind"] == kind)


def said(
    who: str | None, *statements: tuple[str, str], mood: float = 0.0, minute: float = 0, **more: Any
) -> Interaction:
    """A message that was understood: (kind, words) of each statement, all about delivery unless `topics` say else."""
    topics = more.pop("topics", ["delivery"])
    made = [{"kind": kind, "text": text, "start": 0, "end": len(text), "topics": topics} for kind, text in statements]
    data = {"intent": "ask_page", "sentiment": mood, "topics": topics, "statements": made}
    where = {"conversation": f"of {who}", "seq": 1, "url": "https://shop.example/hats"} | more
    return did(who, Kind.UNDERSTANDING, minute, data=data, **where)


async def somebody(kept: Kept, shop: Site) -> VisitorId:
    """A browser that agreed to everything."""
    return (await kept.store.write(create, shop, at=at(), measure=True, memory=True)).id


def same_first_word(texts: Sequence[str]) -> list[tuple[int, float]]:
    """Ears for which all that begins alike means the same."""
    words = [text.split()[0] for text in texts]
    return [(words.index(word), 1.0) for word in words]


class NoQuestions:
    groups: Sequence[Any] = ()
    askers: Sequence[tuple[str, str]] = ()


async def no_questions(*_: object) -> NoQuestions:
    return NoQuestions()


async def test_one_person_saying_it_twenty_times_counts_once(kept: Kept, shop: Site):
    often = [said("a", ("complaint", "it is late"), minute=minute) for minute in range(20)]

    report = await told(kept, [*often, said("b", ("complaint", "it is late")), said("c")])

    complaint = kind_of(report, "complaint")
    assert (complaint["people"], complaint["mentions"], report["people"]) == (2, 21, 3)
    (group,) = complaint["by_topic"]
    assert (group["name"], group["people"], group["mentions"], round(group["share"], 3)) == ("delivery", 2, 21, 0.667)
    assert 0 < group["low"] < group["share"] < group["high"] < 1


async def test_a_customer_with_two_browsers_is_one_person(kept: Kept, shop: Site):
    browsers = [await somebody(kept, shop) for _ in range(2)]
    for one in browsers:
        await kept.store.write(link, SHOP, one, ALICE.customer, evidence="identify", at=at())

    report = await told(kept, [said(one, ("praise", "so soft")) for one in browsers])

    assert (report["people"], kind_of(report, "praise")["people"]) == (1, 1)


async def test_what_is_said_alike_is_one_group_named_by_its_words(kept: Kept, shop: Site):
    ears = Ears(same_first_word, no_questions)
    happened = [
        said("a", ("complaint", "parcel still missing")),
        said("b", ("complaint", "parcel is missing!")),
        said("c", ("complaint", "holes everywhere")),
    ]

    report = await told(kept, happened, ears=ears)

    complaint = kind_of(report, "complaint")
    (group,) = complaint["by_meaning"]
    assert (group["people"], group["words"], complaint["alone"]) == (2, ["missing", "parcel"], 1)
    assert {quote["text"] for quote in group["quotes"]} == {"parcel still missing", "parcel is missing!"}


async def test_three_quotes_of_three_people_come_with_day_page_and_conversation(kept: Kept, shop: Site):
    happened = [said(who, ("need", f"I need a hat for {who}"), minute=number) for number, who in enumerate("abcd")]

    report = await told(kept, [*happened, said("d", ("need", "I need two hats"), minute=9)])

    (group,) = kind_of(report, "need")["by_topic"]
    assert [quote["text"] for quote in group["quotes"]] == [
        "I need two hats",
        "I need a hat for c",
        "I need a hat for b",
    ]
    assert group["quotes"][1] == {
        "text": "I need a hat for c",
        "at": "2026-03-02T12:02:00.000Z",
        "page": "https://shop.example/hats",
        "conversation": "of c",
        "seq": 1,
    }


async def test_what_several_people_said_in_the_same_words_is_quoted_once(kept: Kept, shop: Site):
    words = {"a": "I NEED a hat", "b": "I need a hat", "c": "I need a hat"}

    report = await told(kept, [said(who, ("need", text), minute=at) for at, (who, text) in enumerate(words.items())])

    (group,) = kind_of(report, "need")["by_topic"]
    assert (group["people"], [quote["text"] for quote in group["quotes"]]) == (3, ["I need a hat"])


async def test_who_bought_and_what_they_spent_stands_beside_what_they_say(kept: Kept, shop: Site):
    money = [bought("a", 5_000, data={"order": "1"}), refunded("a", 1_000, data={"order": "1"})]
    before = bought("b", 2_000, minute=-40 * DAY_MINUTES, data={"order": "2"})
    nothing = [bought("c", 900, data={"order": "3"}), refunded("c", 900, data={"order": "3"})]

    report = await told(kept, [*money, before, *nothing, *(said(who, ("praise", "so soft")) for who in "abcd")])

    praise = kind_of(report, "praise")
    assert (praise["people"], praise["buyers"], praise["spent"], report["currency"]) == (4, 2, "60.00", "EUR")


async def test_nobody_who_does_not_agree_is_counted_or_quoted(kept: Kept, shop: Site):
    left = await somebody(kept, shop)
    await kept.store.write(set_consent, left, measure=False, memory=False, at=at())
    unknown = said(None, ("complaint", "unknown words"), conversation="somebody's")

    report = await told(kept, [said("a", ("complaint", "mine")), said(left, ("complaint", "secret")), unknown])

    assert (report["people"], report["left_out"]["unwilling"], report["left_out"]["of_nobody"]) == (1, 1, 1)
    assert "secret" not in json.dumps(report)
    assert "unknown words" not in json.dumps(report)


async def test_robots_and_staff_are_left_out(kept: Kept, shop: Site):
    staff = await somebody(kept, shop)
    await kept.store.write(mark_staff, staff)

    report = await told(kept, [said("a", ("praise", "so soft")), said(staff, ("praise", "staff says"))])

    assert (kind_of(report, "praise")["people"], report["left_out"]["robots_and_staff"]) == (1, 1)
    assert "staff says" not in json.dumps(report)


async def test_who_is_erased_is_gone_at_once(kept: Kept, shop: Site):
    gone = await somebody(kept, shop)
    await told(kept, [said(gone, ("complaint", "erase these words")), said("b", ("complaint", "mine"))])

    await kept.store.write(forget_visitor, SHOP, gone)

    report = dict(await listening(kept.store, SHOP, *DAY, log=kept.folder, now=NOW))
    assert kind_of(report, "complaint")["people"] == 1
    assert "erase these words" not in json.dumps(report)


async def test_more_people_than_before_is_said_only_beyond_chance(kept: Kept, shop: Site):
    many = [said(f"n{one}", *([("complaint", "late")] if one < 60 else [])) for one in range(100)]
    few = [said(f"t{one}", *([("complaint", "late")] if one < 10 else []), minute=-DAY_MINUTES) for one in range(100)]

    report = await told(kept, [*many, *few])

    change = kind_of(report, "complaint")["change"]
    assert (change["people"], change["found"]) == (10, "more")
    assert change["difference"] == pytest.approx(0.5)
    assert change["low"] > 0.3
    assert kind_of(report, "praise")["change"]["told"] == "too few to judge"
    assert kind_of(report, "topic")["by_topic"][0]["change"]["found"] is None


async def test_without_a_beginning_there_is_nothing_to_compare_with(kept: Kept, shop: Site):
    await kept.store.write(append, [said("a", ("praise", "so soft"), mood=0.5)])

    report = await listening(kept.store, SHOP, now=NOW)

    assert report["before"] is None
    assert [one["change"] for one in report["kinds"]] == [None] * len(KINDS)
    assert [step["first"] for step in report["sentiment"]["steps"]] == ["2026-03-02"]


async def test_a_site_where_nobody_said_anything_tells_so(kept: Kept, shop: Site):
    report = await told(kept, [did("a", Kind.PAGE_VIEW, url="https://shop.example/")])

    assert (report["people"], report["sentiment"]["mean"], report["feedback"]["whole"]["mean"]) == (0, None, None)
    assert report["sentiment"]["sentence"] == "Nobody said anything in this window."
    assert all(one["people"] == 0 and one["share"] is None for one in report["kinds"])


async def test_each_person_counts_once_in_the_mood(kept: Kept, shop: Site):
    happened = [said("a", mood=-1.0, minute=minute) for minute in range(9)]

    report = await told(kept, [*happened, said("b", mood=0.5), said("b", mood=1.0)])

    mood = report["sentiment"]
    assert (mood["people"], mood["mean"]) == (2, pytest.approx(-0.125))
    assert mood["steps"][0]["messages"] == 11


async def test_stars_are_counted_by_person_by_page_and_by_topic(kept: Kept, shop: Site):
    def rated(who: str, stars: object, words: str = "", minute: float = 5) -> Interaction:
        data = {"stars": stars, "words": words}
        return did(who, Kind.RATING, minute, conversation=f"of {who}", url="https://shop.example/hats", data=data)

    happened = [said("a"), said("b", topics=["size"])]
    stars = [rated("a", 1, "=1+1 too slow"), rated("a", 5), rated("b", 5), rated("c", 9), rated("d", None)]

    report = await told(kept, [*happened, *stars])

    whole = report["feedback"]["whole"]
    assert (whole["people"], whole["ratings"], whole["mean"], whole["unhappy"]) == (2, 3, 4.0, 1)
    assert whole["unhappy_share"] == 0.5
    assert whole["quotes"][0]["text"] == "=1+1 too slow"
    assert [one["name"] for one in report["feedback"]["by_page"]] == ["https://shop.example/hats"]
    assert {one["name"]: one["mean"] for one in report["feedback"]["by_topic"]} == {"delivery": 3.0, "size": 5.0}


async def test_people_are_told_apart_by_page_topic_and_what_is_known_of_them(kept: Kept, shop: Site):
    seen = did("a", Kind.PAGE_VIEW, url="https://shop.example/", data={"device": "mobile"})
    happened = [seen, said("a", ("complaint", "late"), mood=-0.5), said("b", ("praise", "soft"), topics=["quality"])]

    by_page = (await told(kept, happened, by="page"))["by"]
    by_topic = (await told(kept, [], by="topic"))["by"]
    by_device = (await told(kept, [], by="device"))["by"]

    assert [(row["value"], row["people"]) for row in by_page["rows"]] == [("https://shop.example/hats", 2)]
    assert {row["value"]: row["kinds"]["praise"]["people"] for row in by_topic["rows"]} == {"delivery": 0, "quality": 1}
    assert {row["value"]: row["kinds"]["complaint"]["share"] for row in by_device["rows"]} == {"mobile": 1.0, None: 0.0}


async def test_what_there_is_no_listening_by_is_refused_with_those_there_are(kept: Kept, shop: Site):
    with pytest.raises(ConfigurationError, match='no listening by "shoe"; there is by page, topic, channel'):
        await listening(kept.store, SHOP, *DAY, by="shoe")


async def test_no_cell_of_a_file_is_a_formula_and_no_card_or_address_is_in_it(kept: Kept, shop: Site, tmp_path: Path):
    nasty = '=HYPERLINK("http://evil.example"), mail me at ann@customers.example, card 4111 1111 1111 1111'
    report = await told(kept, [said("a", ("complaint", nasty)), said("b", ("complaint", nasty))])

    write_files(report, tmp_path / "files")

    assert {one.name for one in (tmp_path / "files").iterdir()} == {f"{name}.csv" for name in FILES}
    rows = list(csv.reader(io.StringIO(file_of("quotes", report).decode())))
    assert len(rows) > 1
    for name in FILES:
        text = (tmp_path / "files" / f"{name}.csv").read_text()
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
        assert "ann@" not in text
        assert "4111 1111" not in text


async def test_who_may_not_read_what_visitors_say_is_told_the_numbers_alone(kept: Kept, shop: Site):
    words = "the parcel of my neighbour"
    report = await told(kept, [said("a", ("complaint", words)), said("b", ("complaint", words))])

    bare = without_words(report)  # type: ignore[arg-type]

    assert words in json.dumps(report)
    assert words not in json.dumps(bare)
    assert kind_of(dict(bare), "complaint")["by_meaning"][0]["people"] == 2


async def test_the_command_tells_it_as_a_table_and_as_json(kept: Kept, shop: Site):
    await kept.store.write(
        append, [said("a", ("complaint", "[red]late[/red]")), said("b", ("complaint", "[red]late[/red]"))]
    )
    await kept.store.write(rebuild_all, SHOP)
    table, lines = io.StringIO(), io.StringIO()

    assert await insights(kept.store, "listening", Wish(SHOP, *DAY), out=table) == 0
    assert await insights(kept.store, "listening", Wish(SHOP, *DAY), output="json", out=lines) == 0

    assert "What they complain of: 2 people" in table.getvalue()
    assert "[red]late[/red]" in table.getvalue()
    assert json.loads(lines.getvalue())["people"] == 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("call +44 20 7946 0958 please", "call ••• please"),
        ("I am ann@shop.example.", "I am •••."),
        ("order 1042 of two", "order 1042 of two"),
        ("two\nlines", "two lines"),
        ("x" * 300, "x" * (LONGEST - 1) + "…"),
    ],
)
def test_quotes_hide_addresses_and_long_numbers(text: str, shown: str):
    assert masked(text) == shown


def test_a_group_is_called_by_the_words_that_most_people_used():
    forms = [("my parcel is late", 5), ("the parcel came late", 3), ("nothing arrived", 1)]

    assert commonest(forms)[:2] == ("parcel", "late")

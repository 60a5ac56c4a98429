"""Who the best customers are, of a real log on both databases."""

import io
import json
from collections.abc import Iterable
from typing import Any

import pytest

from bot.insights.command import insights
from bot.insights.profiles.costs import Costs
from bot.insights.profiles.report import profiles
from bot.insights.profiles.silent import reason
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


async def told(kept: Kept, happened: Iterable[Interaction]) -> dict[str, Any]:
    """The report after this happened: the same from the files as from the store alone."""
    await kept.store.write(append, list(happened))
    await kept.store.write(rebuild_all, SHOP)
    beside = await profiles(kept.store, SHOP, log=kept.folder)
    kept.keep()
    copied = await profiles(kept.store, SHOP, log=kept.folder)
    assert copied | {"until": beside["until"]} == beside
    return copied


def group(report: dict[str, Any], name: str = "top_spending") -> dict[str, Any]:
    return next(one for one in report["groups"] if one["group"] == name)


def values(report: dict[str, Any], attribute: str) -> dict[str, dict[str, Any]]:
    (found,) = [one for one in group(report)["attributes"] if one["attribute"] == attribute]
    return {one["value"]: one for one in found["values"]}


def seen(who: str, language: str, page: str = "hats") -> list[Interaction]:
    data = {"language": language, "device": "mobile", "referrer": "https://www.google.com/"}
    url = f"https://shop.example/{page}"
    return [did(who, Kind.PAGE_VIEW, 0, url=url, data=data), did(who, Kind.PAGE_VIEW, 1, url=url, data=data)]


def agreed(who: str) -> Interaction:
    return did(who, Kind.CONSENT, -1, data={"measure": True, "memory": True})


def heard(who: str, **data: Any) -> Interaction:
    return did(who, Kind.UNDERSTANDING, 2, conversation=f"of {who}", seq=1, data=data)


def a_town(buyers: int = 200) -> list[Interaction]:
    """As many again only look. Of the best tenth, most have a German browser and look for a gift; of all, few."""
    happened = []
    for number in range(2 * buyers):
        who, is_best = f"v{number:04}", number < buyers // 10
        is_german = number % 4 > 0 if is_best else number % 10 == 0
        happened += seen(who, "de" if is_german else "en")
        happened.append(agreed(who))
        if number < buyers:
            value = 50_000 + number if is_best else 1_000 + number
            happened.append(bought(who, value, data={"order": who, "margin": value // 4}))
        if number % 2 == 0:
            topics = ["gifts" if is_best or number % 20 == 0 else "delivery"]
            objection = {"kind": "objection", "text": "too dear", "start": 0, "end": 8, "topics": ["price"]}
            need = "A gift" if is_best else "a hat"
            happened.append(heard(who, topics=topics, statements=[objection], facts=[["need", need]]))
    return happened


async def test_what_the_best_have_more_often_is_found_with_its_numbers(kept: Kept, shop: Site):
    report = await told(kept, a_town())

    best = group(report)
    german = values(report, "language")["de"]
    assert (report["label"], report["people"], report["currency"]) == ("descriptive", 400, "EUR")
    assert (best["verdict"], best["people"], best["of"]) == ("judged", 20, 200)
    assert (german["group"], german["everybody"], german["found"]) == (15, 53, "more")
    assert german["ratio"] == pytest.approx(0.75 / (53 / 400))
    assert 1 < german["low"] < german["ratio"] < german["high"]
    assert values(report, "need")["a gift"]["group"] == 10
    assert values(report, "objection")["price"]["found"] is None
    assert any("have a browser in de, 13% of everybody" in sentence for sentence in best["findings"])
    assert "20 of the 200 buyers spent 10001.90 EUR together" in best["sentence"]


async def test_what_all_have_alike_is_not_claimed(kept: Kept, shop: Site):
    report = await told(kept, a_town())

    assert values(report, "channel")["search"]["found"] is None
    assert values(report, "device")["mobile"]["found"] is None
    assert values(report, "page")["https://shop.example/hats"]["ratio"] == 1.0


async def test_of_few_buyers_nothing_is_said(kept: Kept, shop: Site):
    report = await told(kept, a_town(buyers=90))

    best = group(report)
    assert (best["verdict"], best["people"], best["attributes"], best["findings"]) == ("too_few", 9, [], [])
    assert best["sentence"].startswith("Too few to judge: a tenth of the 90 buyers are 9, and it takes 10")


@pytest.mark.parametrize(
    ("happened", "sentence"),
    [
        ([], "Nobody bought in this window."),
        ([bought("v", 0), bought("w", -5)], "Nobody bought in this window."),
        ([bought("v", 100), refunded("v", 100)], "Nobody bought in this window."),
        ([bought("v", 100)], "Too few to judge: a tenth of the 1 buyers is 1, and it takes 10"),
        ([bought(None, 100), refunded("v", 700)], "Nobody bought in this window."),
        ([bought("v", 2**62), bought("v", 100, "USD")], "Too few to judge"),
    ],
)
async def test_one_buyer_or_none_is_a_sentence(kept: Kept, shop: Site, happened: list[Interaction], sentence: str):
    report = await told(kept, happened)

    assert group(report)["sentence"].startswith(sentence)
    assert group(report, "most_profitable")["sentence"] == "No order in this window tells a margin above nothing."


async def test_a_customer_with_ten_thousand_orders_is_one_of_the_best(kept: Kept, shop: Site):
    orders = [bought(None, 1, customer=ALICE.customer, data={"order": f"o{number}"}) for number in range(4_000)]

    report = await told(kept, orders)

    assert (group(report)["of"], group(report)["amount"]) == (1, "40.00")


async def test_who_agrees_no_longer_and_noise_are_left_out_and_counted(kept: Kept, shop: Site):
    ids = [(await kept.store.write(create, shop, at=at(), measure=True, memory=True)).id for _ in range(4)]
    left, staff, other_browser, stays = ids
    for visitor in (left, other_browser):
        await kept.store.write(link, SHOP, visitor, ALICE.customer, evidence="identify", at=at())
    await kept.store.write(mark_staff, staff)
    await kept.store.write(set_consent, left, measure=False, memory=False, at=at())

    report = await told(kept, [one for id in ids for one in (*seen(id, "en"), bought(id, 500, data={"order": id}))])

    # Staff who buy are buyers, as in the segments; who said no in one browser has said no.
    assert (report["people"], report["left_out"], group(report)["of"]) == (2, 1, 2)
    assert stays != left


async def test_who_is_forgotten_is_gone_at_once(kept: Kept, shop: Site):
    visitor = (await kept.store.write(create, shop, at=at(), measure=True, memory=True)).id
    await told(kept, [*seen(visitor, "en"), bought(visitor, 500), heard(visitor, facts=[["place", "Graz"]])])

    await kept.store.write(forget_visitor, SHOP, VisitorId(visitor))

    report = await profiles(kept.store, SHOP, log=kept.folder)
    assert (report["people"], group(report)["of"]) == (0, 0)


async def test_mail_of_everybody_says_nothing_of_a_company_and_that_of_an_employer_does(kept: Kept, shop: Site):
    def named(number: int) -> list[Interaction]:
        host = ("GMAIL.com", "mills.example", "nowhere", "web.de")[number % 4]
        mail = did(f"v{number}", Kind.IDENTIFIED, data={"email": f"a{number}@{host}"})
        return [*seen(f"v{number}", "en"), mail, bought(f"v{number}", 1_000 + number)]

    report = await told(kept, [one for number in range(100) for one in named(number)])

    assert list(values(report, "company")) == ["mills.example"]
    assert group(report)["attributes"][0]["known"]["everybody"] == 25


async def test_the_command_tells_it_to_people_and_to_programs(kept: Kept, shop: Site):
    await told(kept, a_town())
    for_programs, for_people = io.StringIO(), io.StringIO()

    assert await insights(kept.store, "profiles", Wish(SHOP, log=kept.folder), output="json", out=for_programs) == 0
    assert await insights(kept.store, "profiles", Wish(SHOP, log=kept.folder), out=for_people) == 0

    assert [one["group"] for one in json.loads(for_programs.getvalue())["groups"]] == [
        "top_spending",
        "most_profitable",
    ]
    assert "Who spends most" in for_people.getvalue()
    assert "values were compared; the intervals are wide enough that all of them hold at once" in for_people.getvalue()


def served(who: str, *, minutes: float, answers: int = 0) -> list[Interaction]:
    """A member of staff answers after so many minutes, and the bot so often."""
    where = {"conversation": f"of {who}"}
    said = [did(who, Kind.MESSAGE, 10, **where), did(who, Kind.ANSWER, 10 + minutes, data={"from": "staff"}, **where)]
    return [*said, *(did(who, Kind.ANSWER, 60, data={"from": "bot"}, **where) for _ in range(answers))]


def ordered(who: str, value: int, margin: int | None, order: str = "") -> Interaction:
    return bought(who, value, data={"order": order or who} | ({} if margin is None else {"margin": margin}))


async def costly(kept: Kept, *happened: Interaction, **costs: str) -> dict[str, Any]:
    await kept.store.write(append, list(happened))
    report: dict[str, Any] = (await profiles(kept.store, SHOP, log=kept.folder, costs=Costs(**costs)))["costly"]
    return report


async def test_customers_who_cost_more_than_they_bring_are_listed_with_the_reason(kept: Kept, shop: Site):
    found = await costly(
        kept,
        *(ordered("dear", 2_000, 300), *served("dear", minutes=4, answers=2)),
        *(ordered("loss", 2_000, -50), ordered("fine", 2_000, 900), *served("fine", minutes=4)),
        *(ordered("not known", 2_000, None), *served("not known", minutes=4)),
        staff_minute="0.80 EUR",
        bot_answer="0.005 EUR",
    )

    assert [(one["person"], one["result"]) for one in found["rows"]] == [("v:loss", "-0.50"), ("v:dear", "-0.21")]
    assert found["rows"][1]["why"] == (
        "1 order left 3.00 EUR of margin, less refunds; 4.0 minutes of staff and 2 answers of the bot cost 3.21 EUR."
    )
    assert (found["people"], found["unknown"]) == (2, 1)


async def test_an_answer_of_staff_is_five_minutes_at_most_and_half_a_minute_at_least(kept: Kept, shop: Site):
    found = await costly(
        kept,
        *(ordered("slow", 100, 0), *served("slow", minutes=90)),
        *(ordered("quick", 100, 0), *served("quick", minutes=0)),
        staff_minute="1 EUR",
    )

    assert {one["person"]: one["served"] for one in found["rows"]} == {"v:slow": "5.00", "v:quick": "0.50"}


async def test_without_a_cost_margin_alone_counts_and_it_is_said(kept: Kept, shop: Site):
    talked_long = (ordered("dear", 2_000, 300), *served("dear", minutes=4))

    found = await costly(kept, *talked_long)
    elsewhere = await costly(kept, staff_minute="9 USD")

    assert (found["rows"], elsewhere["rows"]) == ([], [])
    assert "is not set, so margin alone is counted" in found["note"]
    assert "in another currency than EUR" in elsewhere["note"]


async def test_a_refund_of_everything_leaves_the_cost_of_serving(kept: Kept, shop: Site):
    found = await costly(
        kept,
        *(ordered("back", 2_000, 500), refunded("back", 2_000, data={"order": "back"}), *served("back", minutes=2)),
        staff_minute="1 EUR",
    )

    assert [(one["margin"], one["result"]) for one in found["rows"]] == [("0.00", "-2.00")]


DAYS = 24 * 60


def asked_in_vain(who: str, day: float, seq: int = 1) -> list[Interaction]:
    where = {"conversation": f"of {who}", "seq": seq}
    return [did(who, Kind.MESSAGE, day * DAYS, **where), did(who, Kind.UNANSWERED, day * DAYS + 0.1, **where)]


async def silent(kept: Kept, *happened: Interaction, now: int = 0) -> dict[str, dict[str, Any]]:
    await kept.store.write(append, list(happened))
    await kept.store.write(rebuild_all, SHOP)
    report = await profiles(kept.store, SHOP, log=kept.folder, now=at(days=now, hours=1))
    return {one["person"]: one for one in report["silent"]["rows"]}


async def test_best_customers_nobody_talked_with_for_sixty_days_are_listed_with_reasons(kept: Kept, shop: Site):
    complaint = {"kind": "complaint", "text": "It came torn", "start": 0, "end": 12, "topics": []}
    listed = await silent(
        kept,
        *(ordered("asked", 900, None), *asked_in_vain("asked", -61)),
        *(ordered("lately", 800, None), *asked_in_vain("lately", -59)),
        *(agreed("needs"), bought("needs", 700, at=at(days=-90))),
        heard("needs", facts=[["need", "a scarf"]], statements=[complaint]),
        bought("never", 600, at=at(days=-80)),
    )

    assert list(listed) == ["v:asked", "v:needs", "v:never"]
    assert [one["kind"] for one in listed["v:asked"]["reasons"]] == ["unanswered question", "last order"]
    assert (listed["v:asked"]["talked"], listed["v:never"]["talked"]) == ("2025-12-31", None)
    assert [reason(one) for one in listed["v:needs"]["reasons"]] == [
        "Complained on 2026-03-02: “It came torn”",
        "Looks for something, said on 2026-03-02: “a scarf”",
        "Last ordered on 2025-12-02, for 7.00 EUR.",
    ]


async def test_what_staff_answered_and_what_was_bought_since_is_no_reason(kept: Kept, shop: Site):
    where = {"conversation": "of v", "data": {"from": "staff"}}
    listed = await silent(
        kept,
        *(agreed("v"), *asked_in_vain("v", -70), did("v", Kind.ANSWER, -69 * DAYS, **where)),
        *(heard("v", facts=[["need", "a scarf"]]), bought("v", 900, at=at(minutes=30))),
    )

    assert [one["kind"] for one in listed["v:v"]["reasons"]] == ["last order"]


async def test_who_was_talked_with_before_the_window_alone_is_known_of(kept: Kept, shop: Site):
    await kept.store.write(append, [*asked_in_vain("v", -400), bought("v", 900)])

    report = await profiles(kept.store, SHOP, "2026-03-01", "2026-03-02", log=kept.folder, now=at(hours=1))

    assert [one["talked"] for one in report["silent"]["rows"]] == ["2025-01-26"]

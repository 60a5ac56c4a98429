"""The pages about objectives: set down, seen, changed and closed by forms; and everything that can be given wrong."""

import csv
import io
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer

from bot.store.audit import Act
from bot.store.interactions import append
from bot.store.objectives import Objective, objectives_of
from bot.store.people import disable
from bot.store.staff import NewMember
from tests.cast import DANA, SHOP, at
from tests.gateway.front_office import Browser, Office
from tests.gateway.test_audit import written
from tests.insights.happened import viewed
from tests.insights.objectives.planted import DAY

PAGE = "/insights/objectives"
REACH = {
    "site": SHOP, "name": "More people find us", "measure": "awareness", "scope": "site", "since": "2026-03-02",
    "until": "2026-03-31", "target": "1,200", "smallest": "100", "baseline": "1000",
}  # fmt: skip
NASTY = "=HYPERLINK(1)<script>alert(1)</script>"


@pytest.fixture
async def reach(maya: NewMember) -> dict[str, str]:
    return REACH | {"owner": maya.id}


@pytest.fixture
async def danas(server: TestServer, office: Office) -> AsyncIterator[Browser]:
    async with Browser(server) as browser:
        await browser.is_signed_in(office, await office.hire(DANA))
        yield browser


async def the_one(office: Office) -> Objective:
    (found,) = await office.store.read(objectives_of, SHOP)
    return found


async def test_what_is_set_down_is_shown_with_how_it_stands(mayas: Browser, office: Office, reach: dict[str, str]):
    await office.store.write(append, viewed("anna", -2, -1))

    made = await mayas.post(PAGE, reach)
    one, every = await mayas.get(made.location), await mayas.get(PAGE)

    assert (made.status, one.status, every.status) == (303, 200, 200)
    assert "Too few to judge: 0 of 7 days that it takes have passed." in one.words
    assert "Baseline as it was given 1,000 So far counted, not estimated 1" in one.words
    assert "Wanted to reach 1,200 +200" in one.words
    assert "The baseline was given, not counted" in one.words
    assert "More people find us" in every.words and "was 1,000" in every.words
    assert "Nobody is mailed: the name Maya is no mail address." in one.words


async def test_without_a_baseline_the_days_before_tell_it(mayas: Browser, office: Office, reach: dict[str, str]):
    before = [one for number in range(40) for one in viewed(f"p{number}", -30 * DAY + number, -DAY)]
    await office.store.write(append, before)

    await mayas.post(PAGE, reach | {"baseline": "", "target": "60", "smallest": "5"})

    one = await the_one(office)
    assert (one.baseline, one.baseline_since, one.baseline_until) == (40, "2026-01-31", "2026-03-01")


WRONG: list[tuple[dict[str, str], str]] = [
    ({"target": "900"}, "The target, 900, is not above the baseline, 1,000"),
    ({"target": "1000"}, "is not above the baseline"),
    ({"target": "lots"}, "The target is “lots”; write a number, e.g. 1200."),
    ({"target": ""}, "The target is “”"),
    ({"target": "1200.5"}, "people are whole"),
    ({"target": "9" * 14}, "more than there can be"),
    ({"target": "-5"}, "write a number"),
    ({"smallest": "0"}, "The smallest change that matters is nothing"),
    ({"smallest": "201"}, "The smallest change that matters, 201, is more than what is wanted, 200."),
    ({"until": "2026-03-01"}, "It ends on 2026-03-01, before it begins on 2026-03-02."),
    ({"since": "2026-02-01", "until": "2026-03-01"}, "Its last day, 2026-03-01, is past"),
    ({"until": ""}, "Give its last day"),
    ({"until": "2026-02-30"}, "The last day is “2026-02-30”; give a day"),
    ({"until": "9999-12-31"}, "give a day between 2000-01-01 and 2099-12-31"),
    ({"until": "2031-01-01"}, "three years are the most"),
    ({"since": "1999-12-31"}, "give a day between"),
    ({"since": "2024-01-01"}, "more than a year from today"),
    ({"since": "2028-01-01", "until": "2028-02-01"}, "more than a year from today"),
    ({"name": " \u200b\n"}, "Give it a name"),
    ({"name": "x" * 10_000}, "The name has 10,000 characters; write 120 at most."),
    ({"measure": "luck"}, "The measure is “luck”; there are awareness, engagement"),
    ({"measure": ""}, "The measure is “”"),
    ({"owner": "nobody"}, "Say whose it is"),
    ({"scope": "galaxy"}, "It is about “galaxy”"),
    ({"scope": "pages", "within": ""}, "Write at least one page"),
    ({"scope": "pages", "within": "https://elsewhere.example/a"}, "is no page of this site"),
    ({"scope": "pages", "within": "http://["}, "is no page of this site"),
    ({"scope": "pages", "within": "\n".join(f"/p{number}" for number in range(21))}, "20 at most"),
    ({"scope": "campaign", "campaign": ""}, "Write the campaign"),
    ({"scope": "channel", "channel": "pigeons"}, "“pigeons” is no channel"),
    ({"measure": "sales", "currency": "euro"}, "The currency is “euro”"),
    ({"measure": "engagement", "target": "101 %", "baseline": "1"}, "a share is 100 % at most"),
    ({"measure": "engagement", "target": "0.12", "baseline": "10"}, "Shares are written in percent"),
    ({"baseline": ""}, "Nothing was noted in the days before, so there is no baseline: give it"),
]


async def test_what_is_wrong_is_told_and_nothing_is_kept(mayas: Browser, office: Office, reach: dict[str, str]):
    pages = [(await mayas.post(PAGE, reach | wrong), said) for wrong, said in WRONG]

    assert {page.status for page, _ in pages} == {400}
    assert [said for page, said in pages if said not in page.words or "Nothing was kept." not in page.words] == []
    assert await office.store.read(objectives_of, SHOP) == []


async def test_two_alike_in_days_that_overlap_are_one(mayas: Browser, office: Office, reach: dict[str, str]):
    await mayas.post(PAGE, reach)

    again = await mayas.post(PAGE, reach | {"name": "The same again", "since": "2026-03-31", "until": "2026-04-30"})
    later = await mayas.post(PAGE, reach | {"since": "2026-04-01", "until": "2026-04-30"})

    assert again.status == 400
    assert "“More people find us” counts the same in days that overlap (2026-03-02 to 2026-03-31)" in again.words
    assert later.status == 303


async def test_a_name_with_markup_or_a_formula_is_text_everywhere(mayas: Browser, reach: dict[str, str]):
    made = await mayas.post(PAGE, reach | {"name": NASTY})
    pages = [await mayas.get(path) for path in (PAGE, made.location, f"{made.location}/edit")]
    (row,) = csv.DictReader(io.StringIO((await mayas.get(f"{PAGE}.csv")).text))

    assert all(
        ("<script>alert" not in page.text and NASTY in page.words) or "&lt;script&gt;" in page.text for page in pages
    )
    assert row["name"] == f"'{NASTY}"
    assert (row["status"], row["label"], row["target"]) == ("too few to judge", "descriptive", "1200.0")


async def test_a_change_is_kept_with_what_was_wanted_at_first(mayas: Browser, office: Office, reach: dict[str, str]):
    await mayas.post(PAGE, reach)
    one = await the_one(office)
    form = await mayas.get(f"{PAGE}/{one.id}/edit")

    kept = await mayas.post(
        f"{PAGE}/{one.id}/change", {"version": "1", "target": "1500", "until": "2026-04-30", "owner": one.owner}
    )
    after = await the_one(office)

    assert 'value="1200"' in form.text and kept.status == 303
    assert (after.target, after.until, after.version) == (1500, "2026-04-30", 2)
    assert "At first the target was 1,200 and the last day was 2026-03-31." in (await mayas.get(kept.location)).words


async def test_of_two_who_change_it_at_once_the_second_is_told_who_was_first(
    mayas: Browser, office: Office, reach: dict[str, str]
):
    await mayas.post(PAGE, reach)
    one = await the_one(office)
    await mayas.post(f"{PAGE}/{one.id}/change", {"version": "1", "target": "1500"})

    second = await mayas.post(f"{PAGE}/{one.id}/change", {"version": "1", "target": "1300"})

    assert second.status == 409
    assert "Maya was first, at 2026-03-02 12:00 UTC, so nothing of yours was kept." in second.words
    assert f'href="/insights/objectives/{one.id}"' in second.text
    assert (await the_one(office)).target == 1500


async def test_what_is_closed_stays_closed(mayas: Browser, office: Office, reach: dict[str, str]):
    await mayas.post(PAGE, reach)
    one = await the_one(office)

    closed = await mayas.post(f"{PAGE}/{one.id}/close", {"version": "1", "why": "the <b>fair</b> is off"})
    again = await mayas.post(f"{PAGE}/{one.id}/close", {"version": "1"})
    edited = await mayas.get(f"{PAGE}/{one.id}/edit")
    page = await mayas.get(closed.location)

    assert (closed.status, again.status, edited.status) == (303, 409, 409)
    assert "“More people find us” was closed on 2026-03-02 by Maya, for good" in again.words
    assert "Ended: closed on 2026-03-02, before its last day." in page.words
    assert "the &lt;b&gt;fair&lt;/b&gt; is off" in page.text


async def test_all_that_is_done_to_it_is_in_the_audit_log(mayas: Browser, office: Office, reach: dict[str, str]):
    await mayas.post(PAGE, reach)
    one = await the_one(office)
    await mayas.post(f"{PAGE}/{one.id}/change", {"version": "1", "target": "1500", "name": "A secret name"})
    await mayas.post(f"{PAGE}/{one.id}/close", {"version": "2", "why": "a secret"})

    lines = [line for line in await written(office.store) if line.act == Act.SET_OBJECTIVE]

    assert [(line.subject, line.detail) for line in lines] == [
        (f"objective:{one.id}", "demo set down"),
        (f"objective:{one.id}", "demo changed, target 1200.0 to 1500.0"),
        (f"objective:{one.id}", "closed"),
    ]


async def test_an_owner_who_left_is_named_as_such(mayas: Browser, office: Office, reach: dict[str, str]):
    dana = await office.hire(DANA)
    made = await mayas.post(PAGE, reach | {"owner": dana.id})
    await office.store.write(disable, dana.id, at=at(), by=None)

    page = await mayas.get(made.location)

    assert "Dana is staff no longer: give it another owner." in page.words


async def test_agents_see_and_change_nothing(danas: Browser, mayas: Browser, office: Office, reach: dict[str, str]):
    made = await mayas.post(PAGE, reach)
    one = await the_one(office)

    seen = [await danas.get(path) for path in (PAGE, made.location)]
    refused = [await danas.get(f"{PAGE}/{what}") for what in ("new", "wizard", f"{one.id}/edit")]
    refused += [await danas.get(f"{PAGE}.csv"), await danas.post(PAGE, reach)]
    refused += [await danas.post(f"{PAGE}/{one.id}/{act}", {"version": "1"}) for act in ("change", "close")]

    assert [page.status for page in seen] == [200, 200]
    assert {page.status for page in refused} == {403}
    assert "Set one down" not in seen[0].words and "Close it" not in seen[1].words
    assert (await the_one(office)).closed_at is None


async def test_three_questions_lead_to_a_form_with_the_measure(mayas: Browser, office: Office):
    asked = await mayas.get(f"{PAGE}/wizard")
    told = await mayas.get(f"{PAGE}/wizard?what=buy&who=customers&notice=unknown")
    wrong = await mayas.get(f"{PAGE}/wizard?what=%3Cscript%3E")
    form = await mayas.get(f"{PAGE}/new?measure=loyalty")

    assert "What should be different?" in asked.words and "How would you notice?" in asked.words
    assert "Loyalty: buyers who came back" in told.words
    assert wrong.status == 400 and "&lt;script&gt;" in wrong.text
    assert '<option value="loyalty" selected>' in form.text


async def test_what_there_is_not_is_not_found(mayas: Browser, office: Office, reach: dict[str, str]):
    assert (await mayas.get(f"{PAGE}/nobodys")).status == 404
    assert (await mayas.get(f"{PAGE}?site=nobodys")).status == 404
    assert (await mayas.post(PAGE, reach | {"site": "nobodys"})).status == 404


async def test_a_site_without_objectives_says_what_one_is(mayas: Browser, office: Office):
    page = await mayas.get(PAGE)

    assert page.status == 200 and "Nothing is wanted yet" in page.words

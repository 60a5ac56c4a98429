"""The conversation score where staff and marketers look: in the conversation, in the staff's call, on the dashboard."""

from typing import Any

from aiohttp.test_utils import TestClient, TestServer

from bot.insights.scores import judge_all
from bot.store import staff
from bot.store.conversations import begin
from bot.store.staff import NewMember, speak, take
from bot.store.store import Store
from bot.store.turns import receive
from tests.asking import HATS, a_frame, ask, somebody
from tests.cast import DANA, MAYA, SHOP, at
from tests.gateway.front_office import Browser, Office


async def test_a_conversation_shows_its_score_with_its_parts_in_words(danas: Browser, store: Store):
    conversation = await somebody(store)
    await ask(store, conversation, "Do you ship to Norway?", found=HATS)

    page = await danas.get(f"/console/conversations/{conversation}")

    assert "Conversation score" in page.words
    # 5 words of 8 are all of 25, an answer 30, a reply 25; nobody asked on.
    assert "80 of 100; 0 is a monologue" in page.words
    assert "Visitor said 5 of 8 words 25 of 25" in page.words
    assert "Answered 1 of 1 questions 30 of 30" in page.words
    assert "Followed up 0 answers 0 of 20" in page.words
    assert "Pitches none" in page.words


async def test_the_score_that_is_shown_is_that_of_this_moment(danas: Browser, store: Store, dana: NewMember):
    conversation = await somebody(store)
    await ask(store, conversation, "Kayaks?")
    await store.write(take, conversation, dana, at=at())
    text = "Hurry, we have a discount! We do."
    await store.write(speak, conversation, dana, frame=a_frame(), text=text, note=False, at=at())

    page = await danas.get(f"/console/conversations/{conversation}")

    assert "Answered 1 of 1 questions 30 of 30" in page.words
    assert "Pitches 1 10 off" in page.words


async def test_while_the_visitor_has_said_nothing_there_is_none(danas: Browser, store: Store):
    conversation, _ = await store.write(begin, SHOP, at=at(), language="en", page=None)

    page = await danas.get(f"/console/conversations/{conversation.id}")

    assert "Nothing to judge: the visitor has said nothing yet." in page.words


async def test_while_the_bot_thinks_the_score_is_the_one_before(danas: Browser, store: Store):
    conversation = await somebody(store)
    await ask(store, conversation, "Do you ship to Norway?", found=HATS)
    await judge_all(store)
    await store.write(receive, conversation, frame=a_frame(), text="And to Finland?", page=HATS, at=at())

    page = await danas.get(f"/console/conversations/{conversation}")

    assert "80 of 100" in page.words


async def test_the_staffs_call_tells_the_score_and_what_was_counted(client: TestClient[Any, Any], store: Store):
    conversation = await somebody(store)
    await ask(store, conversation, "Do you ship to Norway?", found=HATS)
    member = await store.write(staff.add_member, DANA.name, DANA.role, at=at())

    before = await told(client, member, conversation)
    await judge_all(store)
    after = await told(client, member, conversation)

    assert before["score"] is None
    assert after["score"]["score"] == 80
    assert after["score"]["parts"][0] == {"part": "voice", "points": 25.0, "of": 25}
    assert after["score"]["counted"]["questions"] == 1


async def told(client: TestClient[Any, Any], member: NewMember, conversation: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {member.token}"}
    async with client.get(f"/v1/staff/conversations/{conversation}", headers=headers) as answer:
        found: dict[str, Any] = await answer.json()
        return found


async def test_the_report_about_pages_shows_how_they_were_talked_of(server: TestServer, office: Office, store: Store):
    await ask(store, await somebody(store), "Do you ship to Norway?", page=HATS, found=HATS)
    await judge_all(store)
    async with Browser(server) as browser:
        await browser.is_signed_in(office, await office.hire(MAYA))

        page = await browser.get("/insights/pages?sort=conversation_score&until=2100-01-01&since=2026-01-01")

    assert page.status == 200
    assert "80 mean of 1" in page.words
    assert "Talk 80 of 100, where 0 is a monologue:" in page.words
    assert "Answered: 1 of 1 questions" in page.words


async def test_the_dashboard_shows_the_sites_score_and_how_it_spreads(server: TestServer, office: Office, store: Store):
    async with Browser(server) as browser:
        await browser.is_signed_in(office, await office.hire(MAYA))
        without = await browser.get("/insights?since=2026-03-01&until=2026-03-03")
        await ask(store, await somebody(store), "Do you ship to Norway?", page=HATS, found=HATS)
        await ask(store, await somebody(store), "Are kayaks sold here?", page=HATS)
        await judge_all(store)

        page = await browser.get("/insights?since=2026-03-01&until=2026-03-03")

    assert "No conversation to judge" in without.words
    assert "61 of 100, where 0 is a monologue: the mean of 2 conversations" in page.words
    assert "Answered 1 of 2 questions" in page.words
    assert "80 to 100 50" in page.words

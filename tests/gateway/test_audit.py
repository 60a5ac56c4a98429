"""What is written of who looks and who changes, and the page on which an admin reads it."""

import csv
import io
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.gateway.house import now
from bot.store.audit import Act, of_conversation, record
from bot.store.audit_lines import PAGE_OF_LINES, Line, Wanted, lines
from bot.store.conversations import Conversation
from bot.store.forget import forget_conversation, forget_visitor
from bot.store.sites import Site
from bot.store.staff import NewMember, add_member
from bot.store.store import Store
from tests.cast import ALICE, DANA, SHOP, Person, at
from tests.gateway.front_office import Browser, Office
from tests.store.test_forget import someone

ADA = Person("Ada", "ada@shop.example", role="admin")
EVIL = "<script>alert('x')</script>"


@pytest.fixture
async def ada(office: Office) -> NewMember:
    return await office.hire(ADA)


@pytest.fixture
async def adas(server: TestServer, office: Office, ada: NewMember) -> AsyncIterator[Browser]:
    async with Browser(server) as browser:
        await browser.is_signed_in(office, ada)
        yield browser


async def written(store: Store, **wanted: Any) -> list[Line]:
    """The lines about visitors, earliest first, once those that are under way are written too."""
    await store.write(lambda connection: None)
    found = await store.read(lines, Wanted(**wanted), limit=1_000)
    return [one for one in reversed(found) if not one.subject.startswith("staff:")]


async def acts(store: Store) -> list[str]:
    return [one.act for one in await written(store)]


class TestWhatIsWritten:
    async def test_a_conversation_that_is_opened_is_a_look_and_a_reload_is_not_another(
        self, danas: Browser, office: Office, dana: NewMember
    ) -> None:
        known = await office.conversation("Hello")

        for _ in range(3):
            await danas.get(f"/console/conversations/{known.id}")
        (line,) = await written(office.store)
        office.clock.at = at(minutes=1)
        await danas.get(f"/console/conversations/{known.id}?before=1")

        assert (line.name, line.act, line.subject) == ("Dana", "opened", of_conversation(known.id))
        assert await acts(office.store) == ["opened", "opened"]

    async def test_a_list_that_stays_open_for_an_hour_is_one_look_of_each_who_looks(
        self, danas: Browser, adas: Browser, office: Office
    ) -> None:
        for minutes in (0, 20, 59, 60):
            office.clock.at = at(minutes=minutes)
            await danas.get("/console")
        await danas.get("/console?view=mine")
        await adas.get("/console?view=mine&page=gift")

        told = [(one.name, one.act, one.subject) for one in await written(office.store)]
        assert told == [
            ("Dana", "listed", "list:all"),
            ("Dana", "listed", "list:all"),
            ("Dana", "listed", "list:mine"),
            ("Ada", "listed", "list:mine"),
        ]
        assert "Dana looked at the list: Mine" in (await adas.get("/console/audit")).words

    async def test_what_is_not_there_or_not_for_them_is_no_look(self, danas: Browser, office: Office) -> None:
        known = await office.conversation("Hello")
        await danas.get("/console/conversations/nobodys")
        await danas.get("/console/files/nobodys")
        await danas.get("/insights/export/messages")
        await danas.post("/console/sign-out")
        await danas.get(f"/console/conversations/{known.id}")

        assert await acts(office.store) == []

    async def test_every_change_is_written_and_a_refused_one_is_not(
        self, danas: Browser, office: Office, adas: Browser
    ) -> None:
        there = f"/console/conversations/{(await office.conversation('Hello')).id}"

        for act in ("take", "take", "give-back", "ours", "theirs"):
            await danas.post(f"{there}/{act}")
        await danas.post(f"{there}/take")
        await adas.post(f"{there}/resolve")
        await danas.post(f"{there}/resolve")

        assert await acts(office.store) == ["took", "gave_back", "counted", "counted", "took", "resolved"]

    async def test_an_export_is_written_with_its_kind_and_no_words(self, adas: Browser, office: Office) -> None:
        await adas.get("/insights/export/messages?format=csv")

        (line,) = await written(office.store)
        assert (line.act, line.subject, line.detail) == ("exported", "export:messages", "demo csv")

    async def test_a_look_is_not_lost_when_the_server_is_stopped(
        self, store_url: str, office: Office, tmp_path: Path
    ) -> None:
        known, stopped = await office.conversation("Hello"), Store(store_url)
        leaving = Office(stopped, tmp_path)
        async with leaving.serve() as server, Browser(server) as browser:
            await browser.is_signed_in(leaving, await leaving.hire(DANA))
            await browser.get(f"/console/conversations/{known.id}")
        await stopped.close()

        assert await acts(office.store) == ["opened"]


class TestTheCalls:
    async def test_they_are_written_too(self, client: TestClient[Any, Any], store: Store, shop: Site) -> None:
        ada = await store.write(add_member, ADA.name, ADA.role, at=now())
        visitor, known = await store.write(someone, shop, customer=ALICE.customer, said="canary")
        bearer = {"Authorization": f"Bearer {ada.token}"}

        for method, path in (
            ("GET", f"conversations/{known.id}"),
            ("GET", f"profiles/{visitor}"),
            ("GET", "profiles/nobody"),
            ("POST", f"conversations/{known.id}/take"),
            ("POST", f"conversations/{known.id}/typing"),
            ("GET", "exports/profiles?format=jsonl"),
            ("GET", "exports/nonsense"),
        ):
            async with client.request(method, f"/v1/staff/{path}", headers=bearer) as answer:
                await answer.read()

        assert [(one.act, one.subject) for one in await written(store)] == [
            ("opened", of_conversation(known.id)),
            ("read_profile", f"visitor:{visitor}"),
            ("took", of_conversation(known.id)),
            ("exported", "export:profiles"),
        ]


class TestThePage:
    async def test_a_line_says_who_did_what_and_about_whom(
        self, adas: Browser, danas: Browser, office: Office, shop: Site
    ) -> None:
        _, known = await office.store.write(someone, shop, customer=ALICE.customer, said="Alice")
        await danas.get(f"/console/conversations/{known.id}")
        await office.store.write(lambda connection: None)

        page = await adas.get("/console/audit")

        assert "Dana opened the conversation: Alice" in page.words
        assert f'href="/console/conversations/{known.id}"' in page.text

    async def test_who_is_erased_has_no_name_there(
        self, adas: Browser, danas: Browser, office: Office, shop: Site
    ) -> None:
        visitor, known = await office.store.write(someone, shop, customer=ALICE.customer, said="Alice")
        await danas.get(f"/console/conversations/{known.id}")
        await office.store.write(forget_visitor, SHOP, visitor)

        page = await adas.get("/console/audit")
        file = await adas.get("/console/audit.csv")

        assert "Dana opened the conversation: Somebody who was erased" in page.words
        for trace in ("Alice", known.id, visitor):
            assert trace not in page.text and trace not in file.text

    async def test_what_visitors_and_members_chose_is_text(
        self, adas: Browser, office: Office, shop: Site, ada: NewMember
    ) -> None:
        evil = await office.store.write(add_member, EVIL, "agent", at=at())
        _, known = await office.store.write(someone, shop, customer=ALICE.customer, said=EVIL)
        await office.store.write(
            record, at=at(), staff=evil.id, act=Act.OPENED, subject=of_conversation(known.id), detail=EVIL
        )

        page = await adas.get("/console/audit")

        assert page.status == 200
        assert "<script>alert" not in page.text

    async def test_to_whom_it_was_assigned_is_told_by_name(
        self, adas: Browser, office: Office, ada: NewMember, dana: NewMember
    ) -> None:
        known = await office.conversation("Hello")
        await office.store.write(
            record,
            at=at(),
            staff=ada.id,
            act=Act.ASSIGNED,
            subject=of_conversation(known.id),
            detail=f"staff:{dana.id}",
        )

        page = await adas.get("/console/audit?act=assigned")

        assert "Ada assigned the conversation: Visitor" in page.words
        assert '<span class="chip"><bdi>Dana</bdi></span>' in page.text

    async def test_it_is_narrowed_by_who_what_whose_and_when(
        self, adas: Browser, office: Office, shop: Site, ada: NewMember, dana: NewMember
    ) -> None:
        visitor, known = await office.store.write(someone, shop, customer=ALICE.customer, said="Alice")
        other = (await office.conversation("Hello")).id
        for staff, act, subject, days in (
            (dana.id, Act.OPENED, of_conversation(known.id), 1),
            (ada.id, Act.READ_PROFILE, f"visitor:{visitor}", 1),
            (dana.id, Act.OPENED, of_conversation(other), 2),
            (None, Act.RESOLVED, of_conversation(other), 2),
        ):
            await office.store.write(record, at=at(days=days), staff=staff, act=act, subject=subject)

        async def count(query: str) -> int:
            return (await adas.get(f"/console/audit.csv?{query}")).text.count("\r\n") - 1

        assert await count(f"who={dana.id}") == 2
        # Beside Ada's own line, that both were added is the command line's.
        assert await count("who=command") == 3
        assert await count("act=opened") == 2
        assert await count(f"subject=visitor:{visitor}") == 2
        assert await count(f"subject=customer:{SHOP}:{ALICE.customer}") == 1
        assert await count(f"subject={of_conversation(other)}&act=opened") == 1
        assert await count("day=2026-03-03") == 2
        assert await count("day=2026-03-03&who=nobody") == 0
        assert await count("day=&who=&act=&subject=") >= 6

    @pytest.mark.parametrize(
        "query",
        [
            "act=king",
            "day=yesterday",
            "day=0001-01-01",
            "day=99999-01-01",
            "who=%00",
            f"subject={'x' * 201}",
            "act=%00",
        ],
    )
    async def test_what_means_nothing_is_refused_with_what_to_do(self, adas: Browser, query: str) -> None:
        for path in ("/console/audit", "/console/audit.csv"):
            assert (await adas.get(f"{path}?{query}")).status == 400

    @pytest.mark.parametrize("after", ["x", "1", "1.", ".1", "1.x", "9999999999999999999.1", "1.%00", "-1.1"])
    async def test_a_page_that_none_leads_to_is_not_found(self, adas: Browser, after: str) -> None:
        assert (await adas.get(f"/console/audit?after={after}")).status == 404

    async def test_no_line_comes_twice_or_is_left_out_when_new_ones_come_between(
        self, adas: Browser, office: Office
    ) -> None:
        for number in range(PAGE_OF_LINES + 20):
            await office.store.write(
                record,
                at=at(seconds=number // 3),
                staff=None,
                act=Act.LABELED,
                subject="search",
                detail=f"line{number:03}",
            )

        first = await adas.get("/console/audit?act=labeled")
        for number in range(5):
            await office.store.write(
                record, at=at(hours=1), staff=None, act=Act.LABELED, subject="search", detail=f"late{number}"
            )
        link = re.search(r'href="(/console/audit\?[^"]*after=[^"]+)"', first.text)
        assert link is not None
        rest = await adas.get(link.group(1).replace("&amp;", "&"))

        shown = re.findall(r"line\d{3}|late\d", first.text + rest.text)
        assert shown == [f"line{number:03}" for number in reversed(range(PAGE_OF_LINES + 20))]

    async def test_its_file_runs_nothing_in_a_spreadsheet(self, adas: Browser, office: Office) -> None:
        evil = await office.store.write(add_member, "=HYPERLINK(1)", "agent", at=at())
        await office.store.write(record, at=at(), staff=evil.id, act=Act.LABELED, subject="@x", detail="+1")

        page = await adas.get("/console/audit.csv?act=labeled")

        (header, line) = csv.reader(io.StringIO(page.text))
        assert header == ["at", "staff", "name", "act", "subject", "detail"]
        assert line[2:] == ["'=HYPERLINK(1)", "labeled", "'@x", "'+1"]
        assert page.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'

    async def test_who_reads_it_and_who_takes_it_away_is_written_too(self, adas: Browser, office: Office) -> None:
        await adas.get("/console/audit")
        await adas.get("/console/audit.csv")

        assert await acts(office.store) == ["read_audit", "exported"]

    async def test_nobody_else_reads_it(self, danas: Browser) -> None:
        for path in ("/console/audit", "/console/audit.csv"):
            assert (await danas.get(path)).status == 403


async def test_every_act_has_words_of_its_own() -> None:
    assert len({act.words for act in Act}) == len(Act)
    assert all(act.words and act.words[0].islower() and not act.words.endswith(".") for act in Act)


async def test_erasing_one_conversation_leaves_the_lines_of_others(store: Store, shop: Site, office: Office) -> None:
    kept: Conversation = await office.conversation("Hello")
    gone = await office.conversation("Hello")
    for one in (kept, gone):
        await store.write(record, at=at(), staff=None, act=Act.RESOLVED, subject=of_conversation(one.id))

    await store.write(forget_conversation, gone.id)

    subjects = [one.subject for one in await written(store)]
    assert subjects[0] == of_conversation(kept.id)
    assert subjects[1].startswith("conversation:erased-")

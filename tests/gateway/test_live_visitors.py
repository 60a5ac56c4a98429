"""Who is on which page now, as the console shows it; and a person's invitation, to the visitor and back."""

import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection, select

from bot.gateway import events
from bot.gateway.on_pages import HERE_FOR_US
from bot.interactions import CustomerId, Kind, Microseconds, VisitorId
from bot.site_changes import changed
from bot.store.consents import link_visitor
from bot.store.console_tables import invitations
from bot.store.forget import forget_visitor
from bot.store.purchases import Notice, record
from bot.store.sites import Site, add_site, change_settings
from bot.store.store import Store
from bot.store.visitors import link, mark_staff, set_consent
from tests.cast import ALICE, DANA, ORIGIN, SHOP, Person, at
from tests.gateway.doors import BROWSER, a_batch, an_event
from tests.gateway.front_office import Browser, Office, Page

LENA = Person("Lena", "lena@shop.example", role="agent")
EVIL = "<script>alert('x')</script><img src=x onerror=alert(1)>"
WORDS = "May I help you choose?"
MINUTE = HERE_FOR_US


class Shop:
    """The site's pages, as far as the gateway hears of them."""

    def __init__(self, office: Office, server: TestServer) -> None:
        self.office, self._client = office, TestClient(server, headers={"User-Agent": BROWSER})
        self._number = 0

    async def close(self) -> None:
        await self._client.session.close()

    async def happens(self, visitor: str | None = None, *told: dict[str, Any], agreed: bool = True) -> Any:
        batch = a_batch(*told, visitor=visitor, agreed=agreed)
        async with self._client.post("/v1/events", json=batch) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def view(self, visitor: str | None = None, path: str = "/hats", **more: Any) -> Any:
        told = self.event("page_view", path, title=more.pop("title", f"Page {path}"))
        return await self.happens(visitor, told, **more)

    async def present(self, visitor: str, path: str = "/hats") -> Any:
        return await self.happens(visitor, self.event("present", path, title=f"Page {path}"))

    async def report(self, visitor: str, what: str, invite: str) -> Any:
        told = self.event("track", "/hats", name=f"invite_{what}", props={"invite": invite})
        return await self.happens(visitor, told)

    def event(self, type: str, path: str, **more: Any) -> dict[str, Any]:
        self._number += 1
        return an_event(self._number, type=type, url=f"{ORIGIN}{path}", at=None, **more)


@pytest.fixture
def office(store: Store, shop: Site, tmp_path: Path) -> Office:
    office = Office(store, tmp_path)
    office.app.add_routes(events.routes)
    return office


@pytest.fixture
async def server(office: Office) -> AsyncIterator[TestServer]:
    # Nobody held out, so that no test depends on a lot.
    await office.store.write(add_site, SHOP, at=at(), holdout=0.0)
    async with office.serve() as server:
        yield server


@pytest.fixture
async def site(office: Office, server: TestServer) -> AsyncIterator[Shop]:
    site = Shop(office, server)
    yield site
    await site.close()


@pytest.fixture
async def danas(server: TestServer, office: Office) -> AsyncIterator[Browser]:
    async with Browser(server) as browser:
        await browser.is_signed_in(office, await office.hire(DANA))
        yield browser


async def invites(browser: Browser, visitor: str, text: str = WORDS, id: str | None = None) -> Page:
    fields = {"visitor": visitor, "text": text, "id": id or str(uuid.uuid4())}
    return await browser.post("/console/visitors/invite", fields)


async def live(browser: Browser) -> str:
    page = await browser.get("/console/visitors")
    assert page.status == 200
    return page.words


def written(connection: Connection) -> list[str]:
    return list(connection.execute(select(invitations.c.text)).scalars())


async def test_who_agreed_is_shown_on_their_page_and_for_how_long(danas: Browser, site: Shop, office: Office):
    seen = await site.view(path="/hats", title="Wool hats")
    office.clock.at = at(minutes=0.5)
    await site.view(seen["visitor"], "/scarves", title="Scarves")
    office.clock.at = at(minutes=1.5)
    await site.present(seen["visitor"], "/scarves")
    office.clock.at = at(minutes=2.5)
    await site.present(seen["visitor"], "/scarves")

    told = await live(danas)

    assert f"Visitor {seen['visitor'][:6]}" in told
    assert "Page /scarves on this page for 2 min, here for 2 min" in told
    assert "Passive visitor" in told and "Invite" in told


@pytest.mark.parametrize(("later", "there"), [(MINUTE, True), (MINUTE + 1, False)])
async def test_who_was_not_heard_of_for_a_minute_is_gone(
    danas: Browser, site: Shop, office: Office, later: int, there: bool
):
    seen = await site.view()

    office.clock.at = Microseconds(at() + later)

    assert (seen["visitor"][:6] in await live(danas)) is there


async def test_the_browsers_clock_does_not_decide_who_is_there(danas: Browser, site: Shop):
    slow = an_event(1, url=f"{ORIGIN}/hats", at="2026-03-02T11:45:00Z")
    kept = an_event(2, url=f"{ORIGIN}/hats", at="2026-03-02T11:30:00Z")

    seen = await site.happens(None, slow)
    late = await site.happens(None, kept)

    told = await live(danas)
    assert seen["visitor"][:6] in told and late["visitor"][:6] not in told


async def test_who_did_not_agree_is_a_number_on_a_page(danas: Browser, site: Shop):
    await site.view(path="/hats?mail=alice@customers.example", agreed=False)
    await site.view(path="/hats", agreed=False)

    told = await live(danas)

    assert "Nobody who agreed" in told
    assert "2 page views in the last minute" in told and "/hats 2" in told
    assert "alice" not in told


async def test_who_withdrew_was_erased_or_is_one_of_us_is_not_shown(danas: Browser, site: Shop, store: Store):
    ids = [VisitorId((await site.view())["visitor"]) for _ in range(3)]

    await store.write(set_consent, ids[0], measure=False, memory=False, at=at())
    await store.write(forget_visitor, SHOP, ids[1])
    await store.write(mark_staff, ids[2])

    assert "Nobody who agreed" in await live(danas)


async def test_their_name_value_and_conversation_are_shown(danas: Browser, site: Shop, store: Store, shop: Site):
    seen, other = await site.view(), await site.view()
    await store.write(
        record,
        shop,
        Notice(
            id="order-1", kind=Kind.PURCHASE, at=at(), value=4990, currency="EUR", visitor=seen["visitor"],
            customer=ALICE.customer, name="Alice Archer",
        ),
        at=at(),
    )  # fmt: skip
    talks = await site.office.conversation("Hello")
    await store.write(link_visitor, talks.id, other["visitor"], at=at())

    page = await danas.get("/console/visitors")

    assert "Alice Archer 49.90 EUR Silent buyer" in page.words
    assert f'href="/console/conversations/{talks.id}#end"' in page.text


async def test_an_invitation_goes_with_the_next_sign_of_life_until_it_is_shown(danas: Browser, site: Shop):
    visitor = (await site.view())["visitor"]
    assert (await invites(danas, visitor)).location == f"/console/visitors#v{visitor}"
    assert "not on their screen yet" in (await live(danas)).lower()

    first, again = await site.present(visitor), await site.view(visitor, "/socks")

    invite = first["invite"]
    assert invite == {"id": invite["id"], "text": WORDS, "after_s": 0, "trigger": None, "by": "Dana"}
    assert again["invite"] == invite
    assert (await site.report(visitor, "shown", invite["id"]))["invite"] is None
    assert (await site.present(visitor))["invite"] is None
    assert "They see it" in await live(danas)


@pytest.mark.parametrize(("what", "shown"), [("accepted", "Accepted"), ("closed", "Closed")])
async def test_what_became_of_it_is_shown(danas: Browser, site: Shop, what: str, shown: str):
    visitor = (await site.view())["visitor"]
    await invites(danas, visitor)
    invite = (await site.present(visitor))["invite"]

    await site.report(visitor, "shown", invite["id"])
    await site.report(visitor, what, invite["id"])

    assert f"{WORDS} {shown}." in await live(danas)
    assert (await site.present(visitor))["invite"] is None


async def test_what_was_not_shown_in_the_visit_was_not_seen(danas: Browser, site: Shop, office: Office):
    visitor = (await site.view())["visitor"]
    await invites(danas, visitor)

    office.clock.at = at(minutes=30)
    back = await site.view(visitor)

    assert back["invite"] is None
    assert "not seen" in await live(danas)


async def test_the_second_who_invites_gets_a_sentence(
    danas: Browser, site: Shop, office: Office, server: TestServer, store: Store
):
    visitor = (await site.view())["visitor"]
    await invites(danas, visitor)
    async with Browser(server) as lenas:
        await lenas.is_signed_in(office, await office.hire(LENA))

        second = await invites(lenas, visitor, "Hello from Lena")

    assert second.status == 409
    assert "Dana has invited this visitor already" in second.words
    assert await store.read(written) == [WORDS]


async def test_in_the_next_visit_they_may_be_invited_again(danas: Browser, site: Shop, office: Office):
    visitor = (await site.view())["visitor"]
    await invites(danas, visitor)
    await site.present(visitor)
    office.clock.at = at(minutes=30)
    await site.view(visitor)

    assert (await invites(danas, visitor, "Welcome back")).status == 303
    assert (await site.present(visitor))["invite"]["text"] == "Welcome back"


async def test_pressed_twice_it_is_sent_once(danas: Browser, site: Shop, store: Store):
    visitor, id = (await site.view())["visitor"], str(uuid.uuid4())

    pressed = [await invites(danas, visitor, id=id) for _ in range(2)]

    assert [page.status for page in pressed] == [303, 303]
    assert await store.read(written) == [WORDS]


async def test_who_closed_any_invite_is_never_invited_again(danas: Browser, site: Shop):
    visitor = (await site.view())["visitor"]
    await site.report(visitor, "closed", "a-rule")

    assert "has closed an invitation before" in (await invites(danas, visitor)).words


async def test_who_closed_one_elsewhere_is_not_invited_here(danas: Browser, site: Shop, store: Store):
    phone, laptop = [(await site.view())["visitor"] for _ in range(2)]
    for one in (phone, laptop):
        await store.write(link, SHOP, VisitorId(one), CustomerId("alice"), evidence="identify", at=at())
    await site.report(phone, "closed", "a-rule")

    assert (await invites(danas, laptop)).status == 409


async def test_who_talks_is_not_interrupted(danas: Browser, site: Shop, store: Store):
    visitor = (await site.view())["visitor"]
    await invites(danas, visitor)
    talks = await site.office.conversation("Hello")
    await store.write(link_visitor, talks.id, visitor, at=at())

    assert (await site.present(visitor))["invite"] is None
    assert "talks already" in (await invites(danas, visitor)).words


async def test_who_is_held_out_is_never_invited(danas: Browser, site: Shop, store: Store):
    await store.write(add_site, SHOP, at=at(), holdout=1.0)
    site.office.app[events.HOUSE]._sites.clear()
    seen = await site.view()
    assert seen["arm"] == "held_out"

    page, refused = await live(danas), await invites(danas, await _only(danas))

    assert "Held out of the chat" in page
    assert "not to be invited" in refused.words


async def _only(browser: Browser) -> str:
    page = await browser.get("/console/visitors")
    return page.text.partition('<li id="v')[2].partition('"')[0]


async def test_a_rule_waits_for_the_person(danas: Browser, site: Shop, store: Store):
    await store.write(change_settings, SHOP, lambda s: changed(s, file=None, told=['invites=[{"id":"r","text":"Hi"}]']))
    visitor = (await site.view())["visitor"]
    await invites(danas, visitor)

    assert (await site.view(visitor))["invite"]["by"] == "Dana"


async def test_who_left_is_not_invited(danas: Browser, site: Shop, office: Office, store: Store):
    visitor = (await site.view())["visitor"]
    office.clock.at = at(minutes=2)

    page = await invites(danas, visitor)

    assert page.status == 409 and "has left the site" in page.words
    assert (await invites(danas, "nobody")).status == 409
    assert await store.read(written) == []


@pytest.mark.parametrize("text", ["", "  ", "x" * 201])
async def test_words_that_are_none_or_too_many_are_told_and_kept(danas: Browser, site: Shop, text: str):
    visitor = (await site.view())["visitor"]

    page = await invites(danas, visitor, text)

    assert page.status == 400 and "1 to 200 characters" in page.words
    assert text.strip() in page.text
    assert (await invites(danas, visitor, "x" * 200)).status == 303


async def test_an_invitation_without_an_id_of_its_own_is_refused(danas: Browser, site: Shop):
    visitor = (await site.view())["visitor"]

    assert (await invites(danas, visitor, id="1")).status == 400


async def test_whatever_pages_and_people_are_called_is_text(danas: Browser, site: Shop):
    visitor = (await site.view(path="/?q=%3Cscript%3E", title=EVIL))["visitor"]
    await invites(danas, visitor, EVIL)

    page = await danas.get("/console/visitors")

    assert "<script>alert" not in page.text and "<img" not in page.text


async def test_the_erased_leave_no_invitation(danas: Browser, site: Shop, store: Store):
    visitor = (await site.view())["visitor"]
    await invites(danas, visitor)

    await store.write(forget_visitor, SHOP, VisitorId(visitor))

    assert await store.read(written) == []
    assert (await site.present(visitor))["invite"] is None


@pytest.mark.parametrize("page", ["0", "x", "-1", "99999"])
async def test_a_page_that_cannot_be_is_not_found(danas: Browser, page: str):
    assert (await danas.get(f"/console/visitors?page={page}")).status == 404


async def test_the_list_comes_in_pages_of_fifty(danas: Browser, site: Shop):
    for _ in range(51):
        await site.view()

    first, second = await danas.get("/console/visitors"), await danas.get("/console/visitors?page=2")

    assert (first.text.count('<li id="v'), second.text.count('<li id="v')) == (50, 1)
    assert 'href="/console/visitors?page=2"' in first.text

"""Who is invited to talk, on which page, and who never is."""

import json
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest

from bot.interactions import CustomerId, VisitorId
from bot.site_changes import changed
from bot.store.consents import link_visitor
from bot.store.conversations import begin
from bot.store.forget import forget_visitor
from bot.store.sites import Site, add_site, change_settings
from bot.store.staff import add_member, resolve
from bot.store.store import Store
from bot.store.visitors import link
from tests.cast import DANA, ORIGIN, SHOP, at
from tests.gateway.doors import Client, Clock, a_batch, an_event, doors

HELP = {"id": "help", "text": {"en": "Any question?", "de": "Noch Fragen?"}, "pages": ["/shipping*"], "after_s": 25}
BACK = {"id": "back", "text": "Welcome back", "visits": 2}
CHART = {"id": "chart", "text": "Which size?", "trigger": "size-chart", "pages": ["/shipping*"]}
NOTHING = (None, [])


@pytest.fixture
def clock() -> Clock:
    return Clock(at())


@pytest.fixture
async def client(store: Store, shop: Site, clock: Clock) -> AsyncIterator[Client]:
    """The shop's three invites, and nobody held out, so that no test depends on a lot."""
    await store.write(add_site, SHOP, at=at(), holdout=0.0)
    await sets(store, f"invites={json.dumps([HELP, BACK, CHART])}")
    async with doors(store, clock) as client:
        yield client


async def sets(store: Store, *told: str) -> None:
    await store.write(change_settings, SHOP, partial(changed, file=None, told=told))


async def send(client: Client, batch: Any, **headers: str) -> Any:
    async with client.post("/v1/events", json=batch, headers=headers) as response:
        assert response.status == 200, await response.text()
        return await response.json()


def a_view(number: int, page: str = "/shipping.html", **changes: Any) -> dict[str, Any]:
    return an_event(number, url=f"{ORIGIN}{page}", **changes)


def a_report(number: int, what: str, invite: object = "help") -> dict[str, Any]:
    return an_event(number, type="track", name=f"invite_{what}", props={"invite": invite}, at=None)


def ids(answer: Any) -> tuple[str | None, list[str]]:
    return (answer["invite"] or {}).get("id"), [one["id"] for one in answer["triggers"]]


async def test_the_first_rule_for_the_page_is_given_with_its_wait_and_triggers_beside_it(client: Client):
    answer = await send(client, a_batch(a_view(1, "/"), a_view(2)))

    assert answer["invite"] == {"id": "help", "text": "Any question?", "after_s": 25, "trigger": None}
    assert answer["triggers"] == [{"id": "chart", "text": "Which size?", "after_s": 0, "trigger": "size-chart"}]


async def test_the_same_batch_again_is_answered_alike(client: Client):
    first = await send(client, a_batch(a_view(1)))

    again = await send(client, a_batch(a_view(1), visitor=first["visitor"]))

    assert ids(again) == ids(first) == ("help", ["chart"])


async def test_the_latest_page_view_decides_however_they_are_sorted(client: Client):
    late, early = a_view(1, at="2026-03-02T11:59:59Z"), a_view(2, "/", at="2026-03-02T11:59:58Z")

    assert ids(await send(client, a_batch(late, early))) == ("help", ["chart"])


async def test_a_batch_without_a_page_view_invites_nobody(client: Client):
    assert ids(await send(client, a_batch(an_event(1, type="opened", url=f"{ORIGIN}/shipping.html")))) == NOTHING


@pytest.mark.parametrize(("sent_at", "expected"), [("11:30:00.000001", ("help", ["chart"])), ("11:30:00", NOTHING)])
async def test_a_page_that_was_left_half_an_hour_ago_invites_nobody(client: Client, sent_at: str, expected: Any):
    assert ids(await send(client, a_batch(a_view(1, at=f"2026-03-02T{sent_at}Z")))) == expected


@pytest.mark.parametrize(
    ("language", "headers", "text"),
    [
        ("de-AT", {"Accept-Language": "en"}, "Noch Fragen?"),
        (None, {"Accept-Language": "de,en;q=0.8"}, "Noch Fragen?"),
        ("fr", {"Accept-Language": "de"}, "Any question?"),
        (7, {}, "Any question?"),
        ("x" * 36, {}, "Any question?"),
        ("\x00", {}, "Any question?"),
    ],
)
async def test_it_is_told_in_the_browsers_language(client: Client, language: Any, headers: dict[str, str], text: str):
    answer = await send(client, a_batch(a_view(1), language=language), **headers)

    assert answer["invite"]["text"] == text


async def test_a_rule_for_other_languages_is_not_given(client: Client, store: Store):
    await sets(store, f"invites={json.dumps([HELP | {'languages': ['ar']}])}")

    async with doors(store, Clock(at())) as fresh:
        assert ids(await send(fresh, a_batch(a_view(1), language="de"))) == NOTHING
        assert ids(await send(fresh, a_batch(a_view(2), language="ar-EG"))) == ("help", [])


async def test_a_rule_for_the_second_visit_waits_for_it(client: Client, clock: Clock):
    first = await send(client, a_batch(a_view(1, "/", at=None)))
    clock.now = at(minutes=29)
    same = await send(client, a_batch(a_view(2, "/", at=None), visitor=first["visitor"]))
    clock.now = at(minutes=59)
    second = await send(client, a_batch(a_view(3, "/", at=None), visitor=first["visitor"]))

    assert [ids(answer) for answer in (first, same, second)] == [NOTHING, NOTHING, ("back", [])]


async def test_who_did_not_agree_is_never_invited(client: Client):
    assert ids(await send(client, a_batch(a_view(1), agreed=False))) == NOTHING
    assert ids(await send(client, a_batch(a_view(2)), DNT="1")) == NOTHING
    assert ids(await send(client, a_batch(a_view(3)), **{"User-Agent": "Googlebot/2.1"})) == NOTHING


async def test_who_is_held_out_is_never_invited_not_even_in_conversation(client: Client, store: Store):
    await store.write(add_site, SHOP, at=at(), holdout=1.0)
    async with doors(store, Clock(at())) as fresh:
        held_out = await send(fresh, a_batch(a_view(1)))
        conversation, _ = await store.write(begin, SHOP, at=at(), language=None, page=None)
        await store.write(link_visitor, conversation.id, held_out["visitor"], at=at())

        talks = await send(fresh, a_batch(a_view(2), visitor=held_out["visitor"]))

    assert held_out["arm"] == "held_out" and (held_out["show"], talks["show"]) == (False, True)
    assert ids(held_out) == ids(talks) == NOTHING


async def test_who_is_in_conversation_is_not_interrupted(client: Client, store: Store):
    known = await send(client, a_batch(a_view(1)))
    conversation, _ = await store.write(begin, SHOP, at=at(), language=None, page=None)
    await store.write(link_visitor, conversation.id, known["visitor"], at=at())

    assert ids(await send(client, a_batch(a_view(2), visitor=known["visitor"]))) == NOTHING

    dana = await store.write(add_member, DANA.name, DANA.role, at=at())
    await store.write(resolve, conversation.id, dana, at=at())
    assert ids(await send(client, a_batch(a_view(3), visitor=known["visitor"]))) == ("help", ["chart"])


@pytest.mark.parametrize("what", ["shown", "accepted"])
async def test_an_invite_is_not_given_twice(client: Client, what: str):
    known = await send(client, a_batch(a_view(1), a_report(2, what)))

    assert ids(known) == (None, ["chart"])
    assert ids(await send(client, a_batch(a_view(3), visitor=known["visitor"]))) == (None, ["chart"])


async def test_who_closed_one_is_never_invited_again(client: Client):
    known = await send(client, a_batch(a_view(1), a_report(2, "closed", "another")))

    assert ids(known) == NOTHING
    assert ids(await send(client, a_batch(a_view(3), visitor=known["visitor"]))) == NOTHING


async def test_who_closed_one_elsewhere_is_not_invited_here(client: Client, store: Store):
    phone = await send(client, a_batch(a_view(1), a_report(2, "closed")))
    laptop = await send(client, a_batch(a_view(3)))
    assert ids(laptop) == ("help", ["chart"])

    for one in (phone, laptop):
        await store.write(
            link, SHOP, VisitorId(one["visitor"]), CustomerId("alice"), evidence="identify", at=at()
        )  # fmt: skip

    assert ids(await send(client, a_batch(a_view(4), visitor=laptop["visitor"]))) == NOTHING


async def test_what_others_closed_is_theirs(client: Client):
    await send(client, a_batch(a_view(1), a_report(2, "closed")))

    assert ids(await send(client, a_batch(a_view(3)))) == ("help", ["chart"])


@pytest.mark.parametrize("invite", [None, 7, ["help"], {"id": "help"}, "x" * 5_000])
async def test_a_report_of_no_invite_harms_nothing(client: Client, invite: object):
    assert ids(await send(client, a_batch(a_view(1), a_report(2, "shown", invite)))) == ("help", ["chart"])


async def test_a_forgotten_visitor_is_not_invited(client: Client, store: Store):
    known = await send(client, a_batch(a_view(1)))
    await store.write(forget_visitor, SHOP, VisitorId(known["visitor"]))

    assert ids(await send(client, a_batch(a_view(2), visitor=known["visitor"]))) == NOTHING


async def test_a_site_without_rules_invites_nobody(client: Client, store: Store):
    await sets(store, "invites=")
    async with doors(store, Clock(at())) as fresh:
        assert ids(await send(fresh, a_batch(a_view(1)))) == NOTHING

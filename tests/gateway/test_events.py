import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.gateway.events import BATCH_EVENTS, BODY_BYTES
from bot.gateway.senders import Senders
from bot.interactions import CONSENT_VERSION, Interaction, VisitorId
from bot.store.conversations import begin
from bot.store.counts import drops_of, views_of
from bot.store.forget import forget_visitor
from bot.store.interactions import span, window
from bot.store.noise import robots_and_staff
from bot.store.sites import Site, add_site
from bot.store.store import Store
from bot.store.tables import conversations
from bot.store.visitors import mark_staff
from tests.cast import ALICE, ORIGIN, SHOP, at
from tests.gateway.doors import BROWSER, Client, Clock, a_batch, an_event, doors

TODAY = "2026-03-02"


@pytest.fixture
async def client(store: Store, shop: Site) -> AsyncIterator[Client]:
    async with doors(store) as client:
        yield client


async def send(client: Client, batch: Any, **headers: str) -> Any:
    async with client.post("/v1/events", json=batch, headers=headers) as response:
        assert response.status == 200, await response.text()
        return await response.json()


def results(answer: Any) -> list[tuple[str, str | None]]:
    return [(one["status"], one["reason"]) for one in answer["results"]]


async def log(store: Store) -> list[Interaction]:
    whole = await store.read(span, SHOP, at(days=-9), at(days=9))
    if whole is None:
        return []
    rows = await store.read(window, SHOP, at(days=-9), at(days=9), after_id=0, last_id=whole[1], limit=9_999)
    return [row.interaction for row in rows]


async def kinds(store: Store) -> list[str]:
    return [one.kind.value for one in await log(store)]


async def dropped(store: Store) -> dict[str, int]:
    return {one.reason: one.count for one in await store.read(drops_of, SHOP, at(), at(hours=1))}


async def test_who_agrees_becomes_a_visitor_whose_pages_are_logged(client: Client, store: Store):
    answer = await send(client, a_batch(an_event(1), an_event(2)))

    assert results(answer) == [("accepted", None)] * 2
    assert [one["id"] for one in answer["results"]] == [an_event(1)["id"], an_event(2)["id"]]
    assert answer["invite"] is None and answer["arm"] in ("offered", "held_out")
    consent, one, two = await log(store)
    assert (consent.data, consent.visitor) == (
        {"measure": True, "memory": False, "version": CONSENT_VERSION},
        answer["visitor"],
    )
    assert (one.visitor, one.url, one.data["title"], one.at) == (answer["visitor"], f"{ORIGIN}/page-1", "Page 1", at())
    assert (one.arm, two.source_id) == (answer["arm"], f"{SHOP}:{an_event(2)['id']}")


ABROAD = {"Accept-Language": "de-AT,en;q=0.8", "Sec-CH-UA-Mobile": "?1", "CF-IPCountry": "at"}


async def test_with_a_page_view_language_device_and_country_are_noted(store: Store, shop: Site):
    async with doors(store, country_header="CF-IPCountry") as client:
        await send(client, a_batch(an_event(1), an_event(2, type="opened")), **ABROAD)

    _, view, opened = await log(store)
    assert {"language": "de", "device": "mobile", "country": "AT"}.items() <= view.data.items()
    assert not {"language", "device", "country"} & opened.data.keys()


async def test_no_country_is_noted_unless_the_operator_names_a_header(client: Client, store: Store):
    await send(client, a_batch(an_event(1)), **ABROAD)

    assert "country" not in (await log(store))[1].data


async def test_of_who_did_not_agree_neither_language_device_nor_country_is_kept(store: Store, shop: Site):
    async with doors(store, country_header="CF-IPCountry") as client:
        await send(client, a_batch(an_event(1), agreed=False), **ABROAD)

    assert await log(store) == []


async def test_the_visitor_stays_the_same_and_so_does_the_arm(client: Client):
    first = await send(client, a_batch(an_event(1)))

    second = await send(client, a_batch(an_event(2), visitor=first["visitor"]))

    assert (second["visitor"], second["arm"], second["show"]) == (first["visitor"], first["arm"], first["show"])


async def test_the_same_event_again_is_a_duplicate(client: Client, store: Store):
    first = await send(client, a_batch(an_event(1)))

    again = await send(client, a_batch(an_event(1), an_event(2), an_event(2), visitor=first["visitor"]))

    assert results(again) == [("duplicate", None), ("accepted", None), ("duplicate", None)]
    assert await kinds(store) == ["consent", "page_view", "page_view"]


async def test_a_first_batch_whose_answer_was_lost_makes_no_second_visitor(client: Client, store: Store):
    lost = await send(client, a_batch(an_event(1)))

    again = await send(client, a_batch(an_event(1), an_event(2)))

    assert again["visitor"] == lost["visitor"]
    assert results(again) == [("duplicate", None), ("accepted", None)]


async def test_without_consent_only_the_days_total_of_the_page_is_kept(client: Client, store: Store):
    page = an_event(1, url=f"{ORIGIN}/lamps?email=bob@visitors.example#bob")

    answer = await send(client, a_batch(page, an_event(2, type="opened"), agreed=False))

    assert results(answer) == [("dropped", "no_consent")] * 2
    assert (answer["visitor"], answer["arm"], answer["show"]) == (None, "none", True)
    assert await log(store) == []
    assert await store.read(views_of, SHOP, TODAY) == {f"{ORIGIN}/lamps": 1}
    assert await dropped(store) == {"no_consent": 2}


async def test_without_consent_the_same_page_view_again_counts_once(client: Client, store: Store):
    for _ in range(3):
        await send(client, a_batch(an_event(1), an_event(1), agreed=False))

    assert await store.read(views_of, SHOP, TODAY) == {f"{ORIGIN}/page-1": 1}


async def test_consent_that_was_not_told_is_not_given(client: Client, store: Store):
    assert results(await send(client, a_batch(an_event(1), agreed=None))) == [("dropped", "no_consent")]


@pytest.mark.parametrize("header", ["Sec-GPC", "DNT"])
async def test_a_browser_that_asks_not_to_be_tracked_is_not(client: Client, store: Store, header: str):
    answer = await send(client, a_batch(an_event(1)), **{header: "1"})

    assert results(answer) == [("dropped", "do_not_track")]
    assert answer["visitor"] is None and await log(store) == []
    assert await store.read(views_of, SHOP, TODAY) == {f"{ORIGIN}/page-1": 1}


async def test_a_browser_that_permits_tracking_is_not_stopped(client: Client):
    assert results(await send(client, a_batch(an_event(1)), DNT="0", **{"Sec-GPC": "0"})) == [("accepted", None)]


@pytest.mark.parametrize("headers", [{"User-Agent": "Googlebot/2.1"}, {"User-Agent": ""}, {"Sec-Purpose": "prefetch"}])
async def test_robots_are_counted_and_not_kept(client: Client, store: Store, headers: dict[str, str]):
    answer = await send(client, a_batch(an_event(1)), **headers)

    assert results(answer) == [("dropped", "robot")]
    assert answer["visitor"] is None and await log(store) == []
    assert await dropped(store) == {"robot": 1}
    assert await store.read(views_of, SHOP, TODAY) == {}


async def test_who_views_more_pages_than_a_person_is_left_out_and_told_nothing(client: Client, store: Store):
    known = await send(client, a_batch(*(an_event(number) for number in range(60))))
    before = await store.read(robots_and_staff, SHOP)

    answer = await send(client, a_batch(an_event(61), visitor=known["visitor"]))

    assert (before, await store.read(robots_and_staff, SHOP)) == (set(), {known["visitor"]})
    assert results(answer) == [("accepted", None)]
    assert await dropped(store) == {"behaves_as_robot": 1}


async def test_the_shops_own_people_are_not_kept(client: Client, store: Store):
    known = await send(client, a_batch(an_event(1)))
    await store.write(mark_staff, known["visitor"])

    answer = await send(client, a_batch(an_event(2), visitor=known["visitor"]))

    assert results(answer) == [("dropped", "staff")]


async def test_a_forgotten_visitor_stays_forgotten(client: Client, store: Store):
    known = await send(client, a_batch(an_event(1)))
    await store.write(forget_visitor, SHOP, VisitorId(known["visitor"]))

    answer = await send(client, a_batch(an_event(2), visitor=known["visitor"]))

    assert results(answer) == [("dropped", "erased")]
    assert answer["visitor"] is None and await log(store) == []


async def test_the_visitor_of_another_site_is_unknown_here(client: Client, store: Store):
    await store.write(add_site, "other", name="Other", origins=(), at=at())
    theirs = await send(client, a_batch(an_event(1), site="other"))

    assert results(await send(client, a_batch(an_event(2), visitor=theirs["visitor"]))) == [("dropped", "erased")]


async def test_who_agrees_no_longer_is_measured_no_longer(client: Client, store: Store):
    known = await send(client, a_batch(an_event(1)))
    wish = {"visitor": known["visitor"], "measure": False, "memory": False}
    async with client.post("/v1/consent", json=wish) as response:
        assert await response.json() == wish

    answer = await send(client, a_batch(an_event(2), visitor=known["visitor"]))

    assert results(answer) == [("dropped", "no_consent")]
    assert answer["visitor"] is None
    assert await kinds(store) == ["consent", "page_view", "consent"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"url": None}, "invalid_url"),
        ({"url": "javascript:alert(1)"}, "invalid_url"),
        ({"url": 7}, "invalid_url"),
        ({"url": "https://shop.example/\ud800"}, "invalid_url"),
        ({"url": "https://shop.example:99999/"}, "invalid_url"),
        ({"id": "not-a-uuid"}, "invalid_url"),
        ({"id": None}, "invalid_url"),
        ({"type": "purchase"}, "invalid_url"),
        ({"type": ["page_view"]}, "invalid_url"),
        ({"url": f"{ORIGIN}/" + "a" * 2_048}, "too_large"),
        ({"name": "n" * 129}, "too_large"),
        ({"name": 5}, "too_large"),
        ({"props": {"a": "b" * 9_000}}, "too_large"),
        ({"props": {"a": [[[[[[1]]]]]]}}, "too_large"),
        ({"props": [1]}, "too_large"),
        ({"at": "2026-03-01T11:54:59Z"}, "too_old"),
        ({"at": "yesterday"}, "too_old"),
        ({"at": "2026-03-02T12:00:00"}, "too_old"),
        ({"at": 1_772_452_800}, "too_old"),
        ({"at": "0001-01-01T00:00:00+23:59"}, "too_old"),
        ({"at": "2026-03-02T12:05:01Z"}, "in_future"),
    ],
)
async def test_one_bad_event_is_dropped_and_the_others_are_kept(
    client: Client, store: Store, change: dict[str, Any], reason: str
):
    answer = await send(client, a_batch(an_event(1), an_event(2, **change), an_event(3)))

    assert results(answer) == [("accepted", None), ("dropped", reason), ("accepted", None)]
    assert await dropped(store) == {reason: 1}


@pytest.mark.parametrize(
    "change",
    [
        {"at": "2026-03-01T11:55:00Z"},
        {"at": "2026-03-02T12:05:00Z"},
        {"at": "2026-03-02t14:00:00+02:00"},
        {"at": None},
        {"url": f"{ORIGIN}/" + "a" * (2_048 - len(ORIGIN) - 1)},
        {"title": 3, "referrer": {}},
        {"type": "track", "url": None, "name": "n" * 128, "props": {"a": 10**30, "b": [1.5, None, True]}},
        {"id": "0000000000004000800000000000000A"},
        {"surplus": "of a later version"},
    ],
)
async def test_what_can_be_kept_is_kept(client: Client, change: dict[str, Any]):
    assert results(await send(client, a_batch(an_event(1, **change)))) == [("accepted", None)]


async def test_a_long_title_is_cut(client: Client, store: Store):
    await send(client, a_batch(an_event(1, title="t" * 600)))

    assert (await log(store))[-1].data["title"] == "t" * 512


async def test_what_a_database_can_not_hold_is_left_out(client: Client, store: Store):
    event = an_event(1, type="track", name="a\x00b\ud800", title="\x00", props={"k\x00": ["\udfff v"], "n": 2})

    assert results(await send(client, a_batch(event))) == [("accepted", None)]

    assert (await log(store))[-1].data == {"name": "ab", "props": {"k": [" v"], "n": 2}}


async def test_a_number_that_json_has_no_word_for_is_dropped(client: Client):
    body = json.dumps(a_batch(an_event(1, type="track", props={"n": "BIG"}))).replace('"BIG"', "1e999")
    async with client.post("/v1/events", data=body) as response:
        assert results(await response.json()) == [("dropped", "too_large")]


async def test_a_beacon_is_plain_text(client: Client):
    body = json.dumps(a_batch(an_event(1)))
    async with client.post("/v1/events", data=body, headers={"Content-Type": "text/plain;charset=UTF-8"}) as response:
        assert results(await response.json()) == [("accepted", None)]


async def test_faster_than_a_person_is_too_fast(store: Store, shop: Site):
    async with doors(store, senders=Senders(of_one=(3, 0.0))) as client:
        known = await send(client, a_batch(an_event(1)))

        answer = await send(client, a_batch(an_event(2), an_event(3), an_event(4), visitor=known["visitor"]))

    assert [status for status, _ in results(answer)] == ["accepted", "accepted", "dropped"]
    assert results(answer)[-1] == ("dropped", "rate_limited")


async def test_who_saw_the_launcher_before_agreeing_is_not_drawn(client: Client):
    exposed = an_event(1, type="exposed", props={"seen_first": True})

    answer = await send(client, a_batch(exposed))

    assert (answer["arm"], answer["show"]) == ("none", True)


@pytest.mark.parametrize(("holdout", "arm", "show"), [(0.0, "offered", True), (1.0, "held_out", False)])
async def test_the_held_out_are_not_shown_the_launcher(
    client: Client, store: Store, holdout: float, arm: str, show: bool
):
    await store.write(add_site, "lots", name="Lots", origins=(ORIGIN,), at=at(), holdout=holdout)

    answer = await send(client, a_batch(an_event(1, type="exposed"), site="lots"))

    assert (answer["arm"], answer["show"]) == (arm, show)


async def test_nothing_is_withheld_in_the_middle_of_a_conversation(client: Client, store: Store):
    await store.write(add_site, "lots", name="Lots", origins=(), at=at(), holdout=1.0)
    known = await send(client, a_batch(an_event(1), site="lots"))
    conversation, _ = await store.write(begin, "lots", at=at(), language=None, page=None)
    await store.write(
        lambda connection: (
            connection.execute(
                conversations.update().where(conversations.c.id == conversation.id).values(visitor=known["visitor"])
            ).rowcount
        )
    )

    answer = await send(client, a_batch(visitor=known["visitor"], site="lots"))

    assert (answer["arm"], answer["show"]) == ("held_out", True)


@pytest.mark.parametrize(
    ("agreed", "headers", "measured"), [(None, {}, True), (False, {}, False), (None, {"Sec-GPC": "1"}, False)]
)
async def test_a_site_that_needs_no_consent_measures_who_did_not_say_no(
    client: Client, store: Store, agreed: bool | None, headers: dict[str, str], measured: bool
):
    await store.write(add_site, "free", name="Free", origins=(), at=at(), consent="not_needed")

    answer = await send(client, a_batch(an_event(1), agreed=agreed, site="free"), **headers)

    assert (answer["visitor"] is not None) == measured
    assert results(answer)[0][0] == ("accepted" if measured else "dropped")


@pytest.mark.parametrize(
    "body",
    [
        "", "{", "[]", "null", '"text"', "\ud800".encode("utf-8", "surrogatepass"), b"\xff\xfe",
        '{"site":"demo","events":[],"x":NaN}', "[" * 100_000, '{"site":"demo","events":' + "9" * 5_000 + "}",
        '{"site":"demo"}', '{"events":[]}', '{"site":7,"events":[]}', '{"site":"demo","events":{}}',
        '{"site":"demo","visitor":7,"events":[]}', '{"site":"demo","consent":true,"events":[]}',
        '{"site":"demo","consent":{"measure":"yes"},"events":[]}',
        json.dumps({"site": "demo", "events": [0] * (BATCH_EVENTS + 1)}),
    ],
)  # fmt: skip
async def test_an_envelope_that_can_not_be_read_is_refused_in_a_sentence(client: Client, body: str | bytes):
    async with client.post("/v1/events", data=body, headers={"Origin": ORIGIN}) as response:
        told = await response.json()
        assert (response.status, told["error"]) == (400, "malformed")
        assert told["detail"].endswith(".")
        assert response.headers["Access-Control-Allow-Origin"] == ORIGIN


async def test_a_full_batch_is_taken(client: Client):
    answer = await send(client, a_batch(*(an_event(number) for number in range(BATCH_EVENTS))))

    assert results(answer) == [("accepted", None)] * BATCH_EVENTS


@pytest.mark.parametrize(("size", "status"), [(BODY_BYTES, 200), (BODY_BYTES + 1, 413)])
async def test_a_body_has_a_limit(client: Client, size: int, status: int):
    body = json.dumps(a_batch(an_event(1))).ljust(size)

    async with client.post("/v1/events", data=body, headers={"Origin": ORIGIN}) as response:
        assert response.status == status
        assert response.headers["Access-Control-Allow-Origin"] == ORIGIN


async def test_a_body_that_is_not_packed_as_it_says_is_refused(client: Client):
    async with client.post("/v1/events", data=b"no gzip", headers={"Content-Encoding": "gzip"}) as response:
        assert response.status == 400


async def test_an_unknown_site_is_told(client: Client):
    async with client.post("/v1/events", json=a_batch(site="nowhere")) as response:
        assert (response.status, (await response.json())["error"]) == (404, "unknown_site")


@pytest.mark.parametrize(
    "origin",
    ["https://shop.example.evil.example", "http://shop.example", "https://shop.example:444", "null", "https://"],
)
async def test_a_foreign_page_is_refused(client: Client, store: Store, origin: str):
    async with client.post("/v1/events", json=a_batch(an_event(1)), headers={"Origin": origin}) as response:
        assert response.status == 403
        assert "Access-Control-Allow-Origin" not in response.headers
    assert await log(store) == []


async def test_a_page_of_another_site_is_foreign_too(client: Client, store: Store):
    await store.write(add_site, "other", name="Other", origins=("https://other.example",), at=at())

    async with client.post(
        "/v1/events", json=a_batch(an_event(1)), headers={"Origin": "https://other.example"}
    ) as response:
        assert response.status == 403


async def test_the_sites_own_page_may_read_the_answer(client: Client):
    async with client.post("/v1/events", json=a_batch(an_event(1)), headers={"Origin": ORIGIN}) as response:
        assert response.status == 200
        assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert response.headers["Vary"] == "Origin"


@pytest.mark.parametrize(("origin", "status"), [(ORIGIN, 204), ("https://evil.example", 403)])
@pytest.mark.parametrize("path", ["/v1/events", "/v1/consent"])
async def test_a_browser_that_asks_first_is_answered(client: Client, path: str, origin: str, status: int):
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    async with client.options(path, headers=asked) as response:
        assert response.status == status
        assert (response.headers.get("Access-Control-Allow-Origin") == origin) == (status == 204)
        assert response.headers["Vary"] == "Origin"


async def test_a_visit_goes_on_by_our_clock_when_the_browser_tells_none(store: Store, shop: Site):
    clock = Clock(at(minutes=7))
    async with doors(store, clock) as client:
        await send(client, a_batch(an_event(1, at=None)))

    assert (await log(store))[-1].at == at(minutes=7)


async def test_an_unknown_visitor_can_not_be_made_up(client: Client, store: Store):
    answer = await send(client, a_batch(an_event(1), visitor=ALICE.visitor))

    assert answer["visitor"] is None and results(answer) == [("dropped", "erased")]


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.just(BROWSER),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(), max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)
_event = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from([an_event(n)["id"] for n in range(3)]) | _json,
        "type": st.sampled_from(["page_view", "track", "exposed"]) | _json,
        "url": st.sampled_from([f"{ORIGIN}/", "https://[::1", "http://\x00"]) | _json,
        "at": st.sampled_from(["2026-03-02T12:00:00Z", "9999-12-31T23:59:59-23:59"]) | _json,
        "title": _json,
        "referrer": _json,
        "name": _json,
        "props": _json,
    },
)
_batch = st.fixed_dictionaries(
    {"site": st.just(SHOP) | _json, "events": st.lists(_event | _json, max_size=4) | _json},
    optional={"visitor": st.none() | _json, "consent": st.just({"measure": True}) | _json},
)


@hypothesis_settings(max_examples=60)
@given(body=_batch.map(json.dumps).map(str.encode) | st.binary(max_size=50) | _json.map(json.dumps).map(str.encode))
async def test_no_body_is_our_fault(client: Client, body: bytes):
    for path in ("/v1/events", "/v1/purchases", "/v1/consent"):
        async with client.post(path, data=body) as response:
            assert response.status < 500, await response.text()
            json.loads(await response.text())

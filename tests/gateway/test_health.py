"""Alive, ready, and the numbers for a monitor."""

from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.engine.address import EngineAddress, publish
from bot.gateway import health
from bot.gateway.engine_address import EngineWhereabouts
from bot.gateway.house import HOUSE
from bot.settings import Settings
from bot.store.store import Store
from tests.gateway.test_mail_links import a_report_waits, alert_mailed
from tests.gateway.visitor import Visitor

Client = TestClient[Any, Any]


async def test_ready_means_that_messages_can_be_stored(client: Client, settings: Settings):
    async with client.get("/readyz") as answer:
        assert answer.status == 200
        assert await answer.json() == {"store": "ok", "engine": "starting", "index": "building"}


async def test_with_no_room_on_its_disk_a_store_is_not_ready(
    client: Client, store: Store, monkeypatch: pytest.MonkeyPatch
):
    is_in_a_file = store.url.drivername == "sqlite"
    monkeypatch.setattr(health, "LEAST_FREE", 2**62)

    told = (await (await client.get("/metrics")).text()).splitlines()
    async with client.get("/readyz") as answer:
        assert answer.status == (503 if is_in_a_file else 200)
        assert (await answer.json())["store"] == ("down" if is_in_a_file else "ok")
    rooms = [int(line.split()[1]) for line in told if line.startswith("duologue_disk_free_bytes ")]
    assert [room > 0 for room in rooms] == [True] * is_in_a_file


async def test_the_engines_state_is_seen_when_it_changes(tmp_path: Path):
    whereabouts = EngineWhereabouts(tmp_path)
    before = whereabouts.look()

    publish(tmp_path, EngineAddress("http://127.0.0.1:1", "s", "ready"))

    assert before.state == "starting"
    assert whereabouts.look() == EngineAddress("http://127.0.0.1:1", "s", "ready")
    assert (tmp_path / "engine.json").stat().st_mode & 0o777 == 0o600


async def test_half_a_file_is_not_believed(tmp_path: Path):
    (tmp_path / "engine.json").write_text('{"url": "http')

    assert EngineWhereabouts(tmp_path).look().state == "starting"


async def test_metrics_count_sockets_and_turns(client: Client, visitor: Visitor):
    assert await (await client.get("/healthz")).json() == {"status": "ok"}
    await visitor.connect()
    await visitor.ask("Hello")

    told = (await (await client.get("/metrics")).text()).splitlines()

    assert "duologue_sockets 1" in told
    assert "duologue_turns_closed_total 1" in told
    assert "duologue_turns_open 0" in told


async def test_metrics_count_reports_that_were_not_mailed(client: Client, store: Store):
    await store.write(a_report_waits, client.app[HOUSE].now())

    told = (await (await client.get("/metrics")).text()).splitlines()

    assert "duologue_report_mails_waiting 1" in told and "duologue_report_mails_refused 0" in told
    assert "duologue_mails_waiting 0" in told


async def test_metrics_count_alerts_by_what_became_of_them(client: Client, store: Store):
    await store.write(alert_mailed, client.app[HOUSE].now())

    told = (await (await client.get("/metrics")).text()).splitlines()

    assert 'duologue_alerts{state="waiting"} 1' in told and 'duologue_alerts{state="given_up"} 0' in told


async def test_a_plain_request_to_the_chats_address_is_told_what_it_is(client: Client):
    async with client.get("/v1/chat") as answer:
        assert answer.status == 401 and "wss://" in (await answer.json())["detail"]

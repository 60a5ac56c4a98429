"""On fifty turns the console shows what the engine replied: as sure, by the same rule, from the same page."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp.test_utils import TestClient, TestServer
from lxml import html

from bot.engine.client import EngineClient, TurnCall, TurnResult
from bot.gateway.app import gateway_app
from bot.gateway.engine_address import EngineWhereabouts
from bot.gateway.house import House
from bot.gateway.screens import percent
from bot.pages.answering.librarian import Librarian
from bot.pages.command import crawl
from bot.settings import Settings
from bot.store.inbox import understood
from bot.store.sites import add_site
from bot.store.store import Store
from bot.understanding.listener import Listener
from tests.cast import DANA, ORIGIN, SHOP, at
from tests.engine_fixture import PROJECT, Engine
from tests.gateway.front_office import Browser, Office
from tests.gateway.visitor import Visitor
from tests.homes import home_in

TALKS = (
    (
        *("Hi there", "Do you ship to Norway?", "and how long does it take?", "Great, thanks", "what is it made of"),
        *("Can I pay with PayPal?", "how much is the Ridge Hat", "can i put this in the washing machine?"),
        *("Do you repair violins?", "bye"),
    ),
    (
        *("where is my order", "1001", "what are your opening hours?", "I don't know it", "no"),
        *("hello", "are you a robot?", "what can you do", "asdf qwer zxcv", "this is useless, I am really angry"),
    ),
    (
        *("Versendet ihr nach Norwegen?", "Wie lange dauert das?", "Danke!", "Was kostet der Harbour Jumper?"),
        *("Guten Tag", "Kann ich zahlen per Rechnung?", "Ich heiße Anna", "Was weißt du über mich?", "Tschüss", "Nein"),
    ),
    (
        *("can i return socks", "who won the world cup", "how are you?", "say that again", "I need a hat for my son"),
        *("it is too expensive", "I wish you had kayaks", "leave me alone", "stop", "good morning"),
    ),
    (
        *("my number is 0151 2345678, call me", "do you have a shop in Berlin", "when was the mill built", "??", "ok"),
        *("are the blankets itchy", "I want to talk to a person", "/restart", "[x](y)", "unsubscribe me please"),
    ),
)


@dataclass
class Overheard:
    """The engine, with what it replied; the house's own understanding is of the same reply."""

    client: EngineClient
    replied: list[TurnResult] = field(default_factory=list)

    async def take_turn(self, call: TurnCall) -> TurnResult:
        self.replied.append(await self.client.take_turn(call))
        return self.replied[-1]


@pytest.fixture
async def house(sqlite_url: str, tmp_path: Path) -> AsyncIterator[House]:
    store = Store(sqlite_url)
    settings = Settings(home=home_in(tmp_path), deadline_s=30)
    await store.write(add_site, SHOP, name="Demo", origins=(ORIGIN,), at=at())
    await crawl(store, settings, SHOP, str(PROJECT / "data" / "site"), base=f"{ORIGIN}/")
    yield House(settings, store)
    await store.close()


async def test_the_panel_is_what_the_engine_replied_on_fifty_turns(engine: Engine, house: House) -> None:
    librarian, listener, overheard = Librarian(house.store, house.settings), Listener(), Overheard(engine.client)
    app = gateway_app(
        house,
        engine=cast(EngineClient, overheard),
        whereabouts=EngineWhereabouts(house.settings.home / "run"),
        librarian=librarian,
        listener=listener,
    )
    compared = 0
    office = Office(house.store, house.settings.home)
    async with TestClient(TestServer(app)) as client, office.serve() as server, Browser(server) as danas:
        await danas.is_signed_in(office, await office.hire(DANA))
        for talk in TALKS:
            compared += await _compare(talk, Visitor(client), danas, overheard, house.store)
    await librarian.close()
    listener.close()

    assert compared == 50


async def _compare(talk: tuple[str, ...], visitor: Visitor, danas: Browser, overheard: Overheard, store: Store) -> int:
    conversation = (await visitor.connect())["conversation"]
    overheard.replied.clear()
    seqs = [(await visitor.ask(line))["reply_to"] for line in talk]
    page = html.fromstring((await danas.get(f"/console/conversations/{conversation}")).text)
    logged = {one.seq: made for one, made in (await store.read(understood, conversation))[0]}
    for said, seq, reply in zip(talk, seqs, overheard.replied, strict=True):
        assert _stored(logged[seq]) == _told(reply), said
        lines = [one for one, _ in (await store.read(understood, conversation))[0] if one.reply_to == seq]
        for line in lines:
            (panel,) = page.xpath(f"//div[@id='m{line.seq}']/following-sibling::details[@class='why'][1]")
            assert _drawn(panel) >= _expected(reply), said
            _check_passages(panel, reply, said)
    return len(seqs)


def _stored(made: dict[str, Any] | None) -> dict[str, Any]:
    assert made is not None
    return {name: made.get(name, []) for name in ("intent", "confidence", "ranking", "actions", "decided")}


def _told(reply: TurnResult) -> dict[str, Any]:
    understanding = reply.understanding
    return {
        "intent": understanding.intent,
        "confidence": understanding.confidence,
        "ranking": [list(one) for one in understanding.ranking],
        "actions": list(reply.actions),
        "decided": [{name: value for name, value in vars(one).items() if value is not None} for one in reply.decided],
    }


def _drawn(panel: Any) -> set[tuple[str, str, str]]:
    """Each value on the screen as its row, its words and what stands beside them in small."""
    found = set()
    for row in panel.xpath(".//dl/div"):
        for value in row.xpath("./dd/span"):
            beside = "".join(one.text_content() for one in value.xpath("./small"))
            found.add((row.xpath("./dt")[0].text_content(), value.xpath(".//bdi")[0].text_content(), beside))
    return found


def _expected(reply: TurnResult) -> set[tuple[str, str, str]]:
    intents = {("Intent", name.replace("_", " "), percent(sure)) for name, sure in reply.understanding.ranking}
    rules = {("Rule", f"“{one.rule}”", one.policy or "") for one in reply.decided if one.rule}
    actions = {("Actions", one.action, "") for one in reply.decided}
    forms = {
        ("Form", one.form.replace("_", " "), f"waits for {one.slot.replace('_', ' ')}" if one.slot else "")
        for one in reply.decided
        if one.form
    }
    named = {
        ("Named", f"{one.kind}: {one.text}" if one.text == one.value else f"{one.kind}: {one.text} ({one.value})", "")
        for one in reply.understanding.entities
    }
    return intents | rules | actions | forms | named


def _check_passages(panel: Any, reply: TurnResult, said: str) -> None:
    """The first passage on the screen is the first source of the answer, at its words."""
    cited = [one for message in reply.messages for one in (message.custom or {}).get("sources", []) if one["quote"]]
    if not cited:
        return
    links = panel.xpath(".//dl/div[dt='Passages']/dd/span//a/@href")
    assert links, said
    assert links[0] == (cited[0].get("link") or cited[0]["url"]), said

"""A new model plays what was reviewed before it is used: one that breaks a case is left, and the one before stays."""

import contextlib
import os
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from bot import desk
from bot.desk import Call, Fact, PageAnswer, PersonSought, Telling
from bot.engine.client import EngineClient, TurnCall, TurnResult
from bot.engine.process import EngineProcess
from bot.errors import EngineUnavailable
from bot.gateway.actions_host import actions_app
from bot.interactions import TurnId, Understanding
from bot.orders import OrderSought
from bot.review.cases import Case, read_cases
from bot.review.in_use import in_use, is_in_use, take_into_use
from bot.settings import LOOPBACK


@dataclass(frozen=True)
class Played:
    """A case with what came back; `faults` are empty when it is right."""

    case: Case
    intent: str | None
    confidence: float
    says: str
    faults: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        got = {"intent": self.intent, "confidence": round(self.confidence, 4), "says": self.says}
        return {**asdict(self.case), "got": got, "faults": list(self.faults), "right": not self.faults}


class _NobodysDesk:
    """In a rehearsal no page is asked, nothing is known of anybody, and nothing is written down."""

    async def heard(self, call: Call, understanding: Understanding) -> None:
        pass

    async def answer(self, call: Call) -> PageAnswer:
        return PageAnswer(answered=False, confidence=0.0)

    async def ask_person(self, call: Call, *, reason: str) -> PersonSought:
        return PersonSought(None)

    async def order(self, call: Call, *, number: str | None, email: str | None) -> OrderSought:
        return OrderSought()

    async def may_ask_feedback(self, call: Call) -> bool:
        return False

    async def note(self, call: Call, text: str) -> None:
        pass

    async def recall(self, call: Call) -> tuple[Fact, ...]:
        return ()

    async def told(self, call: Call) -> Telling:
        return Telling()

    async def forget(self, call: Call, *, fact: str | None) -> None:
        pass

    async def erases_all(self, call: Call) -> bool:
        return True

    async def record(self, call: Call, *, kind: str, data: dict[str, str | int | float | None]) -> None:
        pass


async def rehearse(project: Path, model: Path, cases: Sequence[Case], *, run_dir: Path) -> list[Played]:
    """Each case as the first message of a conversation, with a real engine that has this model."""
    async with _engine(project, model, run_dir) as engine:
        return [await _play(engine, number, case) for number, case in enumerate(cases)]


async def model_to_use(project: Path, new: Path, home: Path, *, say: Callable[[str], None]) -> Path:
    """The new model, or the one in use when the new one breaks what was reviewed; `say` is told so in one sentence."""
    kept, cases = in_use(home), read_cases(project)
    if not cases or is_in_use(home, new):
        take_into_use(home, new)
        return new
    broken = [one for one in await rehearse(project, new, cases, run_dir=_folder(home)) if one.faults]
    if broken and kept is not None:
        os.utime(kept)
        say(
            f"The new model breaks {len(broken)} of {len(cases)} reviewed cases, so the one before stays in use; "
            "`duologue review replay` tells which."
        )
        return kept
    if broken:
        say(
            f"The model breaks {len(broken)} of {len(cases)} reviewed cases, and there is none before it that could "
            "stay in use; `duologue review replay` tells which."
        )
    take_into_use(home, new)
    return new


def _folder(home: Path) -> Path:
    return home / "run" / "rehearsal"


async def _play(engine: EngineClient, number: int, case: Case) -> Played:
    try:
        result = await engine.take_turn(TurnCall(turn=TurnId(f"case-{number}"), text=case.said))
    except EngineUnavailable as error:
        # What it does not take at all it does not get right; the others are played all the same.
        return Played(case, None, 0.0, "", (f"no answer: {error}",))
    says = "\n".join(message.text for message in result.messages)
    understood = result.understanding
    return Played(case, understood.intent, understood.confidence, says, tuple(_faults(case, result, says)))


def _faults(case: Case, result: TurnResult, says: str) -> list[str]:
    found, got = [], result.understanding
    if got.intent != case.intent:
        found.append(f"taken for {got.intent or 'nothing for certain'}, not {case.intent or 'nothing for certain'}")
    # Not by its lines: two reviews may have the same words, broken otherwise.
    if case.says is not None and " ".join(case.says.split()) not in " ".join(says.split()):
        found.append("says something else")
    return found


@asynccontextmanager
async def _engine(project: Path, model: Path, run_dir: Path) -> AsyncIterator[EngineClient]:
    """An engine beside the one that may run, with actions of its own."""
    secret = secrets.token_urlsafe(32)
    desk.fill(_NobodysDesk())
    runner = web.AppRunner(actions_app(secret), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, LOOPBACK, 0).start()
        process = EngineProcess(
            project=project,
            model=model,
            run_dir=run_dir,
            actions_port=runner.addresses[0][1],
            actions_secret=secret,
            on_change=lambda _: None,
        )
        await process.start()
        try:
            async with aiohttp.ClientSession() as session:
                yield EngineClient(session, lambda: process.address)
        finally:
            with contextlib.suppress(ProcessLookupError):
                await process.stop()
    finally:
        await runner.cleanup()

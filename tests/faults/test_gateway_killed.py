"""The gateway is killed, the engine is killed and connections are torn, at random moments, while people talk."""

import asyncio
import random
from collections.abc import Awaitable, Callable

import pytest

from tests.faults.conftest import NewTalker, engine_pid, everything_runs, gateway_pid, kill
from tests.faults.promises import broken_promises
from tests.faults.talker import Talker
from tests.running import Duologue, until

QUESTIONS = (
    "Do you ship to Norway?",
    "and how long does it take?",
    "hello",
    "Can I wash the blanket?",
    "what can you do?",
    "Do you sell kayaks?",
    "are you a robot?",
    "What are your opening hours?",
)
UNACKED_AT_MOST = 3
LAG = 10
"""Messages that may be sent after the moment of a deed before it is done."""
AGAIN_WITHIN_S = 90.0


class Chaos:
    """Does each of `deeds` once, one after the other, in a random order, after a random number of messages."""

    def __init__(self, chance: random.Random, messages: int, deeds: list[Callable[[], Awaitable[None]]]) -> None:
        chance.shuffle(deeds)
        moments = sorted(chance.sample(range(2, messages - 1), len(deeds)))
        self._due = list(zip(moments, deeds, strict=True))
        self._sent = 0
        self._changed = asyncio.Condition()

    async def sent(self) -> None:
        """To be told after each message. Waits when the deeds lag behind, so that none meets a house at rest."""
        async with self._changed:
            self._sent += 1
            self._changed.notify_all()
            await self._changed.wait_for(lambda: not self._due or self._due[0][0] > self._sent - LAG)

    async def go_on(self) -> None:
        """Returns when everything was done."""
        while self._due:
            async with self._changed:
                await self._changed.wait_for(lambda: self._due[0][0] <= self._sent)
            await self._due[0][1]()
            async with self._changed:
                self._due.pop(0)
                self._changed.notify_all()


async def _talk_through_chaos(
    duologue: Duologue,
    new_talker: NewTalker,
    *,
    seed: int,
    conversations: int,
    messages: int,
    gateway_kills: int,
    engine_kills: int,
    cuts: int,
    patience_s: float,
) -> list[Talker]:
    """All talkers, when all they said was acknowledged and answered."""
    chance = random.Random(seed)
    await everything_runs(duologue)
    talkers = [new_talker(f"visitor {number}") for number in range(conversations)]

    async def at_any_moment() -> None:
        # A throw of the dice, nobody waits for it: else we would always strike right after a message was sent.
        await asyncio.sleep(chance.uniform(0, 0.1))

    async def kill_gateway() -> None:
        pid = await gateway_pid(duologue)
        await at_any_moment()
        kill(pid)
        await until(_another(gateway_pid, duologue, pid), within_s=AGAIN_WITHIN_S, what="the gateway is there again")
        await until(_lives(duologue), within_s=AGAIN_WITHIN_S, what="the gateway answers again")

    async def kill_engine() -> None:
        pid = await engine_pid(duologue)
        await at_any_moment()
        kill(pid)

    async def cut() -> None:
        await at_any_moment()
        for one in chance.sample(talkers, max(1, conversations // 2)):
            one.cut()

    deeds = [kill_gateway] * gateway_kills + [kill_engine] * engine_kills + [cut] * cuts
    chaos = Chaos(chance, messages, list(deeds))

    async def talk(one: Talker, count: int, *, listens: bool) -> None:
        """Who listens waits for each answer; who does not writes on, as long as what was written is kept."""
        for number in range(count):
            await one.until(lambda: one.unacked < UNACKED_AT_MOST, what="fewer unacked", within_s=patience_s)
            id = await one.say(f"{chance.choice(QUESTIONS)} ({number})")
            await chaos.sent()
            if listens:
                await one.answered(await one.acked(id, within_s=patience_s), within_s=patience_s)

    share = messages // conversations
    talks = (talk(one, share, listens=number % 2 == 0) for number, one in enumerate(talkers))
    await asyncio.gather(chaos.go_on(), *talks)
    await everything_runs(duologue)
    await asyncio.gather(*(one.all_answered(within_s=patience_s) for one in talkers))
    return talkers


def _lives(duologue: Duologue) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return (await duologue.get("/healthz", within_s=2))[0] == 200

    return look


def _another(find: Callable[[Duologue], Awaitable[int]], duologue: Duologue, pid: int) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return await find(duologue) != pid

    return look


async def test_every_acknowledged_message_is_there_once_in_order_and_answered_whatever_was_killed(
    duologue: Duologue, new_talker: NewTalker
) -> None:
    talkers = await _talk_through_chaos(
        duologue,
        new_talker,
        seed=1,
        conversations=5,
        messages=100,
        gateway_kills=4,
        engine_kills=2,
        cuts=4,
        patience_s=120,
    )

    assert sum(len(one.book.acks()) for one in talkers) == 100
    assert await broken_promises(duologue, *talkers) == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
async def test_a_thousand_messages_survive_a_hundred_kills_and_cuts(duologue: Duologue, new_talker: NewTalker) -> None:
    talkers = await _talk_through_chaos(
        duologue,
        new_talker,
        seed=2,
        conversations=20,
        messages=1_000,
        gateway_kills=20,
        engine_kills=10,
        cuts=70,
        patience_s=600,
    )

    assert sum(len(one.book.acks()) for one in talkers) == 1_000
    assert await broken_promises(duologue, *talkers) == []

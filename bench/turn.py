"""What a turn costs, beside Rasa as it comes: `.venv/bin/python bench/turn.py [--quick] [--json]`.

Both sides serve the same model and answer the same ten questions (six of the demonstration shop's pages, four
manners) from the same index, in the same run, in turns:

  stock      `rasa run`, REST channel, tracker store on SQLite, and `python -m rasa_sdk` with our actions
  Duologue   `duologue up`: supervisor, gateway with actions and understanding, engine; visitors over WebSocket who
             agreed to everything, each message stored on disk before its ack, each turn learned into a profile

A round asks the same number of questions in 1, 8 and 32 conversations of at most ten turns. CPU is user and system
time of every process of a side, opening the conversations included, asking not. Figures are medians of rounds;
latencies are of all rounds together. A cold start is from nothing (model and index exist) to the first answer from
a page, in CPU seconds. Late over early is the CPU of fifty turns around turn 500 of one conversation over that of
the first ten turns of five others. The machine may be busy: only ratios mean something. A ratio is ours / theirs.

`--quick` starts each side once instead of three times, both at once; asks 64 questions instead of 320 in each of
1, 8 and 32 conversations; and takes turn 100 for turn 500.
"""

import argparse
import asyncio
import json
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from itertools import batched
from pathlib import Path
from statistics import median

import aiohttp
from sides.duologue import Duologue
from sides.prepared import CACHE, home_with_pages, trained_model
from sides.processes import Spent
from sides.stock import Stock
from sides.visit import PATIENCE_S, Answered, Side, Visit

QUESTIONS = (
    "Hello",
    "Do you ship to Norway?",
    "How do I return something?",
    "Thank you",
    "When is your shop open?",
    "Do you sell gift cards?",
    "Are you a robot?",
    "How much does a jumper cost?",
    "Do you repair old clothes?",
    "Thanks, bye",
)
FIRST = QUESTIONS[1], "Norway takes 5 to 8 working days"
CONVERSATIONS = (1, 8, 32)
BUSY = 8
"""Conversations at once for the figures that give one number: as many turns as an engine has in flight."""
WINDOWS = 5
"""Of ten turns each, early and late by turns: one alone takes so little time that chance would show."""


@dataclass(frozen=True)
class Plan:
    starts: int
    rounds: int
    """For each start."""
    turns: int
    """For each number of conversations; a multiple of all of them."""
    late: int
    rest_s: float
    """Before the late turns of a long conversation: for long, the gateway takes only five messages a second of one."""
    at_once: bool
    """Starts both sides together: shorter, but each waits for the other's CPU."""


FULL = Plan(starts=3, rounds=2, turns=320, late=500, rest_s=10, at_once=False)
QUICK = Plan(starts=1, rounds=1, turns=64, late=100, rest_s=0, at_once=True)


@dataclass(frozen=True)
class Load:
    """What one number of conversations cost a side in one round."""

    turns: int
    seconds: float
    spent: Spent
    answered: list[Answered]


@dataclass
class Measured:
    """All that was seen of one side."""

    wall_s: list[float] = field(default_factory=list)
    start_cpu_s: list[float] = field(default_factory=list)
    engine_start_cpu_s: list[float] = field(default_factory=list)
    loads: dict[int, list[Load]] = field(default_factory=lambda: {number: [] for number in CONVERSATIONS})
    memory_mb: list[float] = field(default_factory=list)
    engine_memory_mb: list[float] = field(default_factory=list)
    late_over_early: list[float] = field(default_factory=list)

    def cpu_ms(self, *, engine: bool = False) -> float:
        rounds = zip(*self.loads.values(), strict=True)
        return median(
            1000 * sum(one.spent.engine if engine else one.spent.all for one in loads) / sum(one.turns for one in loads)
            for loads in rounds
        )

    def per_s(self, conversations: int) -> float:
        return median(one.turns / one.seconds for one in self.loads[conversations])

    def answers_ms(self, conversations: int) -> list[float]:
        return [1000 * one.after_s for load in self.loads[conversations] for one in load.answered]

    def acks_ms(self, conversations: int) -> list[float]:
        answered = (one for load in self.loads[conversations] for one in load.answered)
        return [1000 * one.stored_after_s for one in answered if one.stored_after_s is not None]


@dataclass(frozen=True)
class Figure:
    name: str
    value: float
    unit: str
    against: float
    ratio: float
    told: str


type Both = Callable[[str, str, str, Callable[[Measured], float]], Figure]
"""Makes a figure of what both sides show: name, unit, told, and how to get it from one side."""


async def load(side: Side, conversations: int, turns: int) -> Load:
    """`turns` questions, asked by so many visitors at once, who begin anew after ten."""
    each = turns // conversations
    before, began = side.processes.spent(), time.perf_counter()
    answered = await asyncio.gather(*(_ask_in_turn(side, each, number * each) for number in range(conversations)))
    seconds, spent = time.perf_counter() - began, side.processes.spent().since(before)
    return Load(turns, seconds, spent, [one for visitor in answered for one in visitor])


async def _ask_in_turn(side: Side, turns: int, first: int) -> list[Answered]:
    # Visitors who ask only two questions each still ask all ten together.
    questions = [QUESTIONS[number % len(QUESTIONS)] for number in range(first, first + turns)]
    answered = []
    for some in batched(questions, len(QUESTIONS)):
        visit = await side.visit()
        answered += [await visit.ask(question) for question in some]
        await visit.leave()
    return answered


async def late_over_early(side: Side, plan: Plan) -> float:
    """CPU of fifty turns around turn `late` of one conversation over that of the first ten turns of five others."""
    long = await side.visit()
    for _ in range(plan.late // len(QUESTIONS) - WINDOWS // 2):
        await _cpu_of_all_questions(side, long)
    await asyncio.sleep(plan.rest_s)
    early = late = 0.0
    for _ in range(WINDOWS):
        short = await side.visit()
        early += await _cpu_of_all_questions(side, short)
        await short.leave()
        late += await _cpu_of_all_questions(side, long)
    await long.leave()
    return late / early


async def _cpu_of_all_questions(side: Side, visit: Visit) -> float:
    before = side.processes.spent()
    for question in QUESTIONS:
        await visit.ask(question)
    return side.processes.spent().since(before).all


async def start(side: Side, measured: Measured) -> None:
    measured.wall_s.append(await side.start(*FIRST))
    spent = side.processes.spent()
    measured.start_cpu_s.append(spent.all)
    measured.engine_start_cpu_s.append(spent.engine)
    _tell(f"{side.name}: started in {measured.wall_s[-1]:.1f} s, {measured.start_cpu_s[-1]:.1f} s of CPU")


async def measure(plan: Plan) -> tuple[Measured, Measured]:
    """Stock and ours."""
    model, home = await trained_model(), await home_with_pages()
    theirs, ours = Measured(), Measured()
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE_S)) as session:
            stock = Stock(session, Path(folder) / "stock", model, home)
            duologue = Duologue(session, Path(folder) / "duologue", model, home)
            sides: list[tuple[Side, Measured]] = [(stock, theirs), (duologue, ours)]
            for number in range(plan.starts):
                async with AsyncExitStack() as stack:
                    for side, _ in sides:
                        stack.push_async_callback(side.processes.stop)
                    starts = [start(side, measured) for side, measured in sides]
                    for together in [starts] if plan.at_once else [[one] for one in starts]:
                        await asyncio.gather(*together)
                    await _measure_running(sides, plan, is_last=number == plan.starts - 1)
    return theirs, ours


async def _measure_running(sides: list[tuple[Side, Measured]], plan: Plan, *, is_last: bool) -> None:
    for side, _ in sides:
        await load(side, BUSY, BUSY * 2)  # what only the first questions cost
    for _ in range(plan.rounds):
        for number in CONVERSATIONS:
            for side, measured in sides:
                one = await load(side, number, plan.turns)
                measured.loads[number].append(one)
                _tell(f"{side.name}, conversations: {number}; {1000 * one.spent.all / one.turns:.1f} ms CPU a turn")
    for side, measured in sides:
        measured.memory_mb.append(side.processes.memory_mb())
        measured.engine_memory_mb.append(side.processes.memory_mb(engine=True))
        if is_last:
            measured.late_over_early.append(await late_over_early(side, plan))


def figures(theirs: Measured, ours: Measured, plan: Plan) -> Iterator[Figure]:
    def both(name: str, unit: str, told: str, of: Callable[[Measured], float]) -> Figure:
        value, against = of(ours), of(theirs)
        return Figure(name, round(value, 3), unit, round(against, 3), round(value / against, 3), told)

    def ratio(name: str, of: Figure) -> Figure:
        return Figure(name, of.ratio, "ratio", 1.0, of.ratio, of.told)

    cpu = both("turn.cpu_ms", "ms", "CPU a turn, all processes", lambda one: one.cpu_ms())
    engine = both("turn.engine_cpu_ms", "ms", "CPU a turn, the Rasa process alone", lambda one: one.cpu_ms(engine=True))
    cold = both("turn.cold_start_cpu_s", "s", "CPU until the first answer", lambda one: median(one.start_cpu_s))
    memory = both("turn.memory_mb", "MB", "memory after the load (PSS)", lambda one: median(one.memory_mb))
    engine_cold = both(
        "turn.engine_cold_start_cpu_s",
        "s",
        "of it the Rasa process alone",
        lambda one: median(one.engine_start_cpu_s),
    )
    engine_memory = both(
        "turn.engine_memory_mb", "MB", "of it the Rasa process alone", lambda one: median(one.engine_memory_mb)
    )
    speed = {n: _speed(both, n) for n in CONVERSATIONS}
    yield from (cpu, engine, *speed.values())
    for n in CONVERSATIONS:
        for share in (50, 99):
            yield _patience(both, n, share)
    yield cold
    yield engine_cold
    yield both("turn.cold_start_wall_s", "s", "waiting until the first answer", lambda one: median(one.wall_s))
    yield memory
    yield engine_memory
    yield ratio("turn.cpu_ratio", cpu)
    yield ratio("turn.engine_cpu_ratio", engine)
    yield ratio("turn.throughput_ratio", speed[BUSY])
    yield ratio("turn.cold_start_ratio", cold)
    yield ratio("turn.engine_cold_start_ratio", engine_cold)
    yield ratio("turn.memory_ratio", memory)
    yield ratio("turn.engine_memory_ratio", engine_memory)
    told = f"CPU of turn {plan.late} over turn 5"
    yield both("turn.late_over_early", "ratio", told, lambda one: median(one.late_over_early))
    # Stock tells nothing before its answer; only then a visitor knows that the message is not lost.
    told = f"until stored (stock: answered), p99, conversations: {BUSY}"
    yield both("turn.ack_p99_ms", "ms", told, lambda one: percentile(one.acks_ms(BUSY) or one.answers_ms(BUSY), 99))


def _speed(both: Both, n: int) -> Figure:
    return both(f"turn.per_s_{n}", "1/s", f"messages a second, conversations: {n}", lambda one: one.per_s(n))


def _patience(both: Both, n: int, share: int) -> Figure:
    told = f"until the answer, p{share}, conversations: {n}"
    return both(f"turn.answer_p{share}_ms_{n}", "ms", told, lambda one: percentile(one.answers_ms(n), share))


def percentile(values: list[float], share: int) -> float:
    """The value that `share` percent of `values` do not exceed."""
    return sorted(values)[-(-len(values) * share // 100) - 1]


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


async def run(plan: Plan) -> list[Figure]:
    # Ended from outside, we still end what we started.
    running = asyncio.current_task()
    assert running is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    CACHE.mkdir(exist_ok=True)
    return list(figures(*await measure(plan), plan))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    try:
        found = asyncio.run(run(QUICK if given.quick else FULL))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 130
    if not given.json:
        print(f"{'':26} {'Duologue':>9} {'beside':>9} {'ratio':>7}")
    for one in found:
        if given.json:
            print(json.dumps({key: value for key, value in asdict(one).items() if key != "told"}))
        else:
            print(f"{one.name:26} {one.value:9.3f} {one.against:9.3f} {one.ratio:7.3f}  {one.unit:5}  {one.told}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

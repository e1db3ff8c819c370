"""What the compiled engine saves: beside SimPy, on the same worlds. Medians, measured in one run.

    python benchmarks/compiled.py [CONFIG] [--replications N]

Each replication is simulated by both engines one after the other, then drawn, simulated and summed
up by both as a sweep does it. Ratios are taken pair by pair, of processor time, with the collector
of garbage at rest as in a study, so that they hold on a busy machine. The last lines are whole
processes: what it costs to start, and the size of what was built.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sim.built import ROOT, fault
from sim.config import load
from sim.plan import Plan
from sim.study.run.collector import garbage_left
from sim.study.run.engines import COMPILED, SIMPY, simulate_with, using
from sim.study.run.simulate import EngineSimulation
from sim.world import draw_world, pin_history

BATCH = 20  # replications a sweep's task draws the worlds of together
STARTS = 7


def timed(function: Callable[[], Any]) -> float:
    """Seconds of processor time."""
    with garbage_left():
        began = time.process_time()
        function()
        return time.process_time() - began


def engines(plan: Plan, seed: int, replications: int) -> tuple[dict[str, list[float]], list[int]]:
    """Seconds of each engine on the same worlds, and the events logged."""
    spent: dict[str, list[float]] = {SIMPY: [], COMPILED: []}
    events = []
    for number in range(-3, replications):  # the first warm up
        world = pin_history(plan.nature, draw_world(plan.nature, seed, max(0, number)))
        events.append(len(simulate_with(COMPILED)(plan, world).log.time))
        for engine, seconds in spent.items():
            simulate = simulate_with(engine)
            seconds.append(timed(lambda s=simulate, w=world: s(plan, w)))
    return {name: seconds[3:] for name, seconds in spent.items()}, events[3:]


class Afresh(EngineSimulation):
    """A sweep's simulation that makes every row, though the other engine left the same before."""

    keep = ("outcomes",)


def task(simulation: EngineSimulation, seed: int, numbers: Sequence[int]) -> None:
    """What a worker does of a design point."""
    simulation.expect(seed, numbers)
    simulation.columns([simulation.replicate(seed, number) for number in numbers])


def sweeps(config: Any, seed: int, replications: int) -> dict[str, list[float]]:
    """Seconds of a sweep's replications from the world to the row of outcomes, by batch."""
    made = {}
    for engine in (SIMPY, COMPILED):
        with using(engine):
            made[engine] = Afresh(config)
    spent: dict[str, list[float]] = {SIMPY: [], COMPILED: []}
    for first in range(0, replications + 1, BATCH):
        for engine, simulation in made.items():
            numbers = range(first, first + BATCH)
            seconds = timed(lambda s=simulation, n=numbers: task(s, seed, n))
            spent[engine].append(seconds / BATCH)
    return {name: seconds[1:] or seconds for name, seconds in spent.items()}


def start(module: str) -> float:
    """Seconds of processor time of a process that imports a module."""
    code = f"import time; import {module}; print(time.process_time())"
    found = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
        for _ in range(STARTS)
    ]
    return statistics.median(found)


def line(what: str, spent: dict[str, list[float]], wanted: str) -> str:
    """Milliseconds of both, and the median of their ratios."""
    ratios = [a / b for a, b in zip(spent[SIMPY], spent[COMPILED], strict=True)]
    simpy, compiled = (1000 * statistics.median(spent[name]) for name in (SIMPY, COMPILED))
    ratio = statistics.median(ratios)
    return f"  {what:<38}{simpy:9.2f}{compiled:9.2f}{ratio:9.1f}  {wanted}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("config", nargs="?", default="configs/base.yaml")
    parser.add_argument("--replications", type=int, default=100)
    arguments = parser.parse_args()
    if fault():
        sys.exit(f"no compiled engine: {fault()}")
    config = load(arguments.config).config
    plan, seed, count = Plan.of(config), config.run.seed, arguments.replications
    by_engine, events = engines(plan, seed, count)
    print(f"{arguments.config}: medians of {count} replications, {statistics.median(events):,.0f} "
          "logged events each")  # fmt: skip
    print(f"  {'milliseconds per replication':<38}{'SimPy':>9}{'compiled':>9}{'ratio':>9}")
    print(line("engine", by_engine, "wanted >= 60"))
    print(line("a sweep's, world to outcomes", sweeps(config, seed, count), "wanted >= 25"))
    per_event = [1e6 * s / n for s, n in zip(by_engine[COMPILED], events, strict=True)]
    print(f"  compiled: {statistics.median(per_event):.2f} microseconds per logged event")
    both = start("sim.engine"), start("sim.compiled.run")
    print(f"  a process that imports the engine: SimPy {both[0]:.2f} s, compiled {both[1]:.2f} s")
    built = [path for path in Path(ROOT).rglob("*") if path.suffix in (".so", ".pyd")]
    size = sum(path.stat().st_size for path in built)
    print(f"  {len(built)} modules, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()

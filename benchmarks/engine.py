"""What one replication of a config costs, and where it goes. Medians, measured in one run.

    python benchmarks/engine.py [CONFIG] [--replications N]

Prints milliseconds per replication for world, engine, tables, responses and writing, microseconds
per logged event, and the ratio of the engine to bare SimPy processing as many timeouts over as many
processes, of processor time. Each replication is timed beside its own bare run, and the collector
of garbage rests as in a study, so that ratios hold on a busy machine.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import simpy

from sim.config import load
from sim.engine import simulate
from sim.events import Names, Replication
from sim.events.schemas import TABLES
from sim.plan import Plan
from sim.results import Columns, Horizon, arrow_tables, some_tables, tabulate
from sim.results.finance.programme import programme
from sim.results.finance.tables import Books, open_books
from sim.results.ledger.charging import Ledger, charge
from sim.results.tables.batch import Batch
from sim.results.tables.facts import gather
from sim.results.tables.projects import milestone_minutes
from sim.results.tables.responses import responses
from sim.results.tables.timeline import totals
from sim.study.run.collector import garbage_left
from sim.world import World, draw_worlds, pin_histories

AFTER = ("delay ledger", "money and its ledger", "tables", "responses", "writing")
CHUNK = 10  # replications that share one write, as in a run


def timed(function: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of processor time, which a busy machine stretches least, and what came back."""
    began = time.process_time()
    result = function()
    return time.process_time() - began, result


@contextmanager
def counting_processes() -> Iterator[list[int]]:
    """Count the SimPy processes started inside the block."""
    count, init = [0], simpy.Process.__init__

    def counted(self: simpy.Process, *arguments: Any) -> None:
        count[0] += 1
        init(self, *arguments)

    simpy.Process.__init__ = counted
    try:
        yield count
    finally:
        simpy.Process.__init__ = init


def bare_simpy(timeouts: int, processes: int) -> None:
    """As many timeouts as events were logged, over as many processes, and nothing else."""
    env = simpy.Environment()

    def wait(times: int) -> Iterator[simpy.Event]:
        for _ in range(times):
            yield env.timeout(1)

    share, rest = divmod(timeouts, max(processes, 1))
    for number in range(processes):
        env.process(wait(share + (number < rest)))
    env.run()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", nargs="?", default="configs/base.yaml")
    parser.add_argument("--replications", type=int, default=30)
    arguments = parser.parse_args()
    config = load(arguments.config).config
    plan, horizon, seed = Plan.of(config), Horizon(config), config.run.seed
    for world in drawn(plan, seed, 3):  # warm up
        simulate(plan, world)

    spent: dict[str, list[float]] = {
        name: []
        for name in (
            "world",
            "engine",
            "bare SimPy",
            "delay ledger",
            "money and its ledger",
            "tables",
            "responses",
            "writing",
            "outcomes alone",
        )
    }
    events, processes, chunk = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        seconds, worlds = timed(lambda: drawn(plan, seed, arguments.replications))
        spent["world"] = [seconds / len(worlds)]  # together, as a worker draws them
        for world in worlds:
            with counting_processes() as count:
                simulate(plan, world)
            with garbage_left():
                seconds, replication = timed(lambda w=world: simulate(plan, w))
            spent["engine"].append(seconds)
            events.append(len(replication.log.time))
            processes.append(count[0])
            spent["bare SimPy"].append(timed(lambda n=events[-1], p=count[0]: bare_simpy(n, p))[0])
            with garbage_left():
                seconds = timed(lambda r=replication: tabulate(r, config, horizon))[0]
            spent["tables"].append(seconds)
            facts = gather(Batch([replication]), horizon)
            amounts, dates = totals(facts), milestone_minutes(facts)
            seconds, delays = timed(lambda r=replication: charged(r))
            spent["delay ledger"].append(seconds)
            followed, books = timed(lambda r=replication: followed_money(r, horizon))
            spent["money and its ledger"].append(followed)
            part = timed(
                lambda f=facts, a=amounts, d=dates, w=delays, b=books: responses(
                    f, a, d, w, programme(b) if b else {}
                )
            )[0]
            spent["responses"].append(part)
            spent["tables"][-1] -= part + seconds + followed  # tabulate makes these three as well
            with garbage_left():
                alone = timed(lambda r=replication: some_tables([r], horizon, ("outcomes",)))[0]
            spent["outcomes alone"].append(alone)  # as a sweep keeps them
            chunk.append(replication)
            if len(chunk) == CHUNK:
                made = some_tables(chunk, horizon, TABLES)
                written = timed(lambda m=made: write(m, plan.names, Path(folder)))[0]
                spent["writing"].append(written / CHUNK)
                chunk = []
    report(arguments.config, spent, events, processes)


def drawn(plan: Plan, seed: int, replications: int) -> list[World]:
    """The first worlds, as a worker has them."""
    return pin_histories(plan.nature, draw_worlds(plan.nature, seed, range(replications)))


def charged(replication: Replication) -> Ledger:
    """The delay ledger with every part of it; they are made as they are asked for."""
    ledger = charge(replication)
    for part in ("minutes", "hidden", "drag", "held"):
        getattr(ledger, part)
    return ledger


def followed_money(replication: Replication, horizon: Horizon) -> Books | None:
    """Operation, waterfall and loans to the last life, and the ledger up to the run-out."""
    books = open_books(Batch([replication]), horizon.terms)
    if books is not None:
        books.ledger()
    return books


def write(tables: dict[str, Columns], names: Names, folder: Path) -> None:
    """Write one chunk the way a run does."""
    for name, table in arrow_tables(tables, names).items():
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd")


def report(
    config: str, spent: dict[str, list[float]], events: list[int], processes: list[int]
) -> None:
    """Print the table, and the ratios wanted beside the ratios found."""
    median = {name: statistics.median(times) * 1000 for name, times in spent.items() if times}
    engine, world = median["engine"], median["world"]
    after = sum(median.get(name, 0.0) for name in AFTER)
    per_event = [1e6 * s / n for s, n in zip(spent["engine"], events, strict=True)]
    ratios = [e / b for e, b in zip(spent["engine"], spent["bare SimPy"], strict=True)]
    print(f"{config}: medians of {len(events)} replications")
    print(f"  logged events {statistics.median(events):,.0f}, "
          f"SimPy processes {statistics.median(processes):,.0f}")  # fmt: skip
    for name, milliseconds in median.items():
        print(f"  {name:<21}{milliseconds:9.2f} ms per replication")
    print(f"  engine      {statistics.median(per_event):9.2f} microseconds per logged event")
    print(f"  engine / bare SimPy                    {statistics.median(ratios):6.2f}  wanted <= 4")
    print(f"  world / engine                         {world / engine:6.2f}  wanted <= 0.10")
    money = median["money and its ledger"] / engine
    print(f"  money and its ledger / engine          {money:6.2f}  wanted <= 0.20")
    print(f"  (all after the engine) / engine        {after / engine:6.2f}  wanted <= 1")


if __name__ == "__main__":
    main()

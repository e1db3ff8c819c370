"""What a sweep costs beside its replications. Measured in one run; the machine should be idle.

    python benchmarks/sweep.py [CONFIG] [--points N] [--replications N] [--parts N]

Throughput of the same sweep serially, with one worker process and with two; the overhead of a part
over its bare replications; rates of the store; and how soon a sweep with many parts there goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa

from sim.config import config_hash
from sim.events import RESPONSES
from sim.study.design.sweep_config import LoadedSweep, load_sweep
from sim.study.run.progress import Progress
from sim.study.run.simulate import OutcomeSimulation
from sim.study.run.store import PartStore
from sim.study.run.sweeps import run_sweep, sweep_of
from sim.study.run.work import Means
from sim.study.run.worker import Task, compute_parts
from sim.study.run.worker import configure as really_configure

ROOT = Path(__file__).resolve().parents[1]
PART = 10  # replications


def sweep_over_teams(folder: Path, config: Path, points: int, replications: int) -> LoadedSweep:
    path = folder / "teams.yaml"
    levels = list(range(6, 6 + points))
    path.write_text(
        f"schema: 1\nsweep: teams\nbase: {json.dumps(str(config.resolve()))}\n"
        f"replications: {replications}\n"
        f"factors: {{teams: {{path: capacity.teams.count, levels: {levels}}}}}\n"
        "design: {kind: grid}\n",
        encoding="utf-8",
    )
    return load_sweep(path)


class Clock(Progress):
    """When the first part came, and when the last one did."""

    def __init__(self) -> None:
        self.first = self.last = 0.0
        self.of_first = self.of_all = 0

    def advance(self, replications: int) -> None:
        self.last = time.perf_counter()
        self.of_all += replications
        if not self.first:
            self.first, self.of_first = self.last, replications


def throughput(sweep: LoadedSweep, folder: Path) -> None:
    print(f"throughput, {len(sweep.design)} points x {sweep.replications} replications")
    serial = 0.0
    for name, jobs in (("serial", 1), ("1 worker", -1), ("2 workers", 2)):
        clock, began = Clock(), time.perf_counter()
        if jobs > 0:
            run_sweep(sweep, folder / name, jobs, progress=clock)
        else:
            one = Means(remote=True)  # a pool even for one worker
            run_sweep(sweep, folder / name, 1, progress=clock, means=one)
        wall = time.perf_counter() - began
        # From the first result on: workers have started and have compiled.
        steady = (clock.of_all - clock.of_first) / (clock.last - clock.first)
        whole = clock.of_all / wall
        serial = serial or steady
        print(
            f"  {name:10} {steady:7.1f} replications/s once at work ({steady / serial:.2f} x "
            f"serial), {whole:7.1f} with start, check and tables ({wall:.1f} s)"
        )


def overhead(sweep: LoadedSweep, folder: Path, parts: int = 8) -> None:
    job = Means().job(sweep_of(sweep))
    store = PartStore(folder / "overhead")
    values = sweep.design.point(0)
    config, found = really_configure(job.tree, values)
    simulation = OutcomeSimulation(config)
    simulation.replicate(sweep.seed, 100)
    bare, whole, making, writing = [], [], [], []
    for part in range(parts):
        span = (PART * (part + 100), PART * (part + 101))  # beyond those with a capacity trace
        began = time.perf_counter()
        simulation.expect(sweep.seed, range(*span))
        for replication in range(*span):
            simulation.replicate(sweep.seed, replication)
        bare.append(time.perf_counter() - began)
        began = time.perf_counter()
        ((key, content),) = compute_parts(job, Task(0, values, found, (span,)))
        computed = time.perf_counter()
        store.write(key, content)
        writing.append(time.perf_counter() - computed)
        whole.append(time.perf_counter() - began)
        began = time.perf_counter()
        config_hash(really_configure(job.tree, values)[0])
        making.append(time.perf_counter() - began)
    one, part, config_seconds = (float(np.median(times)) for times in (bare, whole[1:], making))
    print(f"overhead of a part of {PART} replications ({1000 * one:.0f} ms bare)")
    print(f"  part            {1000 * (part - one):7.1f} ms ({(part - one) / one:6.1%}), of which")
    print(f"  write and flush {1000 * float(np.median(writing)):7.1f} ms")
    print(f"  config          {1000 * config_seconds:7.1f} ms, once for up to 4 parts of a point")
    for n in (1, 2, 4):
        share = (part - one + config_seconds / n) / one
        print(f"  in all, with {n} part{'s' if n > 1 else ' '} a point {share:6.1%}")


class Stub:
    """Outcomes of the usual width that cost nothing."""

    def __init__(self, config: Any) -> None:
        self.level = config.level

    def expect(self, seed: int, replications: Sequence[int]) -> None:
        """Nothing is drawn ahead."""

    def replicate(self, seed: int, replication: int) -> int:
        return replication

    def tables(self, replications: Sequence[int]) -> dict[str, pa.Table]:
        own = np.array(replications)
        columns = {name: own * self.level / 7 for name in RESPONSES}
        return {"outcomes": pa.table({"replication": pa.array(own, pa.int32()), **columns})}


def stub_config(tree: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[Any, str]:
    (level,) = values.values()
    return SimpleNamespace(level=level), hashlib.sha256(str(level).encode()).hexdigest()


def store_rates(folder: Path, config: Path, parts: int) -> None:
    sweep = sweep_over_teams(folder, config, 1, PART)
    column = np.arange(parts)
    column.setflags(write=False)
    design = type(sweep.design)(sweep.design.kind, sweep.design.factors, (column,))
    many = type(sweep)(**{**vars(sweep), "design": design})
    means = Means(Stub, stub_config)
    began = time.perf_counter()
    run_sweep(many, folder / "many", means=means)
    whole = time.perf_counter() - began
    stored = sorted((folder / "many" / "parts").glob("*.part"))
    size = sum(path.stat().st_size for path in stored)
    print(f"store, {parts:,} parts of {PART} replications and {len(RESPONSES)} responses")
    print(f"  computed, written and assembled at {parts / whole:,.0f} parts/s "
          f"({size / parts / 1024:.1f} KiB a part)")  # fmt: skip
    store = PartStore(folder / "many" / "parts")
    job = means.job(sweep_of(many))
    keys = [job.key(stub_config({}, {"": level})[1], (0, PART)) for level in range(parts)]
    content = stored[0].read_bytes()
    few = keys[:500]
    for name, work, some in (
        ("written (flushed)", lambda key: PartStore(folder / "w").write(key, content), few),
        ("checked", lambda key: store.fault(key, ("outcomes",)), keys),
        ("read", lambda key: store.read(key, ("outcomes",)), keys),
    ):
        began = time.perf_counter()
        for key in some:
            work(key)
        print(f"  {name:18} {len(some) / (time.perf_counter() - began):9,.0f} parts/s")
    (folder / "many" / "manifest.json").unlink()
    stored[parts // 2].unlink()
    began = time.perf_counter()
    clock = Clock()
    run_sweep(many, folder / "many", progress=clock, means=means)
    print(
        f"resumed with {parts - 1:,} of {parts:,} parts there: the missing one computed after "
        f"{clock.last - began:.1f} s, tables finished after {time.perf_counter() - began:.1f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("config", nargs="?", type=Path, default=ROOT / "configs" / "base.yaml")
    parser.add_argument("--points", type=int, default=12)
    parser.add_argument("--replications", type=int, default=40)
    parser.add_argument("--parts", type=int, default=10_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sweep = sweep_over_teams(folder, args.config, args.points, args.replications)
        overhead(sweep, folder)
        throughput(sweep, folder)
        store_rates(folder, args.config, args.parts)


if __name__ == "__main__":
    main()

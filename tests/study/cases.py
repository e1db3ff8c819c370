"""Small studies of both kinds, and simulations without a model; top-level: workers find them."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.config import load
from sim.config.schema import Config
from sim.errors import ConfigError, ModelError, Problem
from sim.study.design.sweep_config import LoadedSweep, load_sweep
from sim.study.run.folder import MANIFEST
from sim.study.run.identity import FORMAT, MADE_BY, Request
from sim.study.run.progress import Progress
from sim.study.run.runs import GLIMPSED, run_of
from sim.study.run.sweeps import sweep_of
from sim.study.run.work import Study

MINIMAL = Path(__file__).parents[1] / "config" / "minimal.yaml"
KINDS = ("run", "sweep")
REPLICATIONS = 60  # of a small study of either kind
PARTS = {"run": 8, "sweep": 6}  # the first of a run is in pieces, so that something moves soon
FATEFUL = 13  # a replication at two desks: of a run, or of the second point of a sweep
DESKS = "capacity.facilities.jbic.desks"
MARKS = "SIM_TEST_MARKS"  # names a folder in which workers leave their pid


def sweep_file(folder: Path, levels: Sequence[int] = (1, 2, 3), replications: int = 20) -> Path:
    """A sweep over the desks of one lender: a design point per level."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "minimal.yaml").write_bytes(MINIMAL.read_bytes())
    path = folder / "desks.yaml"
    path.write_text(
        "schema: 1\nsweep: desks\nbase: minimal.yaml\n"
        f"replications: {replications}\n"
        f"factors: {{desks: {{path: {DESKS}, levels: {list(levels)}}}}}\n"
        "design: {kind: grid}\n",
        encoding="utf-8",
    )
    return path


def small_sweep(
    folder: Path, levels: Sequence[int] = (1, 2, 3), replications: int = 20
) -> LoadedSweep:
    return load_sweep(sweep_file(folder, levels, replications))


def finish(folder: Path, request: Request, file: str = "summary.csv", **said: Any) -> None:
    """Put a finished study of one file into a folder; ``said`` stands in its manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    content = b"response,mean\n"
    (folder / file).write_bytes(content)
    files = {file: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}}
    manifest = {"made_by": MADE_BY, "format": FORMAT, **request.as_dict(), "files": files}
    if request.kind == "sweep":
        manifest |= {"design": "grid", "settings": {}, "factors": {}, "outcomes": 60, "failures": 0}
    (folder / MANIFEST).write_text(json.dumps({**manifest, **said}), encoding="utf-8")


class Heard(Progress):
    def __init__(self) -> None:
        self.notes: list[str] = []
        self.found = self.done = self.total = 0

    def start(self, done: int, total: int) -> None:
        self.found = self.done = done
        self.total = total

    def advance(self, replications: int) -> None:
        self.done += replications

    def note(self, text: str) -> None:
        self.notes.append(text)


class Left(NamedTuple):
    replication: int
    paid: float


class Plain:
    """One outcome and two events, plain functions of the point, the seed and the replication."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.desks = config.capacity.facilities["jbic"].desks

    def expect(self, seed: int, replications: Sequence[int]) -> None:
        """Nothing is drawn ahead."""

    def replicate(self, seed: int, replication: int) -> Left:
        if self.desks == 2 and replication == FATEFUL:
            self.meet_fate()
        return Left(replication, (seed * 31 + self.desks * 7 + replication) / 3)

    def meet_fate(self) -> None:
        """Nothing happens."""

    def tables(self, replications: Sequence[Left]) -> dict[str, pa.Table]:
        own = [left.replication for left in replications]
        paid = [left.paid for left in replications]
        outcomes = {"replication": pa.array(own, pa.int32()), "paid_usd_bn": pa.array(paid)}
        outcomes.update((name, pa.array(paid)) for name in GLIMPSED)  # told while a run goes on
        events = {"replication": pa.array(np.repeat(own, 2), pa.int32())}
        events["amount"] = pa.array(np.repeat(paid, 2))
        return {"outcomes": pa.table(outcomes), "events": pa.table(events)}


def study(kind: str, folder: Path, simulator: Any = Plain) -> Study:
    """Sixty replications in six parts: of one point, or of three."""
    if kind == "sweep":
        return replace(sweep_of(small_sweep(folder)), simulator=simulator)
    run = run_of(load(MINIMAL, {DESKS: 2, "run.replications": REPLICATIONS}))
    return replace(run, simulator=simulator, keep=("events", "outcomes"))


class BreaksALaw(Plain):
    def meet_fate(self) -> None:
        raise ModelError("paid exceeds called")


class Stumbles(Plain):
    def meet_fate(self) -> None:
        raise IndexError("index 7 is out of bounds")


class StumblesOverItsTables(Plain):
    """The replication passes; what it left makes no table, alone or beside others."""

    def tables(self, replications: Sequence[Left]) -> dict[str, pa.Table]:
        if self.desks == 2 and any(left.replication == FATEFUL for left in replications):
            raise IndexError("index 7 is out of bounds")
        return super().tables(replications)


class Dies(Plain):
    """Takes every worker down with it, as a replication that needs too much memory does."""

    def meet_fate(self) -> None:
        os._exit(1)


class Interrupted(Plain):
    """Ctrl-C, the first time."""

    struck = False

    def meet_fate(self) -> None:
        if not Interrupted.struck:
            Interrupted.struck = True
            raise KeyboardInterrupt("Ctrl-C")


class CannotBeMadeWithTwoDesks(Plain):
    made = 0

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        if self.desks == 2:
            CannotBeMadeWithTwoDesks.made += 1
            if CannotBeMadeWithTwoDesks.made > 1:  # the first time it is only checked
                raise IndexError("index 7 is out of bounds")


class RefusesTwoDesks(Plain):
    def __init__(self, config: Config) -> None:
        super().__init__(config)
        if self.desks == 2:
            raise ConfigError([Problem("<tree>", 0, "capacity", "two desks are unlucky", "others")])


class TellsItsPid(Plain):
    """Slow enough to be killed at work."""

    def replicate(self, seed: int, replication: int) -> Left:
        (Path(os.environ[MARKS]) / str(os.getpid())).touch()
        time.sleep(0.01)
        return super().replicate(seed, replication)


class TellsItsThreads(Plain):
    def replicate(self, seed: int, replication: int) -> Left:
        return Left(replication, float(os.environ.get("OMP_NUM_THREADS", "0")))


def stub_configure(
    tree: Mapping[str, Any], values: Mapping[str, Any], checked: str
) -> tuple[Any, str]:
    """In place of making configs, so that a test of the driver is not one of the config room."""
    (desks,) = values.values()
    facility = SimpleNamespace(desks=desks)
    config = SimpleNamespace(capacity=SimpleNamespace(facilities={"jbic": facility}))
    return config, hashlib.sha256(str(desks).encode()).hexdigest()


@contextmanager
def threads(workers: int) -> Iterator[Executor]:
    with ThreadPoolExecutor(workers) as executor:
        yield executor


def results(folder: Path) -> dict[str, bytes]:
    """Every table and the config; neither manifest nor page, which tell the time, nor parts."""
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.is_file() and path.name not in ("manifest.json", "results.json", "report.html")
    }


def outcomes(folder: Path) -> pa.Table:
    return pq.read_table(folder / "outcomes.parquet")


def failures(folder: Path) -> list[dict[str, Any]]:
    return pq.read_table(folder / "failures.parquet").to_pylist()


def kept(folder: Path) -> int:
    """Replications in finished parts, whose names end with the first and the one after the last."""
    spans = (path.stem.split("-")[-2:] for path in parts(folder))
    return sum(int(last) - int(first) for first, last in spans)


def parts(folder: Path) -> list[Path]:
    return sorted((folder / "parts").glob("*.part"))

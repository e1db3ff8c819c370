"""Small sweeps, and simulations without a model for them; top-level, so that workers find them."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from sim.config.schema import Config
from sim.errors import ConfigError, ModelError, Problem
from sim.study.design.sweep_config import Sweep, load_sweep
from sim.study.run.progress import Silent

MINIMAL = Path(__file__).parents[1] / "config" / "minimal.yaml"
TABLES = ("design.parquet", "outcomes.parquet", "failures.parquet", "config.yaml")
MARKS = "SIM_TEST_MARKS"  # names a folder in which workers leave their pid


def sweep_file(folder: Path, levels: Sequence[int] = (1, 2, 3), replications: int = 20) -> Path:
    """A sweep over the desks of one lender: a design point per level."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "minimal.yaml").write_bytes(MINIMAL.read_bytes())
    path = folder / "desks.yaml"
    path.write_text(
        "schema: 1\nsweep: desks\nbase: minimal.yaml\n"
        f"replications: {replications}\n"
        f"factors: {{desks: {{path: capacity.facilities.jbic.desks, levels: {list(levels)}}}}}\n"
        "design: {kind: grid}\n",
        encoding="utf-8",
    )
    return path


def small_sweep(folder: Path, levels: Sequence[int] = (1, 2, 3), replications: int = 20) -> Sweep:
    return load_sweep(sweep_file(folder, levels, replications))


def tables(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in TABLES}


def outcomes(folder: Path) -> pa.Table:
    return pq.read_table(folder / "outcomes.parquet")


def failures(folder: Path) -> list[dict[str, Any]]:
    return pq.read_table(folder / "failures.parquet").to_pylist()


def parts(folder: Path) -> list[Path]:
    return sorted((folder / "parts").glob("*.part"))


class Heard(Silent):
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
    """One outcome, a plain function of the point, the seed and the replication."""

    def __init__(self, config: Config) -> None:
        self.desks = config.capacity.facilities["jbic"].desks

    def replicate(self, seed: int, replication: int) -> Left:
        return Left(replication, (seed * 31 + self.desks * 7 + replication) / 3)

    def tables(self, replications: Sequence[Left]) -> dict[str, pa.Table]:
        own = [left.replication for left in replications]
        return {
            "outcomes": pa.table(
                {
                    "replication": pa.array(own, pa.int32()),
                    "paid_usd_bn": pa.array([left.paid for left in replications]),
                }
            )
        }


class BreaksAtTwoDesks(Plain):
    def replicate(self, seed: int, replication: int) -> Left:
        if self.desks == 2 and replication == 13:
            raise ModelError("paid exceeds called")
        return super().replicate(seed, replication)


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


class DiesAtTwoDesks(Plain):
    """Takes every worker down with it, as a point that needs too much memory does."""

    def replicate(self, seed: int, replication: int) -> Left:
        if self.desks == 2:
            os._exit(1)
        return super().replicate(seed, replication)


class InterruptedAtTwoDesks(Plain):
    """Ctrl-C at the second point, the first time it is computed."""

    struck = False

    def replicate(self, seed: int, replication: int) -> Left:
        if self.desks == 2 and replication == 13 and not InterruptedAtTwoDesks.struck:
            InterruptedAtTwoDesks.struck = True
            raise KeyboardInterrupt("Ctrl-C")
        return super().replicate(seed, replication)

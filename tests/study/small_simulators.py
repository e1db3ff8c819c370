"""Simulations without a model, at the top level so that spawned workers find them by name."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pyarrow as pa

from sim.errors import ModelError

TABLES = ("events", "outcomes")
FATEFUL = 13


class Left(NamedTuple):
    replication: int
    amounts: list[float]


class Plain:
    """Five events and one outcome, each a plain function of seed and replication."""

    def __init__(self, config: SimpleNamespace) -> None:
        self.config = config

    def replicate(self, seed: int, replication: int) -> Left:
        return Left(replication, [(seed * 31 + replication * 7 + event) / 3 for event in range(5)])

    def tables(self, replications: Sequence[Left]) -> dict[str, pa.Table]:
        numbers = [left.replication for left in replications for _ in left.amounts]
        amounts = [amount for left in replications for amount in left.amounts]
        own = [left.replication for left in replications]
        sums = [sum(left.amounts) for left in replications]
        return {
            "events": pa.table({"replication": pa.array(numbers, pa.int32()), "amount": amounts}),
            "outcomes": pa.table({"replication": pa.array(own, pa.int32()), "paid_usd_bn": sums}),
        }


class BreaksALaw(Plain):
    def replicate(self, seed: int, replication: int) -> Left:
        if replication == FATEFUL:
            raise ModelError("paid exceeds called")
        return super().replicate(seed, replication)


class Stumbles(Plain):
    def replicate(self, seed: int, replication: int) -> Left:
        if replication == FATEFUL:
            raise IndexError("index 7 is out of bounds")
        return super().replicate(seed, replication)


class Interrupted(Plain):
    """Ctrl-C while the fateful replication runs, the first time it does."""

    def replicate(self, seed: int, replication: int) -> Left:
        if replication == FATEFUL and _first_time(self.config):
            raise KeyboardInterrupt("Ctrl-C")
        return super().replicate(seed, replication)


class DiesOnce(Plain):
    """The worker that meets the fateful replication first is gone at once, as by kill -9."""

    def replicate(self, seed: int, replication: int) -> Left:
        if replication == FATEFUL and _first_time(self.config):
            os._exit(1)
        return super().replicate(seed, replication)


class AlwaysDies(Plain):
    def replicate(self, seed: int, replication: int) -> Left:
        if replication == FATEFUL:
            os._exit(1)
        return super().replicate(seed, replication)


class TellsItsThreads(Plain):
    def replicate(self, seed: int, replication: int) -> Left:
        return Left(replication, [float(os.environ.get("OMP_NUM_THREADS", "0"))])


class Slow(Plain):
    def replicate(self, seed: int, replication: int) -> Left:
        time.sleep(0.05)
        return super().replicate(seed, replication)


def _first_time(config: SimpleNamespace) -> bool:
    mark = Path(config.mark)
    if mark.exists():
        return False
    mark.write_text("here", encoding="utf-8")
    return True

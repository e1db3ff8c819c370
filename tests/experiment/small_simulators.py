"""Simulators without a model, at the top level so that spawned workers find them by name."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa

from sim.errors import ModelError

TABLES = ("events", "outcomes")


def tables_of(seed: int, replication: int) -> dict[str, pa.Table]:
    """Five events and one outcome, each a plain function of seed and replication."""
    amounts = [(seed * 31 + replication * 7 + event) / 3 for event in range(5)]
    numbers = pa.array([replication] * 5, pa.int32())
    return {
        "events": pa.table({"replication": numbers, "amount": amounts}),
        "outcomes": pa.table(
            {"replication": pa.array([replication], pa.int32()), "paid_usd_bn": [sum(amounts)]}
        ),
    }


def plain(config: SimpleNamespace) -> Callable[[int, int], dict[str, pa.Table]]:
    return tables_of


def breaks_at_13(config: SimpleNamespace) -> Callable[[int, int], dict[str, pa.Table]]:
    def simulate(seed: int, replication: int) -> dict[str, pa.Table]:
        if replication == 13:
            raise ModelError("paid exceeds called")
        return tables_of(seed, replication)

    return simulate


def stumbles_at_13(config: SimpleNamespace) -> Callable[[int, int], dict[str, pa.Table]]:
    def simulate(seed: int, replication: int) -> dict[str, pa.Table]:
        if replication == 13:
            raise IndexError("index 7 is out of bounds")
        return tables_of(seed, replication)

    return simulate


def interrupted_at_13(config: SimpleNamespace) -> Callable[[int, int], dict[str, pa.Table]]:
    def simulate(seed: int, replication: int) -> dict[str, pa.Table]:
        if replication == 13:
            raise KeyboardInterrupt
        return tables_of(seed, replication)

    return simulate


def dies_once_at_13(config: SimpleNamespace) -> Callable[[int, int], dict[str, pa.Table]]:
    """The worker that meets replication 13 first is gone at once, as after a kill -9."""
    mark = Path(config.mark)

    def simulate(seed: int, replication: int) -> dict[str, pa.Table]:
        if replication == 13 and not mark.exists():
            mark.write_text("died", encoding="utf-8")
            os._exit(1)
        return tables_of(seed, replication)

    return simulate


def always_dies_at_13(config: SimpleNamespace) -> Callable[[int, int], dict[str, pa.Table]]:
    def simulate(seed: int, replication: int) -> dict[str, pa.Table]:
        if replication == 13:
            os._exit(1)
        return tables_of(seed, replication)

    return simulate


def tells_its_threads(config: SimpleNamespace) -> Callable[[int, int], dict[str, pa.Table]]:
    def simulate(seed: int, replication: int) -> dict[str, pa.Table]:
        threads = float(os.environ.get("OMP_NUM_THREADS", "0"))
        tables = tables_of(seed, replication)
        outcomes = tables["outcomes"].set_column(1, "paid_usd_bn", pa.array([threads]))
        return tables | {"outcomes": outcomes}

    return simulate


def slow(config: SimpleNamespace) -> Callable[[int, int], dict[str, pa.Table]]:
    def simulate(seed: int, replication: int) -> dict[str, pa.Table]:
        time.sleep(0.05)
        return tables_of(seed, replication)

    return simulate

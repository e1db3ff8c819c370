"""Finished replications of the base, and the books of one under settings of its finance section."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from sim.config import load
from sim.config.finance import Finance
from sim.config.schema import Config
from sim.engine import replicate
from sim.events import OperationDraws, Replication
from sim.events.money import ACCOUNTS, REASONS
from sim.plan import Plan
from sim.results import Columns
from sim.results.finance.tables import Books, open_books
from sim.results.finance.terms import Terms
from sim.results.tables.batch import Batch

BASE = Path(__file__).parents[2] / "configs" / "base.yaml"


@cache
def base(*settings: tuple[str, Any]) -> Config:
    """The base with settings; those that begin with a brace are JSON."""
    read = {k: json.loads(v) if str(v).startswith("{") else v for k, v in settings}
    return load(BASE, read).config


@cache
def replication(number: int, *settings: tuple[str, Any]) -> Replication:
    config = base(*settings)
    return replicate(Plan.of(config), config.run.seed, number)


def books_of(
    made: Replication,
    config: Config,
    finance: Finance | None = None,
    draws: OperationDraws | None = None,
) -> Books:
    finance = finance or config.finance
    assert finance is not None
    made = made if draws is None else replace(made, operation=draws)
    (books,) = open_books(Batch([made]), Terms(config, finance))
    return books


def balances(ledger: Columns) -> dict[str, int]:
    """What each account holds when the ledger ends, cents."""
    held = np.zeros(len(ACCOUNTS), np.int64)
    np.add.at(held, ledger["debit"], ledger["amount_cents"])
    np.subtract.at(held, ledger["credit"], ledger["amount_cents"])
    return dict(zip(ACCOUNTS, held.tolist(), strict=True))


def moved(ledger: Columns, reason: str, debit: str = "", credit: str = "") -> int:
    """Sum of the transfers of a reason, to and from the accounts named."""
    chosen = ledger["reason"] == list(REASONS).index(reason)
    if debit:
        chosen &= ledger["debit"] == ACCOUNTS.index(debit)
    if credit:
        chosen &= ledger["credit"] == ACCOUNTS.index(credit)
    return int(ledger["amount_cents"][chosen].sum())

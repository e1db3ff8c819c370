"""A run folder read back replication by replication, as the laws read a replication.

A row group of a table holds the replications of a part: one is in memory at a time.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.calendars import MINUTES_PER_DAY
from sim.errors import StoreError
from sim.events import (
    CENTS_PER_USD_BN,
    LEDGER_CAUSES,
    MONEY_KINDS,
    RESPONSES,
    Attributes,
    CapacityTrace,
    EventLog,
    FloatArray,
    Kind,
)
from sim.events.schemas import DICTIONARIES, TABLES, dictionary_values
from sim.results.laws import Charged, Evidence, Yardstick
from sim.results.laws.evidence import UNKNOWN, Table

if TYPE_CHECKING:
    import pyarrow.parquet as pq

FILES = ("events", "projects", "timeline", "capacity", "capacity_trace", "delays", "held",
         "ledger", "duties")  # fmt: skip
_CENTS = 100.0


class RunEvidence:
    """What a run folder holds of each replication.

    Raises
    ------
    StoreError
        If a table cannot be read at all.
    """

    def __init__(self, folder: Path, measure: Yardstick) -> None:
        self.measure, self.names = measure, measure.plan.names
        words = dictionary_values(self.names)
        self._codes = {word: {text: n for n, text in enumerate(words[word])} for word in words}
        self._files = {table: _Parquet(folder, table, self._codes) for table in FILES}
        self._outcomes = _read_outcomes(folder)

    @property
    def replications(self) -> set[int]:
        """Every replication that some row of some table is said to be of."""
        return {*self._outcomes, *(r for file in self._files.values() for r in file.groups)}

    def of(self, replication: int) -> Evidence:
        """One replication; its trace where the folder keeps it, neither sites nor market."""
        tables: dict[str, Table] = {
            name: file.rows(replication) for name, file in self._files.items()
        }
        trace = tables["capacity_trace"]
        if not len(trace["time"]):
            del tables["capacity_trace"]
        tables["outcomes"] = self._outcomes.get(replication, _no_outcome())
        projects = tables["projects"]
        return Evidence(
            replication=replication,
            end=self.measure.horizon.end,
            measure=self.measure,
            names=self.names,
            log=self._log(tables["events"]),
            attributes=_attributes(projects),
            charged=self._charged(projects, tables["delays"]),
            tables=tables,
            capacity=self._trace(trace) if len(trace["time"]) else None,
        )

    def _is_money(self) -> NDArray[np.bool_]:
        return np.array([unit == "USD" for unit in self.names.resource_units] + [False, False])

    def _log(self, events: Table) -> EventLog:
        kind, resource = events["event"].astype(np.int64), events["resource"].astype(np.int64)
        money = np.isin(kind, list(MONEY_KINDS))
        money |= (kind == Kind.CAPACITY_CHANGED) & self._is_money()[resource]
        return EventLog(
            time=events["time"],
            project=events["project"].astype(np.int64),
            kind=kind,
            resource=resource,
            cause=np.where(events["cause"] == UNKNOWN, UNKNOWN, events["cause"] + 1),
            part=events["part"].astype(np.int64),
            amount=np.where(money, _whole(events["amount"] * _CENTS), events["amount"]),
        )

    def _trace(self, trace: Table) -> CapacityTrace:
        resource = trace["resource"].astype(np.int64)
        money = self._is_money()[resource]

        def cents(column: str) -> FloatArray:
            return np.where(money, _whole(trace[column] * CENTS_PER_USD_BN), trace[column])

        return CapacityTrace(
            resource=resource,
            time=trace["time"],
            capacity=cents("capacity"),
            in_use=cents("in_use"),
            waiting=trace["waiting"],
            waiting_cents=_whole(trace["waiting_usd_bn"] * CENTS_PER_USD_BN),
        )

    def _charged(self, projects: Table, delays: Table) -> Charged:
        def minutes(word: str) -> FloatArray:
            columns = [projects[f"{word}_{cause}_days"] for cause in LEDGER_CAUSES]
            return np.asarray(np.stack(columns, axis=1) * MINUTES_PER_DAY)

        row = {project: place for place, project in enumerate(projects["project"].tolist())}
        by_pool = np.zeros((len(projects["project"]), len(self.names.pools)))
        names = [f"specialists_{pool}" for pool in self.names.pools]
        pool_of = {self.names.resources.index(name): k for k, name in enumerate(names)}
        held = np.zeros((len(by_pool), len(LEDGER_CAUSES)))
        names = ["project", "cause", "resource", "days", "held_days"]
        for project, cause, resource, days, held_days in zip(
            *(delays[name].tolist() for name in names), strict=True
        ):
            if project in row:
                held[row[project], cause] += held_days * MINUTES_PER_DAY
                if resource in pool_of:
                    by_pool[row[project], pool_of[resource]] += days * MINUTES_PER_DAY
        return Charged(minutes("delay"), minutes("hidden"), minutes("drag"), by_pool, held)


def _whole(cents: FloatArray) -> FloatArray:
    """Cents that were whole before they were divided by a hundred are whole again."""
    with np.errstate(invalid="ignore"):
        near = np.abs(cents - np.rint(cents)) <= 1e-2 + 4e-16 * np.abs(cents)
    return np.asarray(np.where(near, np.rint(cents), cents))


def _attributes(projects: Table) -> Attributes:
    def cents(column: str) -> NDArray[np.int64]:
        return np.asarray(np.rint(projects[column] * CENTS_PER_USD_BN), dtype=np.int64)

    build = np.rint(projects["build_days_planned"] * MINUTES_PER_DAY).astype(np.int64)
    return Attributes(
        entity=projects["project"].astype(np.int64),
        named=projects["named"],
        sector=projects["sector"].astype(np.int64),
        state=projects["state"].astype(np.int64),
        units=projects["units"].astype(np.int64),
        cost_cents=cents("cost_usd_bn"),
        commitment_cents=cents("commitment_usd_bn"),
        selected_cents=cents("selected_usd_bn"),
        cost_ratio=projects["cost_ratio"],
        japanese_content_share=projects["japanese_content_share"],
        prospects_share=projects["prospects_share"],
        build_minutes=build,
        nominal_minutes=np.zeros_like(build),  # no table has it
        specialists=projects["specialists"],
    )


class _Parquet:
    """One table, a row group at a time, and which groups hold rows of each replication."""

    def __init__(self, folder: Path, table: str, codes: Mapping[str, Mapping[str, int]]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.table, self._codes = table, codes
        self.path = folder / f"{table}.parquet"
        try:
            self._file: pq.ParquetFile = pq.ParquetFile(self.path)
            missing = {name for name, _ in TABLES[table]} - set(self._file.schema_arrow.names)
            if missing:
                raise StoreError(f"{self.path} has no column {sorted(missing)[0]}")
            self.groups: dict[int, list[int]] = {}
            for group in range(self._file.num_row_groups):
                column = self._file.read_row_group(group, columns=["replication"]).column(0)
                for replication in np.unique(column.to_numpy()).tolist():
                    self.groups.setdefault(replication, []).append(group)
        except (OSError, pa.ArrowInvalid) as error:
            raise StoreError(f"{self.path} cannot be read: {error}") from error
        self._group = lru_cache(maxsize=2)(self._read_group)

    def rows(self, replication: int) -> dict[str, NDArray[Any]]:
        """Columns of the rows of one replication, codes in place of words."""
        pieces = []
        for group in self.groups.get(replication, ()):
            columns = self._group(group)
            mine = np.flatnonzero(columns["replication"] == replication)
            pieces.append({name: column[mine] for name, column in columns.items()})
        if not pieces:
            return {name: column[:0] for name, column in self._empty().items()}
        return {name: np.concatenate([p[name] for p in pieces]) for name in pieces[0]}

    def _empty(self) -> dict[str, NDArray[Any]]:
        return self._columns(self._file.schema_arrow.empty_table())

    def _read_group(self, group: int) -> dict[str, NDArray[Any]]:
        return self._columns(self._file.read_row_group(group))

    def _columns(self, rows: Any) -> dict[str, NDArray[Any]]:
        columns = {}
        for name, word in TABLES[self.table]:
            column = rows.column(name)
            if word in DICTIONARIES:
                columns[name] = self._coded(column, word)
            elif column.null_count and word.startswith("int"):
                columns[name] = column.fill_null(-1).to_numpy()
            else:
                columns[name] = column.to_numpy()
        return columns

    def _coded(self, column: Any, word: str) -> NDArray[Any]:
        known, pieces = self._codes[word], [np.empty(0, dtype=np.int64)]
        for chunk in column.chunks:
            texts = [known.get(text, UNKNOWN) for text in chunk.dictionary.to_pylist()]
            of_index = np.array([*texts, -1], dtype=np.int64)  # the last one: null
            index = chunk.indices.fill_null(len(texts)).to_numpy(zero_copy_only=False)
            pieces.append(of_index[index])
        return np.concatenate(pieces)


def _read_outcomes(folder: Path) -> dict[int, Table]:
    """The row of responses of each replication; a cell that is no number is nan."""
    path = folder / "outcomes.csv"
    found: dict[int, Table] = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            missing = set(RESPONSES) - set(rows.fieldnames or ())
            if missing:
                raise StoreError(f"{path} has no column {sorted(missing)[0]}")
            for row in rows:
                number = _number(row["replication"])
                replication = int(number) if number == round(number, 0) else -1
                found[replication] = {
                    "replication": np.array([replication]),
                    **{name: np.array([_number(row[name])]) for name in RESPONSES},
                }
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror or error}") from error
    return found


def _number(cell: str | None) -> float:
    try:
        return float(cell or "nan")
    except ValueError:
        return float("nan")


def _no_outcome() -> Table:
    return {name: np.array([np.nan]) for name in ("replication", *RESPONSES)}

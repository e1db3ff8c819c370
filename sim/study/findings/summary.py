"""Rows of ``summary.csv``: every response, the envelope's thresholds, and the sectors' shares.

Programme rows come from the outcomes, sector rows from projects and events. Durations are pooled
over replications and projects, by Kaplan-Meier; a project declined or cancelled, or that the end of
the run cuts off, is censored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.config.schema import Config
from sim.events import RESPONSES, FloatArray, IntArray
from sim.results import Horizon
from sim.stats.summary import Row, summarise_durations, summarise_mean, summarise_probability
from sim.study.findings.delay_rows import codes, delay_rows
from sim.study.findings.money_rows import money_rows
from sim.study.findings.open_waits import wait_rows
from sim.study.findings.place_rows import place_rows
from sim.study.findings.project_rows import project_rows
from sim.study.run.runs import OUTCOMES
from sim.study.run.store import Kept, groups

PROGRAMME = "programme"
MOMENTS = ("by_deadline", "by_2029_end", "by_end")
# Amounts whose probability is told whatever the envelope, and by when.
AMOUNTS_USD_BN = (1, 10, 25, 50, 100, 200, 300, 400, 500)
AMOUNTS_BY = (
    ("committed", "by_deadline"),
    ("paid", "by_deadline"),
    ("completed", "by_2029_end"),
    ("completed", "by_end"),
)
_THRESHOLDS = tuple(
    dict.fromkeys(
        [f"{amount}_usd_bn_{by}" for amount, by in AMOUNTS_BY]
        + [f"{amount}_share_of_envelope" for amount in ("committed", "paid")]
    )
)
DURATIONS = {
    "days_selection_to_ntp": ("selected", "ntp"),
    "days_selection_to_operation": ("selected", "operating"),
    "days_proposal_to_operation": ("proposed", "operating"),
}
_MS_PER_DAY = 86_400_000


def summarise(config: Config, kept: Kept) -> dict[str, list[dict[str, Any]]]:
    """The rows of every CSV file that sums a run up, by the name of the file."""
    return {
        "summary.csv": _rows(config, kept),
        "projects_summary.csv": project_rows(config, kept),
        "waits.csv": wait_rows(config, kept),
    }


def _rows(config: Config, kept: Kept) -> list[dict[str, Any]]:
    """Every row of the summary, in a fixed order."""
    n, rows = kept.replications, []
    for names in groups(tuple(RESPONSES), n):
        rows += [_response_row(name, found) for name, found in _columns(kept, names)]
    values = dict(_columns(kept, _THRESHOLDS))
    rows += _threshold_rows(config.report.envelope_thresholds, values)
    rows += [
        summarise_probability(
            amount_name(amount, least, by),
            "probability",
            PROGRAMME,
            values[f"{amount}_usd_bn_{by}"] >= least,
        )
        for amount, by in AMOUNTS_BY
        for least in AMOUNTS_USD_BN
    ]
    horizon = Horizon(config)
    projects = _Projects.read(kept, tuple(config.sectors))
    rows += _duration_rows(config, horizon, projects)
    rows += _sector_rows(config, horizon, projects, kept, n)
    del projects
    rows += delay_rows(config, kept)
    rows += money_rows(config, kept, n)
    rows += place_rows(config, kept, n)
    return [dict(row) for row in rows]


def _columns(kept: Kept, names: tuple[str, ...]) -> Iterator[tuple[str, FloatArray]]:
    """Responses of all replications; in an array of our own, for Arrow has a cost for each part."""
    values = np.empty((len(names), kept.replications))
    first = 0
    for rows in kept.each(OUTCOMES, names):
        for place, name in enumerate(names):
            values[place, first : first + rows.num_rows] = rows.column(name).to_numpy()
        first += rows.num_rows
    yield from zip(names, values, strict=True)


def _response_row(name: str, values: FloatArray) -> Row:
    unit = RESPONSES[name].unit
    if unit == "probability":
        return summarise_probability(name, unit, PROGRAMME, values > 0)
    return summarise_mean(name, unit, PROGRAMME, values)


def threshold_name(amount: str, threshold: float) -> str:
    """Name of the probability that an amount reaches a share of the envelope by the deadline.

    Examples
    --------
    >>> threshold_name("paid", 0.9)
    'paid_at_least_0.9_of_envelope_by_deadline'
    """
    return f"{amount}_at_least_{threshold:g}_of_envelope_by_deadline"


def amount_name(amount: str, least: float, by: str) -> str:
    """Name of the probability that an amount reaches so many billions by a moment.

    Examples
    --------
    >>> amount_name("completed", 1, "by_2029_end")
    'completed_at_least_1_usd_bn_by_2029_end'
    """
    return f"{amount}_at_least_{least:g}_usd_bn_{by}"


def _threshold_rows(thresholds: Sequence[float], values: dict[str, FloatArray]) -> list[Row]:
    rows = []
    for amount in ("committed", "paid"):
        share = values[f"{amount}_share_of_envelope"]
        share = share[~np.isnan(share)]  # without an envelope there is no share
        for threshold in thresholds:
            name = threshold_name(amount, threshold)
            rows.append(summarise_probability(name, "probability", PROGRAMME, share >= threshold))
    return rows


@dataclass(frozen=True)
class _Projects:
    """What the summary needs of the selected projects, all replications; each shape (n_rows,)."""

    replication: IntArray
    sector: IntArray  # place in the config
    selected_usd_bn: FloatArray
    proposed: NDArray[np.datetime64]
    selected: NDArray[np.datetime64]
    ntp: NDArray[np.datetime64]
    operating: NDArray[np.datetime64]
    declined: NDArray[np.datetime64]
    cancelled: NDArray[np.datetime64]
    released_usd_bn: FloatArray

    @classmethod
    def read(cls, kept: Kept, sectors: tuple[str, ...]) -> _Projects:
        names = [field.name for field in fields(cls)]
        pieces: dict[str, list[NDArray[Any]]] = {name: [] for name in names}
        for table in kept.each("projects", names):
            table = table.filter(table.column("selected").is_valid())
            for name in names:
                if name == "sector":
                    found = codes(table.column(name), sectors)
                else:
                    found = table.column(name).to_numpy()
                pieces[name].append(found)
        return cls(**{name: np.concatenate(piece) for name, piece in pieces.items()})


def _duration_rows(config: Config, horizon: Horizon, projects: _Projects) -> list[Row]:
    end = horizon.epoch.datetime64(np.array([horizon.end]))[0]
    last_seen = np.fmin(np.fmin(projects.declined, projects.cancelled), end)
    rows = []
    for name, (begin, reached) in DURATIONS.items():
        since, until = getattr(projects, begin), getattr(projects, reached)
        observed = ~np.isnat(until)
        days = (np.where(observed, until, last_seen) - since).astype(np.int64) / _MS_PER_DAY
        for scope, use in _scopes(config, projects):
            rows.append(
                summarise_durations(
                    name, "days", scope, days[use], observed[use], projects.replication[use]
                )
            )
    return rows


def _scopes(config: Config, projects: _Projects) -> list[tuple[str, NDArray[np.bool_]]]:
    everyone = np.ones(len(projects.sector), np.bool_)
    by_sector = [(name, projects.sector == place) for place, name in enumerate(config.sectors)]
    return [(PROGRAMME, everyone), *by_sector]


def _sector_rows(
    config: Config, horizon: Horizon, projects: _Projects, kept: Kept, replications: int
) -> list[Row]:
    n_sectors = len(config.sectors)

    def total(replication: IntArray, sector: IntArray, amount: FloatArray) -> FloatArray:
        cell = sector * replications + replication
        sums = np.bincount(cell, amount, minlength=n_sectors * replications)
        return sums.reshape(n_sectors, replications).astype(np.float64)

    remaining = projects.selected_usd_bn - projects.released_usd_bn
    place = (projects.replication, projects.sector)
    found: dict[str, FloatArray] = {
        "selected_count": total(*place, np.ones(len(projects.sector))),
        "committed_usd_bn_by_end": total(*place, remaining),
    }
    running = _units_energised(kept, tuple(config.sectors))
    for moment, minute in zip(
        MOMENTS, (horizon.deadline, horizon.programme_end, horizon.end), strict=True
    ):
        close = horizon.epoch.datetime64(np.array([minute]))[0]
        found[f"completed_usd_bn_{moment}"] = total(
            running.replication,
            running.sector,
            np.where(running.minute < minute, running.usd_bn, 0.0),
        )
        done = projects.operating < close  # false for NaT
        found[f"completed_count_{moment}"] = total(*place, done.astype(np.float64))
    return [
        summarise_mean(name, RESPONSES[name].unit, sector, amounts[number])
        for name, amounts in found.items()
        for number, sector in enumerate(config.sectors)
    ]


@dataclass(frozen=True)
class _Energised:
    """Units energised, all replications; each shape (n_units,)."""

    replication: IntArray
    sector: IntArray
    minute: IntArray
    usd_bn: FloatArray


def _units_energised(kept: Kept, sectors: tuple[str, ...]) -> _Energised:
    import pyarrow as pa
    import pyarrow.compute as pc

    pieces = []
    of_units = kept.each("events", ["replication", "time", "project", "event", "amount"])
    of_projects = kept.each("projects", ["replication", "project", "sector"])
    for events, projects in zip(of_units, of_projects, strict=True):
        units = events.filter(pc.equal(events.column("event").cast(pa.string()), "unit_energised"))
        sector = codes(projects.column("sector"), sectors)
        who = zip(
            projects.column("replication").to_pylist(),
            projects.column("project").to_pylist(),
            strict=True,
        )
        sector_of = dict(zip(who, sector.tolist(), strict=True))
        replication = units.column("replication").to_pylist()
        project = units.column("project").to_pylist()
        own = [sector_of[pair] for pair in zip(replication, project, strict=True)]
        pieces.append(
            (
                np.array(replication, np.int64),
                np.array(own, np.int64),
                units.column("time").to_numpy().astype(np.int64),
                units.column("amount").to_numpy() / 1e9,
            )
        )
    return _Energised(*(np.concatenate(columns) for columns in zip(*pieces, strict=True)))

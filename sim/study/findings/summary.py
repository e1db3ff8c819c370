"""Rows of ``summary.csv``: every response, the envelope's thresholds, and the sectors' shares.

Programme rows come from the outcomes, sector rows from projects and events. Durations are pooled
over replications and projects, by Kaplan-Meier; a project declined or cancelled, or that the end of
the run cuts off, is censored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.config.schema import Config
from sim.events import RESPONSES, FloatArray
from sim.results import Horizon
from sim.stats.summary import Row, summarise_durations, summarise_mean, summarise_probability
from sim.study.findings.delay_rows import codes, delay_rows
from sim.study.findings.held import held_rows
from sim.study.findings.labels import (
    AMOUNTS_BY,
    AMOUNTS_USD_BN,
    MOMENTS,
    PROGRAMME,
    amount_name,
    threshold_name,
)
from sim.study.findings.money_rows import money_rows
from sim.study.findings.open_waits import wait_rows
from sim.study.findings.place_rows import place_rows
from sim.study.findings.project_rows import project_rows
from sim.study.run.runs import OUTCOMES
from sim.study.run.store import Kept, groups, joined

if TYPE_CHECKING:
    import pyarrow as pa

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
        "held.csv": held_rows(config, kept.each, kept.replications),
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
    rows += _duration_rows(config, horizon, kept)
    rows += _sector_rows(config, horizon, kept)
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


def _threshold_rows(thresholds: Sequence[float], values: dict[str, FloatArray]) -> list[Row]:
    rows = []
    for amount in ("committed", "paid"):
        share = values[f"{amount}_share_of_envelope"]
        share = share[~np.isnan(share)]  # without an envelope there is no share
        for threshold in thresholds:
            name = threshold_name(amount, threshold)
            rows.append(summarise_probability(name, "probability", PROGRAMME, share >= threshold))
    return rows


def _duration_rows(config: Config, horizon: Horizon, kept: Kept) -> list[Row]:
    rows = []
    for name, (begin, reached) in DURATIONS.items():
        sector, replication, days, observed = joined(
            _durations(config, horizon, kept, begin, reached)
        )
        everyone = np.ones(len(sector), np.bool_)
        of_sectors = ((label, sector == place) for place, label in enumerate(config.sectors))
        rows += [
            summarise_durations(name, "days", scope, days[use], observed[use], replication[use])
            for scope, use in ((PROGRAMME, everyone), *of_sectors)
        ]
    return rows


def _durations(
    config: Config, horizon: Horizon, kept: Kept, begin: str, reached: str
) -> Iterator[tuple[NDArray[Any], ...]]:
    """Of the selected projects of each part: sector, replication, days, whether they got there."""
    end = horizon.epoch.datetime64(np.array([horizon.end]))[0]
    columns = ["replication", "sector", begin, reached, "declined", "cancelled"]
    for table in _selected(kept, columns):
        day = {name: table.column(name).to_numpy() for name in columns[2:]}
        ended = np.fmin(np.fmin(day["declined"], day["cancelled"]), end)
        observed = ~np.isnat(day[reached])
        lasted = np.where(observed, day[reached], ended) - day[begin]
        yield (
            codes(table.column("sector"), tuple(config.sectors)),
            table.column("replication").to_numpy(),
            lasted.astype(np.int64) / _MS_PER_DAY,
            observed,
        )


def _selected(kept: Kept, columns: list[str]) -> Iterator[pa.Table]:
    """Rows of the projects that were selected, part by part."""
    names = list(dict.fromkeys([*columns, "selected"]))
    for table in kept.each("projects", names):
        yield table.filter(table.column("selected").is_valid()).select(columns)


def _sector_rows(config: Config, horizon: Horizon, kept: Kept) -> list[Row]:
    """Projects and dollars by sector: added up part by part, so nothing else is kept of them."""
    sectors = tuple(config.sectors)
    minutes = (horizon.deadline, horizon.programme_end, horizon.end)
    completed = [f"completed_{unit}_{moment}" for moment in MOMENTS for unit in ("usd_bn", "count")]
    totals: dict[str, FloatArray] = {
        name: np.zeros((len(sectors), kept.replications))
        for name in ("selected_count", "committed_usd_bn_by_end", *completed)
    }
    columns = ["replication", "sector", "selected_usd_bn", "released_usd_bn", "operating"]
    for table in _selected(kept, columns):
        place = codes(table.column("sector"), sectors), table.column("replication").to_numpy()
        selected, released, operating = (table.column(name).to_numpy() for name in columns[2:])
        np.add.at(totals["selected_count"], place, 1.0)
        np.add.at(totals["committed_usd_bn_by_end"], place, selected - released)
        for moment, minute in zip(MOMENTS, minutes, strict=True):
            close = horizon.epoch.datetime64(np.array([minute]))[0]
            done = operating < close  # false for NaT
            np.add.at(totals[f"completed_count_{moment}"], place, done.astype(np.float64))
    for sector, replication, at, usd_bn in _units_energised(kept, sectors):
        for moment, minute in zip(MOMENTS, minutes, strict=True):
            amount = np.where(at < minute, usd_bn, 0.0)
            np.add.at(totals[f"completed_usd_bn_{moment}"], (sector, replication), amount)
    return [
        summarise_mean(name, RESPONSES[name].unit, sector, amounts[number])
        for name, amounts in totals.items()
        for number, sector in enumerate(sectors)
    ]


def _units_energised(kept: Kept, sectors: tuple[str, ...]) -> Iterator[tuple[NDArray[Any], ...]]:
    """Sector, replication, minute and USD bn of the units of each part."""
    import pyarrow as pa
    import pyarrow.compute as pc

    of_units = kept.each("events", ["replication", "time", "project", "event", "amount"])
    of_projects = kept.each("projects", ["replication", "project", "sector"])
    for events, projects in zip(of_units, of_projects, strict=True):
        units = events.filter(pc.equal(events.column("event").cast(pa.string()), "unit_energised"))
        who, own = (
            zip(rows["replication"].to_pylist(), rows["project"].to_pylist(), strict=True)
            for rows in (projects, units)
        )
        sector_of = dict(zip(who, codes(projects.column("sector"), sectors).tolist(), strict=True))
        yield (
            np.array([sector_of[pair] for pair in own], np.int64),
            units.column("replication").to_numpy(),
            units.column("time").to_numpy(),
            units.column("amount").to_numpy() / 1e9,
        )

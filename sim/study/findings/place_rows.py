"""Rows of ``summary.csv`` by state, and by the sectors that the articles expect to gain.

Their scopes are ``state:OH`` and ``gains:power``; projects whose state is not known are
``state:unknown``, sectors that the articles do not name are in no row.
"""

from __future__ import annotations

import numpy as np

from sim.config.schema import Config
from sim.events import RESPONSES, FloatArray
from sim.stats.summary import Row, summarise_mean
from sim.study.findings.delay_rows import codes
from sim.study.run.store import Kept

UNKNOWN = "unknown"
STATE, GAINS = "state:", "gains:"
MEASURES = ("selected_count", "committed_usd_bn_by_end", "completed_usd_bn_by_end")
_COLUMNS = ["replication", "sector", "state", "selected", "selected_usd_bn", "released_usd_bn",
            "completed_usd_bn"]  # fmt: skip


def places_known(config: Config) -> tuple[str, ...]:
    """States in which a project of the config may lie, in order."""
    texts = [row.region for row in config.portfolio.projects.values()]
    texts += [pipeline.region for pipeline in config.pipelines.values()]
    return tuple(sorted({state for text in texts for state in text.split(";")} - {""}))


def place_rows(config: Config, kept: Kept, replications: int) -> list[Row]:
    """Projects selected, dollars committed and completed by the end, by state and by gainer."""
    sectors, states = tuple(config.sectors), places_known(config)
    scopes = [f"{STATE}{name}" for name in (*states, UNKNOWN)]
    gainers = config.report.expected_to_gain
    scopes += [f"{GAINS}{name}" for name in gainers]
    group = np.full(len(sectors), -1)
    for place, one in enumerate(gainers.values()):
        group[[sectors.index(name) for name in one.sectors]] = place
    totals = np.zeros((len(MEASURES), len(scopes), replications))
    for table in kept.each("projects", _COLUMNS):
        column = {name: table.column(name).to_numpy() for name in (*_COLUMNS[:1], *_COLUMNS[3:])}
        chosen = ~np.isnat(column["selected"])
        committed = np.where(chosen, column["selected_usd_bn"] - column["released_usd_bn"], 0.0)
        values = (chosen.astype(float), committed, column["completed_usd_bn"])
        state = codes(table.column("state"), states)
        gainer = group[codes(table.column("sector"), sectors)]
        _add(totals, np.where(state < 0, len(states), state), column["replication"], values)
        _add(
            totals,
            np.where(gainer < 0, -1, len(states) + 1 + gainer),
            column["replication"],
            values,
        )
    return [
        summarise_mean(name, RESPONSES[name].unit, scope, totals[measure, place])
        for measure, name in enumerate(MEASURES)
        for place, scope in enumerate(scopes)
    ]


def _add(
    totals: FloatArray, scope: np.ndarray, replication: np.ndarray, values: tuple[FloatArray, ...]
) -> None:
    inside = scope >= 0
    for total, value in zip(totals, values, strict=True):
        np.add.at(total, (scope[inside], replication[inside]), value[inside])

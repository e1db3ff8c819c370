"""The headline under each contested reading, on the same worlds: which choice moves it most.

Luck is the range of single runs, which no number of replications narrows; the sampling interval of
their mean is what replications do narrow. A choice nobody can source is a third thing, a span of
means. All three stand side by side, and choices are measured against luck.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.config import load
from sim.config.ours import find_config
from sim.events import RESPONSES
from sim.stats.compare import Difference, Sample, compare
from sim.stats.intervals import NOTHING, Interval, mean_of_defined, wilson
from sim.study.design.named_overlays import (
    AND,
    BASE,
    OVERLAY,
    Overlay,
    read_overlays,
    readings_folder,
    sets_in,
    sweep_of_overlays,
    titles_of,
    widest_that_fit,
)
from sim.study.findings.dearer import dearer
from sim.study.findings.labels import threshold_name
from sim.study.findings.studies import run_beside
from sim.study.findings.sweep_results import SweepTables
from sim.study.run.engines import using
from sim.study.run.folder import folder_named, manifest_or_none
from sim.study.run.progress import Progress, told

if TYPE_CHECKING:
    import pandas as pd

MOST = 0.9
RUNS = (0.05, 0.95)  # quantiles of single runs: luck
_FEWEST = 20  # runs that make such a range
# What is told of every reading, in this order; the first decides which reading is widest.
HEADLINES = (
    "committed_usd_bn_by_deadline",
    threshold_name("committed", MOST),
    "paid_usd_bn_by_deadline",
    "paid_usd_bn_by_2029_end",
    "completed_usd_bn_by_end",
    "tariff_raised_by_2029_end",
)


@dataclass(frozen=True)
class Read:
    """One response under one reading, and against the base in the same worlds."""

    reading: str
    response: str
    level: Interval
    against_base: Difference | None  # None for the base itself
    luck: tuple[float, float]  # single runs at `RUNS`; nan of a probability, and of too few

    @property
    def moved(self) -> float:
        """How far from the base."""
        return abs(self.against_base.difference.estimate) if self.against_base is not None else 0.0

    @property
    def decided(self) -> bool:
        """Whether it surely differs from the base."""
        return self.against_base is not None and self.against_base.decided

    def outdoes(self, base: Read) -> bool:
        """Whether it surely moves the mean by more than half the range of the base's runs."""
        low, high = base.luck
        return self.decided and self.moved > (high - low) / 2  # never where there is no range

    def as_dict(self) -> dict[str, Any]:
        """The row of ``readings.csv``."""
        against = self.against_base
        difference = NOTHING if against is None else against.difference
        return {
            "response": self.response,
            "reading": self.reading,
            "mean": self.level.estimate,
            "low": self.level.low,
            "high": self.level.high,
            **difference.named("difference"),
            "decided": self.decided,
            "n": 0 if against is None else against.n,
            "still_needed": None if against is None else against.still_needed,
            "runs_p05": self.luck[0],
            "runs_p95": self.luck[1],
        }


class Readings(SweepTables):
    """A finished study of readings.

    Attributes
    ----------
    titles : mapping
        What each reading is called, by its name.
    laid : mapping
        What each of them changes, by its name.
    """

    def __init__(
        self, done: SweepTables, titles: Mapping[str, str], laid: Mapping[str, Overlay]
    ) -> None:
        super().__init__(done.folder, done.manifest, done.up_to_date)
        self.titles = titles
        self.laid = laid

    @cached_property
    def dearer(self) -> dict[str, float]:
        """How much more the same plant counts for in dollars than in the base, by reading."""
        found = dearer(load(self.folder / "config.yaml"), self.laid)
        return {name: found.get(name, 0.0) for name in self.titles}

    def title(self, reading: str) -> str:
        """What a reading, or several together, is called."""
        return AND.join(self.titles.get(one, one) for one in reading.split(AND))

    def of(self, response: str) -> tuple[Read, ...]:
        """The base, then every reading, the one that moves the response most first.

        Raises
        ------
        DesignError
            If the study has no such response.
        """
        names = self.manifest["factors"][OVERLAY]["levels"]
        values = self._values(response)
        base = Sample(BASE, np.arange(values.shape[1]), values[0])
        unit = RESPONSES[response].unit if response in RESPONSES else "probability"
        rows = []
        for name, row in zip(names, values, strict=True):
            sample = Sample(name, np.arange(len(row)), row)
            difference = None if name == BASE else compare(response, unit, sample, base)
            rows.append(Read(name, response, _level(row), difference, _luck(row)))
        return (rows[0], *sorted(rows[1:], key=lambda one: one.moved, reverse=True))

    @cached_property
    def headlines(self) -> dict[str, dict[str, Read]]:
        """Every headline under every reading, the base first."""
        return {name: {row.reading: row for row in self.of(name)} for name in HEADLINES}

    @cached_property
    def ranked(self) -> list[str]:
        """All readings, first the one that most moves any headline's mean, by its interval."""

        def weight(reading: str) -> float:
            return max(
                rows[reading].moved / ((rows[BASE].level.high - rows[BASE].level.low) / 2 or 1)
                for rows in self.headlines.values()
            )

        names = [name for name in self.headlines[HEADLINES[0]] if name != BASE]
        return sorted(names, key=weight, reverse=True)

    @cached_property
    def beyond_luck(self) -> list[str]:
        """Of these, what moves any headline by more than half the range of single runs."""
        return [
            name
            for name in self.ranked
            if any(rows[name].outdoes(rows[BASE]) for rows in self.headlines.values())
        ]

    def rows(self) -> list[dict[str, Any]]:
        """A row per headline and reading: level and paired difference, each with interval."""
        return [
            {
                **row.as_dict(),
                "title": self.title(row.reading),
                "dearer_share": self.dearer.get(row.reading, 0.0),
            }
            for rows in self.headlines.values()
            for row in rows.values()
        ]

    @cached_property
    def table(self) -> pd.DataFrame:
        """The rows as a data frame."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    def what_it_takes(self) -> list[str]:
        """In words: what would have to be true for most of the envelope to be committed."""
        base, *others = self.of(threshold_name("committed", MOST))
        found = [
            f"At least {100 * MOST:g} % of the envelope is committed by the deadline in "
            f"{_percent(base.level)} of the runs."
        ]
        likely = base.level.estimate
        takes: list[tuple[str, Callable[[float], bool]]] = [
            ("In nine runs of ten or more only if", lambda p: p >= 0.9 > likely),
            ("In half of the runs or more only if", lambda p: 0.9 > p >= 0.5 > likely),
            ("In less than half of the runs if", lambda p: p < 0.5 <= likely),
        ]
        for words, taken in takes:
            named = [
                f"{self.title(one.reading)} ({_percent(one.level)})"
                for one in others
                if taken(one.level.estimate)
            ]
            if named:
                found.append(f"{words}: {'; '.join(named)}.")
        if len(found) == 1:
            found.append("No reading changes on which side of nine in ten, or one half, that is.")
        return found

    def _values(self, response: str) -> NDArray[Any]:
        """(n_readings, n_replications); bool for a probability."""
        if response == threshold_name("committed", MOST):
            return np.asarray(self.response("committed_share_of_envelope") >= MOST)
        values = self.response(response)
        return values > 0 if RESPONSES[response].unit == "probability" else values


def _percent(level: Interval) -> str:
    return f"{100 * level.estimate:.0f} %, {100 * level.low:.0f} to {100 * level.high:.0f} %"


def _level(row: NDArray[Any]) -> Interval:
    if row.dtype == np.bool_:
        return wilson(int(row.sum()), row.size)
    return mean_of_defined(row)


def _luck(row: NDArray[Any]) -> tuple[float, float]:
    if row.dtype == np.bool_:  # of one run there is no probability
        return nan, nan
    row = row[~np.isnan(row)]
    if row.size < _FEWEST:
        return nan, nan
    low, high = np.quantile(row, RUNS)
    return float(low), float(high)


def readings(
    config: str | Path,
    folder: str | Path | None = None,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    out: str | Path | None = None,
    progress: bool | Progress = False,
    engine: str | None = None,
) -> Readings:
    """Run a config under each contested reading, then under the two that matter most together.

    Parameters
    ----------
    config : str or Path
        A YAML file: the base.
    folder : str or Path, optional
        Overlays, a file each; ``readings`` beside the config, or those that come with us.

    All else as in `sim.sweep`, whose folder this leaves, and for what it raises.
    """
    path, teller = find_config(config), told(progress)
    place = readings_folder(path) if folder is None else Path(folder)
    single, named = read_overlays(place), titles_of(place)
    name = f"{load(path).config.name}_readings"
    results = folder_named(out, Path("outputs") / name)

    def ran(laid: Mapping[str, Overlay]) -> Readings:
        plan = sweep_of_overlays(path, laid, name, replications, seed)
        with using(engine):
            return Readings(run_beside(plan, results, jobs, teller), named, single)

    before = sets_in(manifest_or_none(results), single)  # a finished study has them
    found = ran(single | before)
    both = widest_that_fit(path, single, [one for one in found.ranked if one in single])
    return found if both == before else ran(single | both)

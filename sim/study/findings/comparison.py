"""Finished runs compared: response by response, and project by project.

The first run is what the others are compared against. A world is a seed and a replication: where
two runs have some in common, they are compared in pairs (common random numbers), else as
independent samples.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import DesignError
from sim.events import RESPONSES
from sim.stats.compare import Difference, Sample, adjust, compare
from sim.stats.dates import day_numbers
from sim.stats.intervals import FloatArray, Interval, mean_interval
from sim.study.findings.labels import PROGRAMME, threshold_name
from sim.study.findings.run_results import RunTables
from sim.study.run.folder import open_folder

_SELECTED, _OPERATING = "selected", "operating"


class Finished(RunTables):
    """A finished run under the ``name`` that a comparison calls it by."""

    def __init__(self, folder: Path, manifest: dict[str, Any], name: str) -> None:
        super().__init__(folder, manifest)
        self.name = name

    @classmethod
    def open(cls, folder: Path, name: str | None = None) -> Finished:
        """Read a run folder; it is called by its own name unless another is given.

        Raises
        ------
        StoreError
            If it is not a finished run of ours.
        """
        return cls(folder, open_folder(folder, "run"), name or folder.resolve().name)

    @property
    def sectors(self) -> dict[str, str]:
        """Label of each, in the order of the config."""
        return {name: sector.label for name, sector in self.config.sectors.items()}

    def responses(self) -> dict[str, FloatArray]:
        """Responses by name, each (n_replications,), nan where not defined.

        A run of an earlier version lacks those it did not know.
        """
        import pyarrow.csv

        table = pyarrow.csv.read_csv(self.folder / "outcomes.csv")
        return {
            name: np.array(
                [np.nan if value is None else value for value in table.column(name).to_pylist()],
                np.float64,
            )
            for name in RESPONSES
            if name in table.column_names
        }


@dataclass(frozen=True)
class Twins:
    """The same projects in two runs, in the same worlds.

    ``both`` is how many reached the milestone in both, ``only`` and ``only_against`` in one;
    ``days_later`` is how much later the first run has it where both do, its interval taken between
    worlds.
    """

    scenario: str
    against: str
    sector: str
    milestone: str
    projects: int
    both: int
    only: int
    only_against: int
    days_later: Interval


def open_runs(folders: Sequence[Path], names: Sequence[str | None] = ()) -> list[Finished]:
    """Finished runs, called as given or by their folders, and the one above where names are equal.

    Raises
    ------
    DesignError
        If there are fewer than two, or one is given twice.
    StoreError
        If one is not a finished run of ours.
    """
    check_count(len(folders))
    twice = [
        folder
        for number, folder in enumerate(folders)
        if folder.resolve() in [one.resolve() for one in folders[:number]]
    ]
    if twice:
        raise DesignError(f"compare: {twice[0]} is given twice; accepted: every run once")
    given = dict(zip(folders, names, strict=False))
    runs = [Finished.open(folder, given.get(folder)) for folder in folders]
    for above in range(1, 1 + max(len(folder.resolve().parts) for folder in folders)):
        names = [run.name for run in runs]
        if len(set(names)) == len(names):
            break
        runs = [
            Finished(run.folder, run.manifest, "_".join(run.folder.resolve().parts[-1 - above :]))
            if names.count(run.name) > 1
            else run
            for run in runs
        ]
    return runs


def check_count(runs: int) -> None:
    """Refuse to compare fewer than two.

    Raises
    ------
    DesignError
        If there are fewer.
    """
    if runs < 2:
        raise DesignError(f"compare: {runs} run; accepted: two or more")


def compare_runs(runs: Sequence[Finished], confidence: float = 0.95) -> tuple[Difference, ...]:
    """Every response of every run against the first, adjusted for them all together (Holm)."""
    first, *others = runs
    seeds: dict[int, int] = {}
    for run in runs:
        seeds.setdefault(int(run.manifest["seed"]), len(seeds))
    samples = {id(run): dict(_samples(run, seeds)) for run in runs}
    units = {name: response.unit for name, response in RESPONSES.items()}
    return adjust(
        [
            compare(
                name, units.get(name, "probability"), sample, samples[id(first)][name], confidence
            )
            for run in others
            for name, sample in samples[id(run)].items()
            if name in samples[id(first)]
        ]
    )


def _samples(run: Finished, seeds: dict[int, int]) -> Iterator[tuple[str, Sample]]:
    n = int(run.manifest["replications"])
    worlds = np.arange(n, dtype=np.int64) + (seeds[int(run.manifest["seed"])] << 40)
    outcomes = run.responses()
    for name, values in outcomes.items():
        yield name, Sample(run.name, worlds, values)
    for amount in ("committed", "paid"):
        share = outcomes.get(f"{amount}_share_of_envelope")
        if share is None:
            continue
        there = ~np.isnan(share)
        for threshold in run.config.report.envelope_thresholds:
            yield (
                threshold_name(amount, threshold),
                Sample(run.name, worlds[there], share[there] >= threshold),
            )


def levels(run: Finished, worlds: int) -> dict[str, float]:
    """Mean of every response over the first ``worlds`` replications; nan where none has it."""
    found: dict[str, float] = {}
    for name, sample in _samples(run, {int(run.manifest["seed"]): 0}):
        values = np.asarray(sample.values, np.float64)[np.asarray(sample.worlds) < worlds]
        values = values[~np.isnan(values)]
        found[name] = float(values.mean()) if values.size else np.nan
    return found


def share_worlds(run: Finished, against: Finished) -> bool:
    """Whether two runs have a world in common."""
    return bool(run.manifest["seed"] == against.manifest["seed"])


def compare_twins(runs: Sequence[Finished], confidence: float = 0.95) -> list[Twins]:
    """Project by project, each run against the first; nothing for runs that share no worlds."""
    first, *others = runs
    found: list[Twins] = []
    against = _projects(first)
    for run in others:
        if share_worlds(run, first):
            sectors = list({**first.sectors, **run.sectors})
            names = run.name, first.name
            found += _twins(names, _projects(run), against, sectors, confidence)
    return found


@dataclass(frozen=True)
class _Projects:
    """Projects of a run by (replication, id), and their milestones in days, nan if not reached."""

    place: dict[tuple[int, str], int]
    sector: list[str]
    days: dict[str, FloatArray]


def _projects(run: Finished) -> _Projects:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = ["replication", "project", "sector", _SELECTED, _OPERATING]
    table = pq.read_table(run.folder / "projects.parquet", columns=columns)
    text = {name: table.column(name).cast(pa.string()).to_pylist() for name in columns[1:3]}
    keys = zip(table.column("replication").to_pylist(), text["project"], strict=True)
    return _Projects(
        {key: place for place, key in enumerate(keys)},
        text["sector"],
        {name: day_numbers(table.column(name).to_numpy()) for name in (_SELECTED, _OPERATING)},
    )


def _twins(
    names: tuple[str, str],
    own: _Projects,
    other: _Projects,
    sectors: Sequence[str],
    confidence: float,
) -> Iterator[Twins]:
    pairs = [(at, other.place[key], key[0]) for key, at in own.place.items() if key in other.place]
    if not pairs:
        return
    here, there, world = (np.array(column) for column in zip(*pairs, strict=True))
    sector = np.array(own.sector)[here]
    for scope in (PROGRAMME, *(one for one in sectors if one in set(own.sector))):
        inside = np.ones(len(here), np.bool_) if scope == PROGRAMME else sector == scope
        for milestone in (_SELECTED, _OPERATING):
            x, y = own.days[milestone][here[inside]], other.days[milestone][there[inside]]
            both = ~np.isnan(x) & ~np.isnan(y)
            later = mean_interval((x - y)[both], confidence, world[inside][both])
            yield Twins(
                *names,
                scope,
                milestone,
                int(inside.sum()),
                int(both.sum()),
                int(np.sum(~np.isnan(x) & np.isnan(y))),
                int(np.sum(np.isnan(x) & ~np.isnan(y))),
                later,
            )


def difference_rows(found: Sequence[Difference]) -> list[dict[str, Any]]:
    """Rows of ``differences.csv``."""
    of_what = ("scenario", "against", "response", "unit", "n", "n_against", "paired")
    verdict = ("p", "p_adjusted", "decided", "variance_ratio", "still_needed", "method")
    return [
        {name: getattr(one, name) for name in of_what}
        | dict(zip(("difference", "low", "high"), one.difference, strict=True))
        | {name: getattr(one, name) for name in verdict}
        for one in found
    ]


def twin_rows(found: Sequence[Twins]) -> list[dict[str, Any]]:
    """Rows of ``twins.csv``."""
    of_what = ("scenario", "against", "sector", "milestone", "projects", "both")
    return [
        {name: getattr(one, name) for name in of_what}
        | {"only_scenario": one.only, "only_against": one.only_against}
        | dict(zip(("days_later", "low", "high"), one.days_later, strict=True))
        for one in found
    ]

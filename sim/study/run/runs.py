"""A run: a study of one point that keeps every table, and ends with the rows of its summary."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.study.run.files import checksum, put_csv, put_text, table_files
from sim.study.run.identity import Request, code_version
from sim.study.run.precise import Goal, precision_rows, settle, settled, with_run
from sim.study.run.progress import Progress
from sim.study.run.simulate import EngineSimulation
from sim.study.run.store import Kept
from sim.study.run.study import Done, run_study
from sim.study.run.work import GLIMPSE, Means, Study, Work

if TYPE_CHECKING:
    from sim.config import Loaded
    from sim.config.schema import Config

OUTCOMES = "outcomes"
TABLES = (
    "events", "projects", "timeline", "capacity", "capacity_trace", "delays", "held", "finance",
    "ledger", "distributions", "duties", OUTCOMES,
)  # fmt: skip

GLIMPSED = {
    "committed_usd_bn_by_deadline": "committed by the deadline",
    "paid_usd_bn_by_deadline": "paid by then",
    "completed_usd_bn_by_end": "running at the end",
}

# Measured on configs/base.yaml, for an estimate of the disk: a row of the file, and of a part.
_BYTES_PER_ROW = {
    "events": (9.8, 5.0),
    "projects": (190.0, 167.0),
    "timeline": (57.0, 35.0),
    "capacity": (14.5, 6.7),
    "capacity_trace": (17.5, 11.6),
    "delays": (7.5, 10.0),
    "held": (12.0, 6.6),
    "finance": (206.0, 412.0),
    "ledger": (5.1, 3.8),
    "distributions": (2.1, 1.7),
    "duties": (60.0, 60.0),
    "outcomes": (1100.0, 2700.0),
}

# Rows of each CSV file that sums the run up, by the name of the file.
Summarise = Callable[["Config", Kept], Mapping[str, Sequence[Mapping[str, Any]]]]
Adorn = Callable[[Path, dict[str, Any]], None]  # draws figures of a folder and its manifest


def run_replications(
    loaded: Loaded,
    folder: Path,
    summarise: Summarise,
    jobs: int = 1,
    force: bool = False,
    command: str = "",
    progress: Progress | None = None,
    means: Means | None = None,
    goal: Goal | None = None,
    adorn: Adorn | None = None,
) -> Done:
    """Simulate what ``loaded.config.run`` asks for and leave a finished run folder.

    Parameters
    ----------
    summarise : callable
        Makes the rows of ``summary.csv`` and its like.
    goal : Goal, optional
        Run until responses are so precise, in place of ``loaded.config.run.replications``.
    adorn : callable, optional
        Makes what is beside the results.

    The others, and what is raised, are those of `run_study`.
    """
    from sim.config import resolved_text

    resolved_text(loaded)  # refuses what could not be written, before anything is computed
    study = run_of(loaded, summarise, goal, adorn)
    return run_study(study, folder, jobs, command, progress, means, force)


def run_of(
    loaded: Loaded,
    summarise: Summarise = lambda config, kept: {},
    goal: Goal | None = None,
    adorn: Adorn | None = None,
) -> RunStudy:
    """The study that a config asks for."""
    from sim.config import config_hash

    if goal is not None:
        loaded = with_run(loaded, goal.most, None)
    config, asked = loaded.config, loaded.config.run
    request = Request(
        "run", config.name, config_hash(config), code_version(), asked.seed, asked.replications
    )
    return RunStudy(request, loaded, TABLES, "raise", EngineSimulation, summarise, goal, adorn)


@dataclass(frozen=True, eq=False)
class RunStudy(Study):
    """A config, its replications, and what is made of them."""

    summarise: Summarise
    goal: Goal | None
    draw: Adorn | None

    def wanted(self, folder: Path) -> Request:
        """The run that the same goal came to before, if there is one."""
        if self.goal is None:
            return self.request
        return settled(folder, self.request, self.goal) or self.request

    def disk_bytes(self, rows: Mapping[str, float]) -> tuple[float, float]:
        """What its tables take, and what they take beside the parts they are made from."""
        from sim.results import TRACED_REPLICATIONS

        n = self.request.replications
        tables = parts = 0.0
        for table, (in_file, in_part) in _BYTES_PER_ROW.items():
            total = rows[table] * (min(n, TRACED_REPLICATIONS) if table == "capacity_trace" else n)
            tables += total * in_file
            parts += total * in_part
        return tables, tables + parts

    def make(self, work: Work) -> dict[str, Any]:
        """Compute, as long as the goal wants, and write tables and summary part by part."""
        from sim.config import resolved_text

        loaded, n = self.base, self.request.replications
        made: dict[str, Any] = {}
        if self.goal is None:
            work.compute(n)
        else:
            n, found = settle(work, self.goal)
            loaded = with_run(loaded, n, None)
            made = {"replications": n, "precision": precision_rows(self.goal, found)}
        folder, kept = work.folder, work.kept(n)
        files = {"config.yaml": put_text(folder / "config.yaml", resolved_text(loaded))}
        for place, table in enumerate(self.keep[:-1], start=1):
            work.progress.stage(f"writing table {place} of {len(self.keep)}: {table}")
            path = folder / f"{table}.parquet"
            with table_files(path) as (file,):
                for rows in kept.each(table):
                    file.add(rows)
            files[path.name] = checksum(path)
        work.progress.stage("summing up")
        rows = (row for piece in kept.each(OUTCOMES) for row in piece.to_pylist())
        files["outcomes.csv"] = put_csv(folder / "outcomes.csv", rows, exact=True)
        for name, summed in self.summarise(loaded.config, kept).items():
            files[name] = put_csv(folder / name, summed)
        return {**made, "files": files}

    def glimpse(self, kept: Kept) -> str:
        """Means of the first amounts people ask for, once there are enough replications."""
        rows = kept.whole(OUTCOMES, [*GLIMPSED])
        if rows.num_rows < GLIMPSE:
            return ""
        means = (
            f"{words} {rows.column(name).to_numpy().mean():.3g}" for name, words in GLIMPSED.items()
        )
        return f"so far, USD bn, mean of {rows.num_rows}: {', '.join(means)}"

    def adorn(self, folder: Path, manifest: dict[str, Any]) -> None:
        """Draw the figures."""
        if self.draw is not None:
            self.draw(folder, manifest)

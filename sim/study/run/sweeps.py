"""A sweep: a study of many points that keeps their outcomes, and its failures as rows.

It grows in its folder: with more points, replications or other levels it goes on there and keeps
every part. The driver holds the design and one row group, whatever the number of points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ConfigError, Problem
from sim.study.design.design_table import describe_factors, design_table, plan_hash, read_hashes
from sim.study.design.sweep_config import LoadedSweep
from sim.study.design.words import alike, and_more
from sim.study.run.adopted import adopt
from sim.study.run.files import checksum, put_text, table_files
from sim.study.run.identity import Request, code_version
from sim.study.run.progress import Progress
from sim.study.run.simulate import EngineSimulation, OutcomeSimulation
from sim.study.run.stale import remove_stale, shrunk
from sim.study.run.store import FAILURES, REPLICATIONS_PER_PART
from sim.study.run.study import Done, run_study
from sim.study.run.work import Means, Study, Work
from sim.study.run.worker import Values, failures_table

if TYPE_CHECKING:
    import pyarrow as pa

DESIGN = "design.parquet"
_OUTCOMES = "outcomes"
_MOST_PROBLEMS = 50
# Measured with the responses of this version; for an estimate of the disk.
_BYTES_PER_PART = 20_500.0
_BYTES_PER_ROW_OF_PART = 900.0
_BYTES_PER_ROW = 200.0  # of outcomes.parquet
_DISK_BLOCK = 4096


def run_sweep(
    sweep: LoadedSweep,
    folder: Path,
    jobs: int = 1,
    command: str = "",
    progress: Progress | None = None,
    means: Means | None = None,
    simulator: type[EngineSimulation] = OutcomeSimulation,
    finished: Path | None = None,
) -> Done:
    """Run all design points, or what is missing of them; see `run_study`.

    The folder has the tables that ``simulator`` keeps. A point that the run in ``finished`` has is
    not computed again.
    """
    study = sweep_of(sweep, simulator, finished)
    return run_study(study, folder, jobs, command, progress, means)


def sweep_of(
    sweep: LoadedSweep,
    simulator: type[EngineSimulation] = OutcomeSimulation,
    finished: Path | None = None,
) -> SweepStudy:
    """The study that a sweep file asks for."""
    from sim.config import config_hash

    plan = plan_hash(sweep.design, config_hash(sweep.base.config))
    size = (sweep.seed, sweep.replications, len(sweep.design))
    request = Request("sweep", sweep.name, plan, code_version(), *size)
    return SweepStudy(request, sweep.base, simulator.keep, "keep", simulator, sweep, finished)


@dataclass(frozen=True, eq=False)
class SweepStudy(Study):
    """A design, and its tables."""

    sweep: LoadedSweep
    finished: Path | None = None  # a run of one of its points

    @property
    def _checked(self) -> str:
        """What the design's table says when its configs were checked, by this code."""
        return f"{self.request.plan_hash} {self.request.code_version}"

    def values(self, point: int) -> Values:
        """Values of a design point."""
        return self.sweep.design.point(point)

    def hashes(self, folder: Path) -> list[str] | None:
        """Those of the design in the folder, if it is this one and was checked by this code."""
        return read_hashes(folder / DESIGN, self._checked)

    def refusal(self, refused: Mapping[int, Sequence[Problem]]) -> ConfigError:
        """Point and values behind each problem, at the design in the sweep's file; alike: once."""
        found: dict[str, Problem] = {}
        more: dict[str, int] = {}  # points that say the same
        for number in sorted(refused):
            words = "; ".join(f"{one.path}: {one.message}" for one in refused[number])
            key = alike(words)
            more[key] = more.get(key, -1) + 1
            if key not in found:
                values = ", ".join(f"{path} {value}" for path, value in self.values(number).items())
                accepted = refused[number][0].accepted if refused[number] else ""
                message = f"point {number} ({values}) makes an invalid config: {words}"
                found[key] = Problem(str(self.sweep.path), 0, "design", message, accepted)
        return ConfigError(
            [
                replace(one, message=f"{one.message}{and_more(more[key])}")
                for key, one in list(found.items())[:_MOST_PROBLEMS]
            ]
        )

    def disk_bytes(self, rows: Mapping[str, float]) -> tuple[float, float]:
        """What parts and tables take, to the end."""
        points, n = self.request.points, self.request.replications
        per_point = -(-n // REPLICATIONS_PER_PART)
        part = _BYTES_PER_PART + _BYTES_PER_ROW_OF_PART * n / per_point
        on_disk = -(-part // _DISK_BLOCK) * _DISK_BLOCK
        kept = points * (per_point * on_disk + n * _BYTES_PER_ROW)
        return kept, kept

    def make(self, work: Work) -> dict[str, Any]:
        """Write the design, compute, and write outcomes and failures."""
        from sim.config import config_hash, resolved_text

        folder, design = work.folder, self.sweep.design
        with table_files(folder / DESIGN) as (table,):
            table.add(design_table(design, work.hashes, self._checked))
        if self.finished is not None and (there := adopt(work, self.finished)):
            work.progress.note(f"{there} replications of {self.finished} are used")
        count = work.compute(self.request.replications)
        names = {name: folder / f"{name}.parquet" for name in (*self.keep, FAILURES)}
        with table_files(*names.values()) as opened:
            tables, nothing = (
                dict(zip(names, opened, strict=True)),
                _numbered(failures_table([]), 0),
            )
            tables[FAILURES].add(nothing)
            for point, name, rows in work.rows(self.request.replications, tuple(names)):
                tables[name].add(_numbered(rows, point))
            for name in self.keep if not tables[_OUTCOMES].total else ():  # every one failed
                tables[name].add(nothing.select(["design_point", "replication"]))
        files = {path.name: checksum(path) for path in (folder / DESIGN, *names.values())}
        files["config.yaml"] = put_text(folder / "config.yaml", resolved_text(self.base))
        for words in (
            shrunk(work.before, self.request.points, self.request.replications),
            remove_stale(folder, files),
        ):
            if words:
                work.progress.note(words)
        return {
            "title": self.sweep.title,
            "base_hash": config_hash(self.base.config),
            "design": design.kind,
            "settings": dict(design.settings),
            "factors": describe_factors(design),
            "parts_computed": count,
            "outcomes": tables[_OUTCOMES].total,
            "failures": tables[FAILURES].total,
            "files": files,
            "tried_in_vain": len(work.in_vain),
        }


def _numbered(rows: pa.Table, point: int) -> pa.Table:
    import pyarrow as pa

    return rows.add_column(0, "design_point", pa.array([point] * rows.num_rows, pa.int32()))

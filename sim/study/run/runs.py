"""One run from a config to a finished folder: choose the folder, compute, assemble, seal."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing import current_process
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sim.errors import DesignError
from sim.study.run.assemble import (
    OUTCOMES,
    Parts,
    write_csv,
    write_parquet,
    write_text,
)
from sim.study.run.folder import MANIFEST, PARTS, claimed, find_place, remove
from sim.study.run.identity import (
    FORMAT,
    MADE_BY,
    Request,
    all_versions,
    code_version,
    machine,
    package_file,
)
from sim.study.run.precise import Goal, precision_rows, settle, settled, with_run
from sim.study.run.progress import Progress, Silent
from sim.study.run.runner import Pool, compute_missing, process_pool
from sim.study.run.store import PartStore, json_bytes, part_ranges
from sim.study.run.worker import EngineSimulation, Job, Simulator, compile_plan

if TYPE_CHECKING:
    from sim.config import Loaded
    from sim.config.schema import Config

TABLES = ("events", "projects", "timeline", "capacity", "capacity_trace", "delays")


class Summarise(Protocol):
    """Makes the rows of ``summary.csv``."""

    def __call__(self, config: Config, parts: Parts) -> Sequence[dict[str, Any]]: ...


@dataclass(frozen=True)
class Done:
    """Where the run or sweep is, and whether it was there already."""

    folder: Path
    up_to_date: bool


def _summarise(config: Config, parts: Parts) -> Sequence[dict[str, Any]]:
    from sim.study.findings.summary import summarise

    return summarise(config, parts)


@dataclass(frozen=True)
class Means:
    """What a run is made with; tests put smaller things in."""

    simulator: Simulator = EngineSimulation
    summarise: Summarise = _summarise
    pool: Pool = process_pool
    draw: Callable[[Path, dict[str, Any]], None] | None = None  # makes what is beside the results


def check_jobs(jobs: int, verb: str) -> None:
    """Refuse less than one process, and a script whose workers would each call ``verb`` again.

    Raises
    ------
    DesignError
        If it is so.
    """
    if jobs < 1:
        raise DesignError(f"jobs is {jobs}; accepted: 1 or more")
    if getattr(current_process(), "_inheriting", False):  # a worker is importing the user's script
        raise DesignError(
            f"a script that uses jobs above 1 must call sim.{verb} below "
            "if __name__ == '__main__': every worker imports the script afresh"
        )


def run_replications(
    loaded: Loaded,
    folder: Path,
    jobs: int = 1,
    force: bool = False,
    command: str = "",
    progress: Progress | None = None,
    means: Means | None = None,
    goal: Goal | None = None,
) -> Done:
    """Simulate what ``loaded.config.run`` asks for and leave a finished run folder.

    The folder is ``folder``, or ``folder-2`` and so on where that holds something else.

    Parameters
    ----------
    jobs : int
        Processes to use; the result does not depend on it.
    force : bool
        Remove ``folder`` first, if it is a run folder.
    command : str
        What the user typed, for the manifest.
    goal : Goal, optional
        Run until responses are so precise, in place of ``loaded.config.run.replications``.

    Raises
    ------
    ConfigError
        If the model refuses the config; nothing is written.
    DesignError
        If ``jobs`` is below 1.
    ModelError
        If a replication breaks a law of the model.
    StoreError
        If a folder, the disk or a worker is not as it should be. Finished parts are kept.
    """
    from sim.config import config_hash, resolved_text

    check_jobs(jobs, "run")
    means = means or Means()
    progress = progress or Silent()
    if goal is not None:
        loaded = with_run(loaded, goal.most, None)
    settings = loaded.config.run
    began = time.monotonic()
    started = datetime.now(UTC)
    request = Request(
        config_hash(loaded.config), code_version(), settings.seed, settings.replications
    )
    resolved_text(loaded)
    if goal is not None and not force:
        before = settled(folder, request, goal)
        if before is not None and find_place(folder, before).state == "complete":
            return _found(folder, before, progress)
    if not force and goal is None and find_place(folder, request).state == "complete":
        return _found(folder, request, progress)
    job = Job(
        config=loaded.config,
        config_hash=request.config_hash,
        seed=request.seed,
        root="",
        tables=(*TABLES, OUTCOMES),
        simulator=means.simulator,
        code_version=request.code_version,
        package_file=package_file(),
    )
    compile_plan(job)  # refuses an impossible config before anything is written or removed
    if force:
        remove(folder, needed=[Path(file) for file in loaded.files])
    with claimed(folder, request) as place:
        if place.state == "complete":
            return _found(folder, request, progress)
        for note in place.notes:
            progress.note(note)
        job = replace(job, root=str((place.folder / PARTS).absolute()))
        try:
            if goal is None:
                compute_missing(job, request.replications, jobs, progress, means.pool)
                precise = {}
            else:
                n, found = settle(job, goal, jobs, progress, means.pool)
                loaded, request = with_run(loaded, n, None), replace(request, replications=n)
                job = replace(job, config=loaded.config)
                precise = {"precision": precision_rows(goal, found)}
            manifest = {
                "made_by": MADE_BY,
                "format": FORMAT,
                "name": loaded.config.name,
                **request.as_dict(),
                "command": command,
                "jobs": jobs,
                "started": started.isoformat(timespec="seconds"),
                **machine(),
                "packages": all_versions(),
                **precise,
                "files": _assemble(place.folder, job, request, resolved_text(loaded), means),
            }
            if means.draw is not None:
                means.draw(place.folder, manifest)
            manifest["duration_seconds"] = round(time.monotonic() - began, 3)
            write_text(place.folder, MANIFEST, json_bytes(manifest).decode())
        except KeyboardInterrupt:
            progress.note(
                f"interrupted: what is finished is kept in {place.folder}, and the same command "
                "completes the run"
            )
            raise
        finally:
            progress.stop()
        shutil.rmtree(place.folder / PARTS, ignore_errors=True)
    return Done(place.folder, up_to_date=False)


def _found(folder: Path, request: Request, progress: Progress) -> Done:
    """The run is there already, in ``folder`` or one of the next."""
    place = find_place(folder, request)
    for note in place.notes:
        progress.note(note)
    shutil.rmtree(place.folder / PARTS, ignore_errors=True)  # a crash may have left them
    return Done(place.folder, up_to_date=True)


def _assemble(
    folder: Path, job: Job, request: Request, config_text: str, means: Means
) -> dict[str, Any]:
    """Write all result files; give size and checksum of each."""
    store = PartStore(Path(job.root))
    keys = [job.key(first, last) for first, last in part_ranges(request.replications)]
    parts = Parts(store, keys)
    files = {"config.yaml": write_text(folder, "config.yaml", config_text)}
    for table in TABLES:
        files[f"{table}.parquet"] = write_parquet(folder, table, parts)
    outcomes = parts.whole(OUTCOMES).to_pylist()
    files["outcomes.csv"] = write_csv(folder, OUTCOMES, outcomes)
    files["summary.csv"] = write_csv(folder, "summary", means.summarise(job.config, parts))
    return files

"""One sweep from its design to a finished folder: check every point, compute, assemble, seal.

Every point runs the same replications of the same seed, so all points share their worlds (common
random numbers). The driver holds the design and one row group, whatever the number of points.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.errors import ConfigError, Problem, StoreError
from sim.study.design.sweep_config import Sweep
from sim.study.design.sweep_words import alike, and_more
from sim.study.run.folder import MANIFEST
from sim.study.run.identity import FORMAT, MADE_BY, all_versions, machine, package_file
from sim.study.run.points import CheckTask, PointJob, check_points
from sim.study.run.progress import Progress, Silent
from sim.study.run.runs import Done, check_jobs
from sim.study.run.store import json_bytes
from sim.study.run.sweep_files import put_text, table_files
from sim.study.run.sweep_folder import (
    DESIGN,
    KIND,
    SweepRequest,
    claimed_sweep,
    describe_factors,
    design_table,
    find_sweep_place,
    hashes_of,
    plan_hash,
)
from sim.study.run.sweep_links import remove_stale, shrunk, size_before
from sim.study.run.sweep_parts import Study, SweepMeans, assemble, compute
from sim.study.run.tasks import Died, chunks

_POINTS_PER_CHECK = 25
_MOST_PROBLEMS = 50


def run_sweep(
    sweep: Sweep,
    folder: Path,
    jobs: int = 1,
    command: str = "",
    progress: Progress | None = None,
    means: SweepMeans | None = None,
) -> Done:
    """Run all design points and leave a finished sweep folder.

    The same sweep gives the same tables, byte for byte, whatever ``jobs`` or ``means``, and however
    often it was interrupted or has grown. Only missing parts are computed.

    Parameters
    ----------
    jobs : int
        Processes to use, or tasks a cluster works on at once.
    command : str
        What the user typed, for the manifest.

    Raises
    ------
    ConfigError
        If a point makes an invalid config; nothing is written.
    DesignError
        If ``jobs`` is below 1.
    StoreError
        If a folder, the disk or the workers are not as they should be. Finished parts are kept.
    """
    from sim.config import config_hash

    check_jobs(jobs, "sweep")
    means, progress = means or SweepMeans(), progress or Silent()
    began, started = time.monotonic(), datetime.now(UTC)
    job = PointJob(sweep.base.tree, sweep.seed, means.simulator, means.configure)
    job = replace(job, package_file="" if means.remote else package_file())
    plan = plan_hash(sweep, config_hash(sweep.base.config))
    request = SweepRequest(
        plan, job.code_version, sweep.seed, sweep.replications, len(sweep.design)
    )
    study = Study(sweep, job, jobs, progress, means, request)
    place = find_sweep_place(folder, sweep.name, request)
    if place.state != "complete":
        before = size_before(place.folder)
        checked = f"{plan} {job.code_version}"
        study.hashes = hashes_of(place.folder, checked) or _check(study)
        with claimed_sweep(folder, sweep.name, request) as place:
            if place.state != "complete":
                for note in place.notes:
                    progress.note(note)
                try:
                    _write_design(place.folder, sweep, study.hashes, checked)
                    count = compute(study, place.folder)
                    made = _assemble(study, place.folder)
                    stale = remove_stale(place.folder, made["files"])
                    manifest = {
                        "made_by": MADE_BY,
                        "format": FORMAT,
                        "kind": KIND,
                        "name": sweep.name,
                        "title": sweep.title,
                        **request.as_dict(),
                        "design": sweep.design.kind,
                        "settings": dict(sweep.design.settings),
                        "factors": describe_factors(sweep),
                        "command": command,
                        "jobs": jobs,
                        "started": started.isoformat(timespec="seconds"),
                        **machine(),
                        "packages": all_versions(),
                        "parts_computed": count,
                        **made,
                        "tried_in_vain": len(study.in_vain),
                        "duration_seconds": round(time.monotonic() - began, 3),
                    }
                    put_text(place.folder / MANIFEST, json_bytes(manifest).decode())
                except KeyboardInterrupt:
                    progress.note(
                        f"interrupted: finished parts are kept in {place.folder}, and the same "
                        "command completes the sweep"
                    )
                    raise
                finally:
                    progress.stop()
                if words := shrunk(before, len(sweep.design), sweep.replications):
                    progress.note(words)
                if stale:
                    progress.note(
                        f"removed, because made from the earlier tables: {', '.join(stale)}; "
                        "sim sensitivity and sim plot make them again"
                    )
                return Done(place.folder, up_to_date=False)
    for note in place.notes:
        progress.note(note)
    return Done(place.folder, up_to_date=True)


def _check(study: Study) -> list[str]:
    """Make the config of every point, before anything is written; their hashes."""
    design = study.sweep.design
    study.progress.note(f"checking the configs of {len(design):,} design points")
    tasks = (
        CheckTask(numbers[0], tuple(design.point(number) for number in numbers))
        for numbers in chunks(range(len(design)), _POINTS_PER_CHECK)
    )
    n_tasks = -(-len(design) // _POINTS_PER_CHECK)
    hashes: dict[int, tuple[str, ...]] = {}
    refused: dict[int, tuple[Problem, ...]] = {}
    for task, checked in study.results(check_points, tasks, n_tasks):
        if isinstance(checked, Died):
            raise StoreError(
                f"design points from {task.first} on cannot be checked: {checked.reason}"
            )
        hashes[task.first] = checked.hashes
        refused |= checked.refused
    if refused:
        raise ConfigError(_problems(study.sweep, refused))
    return [one for first in sorted(hashes) for one in hashes[first]]


def _problems(sweep: Sweep, refused: Mapping[int, tuple[Problem, ...]]) -> list[Problem]:
    """Point and values behind each problem, at the design in the sweep's file."""
    found: dict[str, Problem] = {}
    more: dict[str, int] = {}  # points that say the same
    for number in sorted(refused):
        words = "; ".join(f"{one.path}: {one.message}" for one in refused[number])
        key = alike(words)
        more[key] = more.get(key, -1) + 1
        if key not in found:
            point = sweep.design.point(number)
            values = ", ".join(f"{path} {value}" for path, value in point.items())
            accepted = refused[number][0].accepted if refused[number] else ""
            message = f"point {number} ({values}) makes an invalid config: {words}"
            found[key] = Problem(str(sweep.path), 0, "design", message, accepted)
    return [
        replace(one, message=f"{one.message}{and_more(more[key])}")
        for key, one in list(found.items())[:_MOST_PROBLEMS]
    ]


def _assemble(study: Study, folder: Path) -> dict[str, Any]:
    from sim.config import resolved_text

    found = assemble(study, folder)
    found["files"]["config.yaml"] = put_text(
        folder / "config.yaml", resolved_text(study.sweep.base)
    )
    return found


def _write_design(folder: Path, sweep: Sweep, hashes: list[str], checked: str) -> None:
    with table_files([folder / DESIGN]) as (design,):
        design.add(design_table(sweep, hashes, checked))

"""One study from what was asked to a finished folder: check, claim, compute, assemble, seal.

A run is a study of one point that keeps all tables; a sweep has many points and keeps outcomes.
Every point runs the same replications of the same seed, so all points share their worlds (common
random numbers). What differs stands in `runs` and `sweeps`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sim.study.run.clearing import clear, remove_parts
from sim.study.run.engines import ASKED, engine_of
from sim.study.run.files import put_json
from sim.study.run.folder import MANIFEST, Place, claimed, find_place, manifest_or_none
from sim.study.run.identity import FORMAT, MADE_BY, machine
from sim.study.run.pool import Staying, check_jobs
from sim.study.run.progress import Progress
from sim.study.run.work import Means, Study, Work


@dataclass(frozen=True)
class Done:
    """Where the study is, and whether it was there already."""

    folder: Path
    up_to_date: bool


def run_study(
    study: Study,
    folder: Path,
    jobs: int = 1,
    command: str = "",
    progress: Progress | None = None,
    means: Means | None = None,
    force: bool = False,
) -> Done:
    """Compute what is missing of a study and leave a finished folder.

    The folder is ``folder``, or ``folder-2`` and so on where that holds something else. The same
    study gives the same tables, byte for byte, whatever ``jobs`` or ``means``, and however often it
    was interrupted.

    Parameters
    ----------
    jobs : int
        Processes to use, or tasks a cluster works on at once.
    command : str
        What the user typed, for the manifest.
    force : bool
        Remove the run in ``folder`` first; other files there stay.

    Raises
    ------
    ConfigError
        If the config of a point is invalid; nothing is written.
    DesignError
        If ``jobs`` is below 1, or the engine asked for cannot simulate this.
    ModelError
        If a replication breaks a law of the model, and the study keeps no failures.
    StoreError
        If a folder, the disk or the workers are not as they should be. Finished parts are kept.
    """
    check_jobs(jobs, study.request.kind)
    engine, why = engine_of(study.base.config)
    means, progress = means or Means(), progress or Progress()
    began, started = time.monotonic(), datetime.now(UTC)
    place = find_place(folder, study.wanted(folder))
    if place.state == "complete" and not force:
        return _found(place, study, progress)
    with Staying(means.pool) as pool:
        means = replace(means, pool=pool)
        work = Work(study, means.job(study), jobs, progress, means, place.folder)
        work.before = manifest_or_none(place.folder)
        work.hashes = study.hashes(place.folder) or work.check()
        if force:
            left = clear(folder, study.request, study.base.files)
            if left:
                progress.note(
                    f"left in {folder}, not in the manifest of the earlier run: {', '.join(left)}"
                )
        with claimed(folder, study.request) as place:
            if place.state == "complete":
                return _found(place, study, progress)
            for note in place.notes:
                progress.note(note)
            work.folder = place.folder
            if why and why != ASKED:
                progress.once(f"on SimPy, not on the compiled engine: {why}")
            try:
                made = study.make(work)
                manifest = {
                    "made_by": MADE_BY,
                    "format": FORMAT,
                    **study.request.as_dict(),
                    "command": command,
                    "jobs": jobs,
                    "engine": {"name": engine, "why": why} if why else {"name": engine},
                    "started": started.isoformat(timespec="seconds"),
                    **machine(),
                    **made,
                }
                study.adorn(place.folder, manifest)
                manifest["duration_seconds"] = round(time.monotonic() - began, 3)
                put_json(place.folder / MANIFEST, manifest)
            except KeyboardInterrupt:
                progress.note(
                    f"interrupted: finished parts are kept in {place.folder}, and the same command "
                    f"completes the {study.request.kind}"
                )
                raise
            finally:
                progress.stop()
            if not study.request.grows:
                remove_parts(place.folder)
        return Done(place.folder, up_to_date=False)


def _found(place: Place, study: Study, progress: Progress) -> Done:
    """The study is there already."""
    for note in place.notes:
        progress.note(note)
    if not study.request.grows:  # a crash may have left them
        remove_parts(place.folder)
    return Done(place.folder, up_to_date=True)

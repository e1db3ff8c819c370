"""Sweeps for Python users: run one, open one."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from sim.errors import StoreError
from sim.study.design.sweep_config import load_sweep
from sim.study.findings.sweep_results import Sweep
from sim.study.run.cluster import means_for
from sim.study.run.folder import read_manifest
from sim.study.run.progress import Progress, Silent, progress_on_stderr
from sim.study.run.store import files_fault
from sim.study.run.sweep_folder import KIND
from sim.study.run.sweeps import run_sweep

__all__ = ["Sweep", "open_sweep", "sweep"]


def sweep(
    path: str | Path,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    out: str | Path | None = None,
    cluster: str | None = None,
    progress: bool | Progress = False,
) -> Sweep:
    """Run every design point of a sweep file, or what is missing of it.

    Parameters
    ----------
    path : str or Path
        A YAML file, such as those in ``configs/sweeps``.
    replications, seed : int, optional
        In place of the sweep's.
    jobs : int, optional
        Processes to use, 1 by default; see `run` for scripts with more.
    out : str or Path, optional
        The sweep folder, ``outputs/<sweep>`` by default.
    cluster : str, optional
        ``tcp://HOST:PORT`` of a dask scheduler, or ``local:N`` for one with N workers here.
    progress : bool
        Report on stderr how far the sweep is.

    Returns
    -------
    Sweep
        ``.outcomes``, ``.design``, ``.failures`` are data frames.

    Raises
    ------
    ConfigError, DesignError
        If the input is at fault; nothing is written.
    StoreError
        If the disk, a folder or a worker is not as it should be; finished parts are kept.
    """
    if isinstance(progress, bool):
        progress = progress_on_stderr() if progress else Silent()
    plan = load_sweep(path, replications, seed)
    folder = Path(out) if out is not None else Path("outputs") / plan.name
    command = shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
    with means_for(cluster, 1 if jobs is None else jobs) as (means, workers):
        done = run_sweep(plan, folder, workers, command, progress, means)
    return Sweep(done.folder, read_manifest(done.folder, KIND), done.up_to_date)


def open_sweep(folder: str | Path) -> Sweep:
    """Open a finished sweep folder, checking every table against the manifest.

    Raises
    ------
    StoreError
        If the folder is not a sweep of ours, unfinished or damaged.
    """
    folder = Path(folder)
    manifest = read_manifest(folder, KIND)
    fault = files_fault(folder, manifest["files"])
    if fault:
        raise StoreError(
            f"{folder} is damaged: {fault}. The sim sweep command that made it makes its tables "
            "again from its parts"
        )
    return Sweep(folder, manifest)

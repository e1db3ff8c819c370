"""The package for Python users: load a config, run it, read what came out.

>>> import sim
>>> if __name__ == "__main__":  # needed with jobs > 1: workers import your script afresh
...     run = sim.run("configs/base.yaml", replications=20, jobs=4)  # doctest: +SKIP
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.config import Loaded
from sim.config import load as _load_config
from sim.errors import DesignError, StoreError
from sim.study.design.sweep_config import load_sweep
from sim.study.findings.summary import summarise
from sim.study.findings.sweep_results import SweepTables
from sim.study.findings.verification import verify
from sim.study.run.cluster import means_for
from sim.study.run.folder import open_folder, read_manifest
from sim.study.run.precise import Goal, with_run
from sim.study.run.progress import Progress, told
from sim.study.run.runs import run_replications
from sim.study.run.sweeps import run_sweep

__all__ = ["Run", "Sweep", "load", "open", "open_sweep", "run", "sweep", "verify"]

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.config.schema import Config


def load(path: str | Path, set: Mapping[str, Any] | None = None) -> Loaded:
    """Read and check a config.

    Parameters
    ----------
    path : str or Path
        A YAML file, such as ``configs/base.yaml``.
    set : mapping, optional
        Values by dotted path, as ``--set`` on the command line:
        ``{"programme.envelope_usd_bn": 400}``.

    Returns
    -------
    Loaded
        ``.config`` is the checked, frozen tree.

    Raises
    ------
    ConfigError
        With every problem found and where it stands.
    """
    return _load_config(path, dict(set or {}))


def run(
    config: Loaded | str | Path,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    out: str | Path | None = None,
    force: bool = False,
    progress: bool | Progress = False,
    precision: float | Goal | None = None,
) -> Run:
    """Simulate, and leave the results in a run folder.

    The same config, seed and replications give the same files, byte for byte, whatever ``jobs``.
    When the folder holds this very run already, nothing is computed.

    Parameters
    ----------
    config : Loaded, str or Path
        What `load` gave, or the path of a YAML file.
    replications, seed : int, optional
        In place of the config's ``run.replications`` and ``run.seed``.
    jobs : int, optional
        Processes to use, 1 by default. More than 1 needs the guard shown above in a script.
    out : str or Path, optional
        The run folder, ``outputs/<name>`` by default; where that is taken, ``<out>-2`` and so on.
    force : bool
        Remove the folder first, if it is a run folder.
    progress : bool
        Report on stderr how far the run is.
    precision : float or Goal, optional
        In place of ``replications``: run until the half-width of every headline response is
        confirmed below this share of its mean; `sim.study.run.precise.Goal` says more.
        ``Run.manifest["precision"]`` holds what was reached and what was not.

    Raises
    ------
    ConfigError, DesignError
        If the input is at fault; nothing is written.
    ModelError
        If a replication breaks a law of the model: a bug.
    StoreError
        If the disk, a folder or a worker is not as it should be; finished parts are kept.
    """
    if precision is not None and replications is not None:
        raise DesignError("replications and precision are both given; accepted: one of the two")
    loaded = _with_run_settings(config, replications, seed)
    teller = told(progress)
    folder = Path(out) if out is not None else Path("outputs") / loaded.config.name
    done = run_replications(
        loaded,
        folder,
        summarise,
        jobs=1 if jobs is None else jobs,
        force=force,
        command=_command(),
        progress=teller,
        goal=Goal(precision) if isinstance(precision, float) else precision,
        adorn=lambda folder, manifest: _draw_figures(Run(folder, manifest), teller),
    )
    return Run(done.folder, read_manifest(done.folder, "run"), done.up_to_date)


def open(folder: str | Path) -> Run:
    """Open a finished run folder, checking every file against the manifest.

    Raises
    ------
    StoreError
        If the folder is not ours, unfinished or damaged.
    """
    return Run(Path(folder), open_folder(Path(folder), "run"))


def _table(name: str, doc: str) -> cached_property[pd.DataFrame]:
    """A table of a run, read when first asked for."""

    def read(run: Run) -> pd.DataFrame:
        return run._parquet(name)

    read.__doc__ = doc
    return cached_property(read)


class Run:
    """A finished run: its tables as pandas data frames, each read when first asked for.

    Attributes
    ----------
    folder : Path
    manifest : dict
        What the run was made from and with.
    up_to_date : bool
        Whether `run` found it finished.
    """

    def __init__(self, folder: Path, manifest: dict[str, Any], up_to_date: bool = False) -> None:
        self.folder = folder
        self.manifest = manifest
        self.up_to_date = up_to_date

    def __repr__(self) -> str:
        return (
            f"Run({str(self.folder)!r}, replications={self.manifest['replications']}, "
            f"seed={self.manifest['seed']})"
        )

    @cached_property
    def config(self) -> Config:
        """The resolved config of the run."""
        return _load_config(self.folder / "config.yaml", {}).config

    events = _table("events", "Everything that happened, a row per event.")
    projects = _table("projects", "A row per replication and project: attributes and dates.")
    timeline = _table("timeline", "A row per replication and month: the programme's series.")
    capacity = _table("capacity", "A row per replication, month and resource: use and queues.")
    capacity_trace = _table("capacity_trace", "Every step in the first 20 replications.")
    delays = _table("delays", "Days by replication, project and cause.")
    held = _table("held", "Dollars standing at each cause by replication, month and resource.")
    finance = _table("finance", "What each project earns, and returns by party.")
    ledger = _table("ledger", "Every transfer of money up to the end of the run.")
    distributions = _table("distributions", "What each party gets after that, by year.")

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """A row per replication: the responses."""
        return self._csv("outcomes")

    @cached_property
    def summary(self) -> pd.DataFrame:
        """A row per response and scope: estimates with intervals."""
        return self._csv("summary")

    def figure(self, name: str) -> Figure:
        """Draw one figure; `sim.report.FIGURES` lists the names.

        Raises
        ------
        DesignError
            If there is no figure of that name.
        """
        from sim import report

        return report.draw(self, name)

    def explain(self, project: str, replication: int = 0) -> str:
        """Tell the dated story of one project in one replication.

        Raises
        ------
        DesignError
            If there is no such project or replication in the run.
        """
        from sim import report

        events = self._parquet("events", ("replication", replication))
        delays = self._parquet("delays", ("project", project))
        return report.tell_project(events, self.projects, delays, self.config, project, replication)

    def _parquet(self, table: str, where: tuple[str, int | str] | None = None) -> pd.DataFrame:
        from pandas import read_parquet

        wanted = None if where is None else [(where[0], "==", where[1])]
        return read_parquet(self._file(f"{table}.parquet"), filters=wanted)

    def _csv(self, table: str) -> pd.DataFrame:
        from pandas import read_csv

        return read_csv(self._file(f"{table}.csv"), engine="pyarrow")  # reads floats back exactly

    def _file(self, name: str) -> Path:
        path = self.folder / name
        if not path.is_file():
            raise StoreError(f"{self.folder} is damaged: {name} is missing")
        return path


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
    asked = load_sweep(path, replications, seed)
    folder = Path(out) if out is not None else Path("outputs") / asked.name
    with means_for(cluster, 1 if jobs is None else jobs) as (means, workers):
        done = run_sweep(asked, folder, workers, _command(), told(progress), means)
    return Sweep(done.folder, read_manifest(done.folder, "sweep"), done.up_to_date)


def open_sweep(folder: str | Path) -> Sweep:
    """Open a finished sweep folder, checking every table against the manifest.

    Raises
    ------
    StoreError
        If the folder is not a sweep of ours, unfinished or damaged.
    """
    return Sweep(Path(folder), open_folder(Path(folder), "sweep"))


class Sweep(SweepTables):
    """A finished sweep: its tables, and its figures."""

    def figure(self, name: str, response: str | None = None, *factors: str) -> Figure:
        """Draw one figure; see `sim.report.draw_of_sweep`, and for what it raises."""
        from sim import report

        return report.draw_of_sweep(self, name, response, factors)


def _command() -> str:
    return shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])


def _with_run_settings(
    config: Loaded | str | Path, replications: int | None, seed: int | None
) -> Loaded:
    asked = {"run.replications": replications, "run.seed": seed}
    values = {path: value for path, value in asked.items() if value is not None}
    for path, value, least in (("replications", replications, 1), ("seed", seed, 0)):
        if value is not None and value < least:
            raise DesignError(f"{path} is {value}; accepted: {least} or more")
    if not isinstance(config, Loaded):
        return load(config, values)
    return with_run(config, replications, seed) if values else config


def _draw_figures(run: Run, progress: Progress) -> None:
    """Draw all figures beside the results. A figure that fails does not cost the results."""
    progress.note("drawing the figures")
    try:
        from sim.report import draw_all

        draw_all(run)
    except Exception as error:
        progress.note(
            f"the figures could not be drawn ({type(error).__name__}: {error}); the results are "
            f"complete, and sim plot {run.folder} tries again"
        )

"""The package for Python users: load a config, run it, read what came out.

>>> import sim
>>> if __name__ == "__main__":  # needed with jobs > 1: workers import your script afresh
...     run = sim.run("configs/base.yaml", replications=20, jobs=4)  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.config import Loaded
from sim.config.ours import builtin_folder
from sim.errors import DesignError
from sim.study.findings.run_results import RunTables
from sim.study.findings.sweep_results import SweepTables
from sim.study.run.asked import config_asked, load_config
from sim.study.run.engines import using
from sim.study.run.folder import folder_named, open_folder, read_manifest
from sim.study.run.identity import command_line
from sim.study.run.precise import Goal
from sim.study.run.progress import Progress, told
from sim.study.run.runs import run_replications

__all__ = ["Run", "Sweep", "backtest", "load", "open", "open_sweep", "run", "sweep"]

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.config.schema import Config
    from sim.study.findings.backtest import Backtest
    from sim.study.run.store import Kept


def load(path: str | Path, set: Mapping[str, Any] | None = None) -> Loaded:
    """Read and check a config.

    Parameters
    ----------
    path : str or Path
        A YAML file, such as ``configs/base.yaml``.
    set : mapping, optional
        Values by dotted path: ``{"programme.envelope_usd_bn": 400}``.

    Returns
    -------
    Loaded
        ``.config`` is the checked, frozen tree.

    Raises
    ------
    ConfigError
        With every problem found and where it stands.
    """
    return load_config(path, set)


def run(
    config: Loaded | str | Path,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    out: str | Path | None = None,
    force: bool = False,
    progress: bool | Progress = False,
    precision: float | Goal | None = None,
    figures: bool = True,
    png: bool = False,
    engine: str | None = None,
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
        Remove the run in the folder first; other files there stay.
    progress : bool
        Report on stderr how far the run is.
    precision : float or Goal, optional
        In place of ``replications``: run until the half-width of every headline response is
        confirmed below this share of its mean; `sim.study.run.precise.Goal` says more.
        ``Run.manifest["precision"]`` holds what was reached and what was not.
    figures, png : bool
        Draw figures beside the results, as SVG; and as PNG too.
    engine : str, optional
        ``simpy``, ``compiled`` or ``auto``: compiled where it was built. It changes no result.

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
    loaded = config_asked(config, replications, seed)
    teller, known = told(progress), loaded if precision is None else None
    folder = folder_named(out, Path("outputs") / loaded.config.name)
    with using(engine):
        done = run_replications(
            loaded,
            folder,
            _summarise,
            jobs=1 if jobs is None else jobs,
            force=force,
            command=command_line(),
            progress=teller,
            goal=Goal(precision) if isinstance(precision, float) else precision,
            adorn=(lambda at, said: _draw_figures(Run(at, said, False, known), teller, png))
            if figures
            else None,
        )
    said = read_manifest(done.folder, "run")
    made = Run(done.folder, said, done.up_to_date, known)
    if figures and done.up_to_date:
        drawn = {path.suffix for path in (done.folder / "figures").glob("*")}
        if ".svg" not in drawn or (png and ".png" not in drawn):
            _draw_figures(made, teller, png)
    return made


def open(folder: str | Path) -> Run:
    """Open a finished run folder, checking every file against the manifest.

    Raises
    ------
    StoreError
        If the folder is not ours, unfinished or damaged.
    """
    return Run(Path(folder), open_folder(Path(folder), "run"))


class Run(RunTables):
    """A finished run: its tables, its figures and the stories of its projects."""

    def figure(self, name: str) -> Figure:
        """Draw one of `sim.report.FIGURES`; see `sim.report.draw`, and for what it raises."""
        from sim import report

        return report.draw(self, name)

    def report(self) -> Path:
        """Write the page to forward into the run folder."""
        from sim import report

        return report.write_page(self)

    def explain(self, project: str | None, replication: int = 0, width: int = 80) -> str:
        """Tell the dated story of one project in one replication; None: of all its tariffs.

        Raises
        ------
        DesignError
            If there is no such project or replication in the run.
        """
        from sim import report

        if project is None:
            return report.tell_tariffs(self, replication, width)
        delays = self._parquet("delays", ("project", project))
        found = self.events_of("replication", replication), self.projects, delays, self.config
        return report.tell_project(*found, project, replication, width)

    def forecast(self) -> pd.DataFrame:
        """Dated statements with their probabilities; `sim.study.findings.forecast` has the rows."""
        import pandas as pd

        from sim.study.findings.forecast import forecast

        return pd.DataFrame(forecast(self))


def sweep(
    path: str | Path,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    out: str | Path | None = None,
    cluster: str | None = None,
    progress: bool | Progress = False,
    engine: str | None = None,
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
    engine : str, optional
        As in `run`; workers of a cluster have the one that was built where they are.

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
    from sim.study.design.sweep_config import load_sweep
    from sim.study.run.cluster import means_for
    from sim.study.run.sweeps import run_sweep

    asked = load_sweep(path, replications, seed)
    folder = folder_named(out, Path("outputs") / asked.name)
    with using(engine), means_for(cluster, 1 if jobs is None else jobs) as (means, workers):
        done = run_sweep(asked, folder, workers, command_line(), told(progress), means)
    return Sweep(done.folder, read_manifest(done.folder, "sweep"), done.up_to_date)


def open_sweep(folder: str | Path) -> Sweep:
    """Open a finished sweep folder, checking every table against the manifest.

    Raises
    ------
    StoreError
        If the folder is not a sweep of ours, unfinished or damaged.
    """
    return Sweep(Path(folder), open_folder(Path(folder), "sweep"))


def backtest(
    folder: str | Path | None = None,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    out: str | Path | None = None,
    progress: bool | Progress = False,
    engine: str | None = None,
) -> Backtest:
    """Run configs that know less than we do, and score each on what then happened.

    Parameters
    ----------
    folder : str or Path, optional
        Configs, a column each, and ``record.csv``; ours by default.
    out : str or Path, optional
        A folder with a run folder for each column; ``outputs/backtest`` by default.

    All else as in `run`, and for what it raises.
    """
    from sim.study.findings.backtest import Backtest, columns_of, read_facts, score

    place = builtin_folder() / "backtest" if folder is None else Path(folder)
    results = folder_named(out, Path("outputs") / "backtest")
    facts, columns, teller = read_facts(place), [], told(progress)
    for one in columns_of(place):
        loaded = config_asked(one, replications, seed)
        with using(engine):
            done = run_replications(
                loaded,
                results / one.config.name,
                _summarise,
                1 if jobs is None else jobs,
                command=command_line(),
                progress=teller,
            )
        columns.append(score(Run(done.folder, read_manifest(done.folder, "run")), *facts))
    return Backtest(results, tuple(columns))


class Sweep(SweepTables):
    """A finished sweep: its tables, and its figures."""

    def figure(self, name: str, response: str | None = None, *factors: str) -> Figure:
        """Draw one figure; see `sim.report.draw_of_sweep`, and for what it raises."""
        from sim import report

        return report.draw_of_sweep(self, name, response, factors)


def _summarise(config: Config, kept: Kept) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    from sim.study.findings.summary import summarise  # a run that is up to date has its sums

    return summarise(config, kept)


def _draw_figures(run: Run, progress: Progress, png: bool) -> None:
    """Draw figures and page beside the results. One that fails does not cost the results."""
    also: dict[str, Any] = {"forms": ("svg", "png")} if png else {}
    for what, verb, make, how in (
        ("figures", "plot", "draw_all", also),
        ("page", "report", "write_page", {}),
    ):
        progress.stage(f"drawing the {what}")
        try:
            from sim import report

            getattr(report, make)(run, **how)
        except Exception as error:
            progress.note(
                f"the {what} could not be drawn ({type(error).__name__}: {error}); the results "
                f"are complete, and sim {verb} {run.folder} tries again"
            )

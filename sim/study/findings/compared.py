"""A comparison from what is given to its folder: what `sim.compare` does."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sim.config import Loaded
from sim.stats.compare import Difference
from sim.study.findings.comparison import (
    Finished,
    Twins,
    check_count,
    compare_runs,
    compare_twins,
    difference_rows,
    open_runs,
    twin_rows,
)
from sim.study.findings.comparison_folder import (
    comparison_of,
    find_comparison_place,
    write_comparison,
)
from sim.study.findings.run_results import RunTables
from sim.study.findings.studies import finished_run
from sim.study.findings.summary import summarise
from sim.study.run.asked import config_asked
from sim.study.run.engines import using
from sim.study.run.folder import folder_named
from sim.study.run.identity import command_line
from sim.study.run.progress import Progress, told
from sim.study.run.runs import run_replications

if TYPE_CHECKING:
    import pandas as pd

CONFIDENCE = 0.95
Given = RunTables | Loaded | str | Path


@dataclass(frozen=True, repr=False)
class Comparison:
    """Runs compared with the first of them.

    Attributes
    ----------
    folder : Path
        Where the tables are.
    runs : tuple of Finished
    found : tuple of Difference
        Every response of every run but the first.
    same_projects : tuple of Twins
    up_to_date : bool
        Whether this very comparison was there.
    """

    folder: Path
    runs: tuple[Finished, ...]
    found: tuple[Difference, ...]
    same_projects: tuple[Twins, ...]
    up_to_date: bool = False

    def __repr__(self) -> str:
        names = ", ".join(run.name for run in self.runs[1:])
        return f"Comparison({str(self.folder)!r}, {names} against {self.runs[0].name})"

    @cached_property
    def differences(self) -> pd.DataFrame:
        """A row per scenario and response, as in ``differences.csv``."""
        import pandas as pd

        return pd.DataFrame(difference_rows(self.found))

    @cached_property
    def twins(self) -> pd.DataFrame:
        """The same projects with and without, as in ``twins.csv``."""
        import pandas as pd

        return pd.DataFrame(twin_rows(self.same_projects))


def compare(
    *runs: Given,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    out: str | Path | None = None,
    progress: bool | Progress = False,
    engine: str | None = None,
) -> Comparison:
    """Compare runs with the first of them, in pairs where they share worlds.

    Parameters
    ----------
    runs : Run, Loaded, str or Path
        Two or more: finished runs or their folders; configs are run first, without figures,
        unless a run of them is there.
    replications, seed : int, optional
        For configs, in place of their own.
    jobs : int, optional
        Processes to use, 1 by default.
    out : str or Path, optional
        Folder of the tables; ``outputs/compare_<names>`` by default.
    progress : bool
        Report on stderr how far it is.
    engine : str, optional
        For configs: ``simpy``, ``compiled`` or ``auto``. It changes no result.

    Raises
    ------
    ConfigError, DesignError
        If the input is at fault; nothing is written.
    StoreError
        If a folder is no finished run, or the disk refuses.
    """
    check_count(len(runs))
    teller = told(progress)
    given = [_given(one, replications, seed) for one in runs]  # mistakes before any simulation
    with using(engine):
        folders = [
            one
            if isinstance(one, Path)
            else _finished(one, jobs, teller, f"{place} of {len(given)}")
            for place, one in enumerate(given, start=1)
        ]
    names = [None if isinstance(one, Path) else one.config.name for one in given]
    finished = open_runs(folders, names)
    asked = comparison_of(finished, CONFIDENCE)
    default = Path("outputs") / f"compare_{'_'.join(run.name for run in finished)}"
    place = find_comparison_place(folder_named(out, default), asked)
    for note in place.notes:
        teller.note(note)
    found, same = compare_runs(finished, CONFIDENCE), compare_twins(finished, CONFIDENCE)
    complete = place.state == "complete"
    if not complete:
        write_comparison(place.folder, asked, finished, found, same)
    return Comparison(place.folder, tuple(finished), tuple(found), tuple(same), complete)


def _given(one: Given, replications: int | None, seed: int | None) -> Path | Loaded:
    """The folder of a finished run, or the config of one to be made."""
    if isinstance(one, RunTables):
        return one.folder
    if not isinstance(one, Loaded) and Path(one).is_dir():
        return Finished.open(Path(one)).folder
    return config_asked(one, replications, seed)


def _finished(loaded: Loaded, jobs: int | None, progress: Progress, which: str) -> Path:
    """The folder of a run of at least so many replications: one that is there, else a new one."""
    found = finished_run(Path("outputs"), loaded.config)
    if found is not None:
        return found
    progress.note(f"{loaded.config.name}, {which}")
    return run_replications(
        loaded,
        Path("outputs") / loaded.config.name,
        summarise,
        1 if jobs is None else jobs,
        command=command_line(),
        progress=progress,
    ).folder

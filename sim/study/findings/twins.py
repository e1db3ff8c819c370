"""One project with and without a limit, or in two runs: the same project in the same worlds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import shorten, wrap
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.config import load, varied
from sim.config.limits import capacities
from sim.errors import DesignError
from sim.stats.intervals import Interval, mean_of_defined
from sim.study.design.words import plural
from sim.study.findings.comparison import Finished, share_worlds
from sim.study.findings.dates import in_words
from sim.study.findings.run_results import RunTables
from sim.study.run.simulate import EngineSimulation, named

Dates: TypeAlias = NDArray[np.datetime64]  # (n_replications,), NaT where it is not reached
WORDS = {
    "selected": "selected",
    "first_call_paid": "first call paid",
    "ntp": "notice to proceed",
    "first_unit_energised": "first unit running",
    "operating": "in operation",
}
MOST_TWINS = 40  # replications that are simulated anew without the limit
_WIDTH = 80
_ALIKE_DAYS, _ALIKE = 5, 0.15  # days, or share of them, by which two numbers are called alike
_NAT = np.datetime64("NaT", "ms")
_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True, eq=False)
class Twin:
    """Milestones of one project, as it was and as it would be, replication by replication.

    Attributes
    ----------
    project : str
    as_was, without : mapping
        By milestone of `WORDS` its dates; both (n_replications,).
    """

    project: str
    as_was: Mapping[str, Dates]
    without: Mapping[str, Dates]

    def reached(self, milestone: str) -> tuple[int, int]:
        """In how many replications it is reached, as it was and without."""
        both = self.as_was[milestone], self.without[milestone]
        return int(np.sum(~np.isnat(both[0]))), int(np.sum(~np.isnat(both[1])))

    def days_earlier(self, milestone: str) -> Interval:
        """How much earlier it is without, where both are reached."""
        days = (self.as_was[milestone] - self.without[milestone]) / _DAY
        return mean_of_defined(days)


class _ProjectsSimulation(EngineSimulation):
    keep = ("projects",)


def what_if(run: RunTables, project: str, capacity: str) -> Twin:
    """A project of a run, and in the same worlds the same without a capacity's limit.

    Raises
    ------
    DesignError
        If the config has no such capacity, or the run no such project.
    """
    loaded = load(run.folder / "config.yaml")
    there = capacities(loaded.config)
    if capacity not in there:
        raise DesignError(
            f"what if {capacity}: the config has no such limit; accepted: {', '.join(there)}"
        )
    n = min(MOST_TWINS, int(run.manifest["replications"]))
    as_was = dates_of(run, project, n)
    simulation = _ProjectsSimulation(varied(loaded.tree, there[capacity].lifted))
    without = {name: np.full(n, _NAT) for name in WORDS}
    seed = int(run.manifest["seed"])
    simulation.expect(seed, range(n))
    for number in range(n):
        with named(seed, number):
            left = simulation.replicate(seed, number)
            projects = simulation.columns([left])["projects"]
        place = projects["project"] == _code(left.names.projects, project)
        for name in WORDS:
            dates = projects[name][place]
            if len(dates):
                without[name][number] = dates[0]
    return Twin(project, as_was, without)


def what_if_told(run: RunTables, project: str, replication: int, capacity: str) -> list[str]:
    """A project of a run and its twin without a limit, in words; raises what `what_if` does."""
    twin = what_if(run, project, capacity)
    one = capacities(run.config)[capacity]
    names = ("as it was", "without it")
    lines = [
        f"What if there were no limit: {one.label}",
        *told(twin, replication, names, run.config.programme.run_out),
    ]
    if replication < len(twin.as_was["operating"]):
        rows = run._parquet("delays", ("project", project))
        rows = rows[(rows["replication"] == replication) & rows["cause"].isin(one.causes)]
        held, chain, hidden = (
            float(rows[name].sum()) for name in ("held_days", "days", "hidden_days")
        )
        dates = twin.as_was["operating"][replication], twin.without["operating"][replication]
        lines += wrap(beside_the_ledger(held, chain, hidden, (dates[0] - dates[1]) / _DAY), _WIDTH)
    return lines


def beside_the_ledger(held: float, chain: float, hidden: float, earlier: float) -> str:
    """Why the days that the ledger has of a limit and those that come back without it differ.

    All in days; ``earlier`` is nan where the project does not run in both.

    Examples
    --------
    >>> beside_the_ledger(218, 1709, 0, 218)
    'The ledger agrees: held 218 days at it, and as many come back.'
    >>> beside_the_ledger(0, 0, 0, 0)
    'The ledger agrees: it stood there on no day.'
    """
    said = f"held {held:,.0f} days at it"
    if np.isnan(earlier):
        return f"By the ledger it was {said}; it does not run by the end in both, so none compare."
    back = "none come" if round(earlier) == 0 else f"{earlier:,.0f} come"
    if held < 1:
        if chain < 1 <= hidden:
            return (
                f"No contradiction: its {hidden:,.0f} days are hidden, beside what took longer, "
                f"and held the plant on none; so {back} back."
            )
        if chain < 1:
            words = "agrees: it stood there on no day" if abs(earlier) < 1 else ""
            return f"The ledger {words or 'has no day of it; what comes earlier crowds others'}."
        return (
            f"No contradiction: for {chain:,.0f} days it was what cleared last, the chain, but no "
            f"day was held by it alone, for what went on beside it took as long; so {back} back."
        )
    if abs(earlier - held) <= max(_ALIKE_DAYS, _ALIKE * held):
        return f"The ledger agrees: {said}, and as many come back."
    if earlier < held:
        return f"By the ledger {said}, but {back} back: behind it stood what would have held next."
    return f"By the ledger {said}, and {back} back: what is earlier finds crews and money sooner."


def between(runs: Sequence[Finished], project: str, replication: int = 0) -> list[str]:
    """One project in runs that share worlds, each beside the first, in words.

    Raises
    ------
    DesignError
        If a run has no such project, or shares no worlds with the first.
    """
    first, *others = runs
    lines = []
    for run in others:
        if not share_worlds(run, first):
            raise DesignError(
                f"{project}: {run.name} and {first.name} share no worlds; accepted: "
                "runs of one seed"
            )
        n = min(int(one.manifest["replications"]) for one in (run, first))
        was, would = (dates_of(one, project, n) for one in (first, run))
        names = (shorten(first.name, 16, placeholder=".."), shorten(run.name, 16, placeholder=".."))
        lines += [
            f"{project} in replication {replication}: {first.name}, and {run.name}",
            *told(Twin(project, was, would), replication, names, first.config.programme.run_out),
            "",
        ]
    return lines[:-1]


def dates_of(run: RunTables, project: str, replications: int) -> dict[str, Dates]:
    """Milestones of a project in the first replications of a run.

    Raises
    ------
    DesignError
        If it occurs in no replication.
    """
    rows = run._parquet("projects", ("project", project))
    if not len(rows):
        raise DesignError(f"{run.folder} has no project {project} in any replication")
    rows = rows[rows["replication"] < replications]
    found: dict[str, Dates] = {name: np.full(replications, _NAT) for name in WORDS}
    for name, dates in found.items():
        dates[rows["replication"].to_numpy()] = rows[name].to_numpy().astype("datetime64[ms]")
    return found


def told(twin: Twin, replication: int, names: tuple[str, str], end: date) -> list[str]:
    """The dates of one replication side by side, then how it is over all of them."""
    n = len(twin.as_was["operating"])
    lines = [f"{'':20} {names[0]:>16} {names[1]:>16}   days earlier"]
    for name, words in WORDS.items():
        dates = twin.as_was[name], twin.without[name]
        if replication < n:
            was, would = (one[replication] for one in dates)
            days = "-" if np.isnat(was) or np.isnat(would) else f"{round((was - would) / _DAY):,}"
            cells = ["not by the end" if np.isnat(one) else str(one)[:10] for one in (was, would)]
            lines.append(f"{words:20} {cells[0]:>16} {cells[1]:>16}   {days:>12}")
    before, after = twin.reached("operating")
    words = (
        f"In {plural(n, 'replication')} it runs by {in_words(end)} in {before}, "
        f"{names[1]} in {after}"
    )
    earlier = twin.days_earlier("operating")
    if not np.isnan(earlier.low):
        words += (
            f"; where in both, {earlier.estimate:,.0f} days earlier ({earlier.low:,.0f} to "
            f"{earlier.high:,.0f})"
        )
    return [*lines, *wrap(f"{words}.", _WIDTH)]


def _code(names: Sequence[str], project: str) -> int:
    """Its code in the twin's tables; -1 where that world never has it."""
    return list(names).index(project) if project in names else -1

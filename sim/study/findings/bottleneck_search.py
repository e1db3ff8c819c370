"""The search for bottlenecks: screen every capacity, then buy steps and lift two and more at once.

It goes on where the folder is, so that the same command again computes nothing, and another
response computes only the combinations that matter to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import combinations
from pathlib import Path

from sim.config import load
from sim.config.ours import find_config
from sim.errors import DesignError
from sim.study.design.against import STEP, steps_against, without_limit
from sim.study.design.named_overlays import Overlay, set_of, sets_in, sweep_of_overlays
from sim.study.findings.bottlenecks import AMOUNT, LEDGER, Bottlenecks
from sim.study.findings.moments import Moment
from sim.study.findings.studies import run_beside
from sim.study.run.engines import using
from sim.study.run.folder import folder_named, manifest_or_none
from sim.study.run.progress import Progress, told
from sim.study.run.simulate import LedgerSimulation, MonthlySimulation

REPLICATIONS = 40


def bottlenecks(
    config: str | Path,
    response: str = AMOUNT,
    by: date | str | None = None,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    out: str | Path | None = None,
    progress: bool | Progress = False,
    engine: str | None = None,
) -> Bottlenecks:
    """Find out what each capacity of a config is worth, on the same worlds.

    First each capacity without limit; then, of those that change anything, each step that
    ``report.steps`` lists, every two together, and all combinations of those that matter most to
    the response.

    Parameters
    ----------
    config : str or Path
        A YAML file, or the name of one of ours: the base.
    response : str
        An amount of the timeline, such as ``completed_usd_bn``, or a response of the outcomes.
    by : date or str, optional
        At the end of which month an amount is taken; the end of the run by default.
    replications : int, optional
        Of every overlay; 40 by default.

    All else as in `sim.sweep`, whose folder this leaves, and for what it raises.
    """
    path, teller = find_config(config), told(progress)
    base = load(path)
    asked = Moment.asked(response, _day(by), base.config.programme.run_out)
    count = REPLICATIONS if replications is None else replications
    lifted, steps = without_limit(base), steps_against(base)
    name = f"{base.config.name}_bottlenecks"
    folder = folder_named(out, Path("outputs") / name)
    said = manifest_or_none(folder)
    known = {**sets_in(said, lifted), **_steps_in(said, steps)}

    def ran(more: Mapping[str, Overlay]) -> Bottlenecks:
        laid = {**lifted, **{name: more[name] for name in sorted(more)}}  # always in one order
        plan = sweep_of_overlays(path, laid, name, count, seed, "overlay")
        with using(engine):
            tables = run_beside(plan, folder, jobs, teller, MonthlySimulation)
            alone = sweep_of_overlays(path, {}, f"{name}_{LEDGER}", count, seed)
            run_beside(alone, tables.folder / LEDGER, jobs, teller, LedgerSimulation, folder)
        return Bottlenecks(tables, asked.response, asked.by)

    teller.note(f"screening {len(lifted)} capacities")
    found = ran(known)
    idle = {one.name for one in found.inert}
    bought = {
        name: one
        for name, one in steps.items()
        if base.config.report.steps[name.removeprefix(STEP)].capacity not in idle
    }
    matter, limits = found.matter, [one.name for one in found.lifted]
    several: dict[str, Overlay] = {}
    for pair in combinations(limits, 2):
        several |= set_of(lifted, pair)
    for size in range(3, len(matter) + 1):
        for some in combinations(matter, size):
            several |= set_of(lifted, some)
    more = {**bought, **several}
    if set(more) <= set(known):
        return found
    teller.note(f"{len(bought)} steps, and {len(several)} combinations of {len(limits)} capacities")
    return ran(known | more)


def _steps_in(
    said: Mapping[str, object] | None, steps: Mapping[str, Overlay]
) -> dict[str, Overlay]:
    """Steps that a finished study has."""
    names = str(said.get("factors")) if said is not None else ""
    return {name: one for name, one in steps.items() if f"'{name}'" in names}


def _day(by: date | str | None) -> date | None:
    if by is None or isinstance(by, date):
        return by
    try:
        return date.fromisoformat(by)
    except ValueError:
        raise DesignError(f"by {by}: is no date; accepted: YYYY-MM-DD") from None

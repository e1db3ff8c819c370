"""A run that goes on until its responses are as precise as wanted, or the budget is spent.

Replications come in growing chunks; the decision is `sim.stats.precision`'s and rests on prefixes
of the replications in their order. So the number it stops at, and every byte of the folder, are the
same whatever the chunks were, and those of a run with that many replications at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import DesignError
from sim.events import RESPONSES
from sim.events.responses import HEADLINE, shown_in
from sim.study.design.words import plural
from sim.study.run.folder import manifest_or_none, numbered
from sim.study.run.identity import Request
from sim.study.run.store import REPLICATIONS_PER_PART
from sim.study.run.work import Work

if TYPE_CHECKING:
    from sim.config import Loaded
    from sim.stats.precision import Precision, Target

# What a reader of the study is told first; each must be precise before a run with a share stops.
HEADLINES = tuple(row.name for row in shown_in(HEADLINE))
MOST_REPLICATIONS = 2000
SHARES = (0.001, 0.5)  # of the mean: less takes for ever, more says nothing
_FIRST_CHUNK = 40  # the least on which a decision rests, and its look-ahead


@dataclass(frozen=True)
class Goal:
    """Half-widths wanted.

    Attributes
    ----------
    relative : float, optional
        Share of the mean, for every headline response.
    absolute : mapping of str to float
        Half-width of a response in its own unit; for a headline response either will do.
    most : int
        The budget in replications.

    Raises
    ------
    DesignError
        If nothing is asked, a number is not above 0, a share is outside `SHARES`, or a response is
        unknown.
    """

    relative: float | None = None
    absolute: Mapping[str, float] = field(default_factory=dict)
    most: int = MOST_REPLICATIONS

    def __post_init__(self) -> None:
        given = [*self.absolute.values(), *([] if self.relative is None else [self.relative])]
        if not given or not all(isfinite(one) and one > 0 for one in given) or self.most < 1:
            raise DesignError(
                f"precision: {self.relative}, {dict(self.absolute)}, at most {self.most} "
                "replications; accepted: a share of the mean, or RESPONSE=HALF_WIDTH, above 0"
            )
        if self.relative is not None and not SHARES[0] <= self.relative <= SHARES[1]:
            raise DesignError(
                f"precision: {self.relative:g} of the mean; accepted: {SHARES[0]:g} to "
                f"{SHARES[1]:g}, such as 0.02 for 2 %, or RESPONSE=HALF_WIDTH in its own unit"
            )
        unknown = [name for name in self.absolute if name not in RESPONSES]
        if unknown:
            raise DesignError(
                f"precision: there is no response {', '.join(unknown)}; accepted: "
                f"{', '.join(RESPONSES)}"
            )

    @property
    def targets(self) -> dict[str, Target]:
        """What is wanted of each response."""
        from sim.stats.precision import Target

        names = dict.fromkeys([*(HEADLINES if self.relative else ()), *self.absolute])
        return {
            name: Target(self.relative if name in HEADLINES else None, self.absolute.get(name))
            for name in names
        }

    def as_dict(self) -> dict[str, Any]:
        """Plain data for a JSON file."""
        return {**asdict(self), "absolute": dict(self.absolute)}


def parse_goal(texts: Iterable[str], most: int | None) -> Goal | None:
    """What ``--precision 0.02 --precision declined_count=0.5`` asks for; None when nothing.

    Raises
    ------
    DesignError
        If a text is neither a number nor RESPONSE=NUMBER.
    """
    relative, absolute = None, {}
    for text in texts:
        name, equals, value = text.rpartition("=")
        try:
            number = float(value)
        except ValueError:
            raise DesignError(
                f"--precision {text}: {value!r} is no number; accepted: 0.02 (a share of the "
                "mean), or RESPONSE=HALF_WIDTH in the unit of the response"
            ) from None
        if equals:
            absolute[name] = number
        else:
            relative = number
    if relative is None and not absolute:
        return None
    return Goal(relative, absolute, MOST_REPLICATIONS if most is None else most)


def settle(work: Work, goal: Goal) -> tuple[int, list[Precision]]:
    """Compute replications until the goal is reached or its budget spent.

    Returns the replications to keep, all of which are computed, and what they say.
    """
    from sim.stats.precision import stop_at

    n = min(_FIRST_CHUNK, goal.most)
    while True:
        work.compute(n)
        found = _found(work, goal, n)
        enough = stop_at(found)
        if enough is not None or n == goal.most:
            break
        wanted = max(one.predicted or 2 * n for one in found if one.confirmed_at is None)
        n = min(_whole_parts(min(max(wanted, n + 1), 2 * n)), goal.most)
    if enough is None:
        short = [one.response for one in found if one.confirmed_at is None]
        work.progress.note(f"not reached in {plural(n, 'replication')}: {', '.join(short)}")
        return n, found
    last = [one.response for one in found if one.confirmed_at == enough]
    work.progress.note(
        f"{enough} replications are kept: so many it takes to confirm the last response, {last[0]}"
    )
    return enough, _found(work, goal, enough)


def _whole_parts(n: int) -> int:
    return -(-n // REPLICATIONS_PER_PART) * REPLICATIONS_PER_PART


def _found(work: Work, goal: Goal, n: int) -> list[Precision]:
    from sim.stats.precision import precision

    outcomes = work.kept(n).whole("outcomes", tuple(goal.targets))
    return [
        precision(name, outcomes.column(name).to_numpy(), target)
        for name, target in goal.targets.items()
    ]


def precision_rows(goal: Goal, found: Sequence[Precision]) -> dict[str, Any]:
    """What the manifest says: the goal, and every response with its outcome."""
    rows = []
    for one in found:
        row = asdict(one) | {"unit": RESPONSES[one.response].unit, "outcome": one.outcome}
        rows.append({name: None if value != value else value for name, value in row.items()})
    return {"asked": goal.as_dict(), "responses": rows}


def settled(folder: Path, request: Request, goal: Goal) -> Request | None:
    """The request that the same goal came to before, in this folder or one of the next."""
    for candidate in numbered(folder):
        if not candidate.exists():
            return None
        manifest = manifest_or_none(candidate) or {}
        if manifest.get("precision", {}).get("asked") == goal.as_dict():
            found = Request.from_dict(manifest)
            if request.same(replace(found, replications=goal.most)):
                return found
    return None


def with_run(loaded: Loaded, replications: int | None, seed: int | None) -> Loaded:
    """The same config with other choices of the run, which the resolved config then states."""
    values = {"replications": replications, "seed": seed}
    given = {name: value for name, value in values.items() if value is not None}
    config = loaded.config.model_copy(update={"run": loaded.config.run.model_copy(update=given)})
    tree = {**loaded.tree, "run": {**loaded.tree.get("run", {}), **given}}
    sources = {**loaded.sources, **{f"run.{name}": "override" for name in given}}
    return replace(loaded, config=config, tree=tree, sources=sources)

"""How the engine's cost per logged event grows with the programme. Measured in one run.

    python benchmarks/growth.py [CONFIG] [--sizes 50 200 800 3200] [--rounds N] [--engine compiled]

The programme of CONFIG (default: configs/base.yaml) is made for each number of projects: named
projects and pipelines are multiplied, and with them everything scarce, so that each project meets
the same scarcity. Every round runs every size once in turn, small sizes on several worlds, so that
a busy machine hits all alike; ratios are taken within a round. Medians over rounds, in seconds of
processor time. The staffing rules that give every site a group of its own are timed at the size
compared with.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Mapping, Sequence
from math import ceil, floor
from pathlib import Path
from typing import Any

from sim.config import from_tree, load
from sim.plan import Plan
from sim.study.run.engines import COMPILED, SIMPY, simulate_with
from sim.world import Nature, draw_world, pin_history

ROOT = Path(__file__).resolve().parents[1]
COMPARED = 200  # projects: the size every cost is divided by
PROJECTS_A_ROUND = 800  # small sizes run on several worlds, so that their times are not too short
WORLDS_COUNTED = 60  # for the projects of CONFIG itself: entries and arrivals are random
Tree = dict[str, Any]


def scaled(value: Any, factor: float, whole: bool = False) -> Any:
    """A number, or all numbers of a path by date, by year or by project; text stays as it is.

    Whole numbers above zero stay above zero.
    """
    if isinstance(value, Mapping):
        return {key: scaled(item, factor, whole) for key, item in value.items()}
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return max(min(value, 1), round(value * factor)) if whole else value * factor


def scale(tree: Tree, keys: Sequence[str], factor: float, whole: bool = False) -> None:
    """Scale what stands at ``keys`` in place; ``*`` is every key, what is missing is left out."""
    *parents, last = keys
    branches = [tree]
    for key in parents:
        below = [b.values() if key == "*" else [b.get(key)] for b in branches]
        branches = [branch for found in below for branch in found if isinstance(branch, dict)]
    for branch in branches:
        if last in branch:
            branch[last] = scaled(branch[last], factor, whole)


AMOUNTS = (
    "programme.envelope_usd_bn",
    "pipelines.*.arrivals_per_year",
    *(f"nature.round_usd_bn.{part}" for part in ("median", "mean", "value")),
    *(f"capacity.facilities.*.{stock}.{part}" for stock in ("commitments", "cash")
      for part in ("first_year", "per_fiscal_year")),
    "capacity.specialists.gap.people",
    *(f"capacity.specialists.pools.*.{part}" for part in
      ("people_at_start", "visas_per_month", "reference_demand_people")),
    "capacity.specialists.pools.*.training.*.intake_per_month",
)  # fmt: skip
COUNTS = (
    "policy.consultation_committee.meetings.agenda",
    "policy.investment_committee.meetings.agenda",
    "nature.round_projects.values",
    "capacity.teams.count",
    "capacity.agencies.*.count",
    "capacity.facilities.*.desks",
    "capacity.equipment.*.slots.first_year",
    "capacity.equipment.*.slots.per_year",
    "capacity.power.regions.*.additions_mw.first_year",
    "capacity.power.regions.*.additions_mw.per_year",
)


def copies(factor: float, project: Tree) -> list[float]:
    """Probability of entry of each copy; together they enter ``factor`` times as often.

    What is on record is certain to enter: of that there is a whole number of copies.
    """
    probability = project.get("entry_probability", 1)
    if any(key.endswith("_date") and key != "proposed_date" for key in project):
        return [probability] * max(1, round(factor))
    rest = factor - floor(factor)
    return [probability] * floor(factor) + ([probability * rest] if rest else [])


def multiply_named(tree: Tree, factor: float) -> None:
    """Copies of the named projects, with the slots reserved for them, in place."""
    projects = tree.get("portfolio", {}).get("projects", {})
    made: dict[str, list[str]] = {}
    for name, project in list(projects.items()):
        if project["kind"] == "supplier" or project.get("counted_in"):
            continue  # never enters
        made[name] = []
        for number, probability in enumerate(copies(factor, project)):
            copy = name if number == 0 else f"{name}x{number:03d}"
            projects[copy] = {**project, "id": copy, "entry_probability": probability}
            made[name].append(copy)
    for equipment in tree["capacity"].get("equipment", {}).values():
        reserved = equipment.get("reserved", {})
        for name, years in list(reserved.items()):
            reserved.update(dict.fromkeys(made.get(name, []), years))


def multiply_pipelines(tree: Tree, factor: float) -> None:
    """Longer schedules, and room for more arrivals, in place. A maximum never shrinks."""
    for pipeline in tree.get("pipelines", {}).values():
        days = pipeline.get("schedule")
        if days is not None:
            count = max(min(len(days), 1), round(len(days) * factor))
            pipeline["schedule"] = [days[index * len(days) // count] for index in range(count)]
        pipeline["maximum"] = ceil(pipeline["maximum"] * max(1.0, factor))


def grown(tree: Mapping[str, Any], factor: float) -> Tree:
    """The config's tree with ``factor`` times the projects and everything scarce."""
    result: Tree = deep_copy(tree)
    for paths, whole in ((AMOUNTS, False), (COUNTS, True)):
        for path in paths:
            scale(result, path.split("."), factor, whole)
    multiply_named(result, factor)
    multiply_pipelines(result, factor)
    return result


def deep_copy(tree: Any) -> Any:
    """A copy that shares no mapping with ``tree``; YAML anchors share them within it."""
    return {k: deep_copy(v) for k, v in tree.items()} if isinstance(tree, Mapping) else tree


class Series:
    """One line of the report: a config, and what its runs took."""

    def __init__(
        self, label: str, tree: Mapping[str, Any], size: int, seed: int, engine: str
    ) -> None:
        self.label = label
        self.plan = Plan.of(from_tree(tree))
        self.worlds = max(1, PROJECTS_A_ROUND // size)
        self.seed, self.simulate = seed, simulate_with(engine)
        self.seconds: list[float] = []  # of one replication, by round
        self.projects: list[float] = []
        self.events: list[float] = []

    def run(self, number: int) -> None:
        """One round: as many worlds as belong to it."""
        seconds, projects, events = 0.0, 0, 0
        for replication in range(number * self.worlds, (number + 1) * self.worlds):
            nature = self.plan.nature
            world = pin_history(nature, draw_world(nature, self.seed, replication))
            began = time.process_time()
            made = self.simulate(self.plan, world)
            seconds += time.process_time() - began
            projects += len(world.entity)
            events += len(made.log.time)
        self.seconds.append(seconds / self.worlds)
        self.projects.append(projects / self.worlds)
        self.events.append(events / self.worlds)

    def per_event(self) -> list[float]:
        """Microseconds per logged event, by round."""
        return [1e6 * s / n for s, n in zip(self.seconds, self.events, strict=True)]

    def report(self, compared: Series) -> str:
        """One line; the ratio is to ``compared`` within each round."""
        ratios = [a / b for a, b in zip(self.per_event(), compared.per_event(), strict=True)]
        median = statistics.median
        return (
            f"  {self.label:<34}{median(self.projects):9,.0f}{median(self.events):10,.0f}"
            f"{median(self.seconds):9.3f}{median(self.per_event()):9.2f}{median(ratios):8.2f}"
        )


def projects_of(nature: Nature, seed: int) -> float:
    """Mean number of projects in a world."""
    counts = [len(draw_world(nature, seed, n).entity) for n in range(WORLDS_COUNTED)]
    return statistics.mean(counts)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("config", nargs="?", type=Path, default=ROOT / "configs" / "base.yaml")
    parser.add_argument("--sizes", type=int, nargs="+", default=[50, 200, 800, 3200])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--engine", choices=[SIMPY, COMPILED], default=SIMPY)
    arguments = parser.parse_args()
    loaded = load(arguments.config)
    seed = loaded.config.run.seed
    own = projects_of(Nature(loaded.config), seed)

    def series(label: str, size: int, **policy: str) -> Series:
        tree = grown(loaded.tree, size / own)
        tree["policy"].update(policy)
        return Series(label, tree, size, seed, arguments.engine)

    by_size = {size: series(f"{size:,} projects", size) for size in sorted(arguments.sizes)}
    compared = by_size.setdefault(COMPARED, series(f"{COMPARED} projects", COMPARED))
    rules = [
        series(f"{COMPARED} projects, {rule}", COMPARED, staffing=rule)
        for rule in ("priority", "first_come_full_crew")
    ]
    lines = [*by_size.values(), *rules]
    for line in lines:  # warm up, and one round that is not counted
        line.run(arguments.rounds)
        line.seconds, line.projects, line.events = [], [], []
    for number in range(arguments.rounds):
        for line in lines:
            line.run(number)
    print(f"{arguments.config}: {own:.0f} projects itself; medians of {arguments.rounds} rounds")
    print(f"  {'':34} projects    events  seconds us/event  ratio to {COMPARED}")
    for line in lines:
        print(line.report(compared))
    largest = max(by_size)
    print(f"  wanted: at {largest:,} projects a ratio of at most 2")


if __name__ == "__main__":
    main()

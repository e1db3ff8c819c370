"""A sweep file, read and checked like a config: every mistake with file and line, all at once.

::

    schema: 1
    sweep: desks
    base: base.yaml                # relative to this file, or one of ours
    replications: 100
    factors:
      desks: {path: capacity.facilities.jbic.desks, levels: [2, 3, 4], unit: desks}
      duration:
        path: sectors.gas.construction.nominal_months
        distribution: {kind: pert, low: 28, mode: 33, high: 54}
    design: {kind: latin_hypercube, points: 64}

`load_sweep` refuses what could not run before anything runs: it loads the config of every distinct
point, or of a spread of them where they are many (`sim.study.design.sweep_checks`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sim.config import Loaded, load
from sim.config.messages import nearest, problem_at, validate
from sim.config.nodes import Node
from sim.config.ours import find_config, our_configs
from sim.config.shape import slot_of
from sim.config.yaml_lines import read_yaml, shown
from sim.errors import ConfigError, DesignError, Problem
from sim.study.design import design as designs
from sim.study.design.counts import refuse_counts
from sim.study.design.design import Design, Factor, Value
from sim.study.design.sweep_checks import (
    Origins,
    base_values,
    check_levels,
    check_paths,
    check_points,
    read_rows,
)
from sim.study.design.sweep_schema import (
    DesignEntry,
    FactorEntry,
    Grid,
    LatinHypercube,
    OneAtATime,
    Saltelli,
    SobolSequence,
    SweepFile,
    Table,
)


@dataclass(frozen=True)
class LoadedSweep:
    """A checked sweep. All points run ``replications`` of the worlds of ``seed``.

    Attributes
    ----------
    base : Loaded
        The base config; `base_path` is what to load with a point's values as overrides.
    checked : int
        How many different points' configs were loaded; the others may still turn out unsound.
    """

    name: str
    title: str
    description: str
    path: Path
    base_path: Path
    base: Loaded
    replications: int
    seed: int
    design: Design
    checked: int


def load_sweep(
    path: str | os.PathLike[str], replications: int | None = None, seed: int | None = None
) -> LoadedSweep:
    """Load a sweep file with its base config; the arguments replace what it says.

    Raises
    ------
    ConfigError
        With every problem of the sweep, its table and its base.
    DesignError
        If the arguments are out of range.
    """
    refuse_counts(replications, seed)
    path = find_config(path)
    root, problems = read_yaml(path)
    if root is None:
        raise ConfigError(problems)
    entry, found = validate(SweepFile, root, slot_of(SweepFile))
    problems += [_reworded(problem) for problem in found]
    base_path, base, found = _base(root, path)
    problems += found
    factors, plan = _factors(root), _sound(DesignEntry, root.at("design"))
    origins = Origins(root, factors)
    rows: list[Sequence[Value]] = []
    if isinstance(plan, Table):
        nodes, found = read_rows(root, path.parent, list(_entries(root, "factors")))
        problems += found
        origins = replace(origins, rows=nodes)
        rows, found = _values(origins) if not found else ([], [])
        problems += found
    problems += _misfits(plan, origins)
    if base is not None:
        problems += check_paths(base, origins)
        problems += _unknown_sources(base, root)
    if base is None or base_path is None:
        raise ConfigError(problems)
    if problems or entry is None or plan is None:
        raise ConfigError([*problems, *check_levels(base_path, base, origins)])
    seed = next(one for one in (seed, entry.seed, base.config.run.seed) if one is not None)
    try:
        design = _make(plan, factors, base, rows, seed)
    except DesignError as error:
        message, _, accepted = str(error).partition("; accepted: ")
        place = Problem(*root.place(("design",)), "design", message, accepted)
        raise ConfigError([place, *check_levels(base_path, base, origins)]) from None
    found, checked = check_points(base_path, base, origins, design)
    if found:
        raise ConfigError(found)
    return LoadedSweep(
        name=entry.sweep,
        title=entry.title,
        description=entry.description,
        path=path,
        base_path=base_path,
        base=base,
        replications=replications or entry.replications or base.config.run.replications,
        seed=seed,
        design=design,
        checked=checked,
    )


def _make(
    plan: Any, factors: Sequence[Factor], base: Loaded, rows: Sequence[Sequence[Value]], seed: int
) -> Design:
    match plan:
        case Grid():
            return designs.grid(factors)
        case OneAtATime(low=low, high=high):
            return designs.one_at_a_time(factors, base_values(base, factors), low, high)
        case Table():
            return designs.table(factors, rows)
    seed = seed if plan.seed is None else plan.seed
    match plan:
        case LatinHypercube(points=points):
            return designs.latin_hypercube(factors, points, seed)
        case SobolSequence(points=points):
            return designs.sobol_sequence(factors, points, seed)
        case Saltelli(base_points=points, second_order=second_order):
            return designs.saltelli(factors, points, seed, second_order)
    return designs.morris(factors, plan.trajectories, seed, plan.levels)


def _base(root: Node, path: Path) -> tuple[Path | None, Loaded | None, list[Problem]]:
    named = root.at("base")
    if named is None or not isinstance(named.value, str) or not named.value:
        return None, None, []  # the form of the file says so
    base_path = find_config(named.value, path.parent)
    if not base_path.is_file():
        beside = sorted(one.name for one in base_path.parent.glob("*.yaml"))
        near = nearest(base_path.name, [*beside, *our_configs()])
        accepted = "the path of a config, relative to this file, or the name of one of ours"
        message = f"there is no file {shown(base_path)}{near}"
        return None, None, [Problem(named.file, named.line, "base", message, accepted)]
    try:
        return base_path, load(base_path), []
    except ConfigError as error:
        return base_path, None, list(error.problems)


def _factors(root: Node) -> list[Factor]:
    """The factors whose own form is sound."""
    found = []
    for key, node in _entries(root, "factors").items():
        entry = _sound(FactorEntry, node)
        if entry is not None:
            path, *also = [entry.path] if isinstance(entry.path, str) else entry.path
            factor = Factor(key, path, tuple(entry.levels or ()), entry.distribution)
            factor = replace(factor, also=tuple(also))
            words = {"names": tuple(entry.names or ()), "label": entry.label, "unit": entry.unit}
            found.append(replace(factor, whole=entry.whole, **words))
    return found


def _misfits(plan: Any, origins: Origins) -> list[Problem]:
    """Factors that the design has no use for."""
    problems = []
    for factor in origins.factors if plan is not None else ():
        levels, drawn = len(factor.levels), factor.distribution is not None
        accepted = "a distribution, or at least two levels"
        if isinstance(plan, Table):
            accepted, fits = (
                "levels, or nothing but a path: the values stand in the table",
                not drawn,
            )
        elif isinstance(plan, Grid):
            accepted, fits = "levels", levels > 0
        else:
            fits = drawn or levels > (0 if isinstance(plan, OneAtATime) else 1)
        if not fits:
            has = "a distribution" if drawn else f"{levels or 'no'} level{'s' * (levels != 1)}"
            message = f"has {has}, which a {plan.kind} design cannot use"
            problems.append(replace(origins.of_factor(factor), message=message, accepted=accepted))
    return problems


def _values(origins: Origins) -> tuple[list[Sequence[Value]], list[Problem]]:
    """The rows of a table as values; a cell may give the name of a level."""
    rows: list[Sequence[Value]] = []
    problems = []
    for number, row in enumerate(origins.rows):
        values = []
        for factor in origins.factors:
            cell = row.entries[factor.id]
            value = cell.plain()
            names = dict(zip(factor.names, factor.levels, strict=False))
            if isinstance(value, str) and value in names:
                value = names[value]
            elif factor.levels and not any(designs.same(value, one) for one in factor.levels):
                where = f"row {number + 1}, column {factor.id}"
                accepted = ", ".join(factor.names or map(factor.text, factor.levels))
                message = f"{factor.text(value)} is no level of the factor"
                problems.append(Problem(cell.file, cell.line, where, message, accepted))
            values.append(value)
        rows.append(values)
    return rows, problems


def _unknown_sources(base: Loaded, root: Node) -> list[Problem]:
    known, problems = list(base.source_table), []
    for key, node in _entries(root, "factors").items():
        source = node.at("source")
        if known and source is not None and source.value not in known:
            message = f"source {source.value!r} is not in the table of sources"
            message += nearest(str(source.value), known)
            where = ("factors", key, "source")
            problems.append(problem_at(root, where, message, "an id listed in sources.yaml"))
    return problems


def _sound(model: Any, node: Node | None) -> Any:
    """What a part of the file says, None unless its form is sound."""
    try:
        return TypeAdapter(model).validate_python(node.plain()) if node is not None else None
    except ValidationError:
        return None


def _entries(root: Node, key: str) -> Mapping[str, Node]:
    node = root.at(key)
    return node.entries if node is not None else {}


def _reworded(problem: Problem) -> Problem:
    """What is told apart by ``kind`` is called a distribution; here it is the design."""
    if problem.message == "None is not a mapping":  # a key with nothing after its colon
        return replace(problem, message="is empty")
    if problem.path != "design":
        return problem
    words = [
        text.replace("a distribution", "a design") for text in (problem.message, problem.accepted)
    ]
    return replace(problem, message=words[0], accepted=words[1])

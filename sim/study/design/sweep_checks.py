"""What can be wrong with a sweep besides its form: its paths, its table, the configs of its points.

Every problem stands where the user can mend it: at the path, the level or the row of the sweep.
What no single level explains stands at the design, with the point and what its config would say.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np

from sim.config import Loaded, load, varied
from sim.config.messages import nearest
from sim.config.nodes import Node, tree_node
from sim.config.overlay import SET, apply_override
from sim.config.yaml_lines import parse_value, read_text, shown
from sim.errors import ConfigError, DesignError, Problem
from sim.study.design.design import Design, Factor, Value, same
from sim.study.design.words import alike, and_more

MOST_LOADED = 40  # configs of points, each some tenths of a second
MOST_LEVELS = 20  # per factor, where the points are too many to load
_SMALL = 5000  # points among which different ones are looked for
# They decide no result, or (a file beside the user) not the same one everywhere.
_NO_FACTOR = ("schema", "name", "title", "description", "run", "portfolio.file")


@dataclass(frozen=True)
class Attempt:
    """Values to load a config with: of a point, or of one factor alone."""

    values: Mapping[str, Value]  # by path
    point: int | None = None


@dataclass(frozen=True)
class Origins:
    """Where the values of a sweep stand: in its file, or in the rows of its table."""

    root: Node
    factors: Sequence[Factor]
    rows: Sequence[Node] = ()

    def of_factor(self, factor: Factor, key: str = "") -> Problem:
        """A problem without words at a factor, or at one of its keys."""
        keys = ("factors", factor.id, key) if key else ("factors", factor.id)
        return Problem(*self.root.place(keys), ".".join(keys), "")

    def of_value(self, factor: Factor, attempt: Attempt) -> Problem:
        """The same at a value of an attempt."""
        if self.rows and attempt.point is not None:
            place = self.rows[attempt.point].place((factor.id,))
            return Problem(*place, f"row {attempt.point + 1}, column {factor.id}", "")
        for number, level in enumerate(factor.levels):
            if same(level, attempt.values[factor.path]):
                keys = ("factors", factor.id, "levels", str(number))
                return Problem(*self.root.place(keys), ".".join(keys), "")
        return self.of_factor(factor, "distribution")


def check_paths(base: Loaded, origins: Origins) -> list[Problem]:
    """Paths that the base config does not have, that vary nothing, or that two factors share."""
    problems: list[Problem] = []
    tree = tree_node(base.tree, "")
    tree.settle()  # each path is tried on it as it is
    for number, factor in enumerate(origins.factors):
        at = origins.of_factor(factor, "path")
        earlier = [(one, path) for one in origins.factors[:number] for path in one.paths]
        for path in factor.paths:
            taken = next((pair for pair in earlier if _overlap(pair[1], path)), None)
            earlier.append((factor, path))
            if any(_within(path, above) for above in _NO_FACTOR):
                accepted = "what decides a result (seed and replications: at the top of the sweep)"
                problems.append(_say(at, f"{path} cannot be varied", accepted))
            elif taken is not None:
                message = f"{path} is varied already, by factor {taken[0].id} ({taken[1]})"
                problems.append(_say(at, message, "every path once, and none inside another"))
            else:
                problems += _unknown(base, tree, path, at)
    return problems


def _unknown(base: Loaded, tree: Node, path: str, at: Problem) -> Iterator[Problem]:
    """What keeps a path from being set in the base config, whose ``tree`` is settled."""
    for found in apply_override(tree.opened(), tuple(path.split(".")), Node(None, SET, 0)):
        hint = "" if "did you mean" in found.message else _nearest(base, path)
        yield _say(at, f"{found.path}: {found.message}{hint}", found.accepted)


def _nearest(base: Loaded, path: str) -> str:
    """A hint at the path most alike, of those that hold all its keys if there are any."""
    known = list(_paths(base.tree))
    holding = [one for one in known if all(key in one for key in path.split("."))]
    found = get_close_matches(path, holding or known, 1, 0.3 if holding else 0.6)
    return f" (did you mean {found[0]}?)" if found else ""


def _paths(tree: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for key, below in tree.items():
        yield f"{above}{key}"
        if isinstance(below, Mapping):
            yield from _paths(below, f"{above}{key}.")


def base_values(base: Loaded, factors: Iterable[Factor]) -> list[Value]:
    """Value of each factor in the base config, defaults included; None where there is none.

    Raises
    ------
    DesignError
        If its paths stand at different values there: no one value is the base's.
    """
    tree = base.config.model_dump(mode="json", by_alias=True, exclude_none=True)
    found = []
    for factor in factors:
        values = [_value_at(tree, path) for path in factor.paths]
        if not all(same(values[0], other) for other in values):
            raise DesignError(
                f"factor {factor.id}: the base has {', '.join(map(str, values))} at its paths; "
                "accepted: paths of one value there, or another kind of design"
            )
        found.append(values[0])
    return found


def _value_at(tree: Any, path: str) -> Any:
    for key in path.split("."):
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree


def check_levels(base_path: Path, base: Loaded, origins: Origins) -> list[Problem]:
    """Load every level alone: for a sweep whose points cannot be made yet."""
    unsound = {problem.path for problem in check_paths(base, origins)}
    sound = [one for one in origins.factors if f"factors.{one.id}.path" not in unsound]
    ends = np.array([0.01, 0.99])
    attempts = [
        Attempt(factor.overrides(value))
        for factor in sound
        for value in (factor.levels or (factor.at(ends).tolist() if factor.distribution else ()))
    ]
    return _load_all(base_path, base, origins, attempts)


def check_points(
    base_path: Path, base: Loaded, origins: Origins, design: Design
) -> tuple[list[Problem], int]:
    """Load the config of every different point, or of a spread of them and every level alone.

    Returns the problems, and how many points were loaded.
    """
    numbers = _different(design) if len(design) <= _SMALL else list(range(len(design)))
    attempts: list[Attempt] = []
    if len(numbers) > MOST_LOADED:
        numbers = _spread(numbers, MOST_LOADED)
        for factor, column in zip(design.factors, design.columns, strict=True):
            if factor.distribution is None:
                values = _spread(list(factor.levels), MOST_LEVELS)
            else:
                given = [value for value in column.tolist() if value is not None]
                values = [min(given), max(given)]
            attempts += [Attempt(factor.overrides(value)) for value in values]
    attempts += [Attempt(design.point(number), number) for number in numbers]
    return _load_all(base_path, base, origins, attempts), len(numbers)


def read_rows(root: Node, folder: Path, ids: Sequence[str]) -> tuple[list[Node], list[Problem]]:
    """Rows of the design's table, from its file or from the sweep itself, a column per factor."""
    inline = root.at("design", "points")
    if inline is not None:
        rows = inline.value if isinstance(inline.value, list) else []
        columns = list(dict.fromkeys(key for row in rows for key in row.entries))
        place = Problem(inline.file, inline.line, "design.points", "")
        problems = _check_columns(place, columns, ids)
    else:
        named = root.at("design", "file")
        path = folder / str(named.value if named is not None else "")
        text, problem = read_text(path, "a CSV file")
        if text is None:
            return [], [problem] if problem is not None else []
        rows, columns, problems = _read_csv(text, shown(path))
        problems += _check_columns(Problem(shown(path), 1, "header", ""), columns, ids)
        if not rows and not problems:
            problems.append(Problem(shown(path), 1, "file", "has no row", "a row for each point"))
    if not problems:
        words = ("has no value", "a value")
        problems = [
            Problem(row.file, row.line, f"row {number + 1}, column {key}", *words)
            for number, row in enumerate(rows)
            for key in ids
            if row.at(key) is None
        ]
    return rows, problems


def _check_columns(place: Problem, columns: Sequence[str], ids: Sequence[str]) -> list[Problem]:
    accepted = f"a column for each factor: {', '.join(ids)}"
    missing = [_say(place, f"has no column {key}", accepted) for key in ids if key not in columns]
    unknown = [
        _say(place, f"column {key or place.line} is no factor{nearest(key, ids)}", accepted)
        for key in columns
        if key not in ids
    ]
    return missing + unknown


def _read_csv(text: str, file: str) -> tuple[list[Node], list[str], list[Problem]]:
    """Rows as nodes; a cell is read as a YAML value, an empty one is none."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Node] = []
    problems: list[Problem] = []
    columns: list[str] = []
    try:
        columns = [name.strip() for name in next(reader, [])]
        twice = (name for name in dict.fromkeys(columns) if columns.count(name) > 1)
        words = ("is there twice", "each column once")
        problems += [Problem(file, 1, f"column {name}", *words) for name in twice]
        for cells in filter(any, reader):
            row, where = Node({}, file, reader.line_num), f"row {len(rows) + 1}"
            rows.append(row)
            if len(cells) != len(columns):
                message = f"has {len(cells)} cells for {len(columns)} columns"
                problems.append(Problem(file, row.line, where, message, "one cell a column"))
            for name, cell in zip(columns, cells, strict=False):
                try:
                    if cell.strip():
                        row.entries[name] = tree_node(parse_value(cell), file, row.line)
                except ConfigError as error:
                    at = Problem(file, row.line, f"{where}, column {name}", "")
                    problems += [_say(at, one.message, one.accepted) for one in error.problems]
    except csv.Error as error:
        message = f"cannot be read as CSV: {error}"
        problems.append(Problem(file, reader.line_num, "row", message, "cells divided by commas"))
    return rows, columns, problems


def _load_all(
    base_path: Path, base: Loaded, origins: Origins, attempts: Sequence[Attempt]
) -> list[Problem]:
    """Problems of the configs, at the value that makes it; alike but for numbers: once."""
    table = {key: one.model_dump(exclude_defaults=True) for key, one in base.source_table.items()}
    tree = {**base.tree, "sources": table} if table else base.tree
    found: dict[str, Problem] = {}  # by its place in the sweep, or by its words
    more: dict[str, int] = {}  # points that say the same
    for attempt in attempts:
        for problem in _problems(base_path, tree, attempt.values):
            owner, path = next(
                (
                    (f, path)
                    for f in origins.factors
                    for path in f.paths
                    if _within(problem.path, path)
                ),
                (None, ""),
            )
            if problem.file == SET and owner is not None and path in attempt.values:
                at = origins.of_value(owner, attempt)
                inside = problem.path.removeprefix(path).removeprefix(".")
                message = f"{inside}: {problem.message}" if inside else problem.message
                rounds = owner.distribution is not None and not owner.whole
                accepted = problem.accepted + " (whole: true rounds its values)" * rounds
                found.setdefault(f"{at}{inside}", _say(at, message, accepted))
            else:
                key = alike(str(problem))
                more[key] = more.get(key, -1) + 1
                found.setdefault(key, _of_point(origins, attempt, problem))
    return [_say(p, p.message + and_more(more.get(k, 0)), p.accepted) for k, p in found.items()]


def _problems(
    base_path: Path, tree: Mapping[str, Any], values: Mapping[str, Value]
) -> list[Problem]:
    try:
        varied(tree, values)  # as `load` does, without reading files again
    except ConfigError:
        try:
            load(base_path, values)
        except ConfigError as error:  # now with the lines of the base
            return list(error.problems)
    return []


def _of_point(origins: Origins, attempt: Attempt, problem: Problem) -> Problem:
    """A problem that only the values of an attempt together make, or that shows elsewhere."""
    owners = [factor for factor in origins.factors if factor.path in attempt.values]
    values = ", ".join(f"{one.id} {one.text(attempt.values[one.path])}" for one in owners)
    message = f"makes an invalid config: {problem}"
    if attempt.point is None or len(owners) == 1:
        return _say(origins.of_value(owners[0], attempt), message, "")
    if origins.rows:
        row = origins.rows[attempt.point]
        at = Problem(row.file, row.line, f"row {attempt.point + 1}", "")
    else:
        at = Problem(*origins.root.place(("design",)), "design", "")
    return _say(at, f"point {attempt.point} ({values}) {message}", "")


def _different(design: Design) -> list[int]:
    """The first of every different point."""
    first: dict[str, int] = {}
    for number in range(len(design)):
        first.setdefault(json.dumps(design.point(number), default=str), number)
    return list(first.values())


def _spread(items: list[Any], most: int) -> list[Any]:
    """At most so many of them, the first and the last among them."""
    if len(items) <= most:
        return items
    return [items[place] for place in np.linspace(0, len(items) - 1, most).astype(int)]


def _overlap(one: str, other: str) -> bool:
    return _within(one, other) or _within(other, one)


def _within(path: str, above: str) -> bool:
    return path == above or path.startswith(above + ".")


def _say(at: Problem, message: str, accepted: str) -> Problem:
    return replace(at, message=message, accepted=accepted)

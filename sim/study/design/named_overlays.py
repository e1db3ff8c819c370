"""Named overlays on one base, as the points of a sweep: the base first, then each overlay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from itertools import combinations
from pathlib import Path
from typing import Any, TypeAlias

from sim.config import Loaded, load, varied
from sim.config.nodes import Node
from sim.config.ours import builtin_folder
from sim.config.overlay import merge, read_chain
from sim.errors import ConfigError, DesignError
from sim.study.design.counts import refuse_counts
from sim.study.design.design import Factor, overlays
from sim.study.design.sweep_config import LoadedSweep

AND = " + "  # joins the names of overlays laid together
OVERLAY = "overlay"  # id of the one factor
BASE = "base"
Overlay: TypeAlias = Mapping[str, Any]  # what it changes, as a plain tree
_NOT_LAID = ("schema", "title", "description", "name")


def read_overlays(folder: Path) -> dict[str, Overlay]:
    """What each YAML file of a folder changes, by the file's name.

    A file may extend others of its kind; what all of them extend in the end, the base, is not laid.

    Raises
    ------
    ConfigError
        If a file cannot be read.
    DesignError
        If there is none.
    """
    found: dict[str, Overlay] = {path.stem: _laid(path) for path in sorted(folder.glob("*.yaml"))}
    if not found:
        raise DesignError(f"{folder} has no overlay; accepted: a folder with YAML files")
    return found


def readings_folder(config: Path) -> Path:
    """``readings`` beside a config, else those that come with the program."""
    beside = config.parent / "readings"
    return beside if beside.is_dir() else builtin_folder() / "readings"


def titles_of(folder: Path) -> dict[str, str]:
    """Title of each overlay, by the file's name."""
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        title = read_chain(path).layers[0][1].at("title")
        found[path.stem] = str(title.value) if title is not None else path.stem
    return found


def sweep_of_overlays(
    base_path: Path,
    laid: Mapping[str, Overlay],
    name: str,
    replications: int | None = None,
    seed: int | None = None,
    what: str = "reading",
) -> LoadedSweep:
    """A sweep whose points are the base and each overlay, on the same worlds.

    ``what`` is what an overlay is called where it is refused.

    Raises
    ------
    ConfigError
        If the base or an overlay is unsound.
    DesignError
        If there cannot be so many replications, or such a seed.
    """
    refuse_counts(replications, seed)
    base = load(base_path)
    for key, values in laid.items():
        _check(base, f"{what} {key}", values)
    factor = Factor(OVERLAY, "", ({}, *laid.values()), names=(BASE, *laid))
    return LoadedSweep(
        name=name,
        title=f"{base.config.name}, {what} by {what}",
        description="",
        path=base_path,
        base_path=base_path,
        base=base,
        replications=replications or base.config.run.replications,
        seed=base.config.run.seed if seed is None else seed,
        design=overlays(factor),
        checked=len(laid) + 1,
    )


def together(first: Overlay, second: Overlay) -> dict[str, Any]:
    """Two overlays as one; where both say something the second has its way."""
    found = dict(first)
    for key, value in second.items():
        both = isinstance(value, Mapping) and isinstance(found.get(key), Mapping)
        found[key] = together(found[key], value) if both else value
    return found


def widest_that_fit(
    base_path: Path, laid: Mapping[str, Overlay], ranked: Sequence[str]
) -> dict[str, Overlay]:
    """The first two of ``ranked`` that make a sound config together, as one overlay; or nothing.

    Two that describe how selections heap up before the deadline are one choice twice.
    """
    for names in combinations(ranked, 2):
        if all(_heaps(laid[name]) for name in names):
            continue
        both = set_of(laid, names)
        try:
            load(base_path, next(iter(both.values())))
        except ConfigError:
            continue
        return both
    return {}


def _heaps(overlay: Overlay) -> bool:
    """Whether it has rounds come late, grow, or take all or a share; or sets them no size."""
    nature, selection = _under(overlay, "nature"), _under(_under(overlay, "policy"), "selection")
    unsized = {"round_projects": None}.items() <= nature.items() and "round_usd_bn" not in nature
    late = "late_rate" in selection or "growth_per_round" in selection
    return unsized or late or "size" in _under(selection, "final_round")


def _under(tree: Overlay, key: str) -> Overlay:
    found = tree.get(key)
    return found if isinstance(found, Mapping) else {}


def sets_in(manifest: Mapping[str, Any] | None, laid: Mapping[str, Overlay]) -> dict[str, Overlay]:
    """Several of these overlays laid together, as a finished study has them."""
    try:
        names = manifest["factors"][OVERLAY]["levels"] if manifest is not None else []
        sets = [name.split(AND) for name in names]
    except (KeyError, TypeError, AttributeError):  # of a study of another kind
        return {}
    found: dict[str, Overlay] = {}
    for one in sets:
        if len(one) > 1 and set(one) <= set(laid):
            found |= set_of(laid, one)
    return found


def set_of(laid: Mapping[str, Overlay], names: Iterable[str]) -> dict[str, Overlay]:
    """Several overlays as one, by their names in order."""
    ordered = sorted(names)
    return {AND.join(ordered): reduce(together, (laid[name] for name in ordered), {})}


def _check(base: Loaded, name: str, values: Mapping[str, Any]) -> None:
    try:
        varied(base.tree, values)
    except ConfigError as error:
        raise ConfigError([replace(one, file=name, line=0) for one in error.problems]) from None


def _laid(path: Path) -> dict[str, Any]:
    chain = read_chain(path)
    if chain.problems:
        raise ConfigError(chain.problems)
    layers: Sequence[Node] = [root for _, root in chain.layers[:-1]] or [chain.layers[0][1]]
    merged = layers[-1]
    for upper in reversed(layers[:-1]):
        merged = merge(merged, upper)
    return {key: value for key, value in merged.plain().items() if key not in _NOT_LAID}

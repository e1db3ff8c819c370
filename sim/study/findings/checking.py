"""What a config would be, without running it: what `sim.check` gives and ``sim check`` prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.config import Loaded, cautions
from sim.config.nodes import tree_node
from sim.config.rule_files import own_rules
from sim.plan import Plan
from sim.study.design.expected import (
    MixRow,
    PoolRow,
    SectorRow,
    expected_sectors,
    pools_on_gap_date,
    sector_mix,
)
from sim.study.design.inert import inert_limits
from sim.study.design.signing import LastDay, last_days
from sim.study.design.words import plural
from sim.study.run.asked import load_config
from sim.study.run.preview import Effort, estimate
from sim.study.run.runs import run_of


@dataclass(frozen=True, repr=False)
class Checked:
    """A valid config, and what it would be.

    Attributes
    ----------
    proposed : tuple of SectorRow
        Expected proposals by sector, named and generated.
    mix : tuple of MixRow
        Shares of the sectors beside those of the articles.
    pools : tuple of PoolRow
        Specialists on the gap date.
    inert : tuple of str
        Limits that do nothing.
    last_days : tuple of LastDay
        Lenders that sign nothing new after a day, and the dollars that meet it.
    own_rules : mapping
        Dotted path -> file and function of the user's that will run.
    cautions : tuple of str
        What may not be meant.
    effort : Effort
        Time and disk, from two timed replications.
    against : Path, optional
        The config it is compared with, and ``against_usd_bn``, what that has proposed.
    """

    loaded: Loaded
    proposed: tuple[SectorRow, ...]
    mix: tuple[MixRow, ...]
    pools: tuple[PoolRow, ...]
    inert: tuple[str, ...]
    last_days: tuple[LastDay, ...]
    own_rules: Mapping[str, tuple[str, str]]
    cautions: tuple[str, ...]
    effort: Effort
    against: Path | None
    against_usd_bn: float

    @property
    def proposed_usd_bn(self) -> float:
        """What is proposed by the deadline, expected."""
        return sum(row.usd_bn for row in self.proposed)

    @property
    def unsourced(self) -> tuple[str, ...]:
        """Dotted paths of numbers without a source."""
        return tuple(self.loaded.unsourced)

    def __repr__(self) -> str:
        return (
            f"Checked({self.loaded.config.name!r}, proposed USD {self.proposed_usd_bn:,.0f} bn, "
            f"{plural(len(self.cautions), 'caution')}, "
            f"{plural(self.effort.replications, 'replication')} in "
            f"{self.effort.seconds:,.0f} s on one process)"
        )


def check(
    config: Loaded | str | Path,
    set: Mapping[str, Any] | None = None,
    against: str | Path | None = None,
) -> Checked:
    """Check a config and say what it would be; two replications are timed, nothing is written.

    Parameters
    ----------
    config : Loaded, str or Path
        What `sim.load` gave, or the path of a YAML file.
    set : mapping, optional
        Values by dotted path, for a path.
    against : str or Path, optional
        Compare what is proposed with this config; the one it extends by default.

    Raises
    ------
    ConfigError
        With every problem found and where it stands.
    ModelError
        If a replication breaks a law of the model: a bug.
    """
    loaded = config if isinstance(config, Loaded) else load_config(config, set)
    tree, plan = loaded.config, Plan.of(loaded.config)
    proposed = tuple(expected_sectors(tree, plan))
    other = Path(against) if against is not None else loaded.extends
    before = 0.0
    if other is not None:
        base = load_config(other).config
        before = sum(row.usd_bn for row in expected_sectors(base, Plan.of(base)))
    return Checked(
        loaded,
        proposed,
        tuple(sector_mix(tree, proposed)),
        tuple(pools_on_gap_date(tree)),
        tuple(inert_limits(loaded)),
        tuple(last_days(tree, plan)),
        {".".join(path): code for path, code in own_rules(tree_node(loaded.tree, "")).items()},
        tuple(f"{'.'.join(one.path)}: {one.message}" for one in cautions(tree)),
        estimate(run_of(loaded)),
        other,
        before,
    )

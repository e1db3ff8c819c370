"""Which factors of a sweep matter, with intervals: what `sim.sensitivity` gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sim.study.findings import effects
from sim.study.findings.effects import Found
from sim.study.findings.sweep_results import SweepTables
from sim.study.run.files import put_csv
from sim.study.run.folder import open_folder
from sim.study.run.precise import HEADLINES
from sim.study.run.stale import link_results

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class Sensitivity:
    """Effects of every factor on some responses.

    Attributes
    ----------
    sweep : SweepTables
    found : tuple of Found
        By response.
    confidence : float
        Of the intervals.
    """

    sweep: SweepTables
    found: tuple[Found, ...]
    confidence: float

    def __repr__(self) -> str:
        names = ", ".join(one.response for one in self.found)
        return f"Sensitivity({str(self.sweep.folder)!r}, {names})"

    @cached_property
    def effects(self) -> pd.DataFrame:
        """A row per response, factor and measure, as in ``sensitivity.csv``."""
        import pandas as pd

        return pd.DataFrame(effects.effect_rows(self.found))

    @cached_property
    def variance(self) -> pd.DataFrame:
        """How the variance between design points divides, as in ``variance.csv``."""
        import pandas as pd

        return pd.DataFrame(effects.variance_rows(self.found))

    def write(self) -> None:
        """Write both tables into the sweep's folder.

        Raises
        ------
        StoreError
            If the disk refuses.
        """
        folder = self.sweep.folder
        link_results(folder, self.sweep.manifest)
        put_csv(folder / "sensitivity.csv", effects.effect_rows(self.found))
        put_csv(folder / "variance.csv", effects.variance_rows(self.found))


def sensitivity(
    sweep: SweepTables | str | Path, responses: Sequence[str] = (), confidence: float = 0.95
) -> Sensitivity:
    """Say which factors of a finished sweep matter; the design decides the method.

    Parameters
    ----------
    sweep : Sweep, str or Path
        What `sim.sweep` gave, or a sweep's folder.
    responses : sequence of str
        The headline ones by default.
    confidence : float
        Of the intervals.

    Raises
    ------
    DesignError
        If the design allows no such analysis, or a response is unknown.
    StoreError
        If the folder is not a sweep of ours, unfinished or damaged.
    """
    if not isinstance(sweep, SweepTables):
        sweep = SweepTables(Path(sweep), open_folder(Path(sweep), "sweep"))
    main = [name for name in sweep.responses if name in HEADLINES]
    found = effects.sensitivity(sweep, responses or main or sweep.responses, confidence)
    return Sensitivity(sweep, tuple(found), confidence)

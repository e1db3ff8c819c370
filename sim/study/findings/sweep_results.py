"""A finished sweep as a reader sees it: data frames, and a response point by point."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from sim.config.html import html_table
from sim.errors import ConfigError, DesignError
from sim.stats.intervals import FloatArray
from sim.study.findings.dates import programme_dates
from sim.study.findings.folder_tables import FolderTables, parquet

_KEYS = ("design_point", "replication")


class SweepTables(FolderTables):
    """A finished sweep: its tables as pandas data frames, each read when first asked for.

    Attributes
    ----------
    folder : Path
    manifest : dict
        What the sweep was made from and with.
    up_to_date : bool
        True when `sim.sweep` found it finished and computed nothing.
    """

    def __repr__(self) -> str:
        said = self.manifest
        return (
            f"Sweep({str(self.folder)!r}, points={said['points']}, "
            f"replications={said['replications']}, failures={said['failures']})"
        )

    def _repr_html_(self) -> str:
        said = self.manifest
        names = ("design", "points", "replications", "seed", "outcomes", "failures")
        rows = {name: said[name] for name in names}
        factors = ", ".join(one["label"] for one in said["factors"].values())
        return html_table(f"{said['name']}: {self.folder}", {**rows, "factors": factors})

    @property
    def factors(self) -> tuple[str, ...]:
        """Ids of the factors, in the order of the sweep's file."""
        return tuple(self.manifest["factors"])

    @property
    def responses(self) -> tuple[str, ...]:
        """Names of the responses."""
        import pyarrow.parquet as pq

        names = pq.read_schema(self._file("outcomes.parquet")).names
        return tuple(name for name in names if name not in _KEYS)

    @cached_property
    def dates(self) -> dict[str, str]:
        """Dates that the names of responses stand for; those that a factor varies are left out."""
        from sim.config import load

        factors = self.manifest["factors"].values()
        varied = tuple(path for said in factors for path in said.get("path", "").split(", "))
        try:
            return programme_dates(load(self.folder / "config.yaml").config, varied)
        except ConfigError:  # its tables can be read all the same
            return {}

    design = parquet("design", "A row per design point: the value of every factor.")
    outcomes = parquet("outcomes", "A row per design point and replication: the responses.")
    failures = parquet("failures", "A row per replication without outcome, and the reason.")

    def response(self, name: str) -> FloatArray:
        """One response, (n_points, n_replications); nan where it is not defined, or failed.

        Raises
        ------
        DesignError
            If there is no such response.
        """
        import pyarrow.parquet as pq

        if name not in self.responses:
            known = ", ".join(self.responses)
            raise DesignError(f"{self.folder} has no response {name}; accepted: {known}")
        rows = pq.read_table(self._file("outcomes.parquet"), columns=[*_KEYS, name])
        found = np.full((self.manifest["points"], self.manifest["replications"]), np.nan)
        point, replication, values = (rows.column(column).to_numpy() for column in (*_KEYS, name))
        found[point, replication] = values
        return found

    def point_words(self, number: int) -> str:
        """The values of a design point, factor by factor."""
        parts = []
        for factor, said in self.manifest["factors"].items():
            values = self.design[factor].tolist()
            value = values[number]
            text = f"{value:.4g}" if isinstance(value, float) else str(value)
            if self.manifest["design"] == "grid":  # whose levels come in their order
                text = said["levels"][list(dict.fromkeys(values)).index(value)]
            parts.append(f"{said['label']} {text}{' ' * bool(said['unit'])}{said['unit']}")
        return ", ".join(parts)

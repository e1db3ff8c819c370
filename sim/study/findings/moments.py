"""Any amount of the programme at the end of any month, by design point and replication."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.errors import DesignError
from sim.events import RESPONSES
from sim.events.schemas import TABLES
from sim.stats.intervals import FloatArray
from sim.study.findings.dates import in_words
from sim.study.findings.labels import response_label, unit_of
from sim.study.findings.sweep_results import SweepTables

# Amounts and counts of the timeline that stand at a month's end; the others are its means.
AMOUNTS = tuple(
    name for name, _ in TABLES["timeline"]
    if name.endswith(("_usd_bn", "_count"))
)  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """A response as it is asked for: one of the outcomes, or an amount at the end of a month."""

    response: str
    by: date | None = None

    @classmethod
    def asked(cls, response: str, by: date | None, end: date) -> Moment:
        """Check what is asked for; an amount without a date is at the ``end``.

        Raises
        ------
        DesignError
            If there is no such response, or the date is not the end of a month.
        """
        if response in AMOUNTS:
            by = end if by is None else by
            if by != end and by.day != monthrange(by.year, by.month)[1]:
                raise DesignError(
                    f"by {by}: amounts are kept at the ends of months; accepted: "
                    f"{by.replace(day=monthrange(by.year, by.month)[1])}, or another such day"
                )
            return cls(response, by)
        if response not in RESPONSES:
            raise DesignError(
                f"there is no response {response}; accepted: {', '.join(AMOUNTS)} with a date, or "
                "a response of docs/outputs.md without one"
            )
        if by is not None:
            raise DesignError(
                f"{response} has its date in its name; accepted with a date: {', '.join(AMOUNTS)}"
            )
        return cls(response)

    @property
    def unit(self) -> str:
        """Unit of its values."""
        if self.by is None:
            return unit_of(self.response)
        return "USD bn" if self.response.endswith("_usd_bn") else "projects"

    def label(self, dates: dict[str, str]) -> str:
        """In words, without unit.

        Examples
        --------
        >>> Moment("completed_usd_bn", date(2032, 12, 31)).label({})
        'Completed by 31 December 2032'
        """
        if self.by is None:
            return response_label(self.response, unit=False, dates=dates)
        what = self.response.removesuffix("_usd_bn").removesuffix("_count").replace("_", " ")
        words = what if self.unit == "USD bn" else f"projects {what}"
        return f"{words[:1].upper()}{words[1:]} by {in_words(self.by)}"

    def values(self, of: SweepTables) -> FloatArray:
        """(n_points, n_replications); nan where it is not defined, or failed."""
        if self.by is None:
            return of.response(self.response)
        found = monthly(of, self.response, self.by.replace(day=1))
        if np.isnan(found).all():
            raise DesignError(
                f"by {self.by}: the run does not see that month; accepted: one it sees"
            )
        return found


def monthly(of: SweepTables, column: str, month: date) -> FloatArray:
    """A column of the timeline in one month, (n_points, n_replications); nan without a row."""
    import pyarrow.dataset as ds

    rows = ds.dataset(of.folder / "timeline.parquet").to_table(
        columns=["design_point", "replication", column],
        filter=ds.field("month") == np.datetime64(month, "ms").item(),
    )
    found = np.full((of.manifest["points"], of.manifest["replications"]), np.nan)
    found[rows.column("design_point").to_numpy(), rows.column("replication").to_numpy()] = (
        rows.column(column).to_numpy()
    )
    return found


def over_months(of: SweepTables, column: str, weights: Mapping[date, float]) -> FloatArray:
    """Sum of a column of the timeline over all months, each with its weight.

    (n_points, n_replications); nan without rows.
    """
    import pyarrow.dataset as ds

    months = np.array(sorted(weights), "datetime64[D]")
    weight = np.array([weights[month] for month in sorted(weights)])
    size = (of.manifest["points"], of.manifest["replications"])
    found, rows = np.zeros(size), np.zeros(size, np.int64)
    for batch in ds.dataset(of.folder / "timeline.parquet").to_batches(
        columns=["design_point", "replication", "month", column]
    ):
        point, replication, month, values = (one.to_numpy() for one in batch.columns)
        at = np.searchsorted(months, month.astype("datetime64[D]"))
        np.add.at(found, (point, replication), values * weight[at])
        np.add.at(rows, (point, replication), 1)
    return np.where(rows > 0, found, np.nan)

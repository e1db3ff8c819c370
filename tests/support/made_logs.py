"""What replications made without an engine are written with: a config and a diary."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np

from sim.config.capacity import Capacity, Gap, Pool, Specialists
from sim.config.enforcement import ActedOn, Enforcement, Route
from sim.config.policy import Calls, Policy
from sim.config.schema import Config, Programme
from sim.config.sectors import MachinesNeeded, Permits, Sector
from sim.events import (
    Cause,
    EventLog,
    Kind,
    Names,
)

DAY = 1440
BN = 10**11  # cents in USD 1 bn


def make_config(
    start: date,
    deadline: date,
    end: date,
    run_out: date,
    gap_date: date,
    envelope: float = 10.0,
    early_works_share: float = 0.0,
    machines: tuple[str, ...] = (),
) -> Config:
    """Only what the tables and the laws of a log read; all else of a config is left out."""
    sector = Sector.model_construct(
        permits=Permits.model_construct(early_works_share=early_works_share),
        equipment={name: MachinesNeeded.model_construct(slots_per_unit=1) for name in machines},
    )
    programme = Programme(
        start=start, as_of=start, deadline=deadline, end=end, run_out=run_out,
        envelope_usd_bn=envelope,
    )  # fmt: skip
    enforcement = Enforcement(
        baseline={
            "general": {start: 0.15},
            "autos": {start: 0.275, date(start.year, 3, 1): 0.15},
        },
        acted_on_probability=ActedOn(call_missed=1, declined=1),
        signed_probability=1,
        relief_days=10,
        routes={"one": Route(label="route", rates={"general": 0.25, "autos": 0.1})},
    )
    specialists = Specialists(
        gap=Gap(people=100, date=gap_date),
        pools={
            "electrical": Pool(label="Electrical", people_at_start=100),
            "own": Pool(label="Own", kind="dedicated", people_at_start=10),
        },
    )
    return Config.model_construct(
        name="made",
        sectors={"power": sector, "chips": sector},
        programme=programme,
        policy=Policy.model_construct(
            enforcement=enforcement, calls=Calls.model_construct(slices=dict.fromkeys("abcdefgh"))
        ),
        capacity=Capacity.model_construct(specialists=specialists),
    )


@dataclass
class Diary:
    """A log written in any order; `log` sorts it by time, keeping the order within a minute."""

    names: Names
    start: date
    rows: list[tuple[int, int, int, int, int, int, float]] = field(default_factory=list)

    def minute(self, when: str) -> int:
        begin = datetime(self.start.year, self.start.month, self.start.day)
        return int((datetime.fromisoformat(when) - begin).total_seconds()) // 60

    def note(
        self,
        when: str | int,
        project: str,
        *kinds: Kind,
        resource: str = "",
        cause: Cause = Cause.NONE,
        part: int = 0,
        amount: float = 0.0,
    ) -> None:
        time = self.minute(when) if isinstance(when, str) else when
        who = self.names.projects.index(project) if project else -1
        what = self.names.resources.index(resource) if resource else -1
        for kind in kinds:
            self.rows.append((time, who, int(kind), what, int(cause), part, amount))

    def wait(
        self, began: str | int, ended: str | int, project: str, cause: Cause, resource: str = ""
    ) -> None:
        self.note(began, project, Kind.WAIT_BEGAN, cause=cause, resource=resource)
        if ended != "":
            self.note(ended, project, Kind.WAIT_ENDED, cause=cause, resource=resource)

    def log(self) -> EventLog:
        rows = sorted(self.rows, key=lambda row: row[0])
        whole = np.array([row[:6] for row in rows], dtype=np.int64).reshape(-1, 6).T
        amount = np.array([row[6] for row in rows], dtype=np.float64)
        return EventLog(*(np.ascontiguousarray(column) for column in whole), amount=amount)


def floats(values: list[float]) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def ints(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)

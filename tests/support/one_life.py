"""One project's life by the day, section by section, for the delay ledger.

Unless a test says otherwise: proposed on day 0, selected on day 20, the first call paid on day 34
by jbic, permits granted on day 33.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from support.chains import chain_of
from support.made_logs import BN, DAY, Diary, floats, ints, make_config

from sim.config.schema import Config
from sim.events import (
    LEDGER_CAUSES,
    Attributes,
    CapacityTrace,
    Cause,
    Kind,
    MarketTrace,
    Names,
    Replication,
    SiteTrace,
)
from sim.results.laws import Yardstick, evidence_of
from sim.results.laws.partition import delays_partition
from sim.results.ledger.charging import charge

NAMES = Names(
    projects=("works",),
    resources=(
        "teams", "agency_federal", "jbic_desks", "nexi_desks", "jbic_commitments",
        "nexi_commitments", "jbic_cash", "nexi_cash", "envelope", "equipment_turbines",
        "equipment_transformers", "power_ohio", "specialists_electrical", "specialists_civil",
    ),
    resource_units=("servers",) * 4 + ("USD",) * 5 + ("slots",) * 2 + ("MW",) + ("people",) * 2,
    resource_labels=("",) * 14,
    pools=("electrical", "civil"),
    sectors=("power",),
    facilities=("jbic", "nexi"),
)  # fmt: skip
END = 400  # days


def life_config(**sector: Any) -> Config:
    """What the laws read of a config; ``sector`` as `make_config` takes it."""
    begin = date(2026, 1, 1)
    end = begin + timedelta(END)
    return make_config(begin, end, end, end, end, **sector)


Chain = list[tuple[str, float, float]]  # cause, begin and end in days


@dataclass
class Life:
    """A log by the day; the verbs write whole sections of it."""

    units: int = 1
    build: int = 100  # days of full-rate work
    nominal: int = 100
    diary: Diary = field(default_factory=lambda: Diary(NAMES, date(2026, 1, 1)))
    stretches: list[tuple[float, float, float, float]] = field(default_factory=list)
    clock: list[tuple[float, float, int]] = field(
        default_factory=lambda: [(0, 0, -1), (END, END, -1)]
    )

    def note(self, day: float, *kinds: Kind, **fields: object) -> Life:
        self.diary.note(round(day * DAY), "works", *kinds, **fields)
        return self

    def wait(
        self, begin: float, end: float | None, cause: Cause, resource: str = "", part: int = 0
    ) -> Life:
        self.note(begin, Kind.WAIT_BEGAN, cause=cause, resource=resource, part=part)
        if end is not None:
            self.note(end, Kind.WAIT_ENDED, cause=cause, resource=resource, part=part)
        return self

    def reviewed(self) -> Life:
        """Queue to day 2, screening to 10, CC to 13, IC to 17, selected on day 20."""
        self.note(0, Kind.PROPOSED, amount=BN).wait(0, 2, Cause.TEAM_QUEUE, "teams")
        self.note(2, Kind.SCREENING_BEGAN, resource="teams")
        self.note(10, Kind.SCREENING_ENDED, resource="teams").note(10, Kind.DOCKETED)
        self.wait(10, 13, Cause.CC_WAIT).note(13, Kind.ENDORSED)
        self.wait(13, 17, Cause.IC_WAIT).note(17, Kind.RECOMMENDED)
        self.wait(17, 20, Cause.SELECTION_WAIT)
        return self.note(20, Kind.SELECTED, amount=BN)

    def appraised(self, jbic: float | None = 25, nexi: float | None = 22) -> Life:
        """From recommendation, day 17; nexi's desk is busy until day 19."""
        self.note(17, Kind.APPRAISAL_BEGAN, resource="jbic_desks")
        self.wait(17, 19, Cause.APPRAISAL_QUEUE, "nexi_desks")
        self.note(19, Kind.APPRAISAL_BEGAN, resource="nexi_desks")
        for lender, day in (("jbic", jbic), ("nexi", nexi)):
            if day is not None:
                self.note(day, Kind.APPRAISAL_ENDED, resource=f"{lender}_desks")
        return self

    def noticed(self) -> Life:
        self.note(20, Kind.CALL_NOTICED, amount=BN)
        return self

    def funded(
        self, jbic: float | None = 34, nexi: float | None = 30, documented: float = 27
    ) -> Life:
        """Decided and noticed on day 20; papers by day 27, the window opens on day 30."""
        self.note(20, Kind.FUNDING_DECIDED).noticed()
        for lender, paid in (("jbic", jbic), ("nexi", nexi)):
            cash = f"{lender}_cash"
            self.note(documented, Kind.PART_DOCUMENTED, resource=f"{lender}_desks")
            self.wait(documented, 30, Cause.FUNDING_WINDOW, cash)
            if paid != 30:
                self.wait(30, paid, Cause.FUNDING_MONEY, cash)
            if paid is not None:
                self.note(paid, Kind.PART_PAID, resource=cash, amount=BN / 2)
        if jbic is not None and nexi is not None:
            self.note(max(jbic, nexi), Kind.CALL_PAID, amount=BN)
        return self

    def permitted(
        self, granted: float | None = 33, court: tuple[float, float] | None = None
    ) -> Life:
        """Applied for on day 10 at an agency that is busy until day 12."""
        self.note(10, Kind.PERMITS_BEGAN).wait(10, 12, Cause.PERMIT_QUEUE, "agency_federal")
        if court:
            self.note(court[0], Kind.PERMIT_WORK_ENDED, Kind.LITIGATION_BEGAN)
            self.note(court[1], Kind.LITIGATION_ENDED)
        if granted is not None:
            if not court:
                self.note(granted, Kind.PERMIT_WORK_ENDED)
            self.note(granted, Kind.PERMITS_GRANTED)
        return self

    def before_ntp(self) -> Life:
        """All of the above as the module says."""
        return self.reviewed().appraised().funded().permitted()

    def at_work(self, begin: float, end: float, first: float, last: float) -> Life:
        """A stretch at work; progress at both ends."""
        self.note(begin, Kind.BUILDING_BEGAN, amount=first)
        self.stretches.append((begin, end, first, last))
        return self

    def stop(self, day: float, cause: Cause, part: int = 0) -> Life:
        return self.note(day, Kind.BUILDING_STOPPED, cause=cause, part=part)

    def built(
        self, day: float, energised: float | None = None, unit: int = 0, region: str = ""
    ) -> Life:
        """The last unit is built; with power it operates."""
        self.note(day, Kind.UNIT_BUILT, part=unit, amount=BN).note(day, Kind.BUILT)
        energised = day if energised is None else energised
        if energised < END:
            self.note(energised, Kind.UNIT_ENERGISED, resource=region, part=unit, amount=BN)
            self.note(energised, Kind.OPERATING, amount=BN)
        return self

    def replication(self) -> Replication:
        columns = list(zip(*self.stretches, strict=True)) or [[]] * 4
        n = len(self.stretches)
        days, work, limit = zip(*self.clock, strict=True)
        minutes = [ints([round(day * DAY) for day in column]) for column in columns[:2]]
        cents = ints([BN])
        return Replication(
            replication=0,
            names=NAMES,
            attributes=Attributes(
                entity=ints([0]), named=np.array([False]), sector=ints([0]), state=ints([-1]),
                units=ints([self.units]), cost_cents=cents, commitment_cents=cents,
                selected_cents=cents, cost_ratio=floats([1.0]),
                japanese_content_share=floats([0.5]), prospects_share=floats([0.1]),
                build_minutes=ints([self.build * DAY]), nominal_minutes=ints([self.nominal * DAY]),
                specialists=floats([10.0]),
            ),
            log=self.diary.log(),
            capacity=CapacityTrace(*[ints([])] * 2, *[floats([])] * 4),
            sites=SiteTrace(
                ints([0] * n), ints([0] * n), *minutes, *(floats(list(c)) for c in columns[2:]),
                unit=ints([0] * n), start_work=floats([self.build * DAY * p for p in columns[2]]),
                end_work=floats([self.build * DAY * p for p in columns[3]]),
                clock_group=ints([0] * len(days)),
                clock_time=ints([round(day * DAY) for day in days]),
                clock_work=floats([day * DAY for day in work]),
                clock_limit=ints(list(limit)),
            ),
            market=MarketTrace(*[ints([])] * 2, *[floats([])] * 4),
            end_minute=END * DAY,
        )  # fmt: skip

    def chain(self) -> Chain:
        """The chain in days, checked against the ledger and law 3."""
        made = self.replication()
        delays, segments = charge(made), chain_of(made, 0)
        assert not list(delays_partition(evidence_of(made, Yardstick(life_config()))))
        by_cause = dict.fromkeys(LEDGER_CAUSES, 0)
        for segment in segments:
            by_cause[segment.cause] += segment.end - segment.begin
        assert list(by_cause.values()) == delays.minutes[0].tolist()
        assert all(one.end == other.begin for one, other in pairwise(segments))
        return [(s.cause, s.begin / DAY, s.end / DAY) for s in segments]

    def hidden(self) -> dict[str, float]:
        """Hidden days by cause, zeros left out."""
        minutes = charge(self.replication()).hidden[0].tolist()
        return {c: m / DAY for c, m in zip(LEDGER_CAUSES, minutes, strict=True) if m}

    def drag(self) -> dict[str, float]:
        """Days of drag by cause, zeros left out."""
        minutes = charge(self.replication()).drag[0].tolist()
        return {c: m / DAY for c, m in zip(LEDGER_CAUSES, minutes, strict=True) if m}


def short_of_crews(limits: tuple[int, int]) -> Life:
    """Nobody for ten days, full rate for 40, half rate for 120 under two limits."""
    life = Life(nominal=110).before_ntp().note(34, Kind.NTP_ISSUED).at_work(34, 204, 0, 1)
    life.wait(34, 44, Cause.CREWS_WAITED).built(204)
    early, late = limits
    life.clock = [(0, 0, -1), (34, 34, 1), (44, 34, -1), (84, 74, early), (144, 104, late),
                  (204, 134, -1), (END, 330, -1)]  # fmt: skip
    return life

"""The whole config as one frozen tree of pydantic models.

Cross-references (a pipeline's sector, a slice's order, dates in order) are checked in
:mod:`sim.config.checks`, all at once and with the line of each.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from sim.config.capacity import Capacity
from sim.config.distributions import Strictly
from sim.config.finance import Finance
from sim.config.html import html_table
from sim.config.policy import Policy
from sim.config.report import Report
from sim.config.sectors import ArticleGroup, Building, Nature, Pipeline, Sector
from sim.config.trade import Trade
from sim.config.values import (
    Count,
    Day,
    Flag,
    Id,
    Once,
    Places,
    PositiveCount,
    Seed,
    Share,
    Units,
    UsdBn,
)

Replications = Annotated[
    PositiveCount, Field(le=1_000_000, description="A million take days and hundreds of GB.")
]


class RunSettings(Strictly):
    """Choices of the run, not facts about the world."""

    replications: Replications = 200
    seed: Seed = 0


class Programme(Strictly):
    """Dates and envelope. ``end`` and ``run_out`` are the last days observed."""

    start: Day
    as_of: Day
    deadline: Day
    end: Day
    run_out: Day
    envelope_usd_bn: UsdBn
    history: Literal["recorded", "ignore"] = "recorded"


class Calendars(Strictly):
    """Which days are closed besides weekends and national holidays."""

    japan_bank_days: Flag = True
    extra_closures: Annotated[list[Day], Once] = Field(default_factory=list)


class Project(Strictly):
    """One named row of the portfolio; see ``docs/config.md`` for the columns.

    Cost is what the SPV builds: the announced amount x ``realised_share``; ``japan_share`` of it
    counts against the envelope. Recorded dates are facts on or before ``programme.as_of``.
    """

    id: str
    name: str
    kind: Literal["project", "supplier", "idea"]
    counted_in: str = ""
    site_of: str = ""
    sector: str
    region: Places = ""
    announced_usd_bn: UsdBn
    realised_share: Share = 1
    japan_share: Share = 1
    entry_probability: Share = 1
    units: Units = 1
    plan_months: Building | None = None
    megawatts: Count | None = None
    japanese_content_share: Share | None = None
    permits_done_share: Share | None = None
    offtake_share: Share = 0
    built_share: Annotated[Share, Field(lt=1)] = 0
    own_pace: Annotated[Share, Field(gt=0, lt=1)] | None = None
    proposed_date: Day
    recommended_date: Day | None = None
    selected_date: Day | None = None
    first_paid_date: Day | None = None
    permits_granted_date: Day | None = None
    developed_date: Day | None = None
    ntp_date: Day | None = None
    connected_date: Day | None = None
    announced_first_unit_date: Day | None = None
    announced_operating_date: Day | None = None
    later_paid_dates: list[Day] = Field(default_factory=list)
    ordered_date: Day | None = None
    slots_granted_dates: list[Day] = Field(default_factory=list)
    units_built_dates: list[Day] = Field(default_factory=list)
    units_energised_dates: list[Day] = Field(default_factory=list)
    source: str
    note: str = ""

    @property
    def cost_usd_bn(self) -> float:
        """What is built, announced x realised."""
        return self.announced_usd_bn * self.realised_share

    @property
    def committed_usd_bn(self) -> float:
        """What of it counts against the envelope."""
        return self.cost_usd_bn * self.japan_share


class Portfolio(Strictly):
    """Named projects: a CSV ``file`` beside the config, or ``projects`` written out, or both.

    In a resolved config the file's rows stand in ``projects``, so that it is self-contained.
    """

    file: str | None = None
    projects: dict[Id, Project] = Field(default_factory=dict)

    @property
    def further_sites(self) -> list[str]:
        """Ids of rows that are one more site of another: no projects to be counted."""
        return [name for name, row in self.projects.items() if row.site_of]


class Config(Strictly):
    """Everything a replication depends on, besides seed and replication number.

    In a resolved config the user's own rules stand in ``rule_files``, so that it is self-contained.
    """

    schema_version: Annotated[Literal[1], Field(alias="schema")]
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    title: str = ""
    description: str = ""
    run: RunSettings = Field(default_factory=RunSettings)
    programme: Programme
    calendars: Calendars = Field(default_factory=Calendars)
    article_mix: dict[Id, ArticleGroup]
    sectors: Annotated[dict[Id, Sector], Field(min_length=1)]
    portfolio: Portfolio = Field(default_factory=Portfolio)
    rule_files: dict[str, str] = Field(
        default_factory=dict
    )  # text of each, by its name without .py
    pipelines: dict[Id, Pipeline] = Field(default_factory=dict)
    nature: Nature
    policy: Policy
    capacity: Capacity
    finance: Finance | None = None
    trade: Trade | None = None
    report: Report = Field(default_factory=Report)

    def __repr__(self) -> str:
        """One line: everything else is a quarter of a million characters."""
        return f"Config({self.name!r}, {self.run.replications} replications, seed {self.run.seed})"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        return html_table(self.heading, self.in_short())

    @property
    def heading(self) -> str:
        """Name and title, if it has one."""
        return f"{self.name}: {self.title}" if self.title else self.name

    def in_short(self) -> dict[str, object]:
        """What a notebook shows of it, by name."""
        programme = self.programme
        dates = (programme.start, programme.deadline, programme.run_out)
        return {
            "envelope, USD bn": f"{programme.envelope_usd_bn:,g}",
            "from, selected by, to": ", ".join(map(str, dates)),
            "replications": f"{self.run.replications:,}",
            "seed": self.run.seed,
            "named projects": len(self.portfolio.projects),
        }


@cache
def section(name: str) -> TypeAdapter[Any]:
    """What validates one section of a config alone."""
    return TypeAdapter(Config.model_fields[name].rebuild_annotation())

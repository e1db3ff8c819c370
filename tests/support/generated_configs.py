"""Small configs in which everything the laws speak of really happens, as a hypothesis strategy.

At most eight projects, a horizon of about two years, amounts and durations from short lists so that
ties, zeros and shortages are common. The first choice of every list is the plainest: what
hypothesis shrinks to. What the runs contain is counted in ``tests/laws/test_contents.py``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from sim.config import from_tree
from sim.errors import ConfigError, Problem

Tree = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]

MOST_PROJECTS = 8
STARTS = (date(2026, 1, 5), date(2026, 3, 16), date(2026, 12, 21), date(2028, 2, 14))
CALENDARS = ("every_day", "us", "japan", "both")
RANKINGS = (
    "first_proposed", "largest_first", "smallest_first", "best_prospects",
    "most_japanese_content",
)  # fmt: skip
SLICES: tuple[tuple[tuple[float, str], ...], ...] = (
    ((1, "selection"),),
    ((0.5, "selection"), (0.5, "progress 0.5")),
    ((0.25, "selection"), (0.25, "ntp"), (0.5, "progress 0.5")),
    ((0.06, "selection"), (0.24, "ntp"), (0.25, "progress 0.25"), (0.25, "progress 0.5"),
     (0.2, "progress 0.75")),
    ((1 / 3, "selection"), (1 / 3, "ntp"), (1 / 3, "progress 0.6")),
    ((0.1, "selection"), (0.3, "equipment_order"), (0.3, "ntp"), (0.3, "progress 0.5")),
)  # fmt: skip
# A zero share: a facility that stands by. 0.1 + 0.2 is no double.
FACILITY_SHARES = (
    {"jbic": 1.0},
    {"jbic": 0.7, "nexi": 0.3},
    {"jbic": 0.64, "nexi": 0.28, "equity": 0.08},
    {"jbic": 0.7, "nexi": 0.1, "equity": 0.2},
    {"jbic": 0.5, "nexi": 0.5, "equity": 0.0},
)
LAWFUL = settings(
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def constant(value: float) -> Tree:
    return {"kind": "constant", "value": value}


def uniform(low: float, high: float) -> Tree:
    return {"kind": "uniform", "low": low, "high": high}


def exponential(mean: float) -> Tree:
    return {"kind": "exponential", "mean": mean}


def triangular(low: float, mode: float, high: float) -> Tree:
    return {"kind": "triangular", "low": low, "mode": mode, "high": high}


# Choices are bytes: hundreds of single draws would cost more than the simulation. A string of its
# own for each section keeps what is shrunk in one from moving the others.
SECTIONS = {
    "dates": 16, "gas": 24, "fab": 24, "projects": 128, "pipelines": 12, "nature": 24,
    "policy": 72, "capacity": 128, "gates": 48, "rounds": 16, "sites": 24,
    "claims": 24, "public": 24, "prices": 16, "finance": 32,
}  # fmt: skip


class _Maker:
    """Makes the sections of one config around the dates chosen first."""

    def __init__(self, choices: dict[str, bytes]) -> None:
        self.choices = {name: iter(chosen) for name, chosen in choices.items()}
        self.section = "dates"
        self.start: date = self.pick(*STARTS)
        self.deadline = self.after(self.start, 120, 60, 250)
        self.end = self.after(self.deadline, 30, 0, 200)
        self.run_out = self.after(self.end, 300, 1, 500, 700)
        self.recorded = self.pick(False, True, True)
        self.as_of = min(self.deadline, self.after(self.start, 0, 45, 100))
        self.shares: dict[str, float] = self.pick(*FACILITY_SHARES)
        self.draws = self.pick("partial", "partial", "block", "skip")
        self.named: list[str] = []  # ids of the projects made
        # Which pools there are is part of the world: it says of whom each project needs how many.
        self.regional = self.pick(False, True)

    def pick(self, *options: Any) -> Any:
        return options[next(self.choices[self.section]) % len(options)]

    def after(self, day: date, *days: int) -> date:
        return day + timedelta(days=self.pick(*days))

    def programme(self) -> Tree:
        return {
            "start": self.start,
            "as_of": self.as_of,
            "deadline": self.deadline,
            "end": self.end,
            "run_out": self.run_out,
            "envelope_usd_bn": self.pick(550, 3, 1.5),
            "history": "recorded" if self.recorded else "ignore",
        }

    def sector(self, label: str) -> Tree:
        self.section = label
        basis = self.pick(
            {"basis": "outcome", "outcome_months": constant(4)},
            {"basis": "outcome", "outcome_months": uniform(1, 6)},
            {"basis": "plan", "plan_months": 4, "schedule_ratio": triangular(0.8, 1, 2)},
            {"basis": "outcome", "outcome_months": {"kind": "bernoulli", "probability": 0.5}},
        )
        lawsuit = self.pick(
            {},
            {
                "litigation_probability": self.pick(0.6, 1),
                "litigation_months": self.pick(constant(1), uniform(0, 3), constant(0)),
                "litigation_max_rounds": self.pick(1, 2),
            },
        )
        return {
            "label": label,
            "article_group": "energy",
            "screening_days": self.pick(constant(10), constant(0), uniform(1, 30)),
            "revision_days": self.pick(constant(10), constant(0), exponential(15)),
            "prospects_share": self.pick(constant(0.2), uniform(0.04, 0.14)),
            "revision_gain_share": self.pick(constant(0.05), uniform(0, 0.04)),
            "japanese_content_share": self.pick(constant(0.5), uniform(0, 0.4)),
            "permits": {
                "starts": self.pick("selection", "proposal", "docket"),
                "work_months": self.pick(constant(2), constant(0), uniform(0.5, 4)),
                "done_share": self.pick(constant(0), uniform(0, 1), constant(1)),
                "agency": self.pick(None, "bureau"),
                **lawsuit,
            },
            "construction": {
                **basis,
                "nominal_months": 4,
                "unit_interval_months": self.pick(0, 1),
                "cost_ratio": self.pick(constant(1), uniform(1, 2)),
                "schedule_cost_rank_correlation": self.pick(0, 0.6),
            },
            "labour": {
                "labour_years_per_usd_bn": self.pick(500, 2000, 0),
                "specialist_share": 0.5,
                "crafts": self.pick(
                    {"electrical": 1}, {"electrical": 0.5, "piping": 0.5}, {"piping": 1}
                ),
            },
        }

    def gates(self, sectors: Tree) -> None:
        """Equipment, the grid and early works of the sectors: more than one, some or none."""
        self.section = "gates"
        for sector in sectors.values():
            machines = {
                "slots_per_unit": self.pick(1, 2),
                "delivery_months": self.pick(constant(2), constant(0), uniform(0, 9)),
                "gate_progress": self.pick(0.3, 0, 0.7, 1),
            }
            sector["equipment"] = self.pick(
                {}, {"turbines": machines}, {"turbines": machines, "transformers": machines}
            )
            sector["power"] = self.pick(
                None,
                {
                    "role": self.pick("load", "supply"),
                    "mw_per_usd_bn": self.pick(100, 0, 33),
                    "connection_months": self.pick(constant(9), constant(0), uniform(1, 20)),
                    "asked_ahead_months": self.pick(None, constant(2), uniform(0, 9)),
                },
            )
            sector["permits"]["early_works_share"] = self.pick(0, 0, 0.2, 1)
            sector["development"] = self.pick(
                None,
                {"remaining_months": self.pick(constant(3), constant(0), uniform(0.5, 6))},
                {"whole_months": uniform(2, 6), "done_share": uniform(0, 1)},
            )

    def hazards(self) -> Tree:
        self.section = "gates"
        rates = [
            {
                "pauses_per_year": self.pick(0.5, 0, 3),
                "cancellations_per_year": self.pick(0.2, 0, 1),
            }
            for _ in range(2)
        ]
        hazards = {
            "before_building": rates[0],
            "building": rates[1],
            "pause_months": self.pick(constant(1), constant(0), exponential(2)),
        }
        regime = {
            "label": "Policy",
            "probability_per_year": self.pick(0.5, 1),
            "multiplier": self.pick(3, 0),
            "loadings": self.pick({}, {"fab": 0.5}),
        }
        return self.pick({}, {"hazards": hazards}, {"hazards": hazards, "regime": regime})

    def slots(self, *yearly: int) -> Any:
        """Slots or megawatts by calendar year; the last year's go on."""
        year = self.start.year
        return self.pick(
            {
                "first_year": self.pick(*yearly, 0),
                "per_year": {year + 1: self.pick(*yearly, 0), year + 2: self.pick(*yearly)},
                "carry_over": self.pick(False, True),
            },
            "unlimited",
        )

    def projects(self, most: int) -> Tree:
        """Named projects, several proposed on one day; facts on record up to as_of."""
        days = [self.start + timedelta(days=n) for n in (0, self.pick(0, 7, 30))]
        made: Tree = {}
        for number in range(self.pick(3, 1, 2, 4, 5, 6)):
            if number == most:
                break
            proposed = self.pick(*days)
            project = {
                "name": f"Plant {number}",
                "kind": "project",
                "sector": self.pick("gas", "fab"),
                "region": self.pick("", "TX", "TX;OH"),
                "megawatts": self.pick(None, 70, 0),
                "announced_usd_bn": self.pick(1, 2, 4, 1.23456789012),
                "realised_share": self.pick(1, 0.5),
                "japan_share": self.pick(1, 0.8, 1 / 3, 0.5, 0),
                "units": self.pick(1, 3),
                "plan_months": self.pick(None, 5),
                "permits_done_share": self.pick(None, 0.4),
                "proposed_date": proposed,
                "source": "generated",
            }
            if self.recorded and proposed <= self.as_of:
                project |= self.record(proposed)
            if not {"recommended_date", "selected_date"} & project.keys():
                project |= self.pick({}, {}, {"kind": "idea", "entry_probability": 0.6})
            made[f"P{self.pick(0, 5)}{number}"] = project
        self.named = list(made)
        return made

    def sites(self, projects: Tree, most: int) -> None:
        """One more site of a project, or of none."""
        self.section = "sites"
        if projects and len(projects) < most and self.pick(False, True):
            first = self.pick(*projects)
            own = {"region": self.pick("TX", ""), "units": self.pick(1, 2)}
            own |= {"announced_usd_bn": self.pick(2, 0.5), "permits_done_share": self.pick(0, 1)}
            projects[f"{first}-B"] = projects[first] | own | {"site_of": first}

    def reservations(self, sectors: Tree) -> None:
        """Some or all sponsors reserve machines ahead of money."""
        self.section = "sites"
        for sector in sectors.values():
            for machines in sector["equipment"].values():
                machines["reserved_share"] = self.pick(0, 1, 0.5)

    def last_day(self, facilities: Tree) -> None:
        """A lender that signs nothing new after a day, or none does."""
        self.section = "sites"
        name = self.pick(None, None, *facilities)
        if name is not None:
            day = min(self.run_out, self.deadline + timedelta(days=self.pick(1, 10, 40)))
            facilities[name] |= {"signs_until": day, "unsigned": self.pick("decline", "extend")}
            others = [key for key in facilities if key != name]
            if others and self.pick(False, True):
                facilities[name] |= {"unsigned": "reassign", "reassigned_to": self.pick(*others)}

    def further_record(self, projects: Tree, sectors: Tree, slices: Tree) -> None:
        """Later payments, orders and slots on record, as early as they can be or as late."""
        self.section = "sites"
        paid, ordered, slots = self.pick(0, 1, 9), self.pick(False, True), self.pick(0, 1, 2)
        late = self.pick(True, False)
        for row in projects.values():
            selected, first, ntp = (
                row.get(f"{key}_date") for key in ("selected", "first_paid", "ntp")
            )
            early = [
                ntp if one["trigger"] not in ("selection", "equipment_order") else first
                for one in list(slices.values())[1:]
            ]
            days = early[: min(paid, (*early, None).index(None))]
            row["later_paid_dates"] = [self.as_of if late else day for day in days]
            if not sectors[row["sector"]]["equipment"]:
                continue
            if first and ordered:
                row["ordered_date"] = self.as_of if late else first
            if selected:
                granted = [selected, self.as_of][: min(slots, row["units"])]
                row["slots_granted_dates"] = granted

    def units_on_record(self, projects: Tree, sectors: Tree, policy: Tree) -> None:
        """Some units of a site begun on record are built, and some of those run."""
        self.section = "sites"
        built, runs = self.pick(0, 9, 1, 2), self.pick(0, 9, 1)
        late = self.pick(True, False)
        later = len(policy["calls"]["slices"]) - 1
        for row in projects.values():
            ntp, interval = row.get("ntp_date"), sectors[row["sector"]]["construction"]
            if ntp is None:
                continue
            paid = row.get("later_paid_dates", [])
            whole = len(paid) == later and policy["overrun_paid_by"] == "partners"
            most = row["units"] if whole else row["units"] - 1
            if not interval["unit_interval_months"] and not (whole and built >= row["units"]):
                continue
            first = ntp + (self.as_of - ntp) / 2
            days = [first, *[self.as_of] * (row["units"] - 1)][: min(built, most)]
            # After its slots, its order and the calls it needs, which may be as late as can be.
            as_late = late or row["units"] == 1 or row.get("ordered_date") == self.as_of
            days = [self.as_of] * len(days) if as_late else days
            row["units_built_dates"] = days
            row["units_energised_dates"] = days[:runs]

    def record(self, proposed: date) -> Tree:
        """Facts on record: nothing, or recommended, or also selected and perhaps paid."""
        until = (self.as_of - proposed).days
        facts: Tree = {}
        reached = self.pick(0, 1, 2, 3, 3)
        names = ("recommended_date", "selected_date", "first_paid_date")[:reached]
        day = proposed
        for name in names:
            day += timedelta(days=self.pick(0, until // 4))
            facts[name] = day
        if facts and self.pick(False, True):
            facts["permits_granted_date"] = self.as_of
        if reached == 3 and self.pick(False, False, True):
            facts["ntp_date"] = self.as_of if "permits_granted_date" in facts else day
        return facts

    def pipelines(self, most: int) -> Tree:
        if most < 2 or self.pick(True, False):
            return {}
        first = self.as_of + timedelta(days=1) if self.recorded else self.start
        if first > self.deadline:
            return {}
        arrivals = self.pick(
            {"maximum": 2, "schedule": [first]},
            {"maximum": 2, "schedule": [first, first]},
            # A fifth of a proposal a year: 5 are enough, says the check of the maximum.
            {"maximum": 5, "arrivals_per_year": 0.2},
        )
        if arrivals["maximum"] > most:
            return {}
        return {
            "more": {
                "label": "More",
                "sector": self.pick("gas", "fab"),
                **arrivals,
                "cost_usd_bn": self.pick(constant(2), uniform(0.5, 3)),
                "japan_share": self.pick(constant(1), uniform(0.5, 1)),
                "units": self.pick(1, 2),
            }
        }

    def nature(self) -> Tree:
        desks = {name: self.pick(constant(2), constant(0), uniform(0, 6)) for name in self.shares}
        return {
            "viability_weight": self.pick(0, 0.6),
            "shocks": self.pick(
                {},
                {"supply": {"label": "Supply", "schedule_loadings": {"gas": 0.2}}},
            ),
            "round_interval_days": self.pick(constant(20), exponential(25)),
            "appraisal_days": {
                name: self.pick(constant(10), constant(0), uniform(5, 60)) for name in self.shares
            },
            "call_desk_days": desks,
            "funding": {
                "consult_probability": self.pick(0, 0.5, 1),
                "decline_probability": self.pick(0, 0, 0.4, 1),
                "consultation_days": self.pick(constant(10), constant(0), uniform(5, 80)),
            },
            "lead_error_days": self.pick(constant(0), uniform(-20, 20)),
            "enforcement": {
                "threat_days": self.pick(constant(10), constant(0), uniform(5, 40)),
                "route_delay_days": {
                    "section_232": self.pick(constant(15), constant(0), uniform(1, 20)),
                    "section_301": self.pick(constant(15), uniform(1, 60)),
                },
                "court_ends_route_days": self.pick({}, {}, {"section_301": uniform(5, 90)}),
                "settlement_days": self.pick(constant(60), None, uniform(5, 40)),
            },
            "maxima": {
                "screening_rounds": 4,
                "committee_visits": 90,
                "selection_visits": 150,
                "presidential_rounds": 150,
                "calls": 6,
                "pauses": 60,
            },
        }

    def prices(self, nature: Tree, projects: Tree) -> None:
        """Paths of prices, permits by state, plants sold ahead, and works that run already."""
        self.section = "prices"
        nature["permits_by_state"] = self.pick({}, {"TX": 2}, {"TX": 0.5, "OH": 0})
        nature["cost_year_ratio"] = self.pick({}, {"gas": uniform(0.9, 1.4)}, {"fab": constant(2)})
        nature["yen_per_usd_month_ratio"] = self.pick(None, uniform(0.9, 1.2))
        if "hazards" in nature:
            nature["hazards"]["cancellations_with_offtake"] = self.pick(1, 0.3, 0)
        for project in projects.values():
            project |= self.pick({}, {"offtake_share": 1}, {"built_share": 0.5, "own_pace": 0.4})
        for project in projects.values():
            if "site_of" in project:  # sold ahead is the whole project or nothing of it
                whole = projects[project["site_of"]]
                project["offtake_share"] = whole.get("offtake_share", 0)

    def finance(self) -> Tree:
        """Plants that earn from the first quarter on, under every reading of the split."""
        self.section = "finance"
        renewal = {"interval_years": constant(0.5), "share_of_cost": 0.1}
        earns = {
            name: {
                "yield_share": self.pick(constant(0.3), uniform(0, 1), constant(0)),
                "capacity_factor": self.pick(1, 0.8),
                "ramp_months": self.pick(0, 5),
                "life_years": self.pick(1, 12),
                "spread_per_year": self.pick(0.02, -0.02),
                "refresh": self.pick(None, renewal),
            }
            for name in ("gas", "fab")
        }
        lender = {"margin_per_year": self.pick(0, 0.02), "cost_per_year": self.pick(0.03, 0)}
        return {
            "reference_rate_per_year": {self.start: 0.04},
            "discount_rate_per_year": 0.05,
            "sectors": earns,
            "sharing": {
                "reading": self.pick("per_period", "cumulative", "equity_only"),
                "us_share_before": self.pick(0.5, 0.3),
                "us_share_after": self.pick(0.9, 1),
                "interest_on": self.pick("original", "outstanding"),
                "counted_from": self.pick("operation", "payment"),
                "carry_bears_interest": self.pick(False, True),
                "partners_share": self.pick("of_plan", "of_outlay", "none"),
                "recapture": self.pick("none", "all_projects", "later_projects"),
            },
            "loans": {
                "tenor_years": self.pick(10, 1.5),
                "grace_months": self.pick(0, 6),
                "loan": lender,
                "insured_loan": lender,
                "cover": {"share": self.pick(0.975, 0, 1), "premium_per_year": 0.01,
                          "claim_months": self.pick(0, 6)},
            },
            "given_up": {"default_quarters": self.pick(4, 1), "recovery_share": uniform(0, 1),
                         "recovery_months": self.pick(0, 12)},
        }  # fmt: skip

    def meetings(self) -> Tree:
        agenda = self.pick(None, 1, 2)
        first = self.start + timedelta(days=self.pick(0, 12))
        return self.pick(
            {"kind": "none"},
            {
                "kind": "every",
                "business_days": self.pick(10, 5),
                "first_day": first,
                "calendar": self.pick(*CALENDARS),
                "agenda": agenda,
            },
            {
                "kind": "dates",
                "dates": [first + timedelta(days=n) for n in (0, 3, 25, 26, 70, 110, 150, 190)],
                "calendar": self.pick(*CALENDARS),
                "agenda": agenda,
            },
        )

    def committee(self) -> Tree:
        return {"meetings": self.meetings(), "ranking": self.pick(*RANKINGS)}

    def investment_committee(self) -> Tree:
        committee, deferred = self.committee(), self.pick(0, 0.3)
        if committee["meetings"]["kind"] != "none":
            committee["defer_probability"] = deferred
        return committee

    def selection(self) -> Tree:
        dates = [self.start + timedelta(days=n) for n in (14, 28, 60, 90, 91, 119, 180)]
        rounds = self.pick(
            {"rounds": "immediate"}, {"rounds": "intervals"}, {"rounds": "dates", "dates": dates}
        )
        return {
            **rounds,
            "calendar": self.pick(*CALENDARS),
            "ranking": self.pick(*RANKINGS),
            "preferred_sectors": self.pick([], ["fab"]),
            "pass_over_probability": 0 if rounds["rounds"] == "immediate" else self.pick(0, 0.3),
            "does_not_fit": self.pick("skip", "scale_down", "scale_down", "stop"),
            "scale_down_min_share": self.pick(0.1, 0.9, 0),
        }

    def rounds(self, nature: Tree, selection: Tree, starts: str) -> None:
        """What a round takes, and how rounds heap up before the deadline."""
        self.section = "rounds"
        nature["round_projects"] = self.pick(None, None, constant(2), constant(1), uniform(1, 3))
        nature["round_usd_bn"] = self.pick(None, None, constant(3), constant(1.5))
        selection["dollars"] = self.pick("reach", "cap")
        selection |= self.heap(selection["rounds"])
        nature["bargaining"] = self.pick(
            None,
            {"again_share": 0.3, "refused_share": 0.1, "appraisals": 3},
            {"again_share": 0.5, "refused_share": 0, "appraisals": 2},
        )
        if starts != "notice":
            selection["requires"] = self.pick("recommended", "appraised")

    def heap(self, rounds: str) -> Tree:
        """Rounds that heap up before the deadline, in one way at most, and the last of them."""
        final = {
            "held": self.pick(True, False, True),
            "business_days_before": self.pick(0, 5, 20),
            "size": self.pick("law", "share 0.5"),
        }
        late = {"rate": self.pick(3, 0.5), "last_days": 15}
        known = (self.deadline - (self.as_of if self.recorded else self.start)).days
        heap = self.pick({}, {"growth_per_round": 2}, {"late_rate": late}, {"size": "all"})
        if "size" in heap:
            return {"final_round": final | heap}
        if "late_rate" in heap and (rounds != "intervals" or known < late["last_days"]):
            heap = {}
        return {"final_round": final, **heap}

    def policy(self) -> Tree:
        slices = {f"slice{n}": {"share": share, "trigger": trigger}
                  for n, (share, trigger) in enumerate(self.pick(*SLICES))}  # fmt: skip
        return {
            "screening": {
                "hurdle_share": 0.08,
                "japanese_content_min_share": 0.2,
                "benefit_otherwise_probability": self.pick(1, 0.4, 0),
                "max_rounds": self.pick(3, 1, 4),
            },
            "consultation_committee": self.committee(),
            "investment_committee": self.investment_committee(),
            "appraisal_starts": self.pick("recommendation", "docket", "notice"),
            "selection": self.selection(),
            "funding": {"response": self.pick("as_disposed", "as_disposed", "always_fund")},
            "calls": {
                "reading": self.pick("cap", "floor"),
                "calendar": self.pick(*CALENDARS),
                "first_window_business_days": self.pick(10, 0, 3, 45),
                "later_window_business_days": self.pick(5, 0, 20),
                "grace_business_days": self.pick(0, 5),
                "cure_business_days": self.pick(0, 5, 20),
                "lead_margin_days": self.pick(0, 10, 40.5, -20),
                "slices": slices,
                "facility_shares": self.shares,
                "draw": self.draws,
            },
            "staffing": self.pick("fair_share", "priority", "first_come_full_crew"),
            "staffing_ranking": self.pick(*RANKINGS),
            "staffing_minimum_share": self.pick(0.5, 0.2, 1),
            # Whole orders of a project larger than any year's slots would never be filled.
            "equipment_orders": "by_unit",
            "overrun_paid_by": self.pick("partners", "japan_topup"),
            "cancelled": {
                "envelope": self.pick("released", "kept"),
                "unspent_money": self.pick("returned", "kept"),
            },
            "pauses_stop_clocks": self.pick(False, True),
            "events": self.pick(
                {},
                {},
                {
                    "course": {
                        "label": "The course ends",
                        "date": min(self.run_out, self.deadline + timedelta(days=20)),
                        "stops_selection": True,
                        "unsigned_withdrawn_share": 0.5,
                        "before_building": {
                            "withdrawn_share": 0.2,
                            "no_more_calls_share": 0.3,
                            "partners_finish_share": 0.4,
                        },
                        "building": {
                            "withdrawn_share": 0.2,
                            "no_more_calls_share": 0.3,
                            "partners_finish_share": 0.4,
                        },
                        "closes_routes": ["section_301"],
                    }
                },
                {
                    "stop": {
                        "label": "No more calls",
                        "date": min(self.run_out, self.as_of + timedelta(days=90)),
                        "before_building": {"no_more_calls_share": 1},
                        "building": {"no_more_calls_share": 0.5, "partners_finish_share": 0.5},
                        "opens_routes": ["section_301"],
                    }
                },
            ),
            "enforcement": {
                "active": self.pick(True, True, True, False),
                "baseline": {"general": {self.start: 0.15}},
                "materiality_usd_bn": self.pick(0, 0, 0.5),
                "acted_on_probability": {
                    "call_missed": self.pick(1, 0.7),
                    "declined": self.pick(1, 0.5),
                    "review_failed": self.pick(1, 0.5),
                    "signing_ended": 1,
                },
                "reviews": self.reviews(),
                "signed_probability": self.pick(1, 0.7),
                "relief_days": self.pick(10, 0, 60),
                "routes": {
                    "section_232": {
                        "label": "Section 232",
                        "probability": self.pick(1, 0.6, 0),
                        "max_duration_days": self.pick(None, 25),
                        "in_law": self.pick({}, {}, {self.start + timedelta(days=60): False}),
                        "rates": {"general": 0.25},
                    },
                    "section_301": {
                        "label": "Section 301",
                        "probability": self.pick(0, 0.5, 1),
                        "max_duration_days": self.pick(None, 40),
                        "in_law": self.pick({}, {self.start: False}),
                        "rates": {"general": self.pick(0.2, 0.3)},
                    },
                },
            },
        }

    def reviews(self) -> Tree:
        since = self.as_of if self.recorded else self.start
        days = [since + timedelta(days=n) for n in (20, 70, 130, 190, 260)]
        dates = [day for day in days if day <= self.run_out]
        review = {
            "label": "Pace",
            "measure": self.pick("committed", "called", "paid"),
            "dates": dates,
            "path_usd_bn": {self.start: 0, self.end: self.pick(1, 8)},
            "tolerance_usd_bn": self.pick(0, 0.4),
        }
        return self.pick({}, {"pace": review} if len(dates) > 1 else {})

    def servers(self) -> Any:
        """Units: few, without limit, or a path that shrinks (even to nothing) and grows again."""
        later = [self.start + timedelta(days=n) for n in (20, 90)]
        next_month = (self.start.replace(day=1) + timedelta(days=31)).replace(day=1)
        return self.pick(
            1,
            2,
            "unlimited",
            {self.start: 3, later[0]: 1},
            {self.start: 2, later[0]: 0, later[1]: 1},
            {self.start: 1, next_month: 2},
        )

    def money(self, large: float) -> Any:
        """Money by fiscal year, scarce in the ``partial`` draw; ``large`` is a whole part."""
        year = self.start.year - 1
        amounts: list[float] = self.pick([1, 2, 3], [0.5, 3], [0.7, 0, 5])
        yen = self.pick("usd", "jpy")
        scale = 150 if yen == "jpy" else 1
        fits = self.draws == "partial"
        return self.pick(
            "unlimited",
            {
                "currency": yen,
                "first_year": scale * self.pick(1, 0, 4),
                "per_fiscal_year": {
                    year + n: scale * max(amount, 0 if fits else large)
                    for n, amount in enumerate(amounts)
                },
                "carry_over": self.pick(True, False),
            },
        )

    def reserved(self) -> Tree:
        """Slots kept for the first project named, or for none."""
        years = self.pick({}, {self.start.year: 1}, {self.start.year: 2, self.start.year + 1: 1})
        return {self.named[0]: years} if self.named and years else {}

    def pool(self, label: str, market: bool) -> Tree:
        people = self.pick(3000, 100, 700, 20000, 1200, -1)
        pool: Tree = {
            "label": label,
            "kind": "market" if market else "dedicated",
            "people_at_start": people if people > 0 else 900,
            "unlimited": people < 0,
            "attrition_share_per_year": self.pick(0, 0.1),
            "visas_per_month": self.pick(0, 20),
            "training": self.pick(
                {}, {"course": {"intake_per_month": 30, "months": 3, "completion_share": 0.8}}
            ),
        }
        if market:
            pool["reference_demand_people"] = self.pick({}, {self.start: 0, self.run_out: 50})
        return pool

    def specialists(self) -> Tree:
        gap = {
            "people": self.pick(0, 500, 5000),
            "date": self.start + timedelta(days=self.pick(200, 40)),
        }
        gap |= self.pick(
            {"afterwards": "hold_gap"},
            {"afterwards": "continue"},
            {"afterwards": "close_by", "close_by": self.start + timedelta(days=400)},
        )
        pools = {
            "electrical": self.pool("Electricians", market=self.pick(True, False)),
            "piping": self.pool("Pipefitters", market=self.pick(True, False)),
        }
        if self.regional:
            texas = self.pool("Electricians of Texas", market=self.pick(True, False))
            pools["texas"] = texas | {"craft": "electrical", "states": ["TX"]}
        bidding = {
            "premium_share": 0.5,
            "elasticity": self.pick(0, 2.26),
            "pay_share_of_cost": self.pick(0, 0.5),
        }
        days = {"first_day": self.start, "last_day": self.start + timedelta(days=200)}
        course = {"months": 2, "completion_share": 0.5}
        measures = self.pick(
            {},
            {
                "visas": {"kind": "visas", "finishers_per_month": {"piping": 90}},
                "course": {"kind": "training", "intake_per_month": {"electrical": 400}} | course,
            },
        )
        measures = {name: {"label": name} | one | days for name, one in measures.items()}
        return {"gap": gap, "bidding": bidding, "measures": measures, "pools": pools}

    def public(self) -> Tree:
        """Publics that turn often, by one rate or another, and calm soon."""
        self.section = "public"
        if self.pick(True, False, True):
            return {}
        rates = [
            {
                "turns_per_year": self.pick(2, 0, 12),
                "turns_per_year_while_raised": self.pick(0, 6),
                "turns_per_year_per_usd_bn_paid": self.pick(0, 3),
                "turns_per_year_per_usd_bn_lost": self.pick(0, 30),
                "calms_per_year": self.pick(4, 0),
            }
            for _ in range(2)
        ]
        japan = {"decline_probability": self.pick(0.5, None), "inflow_share": self.pick(0.7, 1)}
        reaction = {
            "japan": self.pick(rates[0] | japan, None),
            "us": self.pick(rates[1] | {"pass_over_probability": 0.4}, None),
        }
        return {"public_reaction": reaction}

    def claims(self, capacity: Tree) -> Tree:
        """What other countries' programmes take for a while, more than there is included."""
        self.section, year = "claims", self.start.year
        pools = capacity["specialists"]["pools"]
        market = [name for name, pool in pools.items() if pool["kind"] == "market"]
        days = [self.start + timedelta(days=n) for n in (40, 200)]
        return self.pick(
            {},
            {
                name: {
                    "label": name,
                    "slots": {"turbines": {year + 1: self.pick(1, 3), year + 2: 0}},
                    "megawatts": {"rest": {year + 1: self.pick(30, 400)}},
                    "people": {
                        pool: {days[0]: self.pick(300, 5000), days[1]: 50} for pool in market
                    },
                }
                for name in self.pick(["korea"], ["korea", "gulf"])
            },
        )

    def capacity(self) -> Tree:
        kinds = {"jbic": "loan", "nexi": "insured_loan", "equity": "equity"}
        return {
            "teams": {"label": "Teams", "count": self.servers()},
            "agencies": {"bureau": {"label": "Bureau", "count": self.servers()}},
            "facilities": {
                name: {
                    "label": name,
                    "instrument": kinds[name],
                    "desks": self.servers(),
                    "commitments": self.money(5),
                    "cash": self.money(5),
                    "inflow_while_raised": {"partial": 0.5, "block": 1, "skip": 2}[self.draws],
                }
                for name in self.shares
            },
            "fiscal_year_first_month": self.pick(4, 1, 9),
            "yen_per_usd": {self.start: 150, self.start + timedelta(days=100): 120.5},
            "equipment": {
                name: {"label": name, "slots": self.slots(1, 4), "reserved": self.reserved()}
                for name in ("turbines", "transformers")
            },
            "power": {
                "elsewhere": "rest",
                "regions": {
                    "texas": {
                        "label": "Texas",
                        "states": ["TX"],
                        "additions_mw": self.slots(60, 20),
                    },
                    "rest": {
                        "label": "Rest",
                        "states": [],
                        "additions_mw": self.slots(60, 500),
                    },
                },
            },
            "specialists": self.specialists(),
        }

    def tree(self) -> Tree:
        programme = self.programme()
        sectors = {name: self.sector(name) for name in ("gas", "fab")}
        self.gates(sectors)
        self.section = "projects"
        projects = self.projects(MOST_PROJECTS - 2)
        self.sites(projects, MOST_PROJECTS - 1)
        self.reservations(sectors)
        self.section = "pipelines"
        pipelines = self.pipelines(MOST_PROJECTS - len(projects))
        self.section = "nature"
        nature = self.nature() | self.hazards() | self.public()
        self.section = "policy"
        policy = self.policy()
        self.rounds(nature, policy["selection"], policy["appraisal_starts"])
        self.prices(nature, projects)
        finance = self.finance()
        self.section = "capacity"
        capacity = self.capacity()
        capacity["claims"] = self.claims(capacity)
        self.last_day(capacity["facilities"])
        self.further_record(projects, sectors, policy["calls"]["slices"])
        self.units_on_record(projects, sectors, policy)
        return {
            "schema": 1,
            "name": "generated",
            "programme": programme,
            "article_mix": {"energy": {"label": "Energy", "share_low": 0, "share_high": 1}},
            "sectors": sectors,
            "portfolio": {"projects": projects},
            "pipelines": pipelines,
            "nature": nature,
            "policy": policy,
            "capacity": capacity,
            "finance": finance,
            # Read by one table, so it needs no choice.
            "trade": {
                "exports": {
                    "general": {
                        "usd_bn_per_year": 100,
                        "elasticity": {"first_year": 0.5, "later": 1.5},
                        "borne_by_exporters_share": 0.2,
                    }
                },
                "as_threatened": {"general": {self.start: 0.4}},
                "as_courts_left_it": {},
            },
        }


def _plain(value: Any) -> Any:
    """Dates as text, absent values left out: what a YAML file would say."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _fit_record(tree: Tree) -> Tree:
    """The envelope holds at least what is on record as selected: else it is no valid config.

    A thousand dollars more, for what each commitment is rounded to cents by.
    """
    recorded = sum(
        row["announced_usd_bn"] * row["realised_share"] * row["japan_share"]
        for row in tree["portfolio"]["projects"].values()
        if "selected_date" in row
    )
    programme = tree["programme"]
    programme["envelope_usd_bn"] = max(programme["envelope_usd_bn"], recorded + 1e-6)
    return tree


def _fit_slots(tree: Tree) -> Tree:
    """Slots are reserved only for projects that need them: else it is no valid config."""
    projects, sectors = tree["portfolio"]["projects"], tree["sectors"]
    for kind, maker in tree["capacity"]["equipment"].items():
        maker["reserved"] = {
            name: years
            for name, years in maker["reserved"].items()
            if kind in sectors[projects[name]["sector"]]["equipment"]
        }
    return tree


def _choices(*sections: str) -> st.SearchStrategy[dict[str, bytes]]:
    return st.fixed_dictionaries(
        {name: st.binary(min_size=SECTIONS[name], max_size=SECTIONS[name]) for name in sections}
    )


def _tree(choices: dict[str, bytes]) -> Tree:
    return _plain(_fit_slots(_fit_record(_Maker(choices).tree())))


# Composite, and not mapped: a failure then prints the tree, not the bytes behind it.
_NEEDED = re.compile(r"needs ([0-9,]+)")


def served(tree: Tree) -> Tree:
    """The tree with people for the largest crew and with power for all: nobody waits for ever."""
    for _ in range(4):
        problems = _stuck(tree)
        if not problems:
            return tree
        for problem in problems:
            path, needed = problem.path.split("."), _NEEDED.search(problem.message)
            if path[-1] == "additions_mw":
                tree["capacity"]["power"]["regions"][path[-2]]["additions_mw"] = "unlimited"
            elif path[-1] == "people_at_start" and needed:
                pool = tree["capacity"]["specialists"]["pools"][path[-2]]
                people = float(needed[1].replace(",", ""))
                pool["people_at_start"] = max(pool["people_at_start"], people) * 1.5 + 1
    if _stuck(tree):
        tree["policy"]["staffing"] = "fair_share"
    return tree


def _stuck(tree: Tree) -> list[Problem]:
    """Who would wait for ever."""
    try:
        from_tree(tree)
    except ConfigError as error:
        return error.problems
    return []


@st.composite
def trees(draw: Draw) -> Tree:
    """Plain trees of valid configs, ready for `sim.config.from_tree`."""
    return served(_tree(draw(_choices(*SECTIONS))))


@st.composite
def twin_trees(draw: Draw) -> tuple[Tree, Tree]:
    """Two valid trees that differ in policy and capacity only."""
    one, other = draw(_choices(*SECTIONS)), draw(_choices("policy", "capacity"))
    return served(_tree(one)), served(_tree(one | other))


def _no_projects(tree: Tree) -> None:
    tree["portfolio"]["projects"] = {}
    tree["pipelines"] = {}
    for maker in tree["capacity"]["equipment"].values():
        maker["reserved"] = {}


def _no_specialists(tree: Tree) -> None:
    """As good as none: with nobody at all, or whole crews wanted, the config is refused."""
    tree["policy"]["staffing"] = "fair_share"
    tree["capacity"]["specialists"]["measures"] = {}
    for pool in tree["capacity"]["specialists"]["pools"].values():
        pool.update(
            people_at_start=1e-6,
            unlimited=False,
            reference_demand_people={},
            training={},
            visas_per_month=0,
        )


def _zero_envelope(tree: Tree) -> None:
    tree["programme"].update(envelope_usd_bn=0, history="ignore")


def _one_day(tree: Tree) -> None:
    """From the start to the end in one day; the run-out sees the close of its deadline."""
    day = tree["programme"]["start"]
    after = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    tree["programme"].update(as_of=day, deadline=day, end=day, run_out=after, history="ignore")
    for project in tree["portfolio"]["projects"].values():
        project["proposed_date"] = day
    tree["pipelines"] = {}
    policy = tree["policy"]  # meetings of other days would never come to pass
    policy["events"] = policy["enforcement"]["reviews"] = {}
    for facility in tree["capacity"]["facilities"].values():
        facility |= {"signs_until": None, "unsigned": "extend", "reassigned_to": None}
    for name in ("consultation_committee", "investment_committee"):
        policy[name]["meetings"] = {"kind": "none"}
    policy["investment_committee"].pop("defer_probability", None)
    if policy["selection"]["rounds"] == "dates":
        policy["selection"]["dates"] = [day]


DEGENERATE: dict[str, Callable[[Tree], None]] = {
    "no projects": _no_projects,
    "no specialists": _no_specialists,
    "zero envelope": _zero_envelope,
    "one-day horizon": _one_day,
}


@st.composite
def degenerate_trees(draw: Draw, name: str) -> Tree:
    """Generated trees made degenerate in one way; see `DEGENERATE`."""
    tree = draw(trees())
    DEGENERATE[name](tree)
    return served(tree)

"""One whole log, worked by hand: every line of docs/replication.md says why it is right."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sim.config import from_tree
from sim.engine import replicate
from sim.events import CAUSES, KINDS, MONEY_KINDS, Kind
from sim.plan import Plan

GOLDEN = Path(__file__).resolve().parents[2] / "docs" / "replication.md"
MOST_LINES = 81
WHY = "  # "


def constant(value: float) -> dict[str, Any]:
    return {"kind": "constant", "value": value}


def sector(prospects_share: float) -> dict[str, Any]:
    return {
        "label": "Plants", "article_group": "energy",
        "screening_days": constant(14), "revision_days": constant(7),
        "prospects_share": constant(prospects_share), "revision_gain_share": constant(0.01),
        "japanese_content_share": constant(0.5),
        "permits": {
            "starts": "selection", "work_months": constant(2), "done_share": constant(0),
            "litigation_probability": 1, "litigation_months": constant(1),
            "litigation_max_rounds": 1,
        },
        "construction": {
            "basis": "outcome", "outcome_months": constant(4), "nominal_months": 4,
            "cost_ratio": constant(1),
        },
        "labour": {
            "labour_years_per_usd_bn": 1000, "specialist_share": 0.5, "crafts": {"electrical": 1},
        },
    }  # fmt: skip


def project(name: str, kind: str, usd_bn: float, proposed: str) -> dict[str, Any]:
    return {
        "name": name, "kind": "project", "sector": kind, "announced_usd_bn": usd_bn,
        "proposed_date": proposed, "source": "test",
    }  # fmt: skip


def three_plants() -> dict[str, Any]:
    """Constants only: no line of the log owes anything to chance."""
    sits = {"kind": "dates", "dates": ["2026-02-16", "2026-03-02"], "calendar": "us", "agenda": 1}
    return {
        "schema": 1,
        "programme": {
            "start": "2026-01-05", "as_of": "2026-01-05", "deadline": "2026-12-31",
            "end": "2026-12-31", "run_out": "2027-12-31", "envelope_usd_bn": 6,
            "history": "ignore",
        },
        "article_mix": {"energy": {"label": "Energy", "share_low": 0, "share_high": 1}},
        "sectors": {"strong": sector(0.2), "weak": sector(0.05)},
        "portfolio": {
            "projects": {
                "A": project("Plant A", "strong", 4, "2026-01-05"),
                "B": project("Plant B", "strong", 3, "2026-01-19"),
                "C": project("Plant C", "weak", 1, "2026-02-16"),
            }
        },
        "nature": {
            "viability_weight": 0, "shocks": {}, "round_interval_days": constant(30),
            "appraisal_days": {"jbic": constant(10)}, "call_desk_days": {"jbic": constant(2)},
            "funding": {
                "consult_probability": 0, "decline_probability": 0,
                "consultation_days": constant(0),
            },
            "enforcement": {
                "threat_days": constant(3),
                "route_delay_days": {"section_232": constant(2)},
            },
            "maxima": {
                "screening_rounds": 2, "committee_visits": 2, "selection_visits": 2,
                "presidential_rounds": 2, "calls": 2,
            },
        },
        "policy": {
            "screening": {
                "hurdle_share": 0.08, "japanese_content_min_share": 0.1,
                "benefit_otherwise_probability": 0, "max_rounds": 2,
            },
            "consultation_committee": {"meetings": {"kind": "none"}},
            "investment_committee": {"meetings": sits},
            "appraisal_starts": "recommendation",
            "selection": {"rounds": "dates", "dates": ["2026-03-02"], "calendar": "us"},
            "funding": {"response": "always_fund"},
            "calls": {
                "reading": "cap", "calendar": "both", "first_window_business_days": 10,
                "later_window_business_days": 5, "cure_business_days": 5, "lead_margin_days": 3,
                "slices": {
                    "first": {"share": 0.5, "trigger": "selection"},
                    "second": {"share": 0.5, "trigger": "progress 0.5"},
                },
                "facility_shares": {"jbic": 1},
            },
            "enforcement": {
                "baseline": {"general": {"2026-01-05": 0.15}}, "relief_days": 10,
                "acted_on_probability": {"call_missed": 1, "declined": 1},
                "signed_probability": 1,
                "routes": {"section_232": {"label": "Section 232", "rates": {"general": 0.25}}},
            },
        },
        "capacity": {
            "teams": {"label": "Teams", "count": 1},
            "facilities": {
                "jbic": {
                    "label": "JBIC", "instrument": "loan", "desks": 2,
                    "commitments": "unlimited",
                    "cash": {
                        "currency": "usd", "first_year": 2,
                        "per_fiscal_year": {"2026": 1.5}, "carry_over": False,
                    },
                }
            },
            "specialists": {
                "gap": {"people": 0, "date": "2030-01-01"},
                "pools": {
                    "electrical": {
                        "label": "Electricians", "kind": "dedicated", "people_at_start": 3000,
                    }
                },
            },
        },
    }  # fmt: skip


def told(plan: Plan, row: tuple[int, int, int, int, int, int, float]) -> str:
    """One line: date time event project resource cause part amount; '-' where there is none."""
    time, entity, kind, resource, cause, part, amount = row
    names = plan.names
    when = datetime.fromisoformat(plan.epoch.start.isoformat())
    when += timedelta(minutes=time)
    money = kind in MONEY_KINDS or (
        kind == Kind.CAPACITY_CHANGED and names.resource_units[resource] == "USD"
    )
    return " ".join(
        [
            f"{when:%Y-%m-%d %H:%M}",
            KINDS[kind],
            names.projects[entity] if entity >= 0 else "-",
            names.resources[resource] if resource >= 0 else "-",
            CAUSES[cause] if cause else "-",
            str(part),
            f"{amount / 100:.2f}" if money else f"{amount:g}",
        ]
    )


def the_log() -> list[str]:
    plan = Plan.of(from_tree(three_plants()))
    log = replicate(plan, 1, 0).log
    columns = (log.time, log.project, log.kind, log.resource, log.cause, log.part, log.amount)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [told(plan, row) for row in rows]


def golden_lines() -> list[tuple[str, str]]:
    """Each line of the document and its reason; lines of comment only are left out."""
    block = GOLDEN.read_text(encoding="utf-8").partition("```text\n")[2].partition("\n```")[0]
    lines = block.splitlines()
    split = [line.partition(WHY) for line in lines if line and not line.startswith("#")]
    return [(told.rstrip(), why.strip()) for told, _, why in split]


def test_three_plants_go_exactly_as_worked_out_by_hand() -> None:
    assert the_log() == [line for line, _ in golden_lines()]


def test_the_golden_log_is_short_and_every_line_says_why() -> None:
    lines = golden_lines()
    assert len(lines) <= MOST_LINES
    assert all(why for _, why in lines)

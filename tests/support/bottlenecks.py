"""Eight like projects and nothing scarce: a config of which a test narrows one thing."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from support.generated_configs import MOST_PROJECTS, Tree


def bottleneck_tree() -> Tree:
    """Eight like projects from one day on, everything unlimited; a test narrows one thing."""
    constant = {"kind": "constant", "value": 0}
    unlimited = {"label": "Unlimited", "count": "unlimited"}
    return {
        "schema": 1,
        "programme": {
            "start": "2026-01-05", "as_of": "2026-01-05", "deadline": "2026-12-31",
            "end": "2026-12-31", "run_out": "2031-12-31", "envelope_usd_bn": 550,
            "history": "ignore",
        },
        "article_mix": {"energy": {"label": "Energy", "share_low": 0, "share_high": 1}},
        "sectors": {
            "gas": {
                "label": "Gas", "article_group": "energy",
                "screening_days": {"kind": "uniform", "low": 5, "high": 40},
                "revision_days": {"kind": "uniform", "low": 5, "high": 30},
                "prospects_share": {"kind": "uniform", "low": 0.07, "high": 0.12},
                "revision_gain_share": {"kind": "constant", "value": 0.01},
                "japanese_content_share": {"kind": "constant", "value": 0.5},
                "permits": {
                    "starts": "proposal", "agency": "bureau",
                    "work_months": {"kind": "uniform", "low": 1, "high": 6},
                    "done_share": constant,
                },
                "construction": {
                    "basis": "outcome", "nominal_months": 12,
                    "outcome_months": {"kind": "uniform", "low": 6, "high": 18},
                    "cost_ratio": {"kind": "constant", "value": 1},
                },
                "labour": {
                    "labour_years_per_usd_bn": 1000, "specialist_share": 0.5,
                    "crafts": {"electrical": 1},
                },
                "equipment": {
                    "turbines": {
                        "slots_per_unit": 1, "gate_progress": 0.3,
                        "delivery_months": {"kind": "uniform", "low": 3, "high": 9},
                    },
                },
                "power": {
                    "role": "load", "mw_per_usd_bn": 100,
                    "connection_months": {"kind": "uniform", "low": 6, "high": 12},
                },
            }
        },
        "portfolio": {
            "projects": {
                f"P{number}": {
                    "name": f"Plant {number}", "kind": "project", "sector": "gas",
                    "announced_usd_bn": 1 + number / 2, "proposed_date": "2026-01-05",
                    "source": "test",
                }
                for number in range(MOST_PROJECTS)
            }
        },
        "nature": {
            "viability_weight": 0, "shocks": {}, "round_interval_days": constant,
            "appraisal_days": {"jbic": {"kind": "uniform", "low": 20, "high": 60}},
            "call_desk_days": {"jbic": {"kind": "uniform", "low": 2, "high": 10}},
            "funding": {
                "consult_probability": 0, "decline_probability": 0, "consultation_days": constant,
            },
            "enforcement": {"threat_days": constant, "route_delay_days": {"none": constant}},
            "maxima": {
                "screening_rounds": 4, "committee_visits": 9, "selection_visits": 9,
                "presidential_rounds": 9, "calls": 2,
            },
        },
        "policy": {
            "screening": {
                "hurdle_share": 0.08, "japanese_content_min_share": 0,
                "benefit_otherwise_probability": 0, "max_rounds": 4,
            },
            "consultation_committee": {"meetings": {"kind": "none"}},
            "investment_committee": {"meetings": {"kind": "none"}},
            "appraisal_starts": "recommendation",
            "selection": {"rounds": "immediate"},
            "funding": {"response": "always_fund"},
            "calls": {
                "reading": "cap", "first_window_business_days": 20,
                "later_window_business_days": 10,
                "slices": {
                    "first": {"share": 0.5, "trigger": "selection"},
                    "second": {"share": 0.5, "trigger": "progress 0.5"},
                },
                "facility_shares": {"jbic": 1},
            },
            "enforcement": {
                "active": False, "baseline": {"general": {"2026-01-05": 0.15}}, "relief_days": 0,
                "acted_on_probability": {"call_missed": 0, "declined": 0},
                "signed_probability": 0,
                "routes": {"none": {"label": "None", "rates": {"general": 0.15}}},
            },
        },
        "capacity": {
            "teams": dict(unlimited),
            "agencies": {"bureau": dict(unlimited)},
            "facilities": {
                "jbic": {
                    "label": "JBIC", "instrument": "loan", "desks": "unlimited",
                    "commitments": "unlimited", "cash": "unlimited",
                }
            },
            "equipment": {"turbines": {"label": "Turbines", "slots": "unlimited"}},
            "power": {
                "elsewhere": "grid",
                "regions": {"grid": {"label": "Grid", "states": [], "additions_mw": "unlimited"}},
            },
            "specialists": {
                "gap": {"people": 0, "date": "2030-01-01"},
                "pools": {
                    "electrical": {
                        "label": "Electricians", "kind": "dedicated",
                        "people_at_start": 0, "unlimited": True,
                    }
                },
            },
        },
    }  # fmt: skip


def put(tree: Tree, path: str, value: Any) -> Tree:
    tree = deepcopy(tree)
    *way, last = path.split(".")
    here = tree
    for key in way:
        here = here[key]
    here[last] = value
    return tree

"""The Arrow schemas of a run's tables: fixed here, so that every writer and reader agrees.

A column is a name and a word for its type. Words of `DICTIONARIES` are dictionary-coded text whose
values come from the config (in its order) or from the lists of this module; codes below zero are
null. ``date`` is ``timestamp[ms]``. No column holds free text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.events.causes import CAUSES, WAITS
from sim.events.kinds import KINDS, MILESTONES
from sim.events.ledger_causes import LEDGER_CAUSES
from sim.events.log import Names
from sim.events.money import ACCOUNTS, NO_RATE, PARTIES, REASONS
from sim.events.responses import RESPONSES

if TYPE_CHECKING:
    import pyarrow as pa

# What a project is at the end of a replication, by the last milestone it reached: in life order,
# then the ways out.
REACHED: dict[str, str] = {
    "not_proposed": "",
    "proposed": "proposed",  # screened, in revision, or queueing for it
    "docketed": "docketed",
    "endorsed": "endorsed",
    "recommended": "recommended",
    "selected": "selected",  # Japan has not decided yet
    "waiting_for_ntp": "funding_decided",
    "building": "ntp",
    "built": "built",
    "operating": "operating",
    "rejected": "rejected",
    "lapsed": "lapsed",
    "declined": "declined",
    "cancelled": "cancelled",
    "refused": "refused",
}
STATUSES: tuple[str, ...] = tuple(REACHED)

UNITS: tuple[str, ...] = ("servers", "USD bn", "people", "slots", "MW")

# Days between two milestones in the projects table: column -> (from, to).
INTERVALS: dict[str, tuple[str, str]] = {
    "days_proposal_to_selection": ("proposed", "selected"),
    "days_selection_to_first_call_paid": ("selected", "first_call_paid"),
    "days_selection_to_permits": ("selected", "permits_granted"),
    "days_selection_to_ntp": ("selected", "ntp"),
    "days_ntp_to_operation": ("ntp", "operating"),
    "days_selection_to_operation": ("selected", "operating"),
    "days_proposal_to_operation": ("proposed", "operating"),
}

Columns = tuple[tuple[str, str], ...]

TABLES: dict[str, Columns] = {
    "events": (
        ("replication", "int32"),
        ("seq", "int32"),
        ("time", "int64"),
        ("date", "date"),
        ("project", "project"),
        ("event", "event"),
        ("resource", "resource"),
        ("cause", "cause"),
        ("part", "int16"),
        ("amount", "float64"),
    ),
    "projects": (
        ("replication", "int32"),
        ("project", "project"),
        ("sector", "sector"),
        ("state", "state"),
        ("named", "bool"),
        ("units", "int32"),
        ("cost_usd_bn", "float64"),
        ("commitment_usd_bn", "float64"),
        ("selected_usd_bn", "float64"),
        ("cost_ratio", "float64"),
        ("final_cost_usd_bn", "float64"),
        ("japanese_content_share", "float64"),
        ("prospects_share", "float64"),
        ("specialists", "float64"),
        ("build_days_planned", "float64"),
        ("status", "status"),
        ("censored", "bool"),
        *((name, "date") for name in MILESTONES),
        ("called_usd_bn", "float64"),
        ("paid_usd_bn", "float64"),
        ("topup_usd_bn", "float64"),
        ("spent_usd_bn", "float64"),
        ("completed_usd_bn", "float64"),
        ("released_usd_bn", "float64"),
        ("returned_usd_bn", "float64"),
        ("withdrawn_usd_bn", "float64"),
        ("revisions", "int32"),
        ("litigation_rounds", "int32"),
        ("late_calls", "int32"),
        ("missed_calls", "int32"),
        ("pauses", "int32"),
        *((name, "float64") for name in INTERVALS),
        *((f"waited_{cause.name.lower()}_days", "float64") for cause in WAITS),
        *((f"delay_{cause}_days", "float64") for cause in LEDGER_CAUSES),
        *((f"hidden_{cause}_days", "float64") for cause in LEDGER_CAUSES),
        *((f"drag_{cause}_days", "float64") for cause in LEDGER_CAUSES),
    ),
    "delays": (
        ("replication", "int32"),
        ("project", "project"),
        ("cause", "ledger_cause"),
        ("resource", "resource"),
        ("held_days", "float64"),
        ("days", "float64"),
        ("hidden_days", "float64"),
        ("drag_days", "float64"),
    ),
    "held": (
        ("replication", "int32"),
        ("month", "date"),
        ("cause", "ledger_cause"),
        ("resource", "resource"),
        ("usd_bn", "float64"),
    ),
    "timeline": (
        ("replication", "int32"),
        ("month", "date"),
        ("proposed_usd_bn", "float64"),
        ("selected_usd_bn", "float64"),
        ("committed_usd_bn", "float64"),
        ("called_usd_bn", "float64"),
        ("paid_usd_bn", "float64"),
        ("spent_usd_bn", "float64"),
        ("under_construction_usd_bn", "float64"),
        ("completed_usd_bn", "float64"),
        ("selected_count", "int32"),
        ("completed_count", "int32"),
        ("open_breaches", "int32"),
        ("tariff_general", "float64"),
        ("tariff_autos", "float64"),
        ("tariff_pharma", "float64"),
        ("tariff_chips", "float64"),
        ("specialists_wanted", "float64"),
        ("specialists_granted", "float64"),
        ("specialists_gap_people", "float64"),
    ),
    "capacity": (
        ("replication", "int32"),
        ("month", "date"),
        ("resource", "resource"),
        ("unit", "unit"),
        ("capacity", "float64"),
        ("in_use", "float64"),
        ("waiting_mean", "float64"),
        ("waiting_max", "float64"),
        ("share_of_time_at_limit", "float64"),
        ("waiting_usd_bn", "float64"),
    ),
    "capacity_trace": (
        ("replication", "int32"),
        ("time", "int64"),
        ("date", "date"),
        ("resource", "resource"),
        ("unit", "unit"),
        ("capacity", "float64"),
        ("in_use", "float64"),
        ("waiting", "float64"),
        ("waiting_usd_bn", "float64"),
    ),
    "finance": (
        ("replication", "int32"),
        ("project", "project"),
        ("sector", "sector"),
        ("state", "state"),
        ("finished", "bool"),
        ("yield_share", "float64"),
        ("japan_usd_bn", "float64"),
        ("partners_usd_bn", "float64"),
        ("overrun_usd_bn", "float64"),
        ("spent_usd_bn", "float64"),
        ("distributed_usd_bn", "float64"),
        ("received_usd_bn_us", "float64"),
        ("received_usd_bn_japan", "float64"),
        ("received_usd_bn_partners", "float64"),
        ("earns_deemed_rate", "bool"),
        ("meets_deemed_amount", "bool"),
        ("unmet_usd_bn", "float64"),
        ("lost_usd_bn", "float64"),
        ("flip_date", "date"),
        *(
            column
            for party in PARTIES
            for column in (
                (f"irr_{party}", "float64"),
                (f"no_irr_{party}", "no_rate"),
                (f"multiple_{party}", "float64"),
                (f"npv_usd_bn_{party}", "float64"),
                (f"payback_years_{party}", "float64"),
            )
        ),
    ),
    "ledger": (
        ("replication", "int32"),
        ("minute", "int64"),
        ("project", "project"),
        ("debit", "account"),
        ("credit", "account"),
        ("amount_cents", "int64"),
        ("reason", "reason"),
        ("part", "int16"),
    ),
    "distributions": (
        ("replication", "int32"),
        ("year", "int32"),
        ("project", "project"),
        ("party", "party"),
        ("amount_cents", "int64"),
    ),
    "duties": (
        ("replication", "int32"),
        ("year", "int32"),
        *(
            (f"{what}_{case}usd_bn", "float64")
            for what in ("exports", "duties", "borne")
            for case in ("", "baseline_", "as_threatened_", "as_courts_left_it_")
        ),
        ("net_paid_usd_bn", "float64"),
        ("at_risk_usd_bn", "float64"),
    ),
    "outcomes": (("replication", "int32"), *((name, "float64") for name in RESPONSES)),
}

# Width of a dictionary's codes; -1 is null.
DICTIONARIES: dict[str, str] = {
    "project": "int32",
    "event": "int16",
    "resource": "int16",
    "cause": "int16",
    "sector": "int16",
    "state": "int16",
    "status": "int16",
    "unit": "int16",
    "ledger_cause": "int16",
    "account": "int16",
    "reason": "int16",
    "party": "int16",
    "no_rate": "int16",
}


def arrow_schema(table: str) -> pa.Schema:
    """Schema of one table of the run folder.

    Raises
    ------
    KeyError
        If ``table`` is not one of `TABLES`.
    """
    import pyarrow as pa

    plain = {
        "int16": pa.int16(),
        "int32": pa.int32(),
        "int64": pa.int64(),
        "float64": pa.float64(),
        "bool": pa.bool_(),
        "date": pa.timestamp("ms"),
    }
    coded = {word: pa.dictionary(plain[code], pa.string()) for word, code in DICTIONARIES.items()}
    types = plain | coded
    return pa.schema([(name, types[word]) for name, word in TABLES[table]])


def dictionary_values(names: Names) -> dict[str, tuple[str, ...]]:
    """Values behind the codes of each word of `DICTIONARIES`, the same in every replication."""
    return {
        "project": names.projects,
        "event": KINDS,
        "resource": names.resources,
        "cause": CAUSES[1:],  # no cause is null
        "sector": names.sectors,
        "state": names.states,
        "status": STATUSES,
        "unit": UNITS,
        "ledger_cause": LEDGER_CAUSES,
        "account": ACCOUNTS,
        "reason": tuple(REASONS),
        "party": tuple(PARTIES),
        "no_rate": tuple(NO_RATE),
    }

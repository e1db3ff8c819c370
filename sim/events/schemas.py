"""The Arrow schemas of a run's tables: fixed here, so that every writer and reader agrees.

A column is a name and a word for its type. Words of `DICTIONARIES` are dictionary-coded text whose
values come from the config (in its order) or from the lists of this module; codes below zero are
null. ``date`` is ``timestamp[ms]``. No column holds free text.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
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

# Dictionary-coded words, their codes of 16 bits but for one; -1 is null.
DICTIONARIES: dict[str, str] = {"project": "int32"} | dict.fromkeys(
    ("event", "resource", "cause", "sector", "state", "status", "unit", "ledger_cause", "account",
     "reason", "party", "no_rate"), "int16"
)  # fmt: skip


def _columns(text: str) -> Columns:
    """Columns as ``name:type``.

    Without a type a dictionary's word or ``date`` is of its own, everything else a float64.
    """
    found = []
    for word in text.split():
        name, _, kind = word.partition(":")
        found.append((name, kind or (name if name in (*DICTIONARIES, "date") else "float64")))
    return tuple(found)


def _floats(names: Iterable[str]) -> Columns:
    return tuple((name, "float64") for name in names)


TABLES: dict[str, Columns] = {
    "events": _columns(
        "replication:int32 seq:int32 time:int64 date project event resource cause part:int16 amount"
    ),
    "projects": (
        *_columns(
            "replication:int32 project sector state named:bool units:int32 cost_usd_bn "
            "commitment_usd_bn selected_usd_bn cost_ratio final_cost_usd_bn japanese_content_share "
            "prospects_share specialists build_days_planned status censored:bool"
        ),
        *((name, "date") for name in MILESTONES),
        *_columns(
            "called_usd_bn paid_usd_bn topup_usd_bn spent_usd_bn completed_usd_bn released_usd_bn "
            "returned_usd_bn withdrawn_usd_bn revisions:int32 litigation_rounds:int32 "
            "late_calls:int32 missed_calls:int32 pauses:int32"
        ),
        *_floats(INTERVALS),
        *_floats(f"waited_{cause.name.lower()}_days" for cause in WAITS),
        *_floats(
            f"{word}_{cause}_days"
            for word in ("delay", "hidden", "drag")
            for cause in LEDGER_CAUSES
        ),
    ),
    "delays": _columns(
        "replication:int32 project cause:ledger_cause resource held_days days hidden_days drag_days"
    ),
    "held": _columns("replication:int32 month:date cause:ledger_cause resource usd_bn"),
    "timeline": _columns(
        "replication:int32 month:date proposed_usd_bn selected_usd_bn committed_usd_bn "
        "called_usd_bn paid_usd_bn spent_usd_bn under_construction_usd_bn completed_usd_bn "
        "selected_count:int32 completed_count:int32 open_breaches:int32 hostile_japan:int32 "
        "hostile_us:int32 tariff_general tariff_autos tariff_pharma tariff_chips "
        "specialists_wanted specialists_granted specialists_gap_people"
    ),
    "capacity": _columns(
        "replication:int32 month:date resource unit capacity in_use waiting_mean waiting_max "
        "share_of_time_at_limit waiting_usd_bn"
    ),
    "capacity_trace": _columns(
        "replication:int32 time:int64 date resource unit capacity in_use waiting waiting_usd_bn"
    ),
    "finance": _columns(
        "replication:int32 project sector state finished:bool yield_share japan_usd_bn "
        "partners_usd_bn overrun_usd_bn spent_usd_bn distributed_usd_bn received_usd_bn_us "
        "received_usd_bn_japan received_usd_bn_partners earns_deemed_rate:bool "
        "meets_deemed_amount:bool unmet_usd_bn lost_usd_bn flip_date:date "
        + " ".join(
            f"irr_{party} no_irr_{party}:no_rate multiple_{party} npv_usd_bn_{party} "
            f"payback_years_{party}"
            for party in PARTIES
        )
    ),
    "ledger": _columns(
        "replication:int32 minute:int64 project debit:account credit:account amount_cents:int64 "
        "reason part:int16"
    ),
    "distributions": _columns("replication:int32 year:int32 project party amount_cents:int64"),
    "duties": (
        *_columns("replication:int32 year:int32"),
        *_floats(
            f"{what}_{case}usd_bn"
            for what in ("exports", "duties", "borne")
            for case in ("", "baseline_", "as_threatened_", "as_courts_left_it_")
        ),
        *_columns("net_paid_usd_bn at_risk_usd_bn"),
    ),
    "outcomes": (("replication", "int32"), *_floats(RESPONSES)),
}


@cache
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

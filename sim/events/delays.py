"""What the delay ledger charges a project's days to (model section 8)."""

from __future__ import annotations

# What a day between proposal and the end is charged to in the delay ledger, in life order.
LEDGER_CAUSES: tuple[str, ...] = (
    "reviewing",  # screening rounds and revisions
    "team_queue",
    "cc_wait",
    "ic_wait",
    "selection_wait",
    "appraisal",  # its queue and its work
    "consultation",
    "funding_window",
    "funding_desk",  # its queue and its work
    "funding_money",  # commitments and cash
    "permit_work",
    "permit_queue",
    "litigation",
    "equipment",  # slot, delivery and installation
    "crews_waited",  # on the site, with nobody
    "crews_short",  # elapsed x (1 - rate)
    "nominal_building",
    "overrun",  # building beyond the nominal time; below 0 where it was faster
    "cash_starved",
    "power",  # connection and megawatts
    "paused",
    "recorded",  # what history skips or pins
)

# Causes added up in the responses delay_<group>_days_mean.
LEDGER_GROUPS: dict[str, tuple[str, ...]] = {
    "review": LEDGER_CAUSES[:5],
    "appraisal_and_funding": (*LEDGER_CAUSES[5:10], "cash_starved"),
    "permits": LEDGER_CAUSES[10:13],
    "equipment": ("equipment",),
    "crews": ("crews_waited", "crews_short"),
    "building": ("nominal_building", "overrun"),
    "power": ("power",),
    "paused": ("paused",),
    "recorded": ("recorded",),
}

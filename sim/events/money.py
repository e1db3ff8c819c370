"""Words of money: who holds it, why it moves, and why a flow of it has no rate of return."""

from __future__ import annotations

# Accounts. ``envelope`` and ``committed`` hold promises, all others money; ``market`` stands for
# everybody outside: who buys what projects make, and what is sold of those given up.
ACCOUNTS: tuple[str, ...] = (
    "envelope", "committed", "jbic", "insured_lenders", "nexi", "equity", "partners", "spv",
    "contractors", "us", "japan", "market",
)  # fmt: skip

# Who has returns of its own, and what summaries call it; ``japan`` is the four on its side.
PARTIES: dict[str, str] = {
    "us": "the United States",
    "jbic": "JBIC",
    "insured_lenders": "insured lenders",
    "nexi": "NEXI",
    "equity": "equity",
    "partners": "partners",
    "japan": "Japan's side",
}

SHARING = ("us", "japan", "partners")  # those between whom profit is shared

# Reason of a transfer: who receives (debit) from whom (credit).
REASONS: dict[str, str] = {
    "committed": "committed from the envelope at selection",
    "released": "back to the envelope: declined or cancelled",
    "drawn": "the project from a facility; part: slice",
    "topup": "likewise, for an overrun; part: slice",
    "returned": "a facility from a cancelled project, what was not spent",
    "contribution": "the project from partners, as planned",
    "overrun": "likewise, beyond the plan",
    "spent": "contractors from the project, for progress",
    "earned": "the project from the market, operating cash",
    "refresh": "contractors from the project, for renewal",
    "distributed": "the US, partners or Japan's side from the project",
    "interest": "a lender from Japan's side, or from the project where loans are senior",
    "principal": "likewise",
    "dividend": "equity from Japan's side",
    "recapture": "the US from Japan's side",
    "premium": "the insurer from insured lenders",
    "claim": "insured lenders from the insurer",
    "recovery": "a lender or the insurer from the market, of principal lost",
}

# Why there is no rate of return.
NO_RATE: dict[str, str] = {
    "nothing_paid_in": "there is no outlay",
    "nothing_received": "all that was paid in is lost",
    "received_first": "it receives before it pays: a rate would be its cost",
    "all_but_lost": "the rate would be below -99 % a year",
    "several_rates": "several rates fit",
    "no_rate": "no rate fits",
    "unfinished": "the project was not finished when the run ended",
}

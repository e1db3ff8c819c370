"""Programmes in which a call is missed or a project declined, for the tests by hand."""

from __future__ import annotations

from typing import Any

from support.hand_runs import bare_tree, yearly


def one(day: str, bn: float = 1, **row: Any) -> dict[str, Any]:
    """A row of the portfolio."""
    return {"announced_usd_bn": bn, "proposed_date": day, **row}


def tariff_tree(**projects: dict[str, Any]) -> dict[str, Any]:
    """Windows of 5 and 3 (cure) days, all open. Notice 30, consultation 60 + 30, relief 30 days."""
    tree = bare_tree(**projects)
    tree["policy"]["calls"].update(first_window_business_days=5, cure_business_days=3)
    tree["policy"]["enforcement"]["active"] = True
    return tree


def starved_tree(years: dict[str, float], **projects: dict[str, Any]) -> dict[str, Any]:
    """Calls that wait for yearly money."""
    tree = tariff_tree(**projects)
    cash = yearly(first_year=0, per_fiscal_year=years)
    tree["capacity"]["facilities"]["jbic"]["cash"] = cash
    return tree

"""The Ohio plant of `worked_spv`, worked in exact fractions by quarter; `sim` says only what it is.

Terms of the base: deemed rate = reference + 1.5 points, 50/50 then 90/10, life 25 years, loans over
20 years from six months after the last unit, cover 97.5 % at 0.8 % a year, claims six months later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from replications import base

from sim.study.findings.plants import drawings
from sim.study.findings.worked_spv import OHIO

F = Fraction
COST, RATIO, UNITS = OHIO.cost_cents, OHIO.cost_ratio, len(OHIO.units)
QUARTERS, FIRST_RUNS, LAST_RUNS = 140, 20, 31  # counted from July 2025
LIFE, GRACE, TENOR = 100, 2, 80
YIELD, SPREAD = F(84, 1000), F(15, 1000)
COVER, PREMIUM = F(975, 1000), F(8, 1000)


def number(day: date) -> int:
    return (day.year - 2025) * 4 + (day.month - 7) // 3


def rate(quarter: int) -> F:
    """Of a quarter: the reference rate in force when it begins, and the spread."""
    reference = F(40, 1000) if quarter < 2 else F(36, 1000) if quarter < 10 else F(32, 1000)
    return (reference + SPREAD) / 4


@dataclass
class Worked:
    """Cents by quarter."""

    earned: list[int] = field(default_factory=list)
    us: list[int] = field(default_factory=list)
    japan: list[int] = field(default_factory=list)
    unmet: list[int] = field(default_factory=list)
    interest: list[int] = field(default_factory=list)
    principal: list[int] = field(default_factory=list)
    premium: list[int] = field(default_factory=list)
    lost: int = 0
    lost_insured: int = 0
    claim: int = 0


def output(quarter: int) -> tuple[F, int]:
    """Units at full output, in units; and how many are within their life."""
    full, running = F(0), 0
    for day in OHIO.units:
        age = quarter - number(day)
        if 0 <= age < LIFE:
            full += F(1, 2) if age == 0 else 1  # three months' ramp: half of the first quarter
            running += 1
    return full, running


def work() -> Worked:
    made = Worked()
    drawn = {number(day): sum(parts[:2]) for day, parts in drawings(base(), OHIO).items()}
    insured = F(28, 92)
    capital = F(0)
    so_far, unmet, unpaid, overdue = F(0), F(0), 0, 0
    due_interest, due_principal, told = F(0), F(0), [0, 0]
    left = {quarter: F(1) for quarter in drawn} | {3: F(61, 91)}  # paid on 1 May
    for quarter in range(QUARTERS):
        per, new, part = rate(quarter), drawn.get(quarter, 0), left.get(quarter, F(0))
        insured_before = capital * insured if quarter >= FIRST_RUNS else F(0)
        if quarter < FIRST_RUNS:
            capital = capital * (1 + per) + new + new * part * per
        else:
            due_interest += (capital * (1 - due_share(quarter - 1)) + new * part) * per
            capital += new
            due_principal = capital * due_share(quarter)
        full, running = output(quarter)
        so_far += COST * YIELD / 4 / UNITS * full
        earned = round(so_far) - sum(made.earned)
        us = earned // 2  # the need is never met: half and half for life
        japan = earned - us
        unmet += F(COST, UNITS) * running * (per + F(1, LIFE)) - us
        # Interest first, with what is carried of it; then principal due.
        now = (round(due_interest) - told[0], round(due_principal) - told[1])
        told = [round(due_interest), round(due_principal)]
        owing = unpaid + now[0] + round((unpaid + overdue) * per)
        paid = min(japan, owing)
        unpaid = owing - paid
        back = min(japan - paid, overdue + now[1])
        overdue += now[1] - back
        asked = round(insured_before * COVER * PREMIUM / 4)
        made.earned.append(earned)
        made.us.append(us)
        made.japan.append(japan)
        made.unmet.append(round(unmet))
        made.interest.append(paid)
        made.principal.append(back)
        made.premium.append(min(paid - int(paid * (1 - insured)), asked))
    made.lost = round(capital) - sum(made.principal)
    made.lost_insured = round(capital * insured)
    made.claim = int(made.lost_insured * COVER)
    return made


def due_share(quarter: int) -> F:
    """Of the principal, due by the end of a quarter."""
    return min(F(1), max(F(0), F(quarter + 1 - LAST_RUNS - GRACE, TENOR - GRACE)))


def partners() -> int:
    """All of the overrun: nothing of the plan is theirs."""
    return round(COST * F(str(RATIO))) - COST

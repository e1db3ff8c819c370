"""The rules of the waterfall and of loans once more, project by project and period by period."""

from __future__ import annotations

from fractions import Fraction


def per_period(cash, deemed, before, after, growth=None):
    """US, Japan and what is left unmet, for one project: whole cents and exact shares."""
    poorer = min(before, 1 - before)
    unmet, rows = 0, []
    for period, (money, due) in enumerate(zip(cash, deemed, strict=True)):
        owed = unmet * (growth[period] if growth else 1)
        need = round(owed) + due
        first = min(money, -(-need // poorer))
        us = int(first * before // 1) + int((money - first) * after // 1)
        unmet = max(0, owed + due - int(money * poorer // 1))
        rows.append((us, money - us, round(unmet)))
    return rows


def cumulative(cash, put, before, after, growth):
    """The same until principal and interest have gone to each side; ``put`` ends before that."""
    poorer = min(before, 1 - before)
    unmet, done, rows = Fraction(0), False, []
    for period, (money, paid) in enumerate(zip(cash, put, strict=True)):
        need = 0 if done else unmet * growth[period] + paid
        first = min(money, -(-round(need) // poorer))
        us = int(first * before // 1) + int((money - first) * after // 1)
        unmet = max(Fraction(0), need - int(money * poorer // 1))
        done = done or (round(unmet) == 0 and sum(put[period + 1 :]) == 0)
        rows.append((us, money - us, round(unmet)))
    return rows


def serve(interest, principal, rate, cash):
    """Interest, principal and surplus paid of one debt: arrears bear interest."""
    unpaid, overdue, rows = 0, 0, []
    for due, back, per, money in zip(interest, principal, rate, cash, strict=True):
        owed = unpaid + due + round((unpaid + overdue) * per)
        paid = min(money, owed)
        unpaid = owed - paid
        returned = min(money - paid, overdue + back)
        overdue += back - returned
        rows.append((paid, returned, money - paid - returned))
    return rows

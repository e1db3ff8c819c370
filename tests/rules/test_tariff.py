"""The tariff machine as a table of all its steps. See docs/model.md, "Enforcement"."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.rules.tariff import Facts, Order, Stage, shared_stages

C, N, K, R, L = Stage.COMPLIANT, Stage.NOTICE, Stage.CONSULTATION, Stage.RAISED, Stage.RELIEF

# Where a step leads by (breach open, timer, new breach); what is not named stays where it is.
# The order given says where the machine has gone.
MOVES = {
    C: {
        # Any open breach sets it going.
        (True, False, False): N, (True, False, True): N,
        (True, True, False): N, (True, True, True): N,
    },
    N: {
        # The set emptying in notice returns to compliant; else the timer leads on.
        (False, False, False): C, (False, False, True): C,
        (False, True, False): C, (False, True, True): C,
        (True, True, False): K, (True, True, True): K,
    },
    K: {
        (False, False, False): C, (False, False, True): C,
        (False, True, False): C, (False, True, True): C,
        (True, True, False): R, (True, True, True): R,
    },
    R: {
        # Emptying, or the legal duration, gives relief. A new breach restarts nothing.
        (False, False, False): L, (False, False, True): L,
        (False, True, False): L, (False, True, True): L,
        (True, True, False): L, (True, True, True): L,
    },
    L: {
        # A new breach raises at once, in the minute of the timer too. Else the timer ends it.
        (True, False, True): R, (True, True, True): R,
        (True, True, False): C,
        (False, True, False): C, (False, True, True): C,
    },
}  # fmt: skip
ORDER = {N: Order.NOTICE, K: Order.CONSULT, R: Order.RAISE, L: Order.RELIEVE, C: Order.COMPLY}
EVERY = [
    (stage, facts, MOVES[stage].get(facts, stage))
    for stage in Stage
    for facts in product((False, True), repeat=3)
]


@pytest.mark.parametrize(("stage", "facts", "after"), EVERY)
def test_every_step_of_the_machine_is_the_one_of_the_table(stage, facts, after):
    breached, timer, new = facts
    order = None if after is stage else ORDER[after]
    assert shared_stages(stage, Facts(int(breached), timer, new)) == (after, order)


@pytest.mark.parametrize("stage", [Stage.NOTICE, Stage.CONSULTATION])
def test_the_set_of_breaches_emptying_in_notice_or_consultation_returns_to_compliant(stage):
    assert shared_stages(stage, Facts(0)) == (Stage.COMPLIANT, Order.COMPLY)
    assert shared_stages(stage, Facts(0, timer=True)) == (Stage.COMPLIANT, Order.COMPLY)


def test_a_new_breach_in_relief_raises_at_once():
    assert shared_stages(Stage.RELIEF, Facts(1, new_breach=True)) == (Stage.RAISED, Order.RAISE)


def test_an_old_breach_in_relief_waits_for_the_end_of_relief():
    assert shared_stages(Stage.RELIEF, Facts(1)) == (Stage.RELIEF, None)
    assert shared_stages(Stage.RELIEF, Facts(1, timer=True)) == (Stage.COMPLIANT, Order.COMPLY)
    assert shared_stages(Stage.COMPLIANT, Facts(1)) == (Stage.NOTICE, Order.NOTICE)


def test_in_raised_a_second_breach_restarts_nothing():
    assert shared_stages(Stage.RAISED, Facts(2, new_breach=True)) == (Stage.RAISED, None)


@settings(derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.booleans()), max_size=30))
def test_a_tariff_is_raised_only_with_an_open_breach_behind_it(steps):
    stage = Stage.COMPLIANT
    for breaches, timer, new in steps:
        stage, order = shared_stages(stage, Facts(breaches, timer, new))
        if order is Order.RAISE:
            assert breaches > 0
        if stage is Stage.RAISED:
            assert breaches > 0

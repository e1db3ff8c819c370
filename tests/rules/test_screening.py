"""The two tests of the teams, and Japan's answer to a notice. Model sections 4.2 and 4.5."""

from __future__ import annotations

import pytest

from sim.rules.screening import (
    FundingView,
    Response,
    always_fund,
    as_disposed,
    two_tests,
)


def noticed(consult: float, decline: float) -> FundingView:
    """A notice to a Japan that consults with probability 0.3 and declines with 0.1."""
    return FundingView(consult, decline, 0.3, 0.1, commitment_cents=100, sector="gas", state="TX")


BARS = 0.1, 0.2, 0.5


@pytest.mark.parametrize(
    ("prospects", "content", "favour", "verdict"),
    [
        (0.1, 0.2, 0.99, "passes"),  # at both bars, whatever the favour
        (0.0999, 0.9, 0.01, "prospects"),
        (0.0999, 0.0, 0.99, "prospects"),  # failed first is what is named
        (0.1, 0.1999, 0.4999, "passes"),  # little content, but in favour
        (0.1, 0.1999, 0.5, "benefit"),
    ],
)
def test_both_tests_must_be_passed_and_the_first_failed_is_named(
    prospects, content, favour, verdict
):
    assert two_tests(prospects, content, favour, *BARS) == verdict


@pytest.mark.parametrize(
    ("consult", "decline", "answer"),
    [
        (0.3, 0.1, "fund"),  # neither disposition is below its probability
        (0.2999, 0.1, "consult"),
        (0.3, 0.0999, "decline"),
        (0.2999, 0.0999, "decline"),
    ],
)
def test_a_disposition_below_its_probability_acts(consult, decline, answer):
    assert as_disposed(noticed(consult, decline)) is Response(answer)


def test_always_fund_ignores_every_disposition():
    assert always_fund(noticed(0.0, 0.0)) is Response.FUND

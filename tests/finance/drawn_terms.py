"""Finance sections and worlds for operation, drawn at random."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from replications import base

from sim.config.finance import Finance
from sim.events import OperationDraws, Replication


@st.composite
def finances(draw: Any) -> Finance:
    """The base's finance section with its readings, rates and terms changed."""
    finance = base().finance
    assert finance is not None
    pick = lambda *values: draw(st.sampled_from(values))  # noqa: E731
    sharing = finance.sharing.model_copy(
        update={
            "reading": pick("per_period", "cumulative", "equity_only"),
            "us_share_before": pick(0.5, 0.3, 0.7),
            "us_share_after": pick(0.9, 0.7, 1.0),
            "interest_on": pick("original", "outstanding"),
            "counted_from": pick("operation", "payment"),
            "carry_bears_interest": pick(False, True),
            "partners_share": pick("of_plan", "of_outlay", "none"),
            "recapture": pick("none", "all_projects", "later_projects"),
        }
    )
    loans = finance.loans
    loans = loans.model_copy(
        update={
            "tenor_years": pick(20.0, 3.0, 40.0),
            "grace_months": pick(6.0, 0.0, 30.0),
            "insured_loan": loans.loan.model_copy(update={"margin_per_year": pick(0.0, 0.02)}),
            "cover": loans.cover.model_copy(
                update={"share": pick(0.975, 0.0, 1.0), "claim_months": pick(6.0, 0.0)}
            ),
        }
    )
    given_up = finance.given_up.model_copy(
        update={"default_quarters": pick(8, 1), "recovery_months": pick(24.0, 0.0)}
    )
    return finance.model_copy(update={"sharing": sharing, "loans": loans, "given_up": given_up})


@st.composite
def draws_for(draw: Any, made: Replication) -> OperationDraws:
    operation = made.operation
    assert operation is not None
    scale = draw(st.sampled_from([1.0, 0.0, 0.4, 3.0, 12.0]))
    return replace(
        operation,
        yield_share=operation.yield_share * scale,
        refresh_years=operation.refresh_years * draw(st.sampled_from([1.0, 0.3])),
        recovery_share=np.full_like(operation.recovery_share, draw(st.sampled_from([0.7, 0, 1]))),
    )

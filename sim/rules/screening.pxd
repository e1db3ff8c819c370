cpdef str two_tests(double prospects_share, double japanese_content_share, double favour,
                    double hurdle_share, double japanese_content_min_share,
                    double benefit_otherwise_probability)

cdef class FundingView:
    cdef readonly double consult, decline, consult_probability, decline_probability
    cdef readonly long long commitment_cents
    cdef readonly str sector, state
    cdef readonly double expected_loss_cents, expected_duty_cents

cpdef object as_disposed(FundingView view)
cpdef object weighs_tariff(FundingView view)
cpdef object always_fund(FundingView view)

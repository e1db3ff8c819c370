cimport cython

cdef class RoundLimits:
    cdef readonly long long envelope_left_cents
    cdef readonly double cap_cents, count
    cdef readonly str does_not_fit
    cdef readonly double scale_down_min_share, pass_over_probability, reach_cents

@cython.locals(left=object, spent=object)
cpdef tuple take(object amounts_cents, object luck, RoundLimits limits)

cimport cython
from sim.results.ledger.branches cimport Branches

cdef long long FREE
cdef int _NTP, _APPLIED

cdef class Joins:
    cdef list _at
    @cython.locals(begin=cython.longlong, end=cython.longlong, kept=list)
    cpdef void add(self, long long at, object beside) except *
    @cython.locals(least=cython.longlong, at=cython.longlong, beside=list, begin=cython.longlong,
                   end=cython.longlong)
    cpdef long long slack(self, long long until) except? -1

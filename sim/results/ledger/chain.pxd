cimport cython
from sim.results.ledger.branches cimport Branches, Part
from sim.results.ledger.joins cimport Joins
from sim.results.ledger.stops cimport Reason
from sim.results.ledger.trail cimport Stretch, Trail

cdef int _PERMITS, _EQUIPMENT, _UNAPPRAISED, _SELECTED, _DECLINED, _NTP, _OPERATING, _BUILT, _RUNS
cdef int _REQUESTED, _CONNECTED, _APPLIED, _BEGAN, _NOTICED, _PAID, _ORDERED, _DELIVERED

cdef tuple _cleared(Reason one, long long at)

cdef class Chain:
    cdef public list slack, pieces, work, path
    cdef public Joins joins
    cdef public Branches branches
    cdef public Trail trail
    cdef public long long cursor
    cdef public int unit
    cdef void _charge(self, int cause, long long since, int resource=*) except *
    @cython.locals(begin=cython.longlong, end=cython.longlong)
    cdef void _through(self, list pieces, int gaps, long long floor) except *
    @cython.locals(trail=Trail, branches=Branches, began=cython.longlong)
    cdef void _walk(self) except *
    @cython.locals(trail=Trail)
    cdef void _set_out(self) except *
    @cython.locals(trail=Trail, built=cython.longlong, requested=cython.longlong, unit=cython.int,
                   connected=cython.longlong, done=cython.longlong, over=cython.longlong)
    cdef void _power(self) except *
    @cython.locals(worked=cython.bint, stretch=Stretch, begin=cython.longlong, end=cython.longlong)
    cdef void _site(self) except *
    @cython.locals(trail=Trail, at=cython.longlong, end=cython.longlong, going=cython.longlong,
                   permits=cython.bint)
    cdef bint _stop(self, long long since) except -1
    @cython.locals(trail=Trail, branches=Branches, noticed=cython.longlong, part=cython.int,
                   paid=cython.longlong)
    cdef void _equipment(self, int unit, int machine) except *
    @cython.locals(branches=Branches, paid=cython.longlong, granted=cython.longlong,
                   developed=cython.longlong, base=cython.longlong, begun=cython.longlong,
                   own=cython.longlong, last=cython.int)
    cdef void _before_ntp(self) except *
    @cython.locals(at=cython.longlong)
    cdef void _holds(self, long long floor) except *
    cdef void _main(self) except *
    @cython.locals(branches=Branches, began=cython.longlong, begin=cython.longlong,
                   end=cython.longlong)
    cdef void _permits(self) except *
    @cython.locals(branches=Branches, noticed=cython.longlong, appraised=cython.longlong,
                   decided=cython.longlong)
    cdef void _funding(self) except *
    @cython.locals(parts=list, last=Part, one=Part, others=list)
    cdef int _lender(self, int part, long long began) except? -1
    @cython.locals(branches=Branches, trail=Trail)
    cdef void _later_call(self, int part, long long noticed) except *

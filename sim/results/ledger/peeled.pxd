cimport cython
from sim.results.ledger.branches cimport Branches, Part
from sim.results.ledger.trail cimport Trail

cdef int _SELECTED, _DECLINED, _NTP, _BUILT, _RUNS, _APPLIED, _NOTICED, _PAID
cdef int _ORDERED, _DELIVERED, _PERMITS, _EQUIPMENT, _WAITED, _REQUESTED, _NOTHING

@cython.locals(order=list, found=list, line=list, clears=cython.longlong, place=cython.int)
cdef list joined(list lines, long long begin, long long end, int idle=*)
@cython.locals(found=list, since=cython.longlong, until=cython.longlong)
cdef list _under_way(list lines, long long begin, long long end, int idle)

cdef class Peeled:
    cdef public Branches branches
    cdef public Trail trail
    cdef public long long ntp
    cdef public list before
    @cython.locals(trail=Trail, branches=Branches, line=list, built=cython.longlong,
                   runs=cython.longlong, over=cython.longlong, at=cython.longlong, idle=cython.int,
                   until=cython.longlong, stood=cython.longlong, begin=cython.longlong,
                   end=cython.longlong, number=cython.int)
    cpdef list unit(self, int unit)
    @cython.locals(trail=Trail, branches=Branches, gates=list, found=list)
    cdef list _before_ntp(self)
    @cython.locals(branches=Branches, asked=dict)
    cdef list _decision(self, object lenders)
    @cython.locals(branches=Branches)
    cdef list _funding(self)
    cdef list _lender(self, Part part)
    cdef list _work(self, int number, long long begin, long long end)
    @cython.locals(branches=Branches, lines=list)
    cdef list _stop(self, long long since, long long until, int unit, int idle)
    @cython.locals(trail=Trail, lines=list)
    cdef list _machines(self, int unit, int machine, long long begin, long long end)
    @cython.locals(trail=Trail, branches=Branches, until=cython.longlong)
    cdef list _slice(self, long long paid)

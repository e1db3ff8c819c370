cimport cython
from sim.results.ledger.branches cimport Branches
from sim.results.ledger.site_work cimport SiteWork
from sim.results.ledger.trail cimport Stretch, Trail

cdef int _PROPOSED, _SELECTED, _ORDERED, _DELIVERED, _REQUESTED, _CONNECTED, _N, WORK

cdef class _Charged:
    cdef public Branches branches
    cdef public object chain
    cdef public list minutes

@cython.locals(branches=Branches, minutes=list, begin=cython.longlong,
               end=cython.longlong, cause=cython.int, at=cython.int, part=cython.int,
               spent=cython.longlong, stretch=Stretch, until=cython.longlong)
cdef _Charged _charge(int row, Trail trail, list lender, SiteWork work, bint note)
@cython.locals(drag=list, slack=cython.longlong, spent=cython.longlong,
               part=cython.int)
cdef list _drag(int row, _Charged one, SiteWork work)
@cython.locals(total=list, trail=Trail, by_cause=dict, begin=cython.longlong,
               end=cython.longlong)
cdef list _hidden(int row, _Charged one, SiteWork work)
@cython.locals(pieces=list)
cdef list _everything(Trail trail, Branches branches)
@cython.locals(minutes=cython.longlong, reached=cython.longlong, begin=cython.longlong,
               end=cython.longlong)
cdef long long _covered(list spans) except? -1

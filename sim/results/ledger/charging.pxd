cimport cython
from sim.results.ledger.branches cimport Branches
from sim.results.ledger.trail cimport Trail

cdef int _PROPOSED, _SELECTED, _ORDERED, _DELIVERED, _REQUESTED, _CONNECTED, _N

@cython.locals(branches=Branches, minutes=list, begin=cython.longlong,
               end=cython.longlong, cause=cython.int)
cdef object _charge(int row, Trail trail, list lender, object work)
@cython.locals(drag=list, slack=cython.longlong, spent=cython.longlong, part=cython.int)
cdef list _drag(object one)
@cython.locals(total=list, trail=Trail, by_cause=dict, begin=cython.longlong,
               end=cython.longlong)
cdef list _hidden(int row, object one, object work)
@cython.locals(pieces=list)
cdef list _everything(Trail trail, Branches branches)
@cython.locals(minutes=cython.longlong, reached=cython.longlong, begin=cython.longlong,
               end=cython.longlong)
cdef long long _covered(list spans) except? -1

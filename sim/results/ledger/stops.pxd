cimport cython
from sim.results.ledger.branches cimport Branches
from sim.results.ledger.trail cimport Stretch, Trail

cdef int _EQUIPMENT, _PAUSED, _STOPPED

cdef class Reason:
    cdef public long long begin, end
    cdef public int cause, resource, part

@cython.locals(begun=cython.longlong, own=list, line=list, stretch=Stretch)
cpdef list path_of(Trail trail, int unit)
@cython.locals(trail=Trail, begin=cython.longlong, end=cython.longlong, part=cython.int,
               found=list, stops=list)
cpdef list stopped_by(Branches branches, int unit, long long since, long long until)

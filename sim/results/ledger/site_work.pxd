cimport cython
from sim.results.ledger.trail cimport Stretch, Trail

cdef int _WAITED, LINE
cdef long long _EVER

cdef class SiteWork:
    cdef object _groups
    cdef public list build, nominal, pools, noted
    cdef tuple _marks_of_all
    cdef dict _plain, _still
    @cython.locals(begin=cython.longlong, before=cython.double, group=cython.int, unit=cython.int,
                   reached=cython.double, ratio=cython.double, elapsed=cython.longlong,
                   work=cython.longlong, planned=cython.longlong, waited=cython.longlong,
                   since=cython.longlong, to=cython.longlong, part=cython.int,
                   short=cython.longlong)
    cpdef list split(self, int row, Trail trail, Stretch stretch, long long until, bint note=*)
    @cython.locals(times=list, work=list, still=list, stood=cython.longlong,
                   since=cython.longlong, to=cython.longlong)
    cpdef long long _stood(self, int group, long long begin, long long until) except? -1
    @cython.locals(first=cython.double, last=cython.double, times=list, work=list,
                   begun=cython.double, done=cython.double)
    cdef double _worked(self, Stretch stretch, long long until) except? -1
    cdef tuple _marks(self, int group)
    cdef tuple _clock(self, int group)

@cython.locals(place=cython.int, since=cython.longlong, done=cython.double, to=cython.longlong,
               then=cython.double)
cpdef double _between(list times, list work, long long at) except? -1
cdef long long _whole(double value) except? -1

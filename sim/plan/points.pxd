cimport cython
from sim.rules.splitting cimport part

@cython.final
@cython.freelist(256)
cdef class Point:
    cdef readonly long long work
    cdef readonly int what, number, kind
    cdef bint before(self, Point other) except -1

@cython.locals(made=Point)
cdef Point point(long long work, int what, int number, int kind=*)

cdef class Layout:
    cdef readonly long long length, build, total
    cdef readonly int units
    cpdef long long begin(self, int unit) except? -1
    cpdef long long done(self, long long place) except? -1
    @cython.locals(before=cython.longlong, after=cython.longlong, edge=cython.longlong,
                   began=cython.int, ended=cython.int, opens=cython.int, at_work=cython.int)
    cpdef long long place(self, long long done) except? -1

@cython.final
cdef class Gates:
    cdef readonly tuple calls
    cdef readonly int slices
    cdef readonly bint tops_up
    cdef readonly long long lead_minutes
    @cython.locals(planned=cython.longlong, before=cython.longlong, gate=cython.longlong,
                   lead=cython.longlong, error=cython.longlong, called=cython.longlong, progress=cython.longlong,
                   number=cython.int, overrun=cython.bint)
    cpdef list of(self, Layout site, double cost_ratio, const long long[:] errors)

cdef long long up(long long minutes, long long share) except? -1
cdef long long notice(long long lead, Layout site, long long trigger, long long gate) except? -1
cpdef Layout layout(object world, Py_ssize_t ordinal)
@cython.locals(site=Layout)
cpdef Layout planned(long long build, int units, long long first_unit)
cpdef list of_project(object plan, object world, Py_ssize_t ordinal, Layout site)
cpdef list of_all(Gates gates, Layout site, double cost_ratio, const long long[:] errors,
                  long long early)
cpdef list of_unit(object needs, Layout site, int unit)
cpdef list of_line(Layout site)
cpdef list merged(list one, list other)
@cython.locals(one=Point)
cdef list in_order(list points)

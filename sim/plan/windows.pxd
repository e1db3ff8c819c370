cimport cython

cdef long long DAY

@cython.final
cdef class Windows:
    cdef bint capped
    cdef const long long[::1] first, later, grace, cure
    @cython.locals(day=cython.longlong, target=cython.longlong, due=cython.longlong,
                   earliest=cython.longlong)
    cpdef (long long, long long, long long) dates(self, long long notice, bint first) except *

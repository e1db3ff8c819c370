cimport cython

cdef class Clocks:
    cdef long long[::1] bounds, times
    cdef double[::1] works
    @cython.locals(times="long long[::1]", works="double[::1]", low=cython.longlong,
                   high=cython.longlong, first=cython.longlong, last=cython.longlong,
                   middle=cython.longlong, at=cython.longlong, since=cython.longlong,
                   done=cython.double)
    cdef double work(self, long long group, long long minute) except? -1

@cython.locals(clocks=Clocks, into="double[:, ::1]", asked="const long long[:]",
               group="const long long[:]", starts="const long long[:]", ends="const long long[:]",
               row=cython.Py_ssize_t, at=cython.Py_ssize_t, start=cython.longlong,
               end=cython.longlong, number=cython.longlong, begun=cython.double,
               total=cython.double)
cpdef object done_share(object sites, object instants, Py_ssize_t first=*)

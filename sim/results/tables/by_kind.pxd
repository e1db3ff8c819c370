cimport cython

cdef class Events:
    cdef public int n_logs, back, absent
    cdef public long long end, stranger
    cdef public list starts
    cdef public object columns, amounts
    cdef long long width
    cdef const long long[:] rows
    cdef long long[::1] places
    cdef long long[:, ::1] whole
    cdef double[::1] exact
    @cython.locals(n_logs=cython.longlong, end=cython.longlong, places="long long[::1]",
                   last=cython.longlong, at=cython.Py_ssize_t)
    cdef void _count(self, int number, const long long[:] time, const long long[:] kind) except *
    @cython.locals(time="const long long[:]", kind="const long long[:]",
                   project="const long long[:]", cause="const long long[:]",
                   part="const long long[:]", resource="const long long[:]",
                   amount="const double[:]", n_logs=cython.longlong, end=cython.longlong,
                   first=cython.longlong, places="long long[::1]", rows="const long long[:]",
                   whole="long long[:, ::1]", exact="double[::1]", at=cython.Py_ssize_t,
                   row=cython.longlong, who=cython.longlong, cell=cython.longlong,
                   place=cython.longlong)
    cdef void _lay_out(self, int number, object log) except *
    @cython.locals(into="long long[:, ::1]", first="long long[:, ::1]",
                   asked="const long long[:]", number=cython.int, begin=cython.longlong,
                   since=cython.longlong, over=cython.longlong, low=cython.longlong,
                   high=cython.longlong, middle=cython.longlong, at=cython.Py_ssize_t)
    cpdef tuple before(self, int kind, object instants)

cimport cython

cdef int _BEGAN, _ENDED, _KINDS, _EQUIPMENT, _IDLE, _TELLING, _OF_SLICE, _WAIT

cdef class Told:
    cdef long long end, width
    cdef const long long[:] whose
    cdef long long[::1] kinds, waits, gated, bounds, mine
    cdef long long[:, ::1] columns
    @cython.locals(time="const long long[:]", kind="const long long[:]",
                   project="const long long[:]", cause="const long long[:]",
                   part="const long long[:]", first=cython.longlong, whose="const long long[:]",
                   mine="long long[::1]", bounds="long long[::1]", end=cython.longlong,
                   kinds="long long[::1]", waits="long long[::1]", over=cython.longlong,
                   at=cython.longlong, place=cython.longlong, who=cython.longlong,
                   tells=cython.longlong, code=cython.longlong)
    cdef long long _find(self, int number, object log, long long size) except -1
    @cython.locals(time="const long long[:]", kind="const long long[:]",
                   project="const long long[:]", cause="const long long[:]",
                   part="const long long[:]", resource="const long long[:]",
                   first=cython.longlong, mine="long long[::1]", bounds="long long[::1]",
                   columns="long long[:, ::1]", at=cython.longlong, place=cython.longlong,
                   ended=cython.bint, cell=cython.longlong, to=cython.longlong)
    cdef void _lay_out(self, int number, object log, long long begin, long long over) except *

cimport cython
from sim.results.ledger.told cimport Told

cdef int _BEGAN, _KINDS, _PAIRED
cdef list _TERMINAL

cdef class Stretch:
    cdef public long long begin, end
    cdef public double begin_work, end_work
    cdef public int group, unit

cdef class Trail:
    cdef public long long end
    cdef public int terminal, units
    cdef Told told
    cdef long long first_cell
    cdef public list stretches
    cdef public dict waits
    @cython.locals(told=Told, waits=dict, cell=cython.longlong, columns="long long[:, ::1]",
                   first=cython.longlong, over=cython.longlong, at=cython.longlong,
                   began=cython.longlong, before=cython.longlong)
    cdef void _pair(self) except *
    @cython.locals(told=Told, columns="long long[:, ::1]", cell=cython.longlong, at=cython.longlong)
    cpdef list of(self, int kind)
    @cython.locals(told=Told, cell=cython.longlong, at=cython.longlong)
    cpdef long long first(self, int kind) except? -1
    @cython.locals(told=Told, cell=cython.longlong, at=cython.longlong)
    cpdef bint has(self, int kind, int cause, int part) except -1
    @cython.locals(told=Told, columns="long long[:, ::1]", cell=cython.longlong, at=cython.longlong)
    cpdef dict by_lender(self, int kind, int part, list lender)
    @cython.locals(told=Told, cell=cython.longlong, at=cython.longlong)
    cpdef int last_part(self, int kind) except? -1
    @cython.locals(told=Told, cell=cython.longlong, at=cython.longlong)
    cpdef long long last(self, int kind) except? -1
    @cython.locals(told=Told, cell=cython.longlong, at=cython.longlong)
    cpdef long long at(self, int kind, int part) except? -1
    @cython.locals(columns="long long[:, ::1]", bounds="long long[::1]", cell=cython.longlong,
                   at=cython.longlong, begin=cython.longlong, behind=cython.longlong,
                   over=cython.longlong)
    cpdef list spans(self, int began, int ended)

cimport cython

cdef int _BEGAN, _ENDED, _KINDS
cdef list _TERMINAL

cdef class Stretch:
    cdef public long long begin, end
    cdef public double begin_work, end_work
    cdef public int group, unit

cdef class Trail:
    cdef public long long end
    cdef public int terminal, units
    cdef public list events, stretches
    cdef public dict waits
    cpdef list of(self, int kind)
    cpdef long long first(self, int kind) except? -1
    @cython.locals(time=cython.longlong, its_part=cython.int)
    cpdef long long at(self, int kind, int part) except? -1
    @cython.locals(ends=list, found=list, place=cython.int, size=cython.int)
    cpdef list spans(self, int began, int ended)

@cython.locals(rows=list, kinds=list, times=list, resources=list, causes=list, parts=list, trail=Trail,
               events=list, waits=dict, opened=dict, kind=cython.int, at=cython.int,
               size=cython.int, row=cython.int)
cdef object _fill(list trails, list columns)

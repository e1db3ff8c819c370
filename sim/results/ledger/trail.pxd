cimport cython

cdef int _BEGAN, _ENDED, _KINDS
cdef list _TERMINAL

cdef class Stretch:
    cdef public long long begin, end
    cdef public double begin_work, end_work
    cdef public int group, unit

cdef class Told:
    cdef long long[::1] rows, kinds, times, resources, causes, parts, ended

cdef class Trail:
    cdef public long long end
    cdef public int terminal, units
    cdef Told told
    cdef list begins, ends
    cdef public list stretches
    cdef public dict waits
    @cython.locals(told=Told, at=cython.int)
    cpdef list of(self, int kind)
    @cython.locals(at=cython.int)
    cpdef long long first(self, int kind) except? -1
    @cython.locals(told=Told, at=cython.int)
    cpdef dict by_lender(self, int kind, int part, list lender)
    @cython.locals(at=cython.int)
    cpdef int last_part(self, int kind) except? -1
    @cython.locals(at=cython.int)
    cpdef long long last(self, int kind) except? -1
    @cython.locals(at=cython.int, end=cython.int)
    cpdef long long at(self, int kind, int part) except? -1
    @cython.locals(told=Told, at=cython.int, begin=cython.int, behind=cython.int, over=cython.int)
    cpdef list spans(self, int began, int ended)

@cython.locals(at=cython.int, size=cython.int, row=cython.int, kind=cython.int, begin=cython.int,
               trail=Trail)
cdef object _part(Told told, list trails)
@cython.locals(at=cython.int, opened=dict, waits=dict)
cdef object _pair(Told told, Trail trail)

cimport cython

cdef int _BEGAN, _ENDED

cdef class Trail:
    cdef public long long end
    cdef public int terminal, units
    cdef public dict events, waits
    cdef public list stretches
    cpdef list of(self, int kind)
    cpdef long long first(self, int kind) except? -1
    @cython.locals(time=cython.longlong, its_part=cython.int)
    cpdef long long at(self, int kind, int part) except? -1
    @cython.locals(ends=list, found=list, place=cython.int, size=cython.int)
    cpdef list spans(self, int began, int ended)

@cython.locals(bounds=list, trail=Trail, events=dict, waits=dict, opened=dict, kind=cython.int,
               number=cython.int)
cdef object _fill(list trails, object row, list columns)

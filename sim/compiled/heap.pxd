cimport cython

cdef int SLOT
cdef long long IN_SLOT, LAST

@cython.final
cdef class Heap:
    cdef int size
    cdef long long[::1] steps, priorities
    cdef int grow(self, int room, long long[::1] priorities) except -1
    cdef long long minute(self) noexcept
    cdef long long priority(self) noexcept
    cdef int put(self, long long minute, long long slot) noexcept
    cdef int _rise(self, int place, long long step) noexcept
    @cython.locals(place=cython.int, below=cython.int, size=cython.int)
    cdef long long take(self) noexcept

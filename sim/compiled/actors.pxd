cimport cython

cdef class Actor:
    cdef Actor follower
    cdef int act(self, int step, long long one, long long two) except -1
    cdef int let_go(self) except -1

cdef class Waiter:
    cdef Actor actor
    cdef int step
    cdef long long one, two
    cdef Waiter behind

cdef class Line:
    cdef Actor first, last
    cdef int put(self, Actor actor) except -1
    @cython.locals(actor=Actor)
    cdef Actor take(self)

cdef class Made:
    cdef list actors
    cdef int used
    cdef Actor spare(self)
    cdef Actor add(self, Actor actor)
    @cython.locals(actor=Actor)
    cdef int close(self) except -1

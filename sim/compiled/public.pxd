cimport cython
from sim.compiled.calls cimport Calls
from sim.compiled.actors cimport Actor
from sim.compiled.programme cimport Programme

cdef int CAPACITY, PUBLIC

cdef class Public(Actor):
    cdef Programme programme
    cdef Calls calls
    cdef object sides, months
    cdef list met, visit, paid, lost
    cdef int _next_month(self, long long month) except -1
    @cython.locals(visit=object, length=object)
    cdef int act(self, int step, long long one, long long two) except -1
    @cython.locals(share=object)
    cdef int _act(self) except -1

cimport cython
from sim.compiled.calls cimport Calls
from sim.compiled.actors cimport Actor
from sim.compiled.enforcement cimport Enforcement
from sim.compiled.programme cimport Programme
from sim.compiled.project cimport Project
from sim.compiled.selection cimport Envelope

cdef int NOTICE, REVIEW, FAILED, SETTLED, CURED

cdef class Reviews(Actor):
    cdef Programme programme
    cdef Enforcement enforcement
    cdef Envelope envelope
    cdef Calls calls
    cdef object reviews
    cdef dict failed
    cdef list first_part
    cdef int act(self, int step, long long one, long long two) except -1
    cdef long long _measured(self, str measure) except? -1

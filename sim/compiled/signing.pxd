cimport cython
from sim.compiled cimport parts
from sim.compiled.calls cimport Calls
from sim.compiled.parts cimport Call, Part
from sim.compiled.actors cimport Actor
from sim.compiled.hazards cimport Hazards
from sim.compiled.money cimport Claim, YearlyStock
from sim.compiled.programme cimport Programme
from sim.compiled.project cimport Project

cdef int DAY_CLOSE, SIGNING_ENDS, ENDED, PAID, HANDED_ON, CLOSE, GIVE_UP

cdef class Signing(Actor):
    cdef Calls calls
    cdef Programme programme
    cdef Hazards hazards
    cdef tuple takers
    cdef int _end(self, int facility, Project project) except -1
    @cython.locals(call=Call, mine=YearlyStock, its=YearlyStock, cash=YearlyStock, claim=Claim,
                   part=Part, whole=cython.longlong, own=cython.longlong,
                   drawn=cython.longlong)
    cdef int _hand_on(self, int facility, int taker, Project project) except -1
    cdef int _schedule(self) except -1
    @cython.locals(project=Project)
    cdef int _close(self, int facility) except -1
    @cython.locals(call=Call, claim=Claim)
    cdef bint _queued(self, int facility, Project project) except -1
    @cython.locals(site=Project)
    cdef int _give_up(self, int facility, Project project) except -1
    @cython.locals(call=Call)
    cdef bint _signed(self, int facility, Project site) except -1

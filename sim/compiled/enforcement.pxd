cimport cython
from sim.compiled.parts cimport Breaches
from sim.compiled.actors cimport Actor
from sim.compiled.programme cimport Programme
from sim.compiled.project cimport Project, new_project
from sim.compiled.routes cimport Routes

cdef int ENFORCEMENT, DAY_CLOSE, TARIFF_STEP, TARIFF_TIMER, OPENED, CLOSED, RAISED, COMPLIANT
cdef int DECLINED, SETTLED
cdef int FIRST_STEP, THREAT_ENDS, DUTY_BEGINS, DUTY_ENDS, SETTLES
cdef int RELIEVE, COMPLY

cdef class Breach(Actor):
    cdef Enforcement enforcement
    cdef Project project
    cdef int visit, number
    cdef object cause, stage
    cdef long long unpaid
    cdef list to_come, duties

cdef class Closed(Actor):
    cdef Enforcement enforcement

cdef class Enforcement(Breaches):
    cdef Programme programme
    cdef object plan, world
    cdef dict open
    cdef Routes routes
    cdef list review_projects
    cdef bint relief
    cdef long long _reliefs
    @cython.locals(breach=Breach)
    cdef int close_breach(self, Project project, int visit, int cause) except -1
    @cython.locals(breach=Breach)
    cdef int open_breach(self, Project project, int visit, int cause, long long unpaid,
                         int number=*) except -1
    cdef bint _is_open(self, Breach breach) except -1
    cdef int step(self, Breach breach, bint timer=*) except -1
    cdef object _view(self, Breach breach, bint timer)
    cdef list _taken(self, Breach breach)
    cdef int _order(self, Breach breach) except -1
    cdef int _begin(self, Breach breach, int route) except -1
    cdef int _levy(self, Breach breach, int route) except -1
    cdef int _end(self, Breach breach, int route) except -1
    @cython.locals(breach=Breach)
    cdef int closed(self, int route) except -1
    cdef int _at(self, long long length, Breach breach, int place, int step, int route) except -1
    cdef int _lift(self, Breach breach, list routes) except -1
    cdef int _relieve(self) except -1
    cdef int _comply(self, long long number) except -1
    cdef int _behind_all(self, long long minute, long long visit, int step, long long number) except -1

cdef tuple place_of(Breach breach)

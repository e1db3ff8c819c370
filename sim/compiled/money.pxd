cimport cython
from sim.compiled.actors cimport Actor, Line
from sim.compiled.clock cimport Clock, Event
from sim.compiled.project cimport Project
from sim.compiled.record cimport Recorder

cdef int MONEY, PAYMENT, CAPACITY, ALLOCATION, FISCAL_YEAR, POOL
cdef double INF
cdef int ALLOCATE, NEW_YEAR
cdef int MONEY_RETURNED, HISTORY_EXCEEDED, CAPACITY_CHANGED, RECORDED

cdef class Claim(Event):
    cdef Project project
    cdef long long due, notice, visit, cents, drawn
    cdef bint waited, over
    cdef bint before(self, Claim other)

cdef class YearlyStock(Actor):
    cdef Clock clock
    cdef Recorder record
    cdef int resource, number, kind, cause
    cdef object short, plan
    cdef Mood mood
    cdef double held
    cdef long long used, waiting_cents, _due, _allocations
    cdef list queue
    cdef Line fresh
    cdef tuple later
    cdef Inflow inflow
    cdef int _schedule(self) except -1
    cdef double left(self)
    @cython.locals(claim=Claim, other=Claim)
    cdef Claim claim(self, Project project, long long due, long long notice, long long visit,
                     long long cents)
    cdef int take_recorded(self, Project project, long long visit, long long cents) except -1
    cdef int cancel(self, Claim claim) except -1
    cdef int add(self, Claim claim, long long cents) except -1
    cdef int release(self, Claim claim) except -1
    cdef int give_back(self, Project project, long long cents) except -1
    cdef double flow(self, double cents) except? -1
    cdef int new_year(self, double inflow, bint carry_over) except -1
    cdef int _ask(self) except -1
    @cython.locals(claim=Claim, passed=list)
    cdef int _allocate(self) except -1
    cdef int _push(self, Claim claim) except -1
    cdef int _draw(self, Claim claim, long long cents) except -1
    cdef int _end_wait(self, Claim claim) except -1
    cdef int _log(self, Project project, int kind, long long visit, double cents,
                  int cause) except -1
    cdef int _trace(self) except -1

cdef class Inflow:
    cdef YearlyStock stock
    cdef object plan
    cdef list ends
    cdef long long year, begin
    cdef double inflow, moved
    cdef bint raised
    cdef int new_year(self, double cents) except -1
    cdef int answer(self, bint raised) except -1

cdef class Mood:
    cdef double share
    cdef double brings(self, double cents) except? -1

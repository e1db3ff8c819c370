cimport cython
from sim.compiled.actors cimport Actor
from sim.compiled.clock cimport Clock
from sim.compiled.known cimport Additions
from sim.compiled.project cimport Project
from sim.compiled.record cimport Recorder

cdef int CAPACITY, DESKS, ALLOCATION, GRID_TIMER
cdef int ALLOCATE, END_YEAR, RING
cdef int GRANTED, WAITS

cdef class Load:
    cdef Project project
    cdef Actor told
    cdef long long requested, megawatts, cents
    cdef int unit
    cdef bint taken
    cdef bint before(self, Load other)

cdef class Grid(Actor):
    cdef Clock clock
    cdef Recorder record
    cdef int resource, number, year
    cdef bint unlimited, carry_over
    cdef long long[::1] begins, ends, amounts
    cdef long long from_before, own, in_use, waiting, waiting_cents
    cdef long long _due, _allocations, _timers, _timer, _timer_number
    cdef list queue, fresh
    cdef int _schedule(self) except -1
    cdef long long added(self) except? -1
    @cython.locals(load=Load)
    cdef int claim(self, long long requested, Project project, int unit, long long megawatts,
                   Actor told, long long cents) except -1
    cdef int supply(self, long long megawatts) except -1
    @cython.locals(load=Load)
    cdef int cancel(self, Project project) except -1
    cdef int _at(self, long long minute, int step) except -1
    cdef int _end_year(self) except -1
    cdef int _ask(self) except -1
    @cython.locals(load=Load)
    cdef int _allocate(self) except -1
    cdef int _take(self, long long megawatts) except -1
    @cython.locals(first=Load)
    cdef int _set_timer(self) except -1
    @cython.locals(length=cython.longlong)
    cdef long long _earliest(self, long long megawatts) except? -1
    @cython.locals(there=cython.double, flowing=cython.longlong)
    cdef int _trace(self) except -1
    @cython.locals(other=Load)
    cdef int _push(self, Load load) except -1

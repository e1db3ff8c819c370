cimport cython
from sim.compiled.actors cimport Actor, Line
from sim.compiled.clock cimport Clock, Event
from sim.compiled.project cimport Project
from sim.compiled.record cimport Recorder

cdef int WAITING, AT_WORK, OVER, COMPLETION, DESKS, ALLOCATION, POOL
cdef double INF
cdef int ALLOCATE, CHANGE, TURN_CAPACITY, STEP, CAPACITY_CHANGED

cdef class Job(Event):
    cdef Servers servers
    cdef Project project
    cdef long long minutes, visit, cents, key
    cdef int began, ended, cause, state
    cdef bint waited
    cdef bint before(self, Job other)

cdef class Servers(Actor):
    cdef Clock clock
    cdef Recorder record
    cdef int resource, number, waiting, queued
    cdef double capacity
    cdef long long in_use, waiting_cents, _due, _allocations
    cdef list queue, later
    cdef Line fresh
    cdef int _schedule(self) except -1
    @cython.locals(job=Job)
    cdef Job serve(self, Project project, long long minutes, long long visit, long long cents,
                   int began, int ended, int cause)
    cdef int cancel(self, Job job) except -1
    cdef int set_capacity(self, double capacity) except -1
    cdef int ask(self) except -1
    @cython.locals(job=Job)
    cdef int _allocate(self) except -1
    cdef int _leave_queue(self, Job job) except -1
    cdef int _begin(self, Job job) except -1
    cdef int finish(self, Job job) except -1
    cdef int _trace(self) except -1
    @cython.locals(other=Job)
    cdef int _push(self, Job job) except -1
    @cython.locals(last=Job, first=Job, one=Job, other=Job)
    cdef Job _pop(self)

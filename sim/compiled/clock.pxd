cimport cython
from sim.compiled.actors cimport Actor, Line, Made, Waiter
from sim.compiled.heap cimport Heap

cdef long long TO_TURN, TO_ORDINAL, TO_KIND, FIRST, MOST, MOST_SLOTS

cdef class Event(Actor):
    cdef Clock clock
    cdef bint triggered, processed, decided
    cdef Actor actor
    cdef int step
    cdef long long one, two
    cdef Waiter first, last
    cdef int begin(self, Clock clock, bint decided) except -1
    @cython.locals(waiter=Waiter)
    cdef int then(self, Actor actor, int step, long long one, long long two) except -1
    cdef int succeed(self) except -1
    @cython.locals(actor=Actor, waiter=Waiter)
    cdef int fire(self) except -1
    cdef int let_go(self) except -1

@cython.locals(event=Event)
cdef Event new_event(Clock clock, bint decided)

@cython.locals(clock=Clock)
cpdef Clock new_clock()

cdef class Clock:
    cdef long long now
    cdef Actor active
    cdef Line urgent, normal
    cdef long long instant, born, last_minute, latest
    cdef Heap soon, later
    cdef int free, room, n_fired
    cdef long long[::1] priorities, vacant, steps, ones, twos, fired
    cdef list actors
    cdef Made events, jobs, claims, parts, lives, permits, presents, appraisals, bargains, calls
    cdef int begin_again(self) except -1
    @cython.locals(made=Made)
    cdef int close(self) except -1
    cdef int grow(self) except -1
    cdef int _vacate(self, int first) except -1
    cdef Event event(self)
    cdef Event moment(self)
    cdef Event timer(self, long long minute, long long turn, long long ordinal, long long kind,
                     long long visit=*)
    cdef int begin(self, Actor process) except -1
    cdef int at(self, long long minute, long long turn, long long ordinal, long long kind,
                long long visit, Actor actor, int step=*, long long one=*,
                long long two=*) except -1
    cdef long long _take(self, long long until) except? -1
    cdef int refuse(self, long long minute, long long turn, long long ordinal, long long kind,
                    long long visit, str why) except -1
    @cython.locals(actor=Actor)
    cdef int run(self, long long until) except -1
    cdef bint _has_fired(self, long long priority) except -1
    cdef int _twice(self, long long minute, long long priority) except -1

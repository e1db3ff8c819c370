cimport cython
from sim.compiled.actors cimport Actor
from sim.compiled.programme cimport Docket, Programme
from sim.compiled.project cimport Project

cdef int PRESIDENT, ROUND, SELECTED, PASSED_OVER, SELECTION_WAIT, RECORDED
cdef int HOLD, ON_RECORD, AGAIN, FINAL

cdef class Envelope:
    cdef Programme programme
    cdef int resource
    cdef long long cents, reserved
    cdef long long left(self)
    cdef int reserve(self, long long cents) except -1
    cdef int release(self, long long cents) except -1
    cdef int trace(self, int waiting, double waiting_cents) except -1

cdef class Selection(Actor):
    cdef Programme programme
    cdef Envelope envelope
    cdef Actor when_selected
    cdef object plan
    cdef Docket docket
    cdef const double[:, :] pass_over
    cdef list candidates, asked, visits
    cdef set submitted
    cdef long long rounds, put_off, again, asked_for, last_round, last_minute
    cdef int listed
    cdef bint immediate, closed
    @cython.locals(project=Project)
    cdef int act(self, int step, long long one, long long two) except -1
    @cython.locals(site=Project, first=Project)
    cdef int submit(self, Project project) except -1
    cdef int ask(self) except -1
    cdef int on_record(self, Project project) except -1
    cdef int _call_round(self) except -1
    cdef int _schedule(self, long long minute, long long number, long long again=*) except -1
    @cython.locals(project=Project)
    cdef int _hold(self, long long number) except -1
    @cython.locals(site=Project)
    cdef int _passed_over(self, Project project) except -1
    @cython.locals(site=Project)
    cdef int _taken(self, Project project, long long cents) except -1
    cdef bint _strike(self, Project project) except -1
    cdef int withdraw(self, Project project) except -1
    cdef object _limits(self, long long number, long long candidates)
    cdef double luck(self, Project project) except? -1
    cdef int _select(self, Project project, long long cents, int cause) except -1
    cdef int release(self, long long cents) except -1
    @cython.locals(cents=cython.longlong, asked=cython.longlong)
    cdef int _trace(self) except -1
    @cython.locals(low=cython.int, high=cython.int, middle=cython.int, asked=cython.longlong)
    cdef int _fitting(self, long long cents) except -1
    cdef int close(self) except -1

cdef class Luck:
    cdef Selection selection
    cdef list ranked

@cython.locals(site=Project)
cdef list commitments(Project project)

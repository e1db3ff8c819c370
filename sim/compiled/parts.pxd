cimport cython
from sim.compiled.actors cimport Actor, Made
from sim.compiled.clock cimport Event
from sim.compiled.money cimport Claim, YearlyStock
from sim.compiled.programme cimport Programme
from sim.compiled.project cimport Project
from sim.compiled.servers cimport Job

cdef int COMPLETION, OPENS, DOCUMENTED, WINDOW, DESK, COMMITMENT, MONEY
cdef int DUE, CURE_ENDS, APPRAISAL
cdef int PAPERS_DONE, WINDOW_OPENS, RESERVED, DRAWN, TAKEN_OVER

cdef class Breaches(Actor):
    cdef int open_breach(self, Project project, int visit, int cause, long long unpaid,
                         int number=*) except -1
    cdef int close_breach(self, Project project, int visit, int cause) except -1
    cdef tuple duties_now(self)

cdef class Call(Actor):
    cdef Payments calls
    cdef Project project
    cdef int visit, unpaid
    cdef long long cents, notice, earliest, due_close, missed_close
    cdef list parts, waits_for, payers
    cdef bint missed, on_record
    cdef Event paid
    cdef list reserving, reserved, claiming, claims
    cdef Part behind
    @cython.locals(lender=cython.int)
    cdef int begin(self, int lenders) except -1
    cdef int let_go(self) except -1
    @cython.locals(claim=Claim)
    cdef long long drawn(self, int facility) except -1
    cdef int extend(self, long long minutes) except -1
    @cython.locals(claim=Claim, owed=cython.longlong, most=cython.longlong)
    cdef int largest_debt(self) except -1
    @cython.locals(claim=Claim)
    cdef long long open_cents(self) except -1

cdef class Payments:
    cdef Programme programme
    cdef list commitments, cash, unsigned, handed_on
    cdef const long long[:, :, ::1] desk_minutes
    cdef bint stands(self, Project project) except -1
    cdef long long whole(self, Project project, int facility) except -1
    cdef int part_paid(self, Call call, int facility, int cause=*) except -1
    cdef int due(self, Call call) except -1
    cdef int missed(self, Call call) except -1

cdef class Part(Actor):
    cdef Payments calls
    cdef Call call
    cdef Project project
    cdef int facility, payer
    cdef long long whole
    cdef YearlyStock cash
    cdef int let_go(self) except -1
    @cython.locals(job=Job, handed_on=Actor)
    cdef int start(self) except -1
    cdef int number(self) except -1
    cdef int _documented(self) except -1
    cdef int _opened(self) except -1
    @cython.locals(stock=YearlyStock, reserved=Claim, signing=Actor, whole=cython.longlong)
    cdef int claim(self) except -1
    @cython.locals(claim=Claim)
    cdef int _draw(self) except -1
    cdef int _paid(self) except -1

@cython.locals(part=Part, made=Made)
cdef Part new_part(Payments calls, Call call, int facility, int payer, long long whole)

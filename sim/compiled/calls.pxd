cimport cython
from sim.compiled.clock cimport Actor, Event
from sim.compiled.money cimport Claim, YearlyStock
from sim.compiled.programme cimport Programme
from sim.compiled.project cimport Project
from sim.compiled.servers cimport Job

cdef int COMPLETION, DAY_CLOSE, OPENS, PAID, LATE, MISSED, NOTICED, CALL_PAID, DOCUMENTED
cdef int APPRAISAL, WINDOW, DESK, COMMITMENT, MONEY, RECORDED, BY_PAYMENT, CALL_MISSED, DECLINED
cdef int DUE, CURE_ENDS
cdef int PAPERS_DONE, WINDOW_OPENS, RESERVED, DRAWN

cdef class Breaches(Actor):
    cdef int open_breach(self, Project project, int visit, int cause, long long unpaid,
                         int number=*) except -1
    cdef int close_breach(self, Project project, int visit, int cause) except -1
    cdef tuple duties_now(self)

cdef class Call(Actor):
    cdef Calls calls
    cdef Project project
    cdef int visit, unpaid
    cdef long long cents, notice, earliest, due_close, missed_close
    cdef list parts, waits_for
    cdef bint missed, on_record
    cdef Event paid
    cdef list reserved, claims, reserving, claiming
    @cython.locals(claim=Claim)
    cdef long long drawn(self, int facility) except -1
    cdef int extend(self, long long minutes) except -1
    cdef int largest_debt(self) except -1
    @cython.locals(claim=Claim)
    cdef long long open_cents(self) except -1

cdef class Calls:
    cdef Programme programme
    cdef object plan
    cdef list commitments, cash, unsigned
    cdef tuple shares
    cdef public Breaches enforcement
    cdef long long called_cents
    cdef int lenders, slices
    cdef bint tops_up
    cdef const long long[:, :, ::1] desk_minutes
    cdef bint stands(self, Project project) except -1
    @cython.locals(call=Call)
    cdef Call of(self, Project project, int visit)
    @cython.locals(call=Call)
    cdef Call notice(self, Project project, int visit, int cause=*)
    @cython.locals(call=Call)
    cdef int stop(self, Project project, bint partners_pay) except -1
    cdef int _uncalled(self, Call call) except -1
    cdef int _watch(self, Call call, int cause) except -1
    cdef int pay(self, Call call) except -1
    @cython.locals(part=Part)
    cdef int start_part(self, Call call, int facility) except -1
    @cython.locals(stock=YearlyStock)
    cdef int pay_on_record(self, Call call) except -1
    cdef list parts(self, Project project)
    @cython.locals(over=object, cents=object)
    cdef long long topup_cents(self, Project project) except -1
    cdef long long whole(self, Project project, int facility) except -1
    @cython.locals(stock=YearlyStock)
    cdef int part_paid(self, Call call, int facility, int cause=*) except -1
    cdef int _paid(self, Call call, int cause) except -1
    cdef int _due(self, Call call) except -1
    @cython.locals(stock=YearlyStock)
    cdef int _tell_unpaid(self, Call call, int kind) except -1
    cdef int _watch_cure(self, Call call) except -1
    cdef int _missed(self, Call call) except -1
    @cython.locals(call=Call)
    cdef int extend(self, Project project, long long minutes) except -1
    @cython.locals(project=Project)
    cdef long long paid_cents(self) except -1
    @cython.locals(call=Call)
    cdef list drawn_cents(self, Project project)
    @cython.locals(call=Call)
    cdef int give_up(self, Project project) except -1

cdef class Part(Actor):
    cdef Calls calls
    cdef Call call
    cdef Project project
    cdef int facility
    cdef YearlyStock cash
    @cython.locals(job=Job)
    cdef int start(self) except -1
    cdef int _documented(self) except -1
    cdef int _opened(self) except -1
    @cython.locals(stock=YearlyStock, reserved=Claim, signing=Actor)
    cdef int _claim(self) except -1
    @cython.locals(claim=Claim)
    cdef int _draw(self) except -1
    cdef int _paid(self) except -1

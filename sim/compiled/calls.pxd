cimport cython
from sim.compiled cimport parts
from sim.compiled.actors cimport Actor
from sim.compiled.money cimport Claim, YearlyStock
from sim.compiled.parts cimport Breaches, Call, Part, Payments
from sim.compiled.programme cimport Programme
from sim.compiled.project cimport Project
from sim.plan.windows cimport Windows
from sim.rules.splitting cimport share_out, split

cdef int COMPLETION, DAY_CLOSE, PART_PAID, LATE, MISSED, NOTICED, CALL_PAID
cdef int APPRAISAL, RECORDED, PAID, CALL_MISSED, DECLINED
cdef int DUE, CURE_ENDS, TAKEN_OVER

cdef class Calls(Payments):
    cdef object plan
    cdef Windows windows
    cdef tuple shares
    cdef public Breaches enforcement
    cdef long long called_cents
    cdef int lenders, slices
    cdef bint tops_up
    cdef bint stands(self, Project project) except -1
    @cython.locals(call=Call)
    cdef Call of(self, Project project, int visit)
    @cython.locals(call=Call, split_up=list, cents=cython.longlong)
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
    @cython.locals(cents=cython.longlong, rows=list, row=list, part=cython.longlong)
    cdef long long whole(self, Project project, int facility) except -1
    @cython.locals(stock=YearlyStock, part=Part, cents=cython.longlong)
    cdef int part_paid(self, Call call, int facility, int cause=*) except -1
    cdef int take_over(self, Part part) except -1
    cdef int _paid(self, Call call, int cause) except -1
    cdef int due(self, Call call) except -1
    @cython.locals(stock=YearlyStock)
    cdef int _tell_unpaid(self, Call call, int kind) except -1
    cdef int _watch_cure(self, Call call) except -1
    cdef int missed(self, Call call) except -1
    @cython.locals(call=Call)
    cdef int extend(self, Project project, long long minutes) except -1
    @cython.locals(project=Project)
    cdef long long paid_cents(self) except -1
    @cython.locals(call=Call)
    cdef list drawn_cents(self, Project project)
    @cython.locals(call=Call)
    cdef int give_up(self, Project project) except -1

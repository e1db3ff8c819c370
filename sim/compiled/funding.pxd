cimport cython
from sim.compiled cimport appraisal, permits
from sim.compiled.calls cimport Calls
from sim.compiled.parts cimport Call
from sim.compiled.clock cimport Event
from sim.compiled.construction cimport Construction
from sim.compiled.equipping cimport Equipping
from sim.compiled.programme cimport Process, Programme
from sim.compiled.project cimport Project
from sim.compiled.selection cimport Selection
from sim.compiled.servers cimport Servers
from sim.rules.screening cimport FundingView

cdef int TO_DECIDE, NOTICE, PAYMENT, FUNDING_DECIDED, CALL_NOTICED, CALL_PAID
cdef int CONSULTATION_BEGAN, CONSULTATION_ENDED, DECLINED
cdef object FUND, DECLINE
cdef int UNAPPRAISED, CONSULTATION, APPRAISAL, RECORDED, BY_DECLINE

cdef class Papers(Process)

cdef class Funding:
    cdef Programme programme
    cdef Selection selection
    cdef Calls calls
    cdef Construction construction
    cdef Equipping equipping
    cdef object rule, deterrence
    cdef const double[:] consult, declines
    cdef double consult_probability
    cdef list sectors, places
    cdef bint at_notice, appraised_only
    cdef list starts
    cdef object response(self, Project project)
    @cython.locals(site=Project)
    cdef long long of_all_sites(self, Project project) except -1
    cdef tuple weighed(self, Project project)
    cdef int fund(self, Project project, int cause=*) except -1
    cdef int decline(self, Project project) except -1

cdef class AfterSelection(Process):
    cdef Funding funding
    cdef object intention
    cdef Call call
    cdef int visit
    @cython.locals(call=Call)
    cdef int go(self) except -1
    cdef int _noticed_on_record(self) except -1
    cdef int _pay_on_record(self) except -1

cdef class PayFirst(Process):
    cdef Funding funding
    cdef Call call
    @cython.locals(papers=Papers)
    cdef int go(self) except -1

cdef class Papers(Process):
    cdef Funding funding
    cdef Call call
    cdef int facility
    @cython.locals(ready=Event, desks=Servers)
    cdef int go(self) except -1

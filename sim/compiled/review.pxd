cimport cython
from sim.compiled cimport appraisal, permits
from sim.compiled.actors cimport Actor
from sim.compiled.programme cimport Docket, Process, Programme
from sim.compiled.project cimport Project
from sim.compiled.selection cimport Selection
from sim.compiled.servers cimport Job, Servers
from sim.rules cimport screening

cdef int ARRIVAL, COMPLETION, IC, CC, IC_WAIT, CC_WAIT, TEAM_QUEUE, RECORDED, UNAPPRAISED
cdef int PROPOSED, DOCKETED, ENDORSED, RECOMMENDED, DEFERRED, LAPSED, REJECTED
cdef int SCREENING_BEGAN, SCREENING_ENDED, REVISION_BEGAN, REVISION_ENDED
cdef int SIT, PASS
cdef dict FAILED

cdef class Committee
cdef class Present(Process)

cdef class Review(Actor):
    cdef Programme programme
    cdef Selection selection
    cdef Committee investment, consultation
    cdef int most
    cdef double hurdle, content_bar, otherwise
    cdef str appraisal_starts
    cdef bint appraised_only
    cdef const long long[:] proposed
    cdef const long long[:, :] screening, revision
    cdef const double[:, :] favour, revision_gain
    @cython.locals(project=Project)
    cdef int act(self, int step, long long one, long long two) except -1
    cdef int docket(self, Project project) except -1
    cdef int endorse(self, Project project) except -1
    @cython.locals(life=Life)
    cdef int begin(self, Project project) except -1
    cdef int recommend(self, Project project, int cause=*) except -1
    cdef int pass_on(self, Project project) except -1
    @cython.locals(present=Present)
    cdef int present(self, Project project) except -1
    cdef int withdraw(self, Project project) except -1
    cdef int close(self) except -1
    @cython.locals(project=Project)
    cdef int lapse(self) except -1

cdef class Life(Process):
    cdef Review review
    cdef int visit
    cdef int go(self) except -1
    @cython.locals(job=Job, teams=Servers)
    cdef int _screen(self) except -1
    cdef int _screened(self) except -1
    cdef int _revised(self) except -1

cdef class Present(Process):
    cdef Review review
    cdef int go(self) except -1

cdef class Committee(Actor):
    cdef Programme programme
    cdef int turn, kind, cause, sittings, agenda
    cdef Actor passed
    cdef Docket docket
    cdef tuple meetings
    cdef double defer_probability
    cdef const double[:, :] defer
    cdef list visits
    @cython.locals(project=Project)
    cdef int act(self, int step, long long one, long long two) except -1
    cdef int submit(self, Project project) except -1
    cdef int _convene(self) except -1
    @cython.locals(project=Project)
    cdef int _sit(self) except -1
    cdef bint _defers(self, Project project) except -1

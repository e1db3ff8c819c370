cimport cython
from sim.compiled.actors cimport Actor
from sim.compiled.clock cimport Clock, Event
from sim.compiled.known cimport Known
from sim.compiled.project cimport Project, new_project
from sim.compiled.record cimport Recorder
from sim.compiled.servers cimport Job, Servers
from sim.compiled.supply cimport Supply
from sim.rules.splitting cimport unit_cents

cdef int COMPLETION, ARRIVAL, HISTORY
cdef int NONE, ORDINAL, COMMITMENT, PROSPECTS, CONTENT, UNLISTED

cdef class Process(Actor):
    cdef Programme programme
    cdef Project project
    cdef int at
    cdef bint over, waiting
    cdef long long cause, resource, part
    cdef int let_go(self) except -1
    cdef int go(self) except -1
    cdef bint until(self, Event event) except -1
    cdef bint sleep(self, long long minute, int turn, int kind, long long visit=*) except -1
    cdef bint wait(self, Event event, long long cause, long long part=*,
                   long long resource=*) except -1
    cdef bint not_before_open(self, int kind, long long visit=*) except -1

cdef class Programme:
    cdef object plan, world
    cdef Known known
    cdef Supply supply
    cdef Clock clock
    cdef Recorder record
    cdef int count
    cdef long long open_minute
    cdef list projects
    cdef double decline_probability, pass_over_probability
    cdef long long lost_cents, returned_cents
    cdef Actor refuse
    cdef tuple permits_start
    cdef list lending
    cdef const long long[:] permit_work, development
    cdef const unsigned char[:, :] litigated
    cdef const long long[:, :] litigation
    cdef const long long[:, :, :] appraisal, appraised
    cdef object commitment_cents
    cdef int start(self, Process process, Project project) except -1
    cdef int tell(self, Project project, int kind, long long resource=*, long long cause=*,
                  long long part=*, double amount=*) except -1
    cdef int say(self, int kind, long long cause=*, long long part=*, double amount=*) except -1
    cdef long long unit_cents(self, Project project, int unit) except -1
    cdef Job work(self, Servers servers, Project project, long long minutes, long long visit,
                  int began, int ended, int cause)
    cdef int unlisted(self, Project project) except -1
    @cython.locals(process=Process, job=Job)
    cdef int finish(self, Project project, int kind, long long resource=*, long long cause=*,
                    long long part=*, double amount=*) except -1

    @cython.locals(project=Project, entity="const long long[:]", sector="const long long[:]",
                   units="const long long[:]", place="const long long[:]",
                   prospects="const double[:]", content="const double[:]",
                   named="const unsigned char[:]", on_record="const long long[:]",
                   cents="long long[:]")
    cdef int _projects(self) except -1
    @cython.locals(project=Project, several=list)
    cdef int _together(self) except -1
    cdef int _recorded(self, Project project, object plan) except -1

cdef class Docket:
    cdef Programme programme
    cdef bint whole, largest, unpreferred
    cdef int ranking, preference
    cdef list candidates
    cdef int add(self, Project project) except -1
    cdef double _number(self, Project project, int column) except? -1
    cdef bint remove(self, Project project) except -1
    cdef list first(self, Py_ssize_t most)

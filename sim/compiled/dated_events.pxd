cimport cython
from sim.compiled.calls cimport Calls
from sim.compiled.parts cimport Call
from sim.compiled.actors cimport Actor
from sim.compiled.construction cimport Construction, Yard
from sim.compiled.hazards cimport Hazards
from sim.compiled.programme cimport Programme
from sim.compiled.project cimport Project
from sim.compiled.selection cimport Selection
from sim.compiled.servers cimport Job

cdef int CAPACITY, DATED_EVENT, HAPPENED, CALLS_STOPPED, PARTNERS_FINISH, COURSE_ENDED

cdef class DatedEvents(Actor):
    cdef Programme programme
    cdef Selection selection
    cdef Calls calls
    cdef Hazards hazards
    cdef int _schedule(self) except -1
    @cython.locals(project=Project)
    cdef int _happen(self, int number, object event) except -1
    @cython.locals(job=Job)
    cdef int _stop_calls(self, Project project, bint partners_finish) except -1
    @cython.locals(first=Call, yard=Yard)
    cdef object _phase(self, Project project)

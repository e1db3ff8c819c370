cimport cython
from sim.compiled.clock cimport Event
from sim.compiled.programme cimport Process, Programme
from sim.compiled.project cimport Project
from sim.compiled.servers cimport Job, Servers

cdef class Appraise(Process)

cdef int COMPLETION, APPRAISAL_QUEUE, BEGAN, ENDED, REOPENED, APPROVED, REFUSED

@cython.locals(appraise=Appraise)
cdef int start_appraisal(Programme programme, Project project) except -1

cdef class Appraise(Process):
    cdef int heard
    @cython.locals(ready=Event, lenders=list, facility=cython.int)
    cdef int go(self) except -1

cdef class Bargain(Process):
    cdef int facility, visit
    @cython.locals(desks=Servers, ready=Event, job=Job)
    cdef int go(self) except -1

@cython.locals(bargain=Bargain)
cdef Bargain new_bargain(Programme programme, int facility)

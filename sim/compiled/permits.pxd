cimport cython
from sim.compiled.programme cimport Process, Programme
from sim.compiled.project cimport Project
from sim.compiled.servers cimport Job, Servers

cdef int COMPLETION, PERMIT_QUEUE, RECORDED, DEVELOPMENT_BEGAN, DEVELOPMENT_ENDED
cdef int PERMITS_BEGAN, WORK_ENDED, LITIGATION_BEGAN, LITIGATION_ENDED, GRANTED

cdef class Permits(Process)

@cython.locals(permits=Permits)
cdef int start_permits(Programme programme, Project project) except -1

cdef class Develop(Process):
    cdef int go(self) except -1

cdef class Permits(Process):
    cdef int visit
    cdef bint granted_before
    @cython.locals(agency=Servers, job=Job)
    cdef int go(self) except -1
    cdef int _granted(self, int cause) except -1

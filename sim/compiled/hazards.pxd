cimport cython
from sim.compiled.calls cimport Calls
from sim.compiled.actors cimport Actor
from sim.compiled.clock cimport Clock, Event
from sim.compiled.construction cimport Construction
from sim.compiled.programme cimport Programme
from sim.compiled.project cimport Project
from sim.rules cimport hazards
from sim.compiled.selection cimport Selection

cdef int STARTED, BUILT, CANCEL, PAUSE, RESUME, COMPLETION, CANCELLED, PAUSED, RESUMED

cdef class Exposure:
    cdef double cancel_left, pause_left, cancels, pauses
    cdef long long since, timer
    cdef int visit
    cdef bint over

cdef class Hazards(Actor):
    cdef Programme programme
    cdef Construction construction
    cdef Calls calls
    cdef Selection selection
    cdef bint active, shifts_clocks
    cdef object plan
    cdef double last_progress
    cdef const double[:, ::1] thresholds
    cdef const long long[:, ::1] lengths
    cdef const double[::1] to_cancel, factors
    cdef tuple shocked
    cdef list exposures, years
    @cython.locals(exposure=Exposure)
    cdef int selected(self, Project project) except -1
    cdef int _built(self, Project project) except -1
    @cython.locals(exposure=Exposure, factor=cython.double)
    cdef int _expose(self, Project project, object rates) except -1
    @cython.locals(exposure=Exposure, now=cython.longlong)
    cdef Exposure settle(self, Project project)
    cdef list years_of(self, int sector)
    cdef int _arm(self, Project project, Exposure exposure) except -1
    cdef int _at(self, Project project, long long minute, int kind, int step,
                 long long number) except -1
    @cython.locals(exposure=Exposure)
    cdef int _strike(self, Project project, int step, long long number) except -1
    cdef int cancel(self, Project project, int cause=*) except -1
    @cython.locals(length=cython.longlong, now=cython.longlong)
    cdef int _pause(self, Project project, int visit) except -1
    @cython.locals(exposure=Exposure, over=Event)
    cdef int _resume(self, Project project) except -1

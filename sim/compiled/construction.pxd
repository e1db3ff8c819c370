cimport cython
from sim.compiled.calls cimport Calls
from sim.compiled.actors cimport Actor
from sim.compiled.courses cimport Site
from sim.compiled.energising cimport Energising
from sim.compiled.equipping cimport Equipping
from sim.compiled.programme cimport Programme
from sim.compiled.project cimport Project
from sim.compiled.sites cimport Sites
from sim.compiled.yards cimport Yard
from sim.plan.points cimport Gates

cdef int BUILDING_BEGAN, BUILDING_STOPPED, UNIT_BUILT, ALL_BUILT, PAUSED

cdef class Construction:
    cdef Programme programme
    cdef Calls calls
    cdef Sites sites
    cdef Equipping equipping
    cdef Energising energising
    cdef list told, at_notice
    cdef Gates gates
    cdef object order_slice
    cdef tuple early_works, develops
    cdef const double[:] cost_ratio
    cdef const long long[:, :] lead_error
    @cython.locals(project=Project, yard=Yard, clock=Site)
    cdef int close(self) except -1
    @cython.locals(actor=Actor)
    cdef int tell(self, int step, Project project) except -1
    cdef Yard yard(self, Project project)
    @cython.locals(clock=Site)
    cdef int complete(self, Project project, Yard yard, int unit) except -1
    @cython.locals(clock=Site)
    cdef int on_record(self, Project project, int unit) except -1
    cdef int built(self, Project project, Yard yard, int unit) except -1
    cdef int man(self, Yard yard, Site clock) except -1
    cdef int dismiss(self, Site clock) except -1
    @cython.locals(clock=Site)
    cdef int start(self, Project project, Yard yard) except -1
    @cython.locals(clock=Site)
    cdef int halt(self, Project project, Yard yard, int cause, long long part=*) except -1
    cdef int stop(self, Project project, Yard yard, int cause, long long part=*) except -1
    @cython.locals(yard=Yard)
    cdef int suspend(self, Project project) except -1
    @cython.locals(yard=Yard)
    cdef int resume(self, Project project) except -1
    @cython.locals(yard=Yard, clock=Site)
    cdef int abandon(self, Project project) except -1
    @cython.locals(yard=Yard, clock=Site)
    cdef double progress(self, Project project) except -1

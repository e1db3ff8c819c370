cimport cython
from sim.compiled cimport power
from sim.compiled.actors cimport Actor
from sim.compiled.clock cimport Clock
from sim.compiled.power cimport Grid
from sim.compiled.programme cimport Programme
from sim.compiled.project cimport Project
from sim.compiled.record cimport Recorder

cdef int CONNECT, COMPLETION, GRID_CONNECTION, POWER
cdef int GRID_REQUESTED, GRID_CONNECTED, UNIT_ENERGISED, OPERATING

cdef class Link:
    cdef Project project
    cdef Grid grid
    cdef int resource, energised
    cdef long long megawatts, requested
    cdef bint connected
    cdef list waiting
    cdef set short

cdef class Energising(Actor):
    cdef Programme programme
    cdef list grids, links
    cdef tuple region_of
    cdef const long long[::1] megawatts, ahead, connection
    cdef Grid region(self, Project project)
    @cython.locals(link=Link, clock=Clock, resource=cython.int)
    cdef int request(self, Project project) except -1
    @cython.locals(unit=cython.int)
    cdef int _connect(self, Link link) except -1
    @cython.locals(link=Link)
    cdef int cancel(self, Project project) except -1
    @cython.locals(link=Link)
    cdef int unit_built(self, Project project, int unit) except -1
    cdef int _power(self, Link link, int unit) except -1
    cdef int _wait(self, Link link, int unit, int cause) except -1
    cdef int _end_wait(self, Link link, int unit, int cause) except -1
    cdef int _fall_short(self, Link link, int unit) except -1
    cdef int _granted(self, Link link, int unit) except -1
    cdef int _energise(self, Link link, int unit) except -1

cdef long long unit_megawatts(Link link, int unit) except -1

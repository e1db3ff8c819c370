cimport cython
from sim.compiled cimport courses
from sim.compiled.actors cimport Actor
from sim.compiled.clock cimport Event
from sim.compiled.courses cimport Course, Site
from sim.compiled.programme cimport Programme
from sim.compiled.project cimport Project
from sim.compiled.sites cimport Sites
from sim.plan.points cimport Layout, planned
from sim.rules.splitting cimport unit_crew

cdef long long ENDLESS

cdef class Yard(Actor):
    cdef Layout plan
    cdef list clocks, points  # of every unit by its own clock
    cdef Site line
    cdef Course whole
    cdef bint running, suspended
    cdef Event resumed
    cdef int left
    @cython.locals(pool=cython.int, people=cython.longlong, ordinal=cython.int,
                   work=cython.longlong, first=cython.longlong)
    cdef int _plan(self, Sites sites, Project project) except -1
    @cython.locals(clock=Site)
    cdef int _connect(self, bint several) except -1

@cython.locals(place=cython.longlong)
cdef long long reached(Programme programme, Project project, Layout plan,
                       long long begun) except? -1
cdef long long _alone(Programme programme, Project project, long long begun) except -1

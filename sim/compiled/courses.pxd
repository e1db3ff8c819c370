cimport cython
from sim.compiled.actors cimport Actor
from sim.compiled.clock cimport Event
from sim.compiled.project cimport Project

cdef long long ONE, MOST, NEVER
cdef int LINE, ALL

cdef class Course(Actor):
    cdef Project project
    cdef int unit, points
    cdef long long reached, target
    cdef Event moment
    cdef Entry entry
    cdef int begin(self, Project project, int unit) except -1

cdef class Site(Course):
    cdef long long total, work, base, since, joined
    cdef double share
    cdef bint wanted
    cdef Group group, fastest
    cdef Whole whole
    cdef Site line
    cdef int stand(self, Project project, int unit, long long total, double share) except -1
    cdef long long done(self, long long minute) except -1
    cdef long long least(self) except -1

@cython.locals(site=Site)
cdef Site new_site(Project project, int unit, long long total, double share)

cdef class Whole(Course):
    cdef list clocks
    cdef bint listed

cdef class Entry:
    cdef long long end
    cdef Course course

cdef class Group:
    cdef Site site
    cdef int number, limit, bound
    cdef long long rank, asked, rate, clock, last, armed, timers
    cdef bint waiting
    cdef double share
    cdef list heap
    cdef int advance(self, long long now) except -1
    cdef bint before(self, Group other)
    @cython.locals(entry=Entry)
    cdef Entry first(self)
    @cython.locals(entry=Entry, other=Entry)
    cdef int enter(self, Course course, long long end) except -1
    @cython.locals(last=Entry, one=Entry, other=Entry)
    cdef int _pop(self) except -1

cdef class Rationing(Actor):
    cdef int ration(self, list groups) except -1

cdef long long units_of(long long minutes) except -1
cdef long long rate_of(double share) except -1
cdef long long even(long long minutes, long long rest, int parts) except -1
cdef object uneven(object minutes, object rest, object rate, object rates)

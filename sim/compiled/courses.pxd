cimport cython
from sim.compiled.actors cimport Actor
from sim.compiled.clock cimport Event
from sim.compiled.project cimport Project

cdef long long ONE, MOST, NEVER
cdef int LINE, ALL

cdef class Course(Actor):
    cdef Project project
    cdef int unit, points, slot
    cdef long long reached, target
    cdef Event moment
    cdef Group home
    cdef int begin(self, Project project, int unit) except -1
    cdef bint waits(self) noexcept
    cdef int drop(self) noexcept

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

cdef class Group:
    cdef Site site
    cdef int number, limit, bound
    cdef long long rank, asked, rate, clock, last, armed, timers
    cdef bint waiting
    cdef double share
    cdef list courses
    cdef int size
    cdef long long[::1] ends, order, places
    cdef int advance(self, long long now) except -1
    cdef bint before(self, Group other)
    cdef int enter(self, Course course, long long end) except -1
    @cython.locals(last=cython.int)
    cdef int drop(self, int slot) noexcept
    @cython.locals(course=Course)
    cdef int close(self) except -1
    cdef int _grow(self, int room) except -1
    @cython.locals(end=cython.longlong, above=cython.int, below=cython.int, other=cython.int)
    cdef int _put(self, int place, int slot) noexcept

cdef int rank(Group group, list ranked) except -1

cdef class Rationing(Actor):
    cdef int ration(self, list groups) except -1

cdef long long units_of(long long minutes) except -1
@cython.locals(exact=cython.double, whole=cython.longlong)
cdef long long rate_of(double share) except -1
cdef long long even(long long minutes, long long rest, int parts) except -1
cdef object uneven(object minutes, object rest, object rate, object rates)

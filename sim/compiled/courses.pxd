cimport cython
from sim.compiled.clock cimport Actor, Event
from sim.compiled.project cimport Project

cdef class Course(Actor):
    cdef Project project
    cdef int unit, points
    cdef long long reached, target
    cdef Event moment
    cdef Entry entry

cdef class Site(Course):
    cdef long long total, work, base, since, joined
    cdef double share
    cdef bint wanted
    cdef Group group, fastest
    cdef Whole whole
    cdef Site line

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
    @cython.locals(other=Entry)
    cdef int push(self, Entry entry) except -1
    @cython.locals(last=Entry, first=Entry, one=Entry, other=Entry)
    cdef Entry pop(self)

cimport cython
from sim.compiled cimport courses
from sim.compiled.actors cimport Actor
from sim.compiled.clock cimport Clock, Event
from sim.compiled.courses cimport Course, Group, Rationing, Site, Whole
from sim.compiled.programme cimport Programme
from sim.compiled.record cimport Recorder, Rows

cdef int UNIT_SHIFT, ALLOCATE, TIMER, CREWS, CAPACITY, COMPLETION
cdef int ALLOCATION, SITE_TIMER, UNIT_ENERGISED, CREWS_WAITED

cdef class Sites(Actor):
    cdef Clock clock
    cdef Recorder record
    cdef int pools, rows
    cdef Rationing rationing
    cdef bint apart
    cdef object order
    cdef long long[::1] crews, needs, wanted
    cdef const long long[:] build, first_unit
    cdef const long long[:, :] people
    cdef list known, groups, ranked, lines, wholes, by_project
    cdef dict sharing, asked
    cdef Rows stretches, clock_rows
    cdef long long _joined, _allocations, _due
    cdef int credit(self, Site site, long long work) except -1
    cdef int join(self, Site site) except -1
    cdef int leave(self, Site site) except -1
    cdef int suspend(self, Site site) except -1
    cdef double progress(self, Site site) except -1
    cdef Event reach(self, Course course, long long work)
    cdef int ask(self) except -1
    @cython.locals(group=Group, site=Site)
    cdef int cut(self, long long minute) except -1
    @cython.locals(group=Group)
    cdef int close(self) except -1
    @cython.locals(pool=cython.int, first=cython.int, ordinal=cython.int)
    cdef Group _group(self, Site site)
    cdef Group _new_group(self, Site site)
    @cython.locals(crew=cython.longlong, row=cython.longlong, people=cython.longlong,
                   pool=cython.int)
    cdef int _need(self, Group group, Site site, int sign) except -1
    cdef int _take_off(self, Site site, long long work) except -1
    @cython.locals(groups=list, group=Group, line=Site, whole=Whole)
    cdef int _allocate(self) except -1
    cdef int _run(self, Group group, long long rate, int limit) except -1
    cdef int _set(self, Group group, long long rate, int limit) except -1
    cdef int _tell(self, Group group, bint waiting) except -1
    @cython.locals(site=Site)
    cdef Group _head(self, Course course)
    @cython.locals(clock=Site, group=Group, missing=cython.longlong, rest=cython.longlong,
                   rates=cython.longlong, at_work=cython.int, done=cython.longlong,
                   more=cython.longlong)
    cdef Group _head_whole(self, Whole whole)
    @cython.locals(first=cython.longlong)
    cdef int _arm(self, Group group) except -1
    cdef int _timer(self, Group group, long long minute) except -1
    cdef int _release(self, Course course) except -1
    cdef int _end_stretch(self, Site site, long long minute, long long work) except -1

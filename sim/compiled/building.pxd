cimport cython
from sim.compiled cimport yards
from sim.compiled.calls cimport Calls
from sim.compiled.parts cimport Call
from sim.compiled.clock cimport Clock, Event
from sim.compiled.construction cimport Construction
from sim.compiled.courses cimport Course, Site
from sim.compiled.equipment cimport Maker
from sim.compiled.equipping cimport Equipping
from sim.compiled.programme cimport Process, Programme
from sim.compiled.project cimport Project
from sim.compiled.yards cimport Yard
from sim.plan.points cimport Layout, Point, merged, of_all, of_line, of_unit

cdef int STARTED, SETS_OUT, ARRIVES, GOES_ON, BEGINS, COMES_BACK
cdef int NOTICE, MONEY, PERMITS, EQUIPMENT, UNIT
cdef int UNIT_BUILT, UNIT_ENERGISED, ARRIVAL, TURN_NOTICE, NTP_ISSUED, BUILDING_BEGAN, CALL_NOTICED
cdef int FIRST_CALL, DEVELOPMENT, UNPERMITTED, CASH_STARVED, PAUSED, NO_MACHINES

cdef class Walk(Process):
    cdef Construction construction
    cdef Yard yard
    cdef Course course
    cdef list points
    cdef int going, next, what, number, kind
    cdef long long work
    cdef int on(self, Yard yard, Course course, list points) except -1
    cdef int go(self) except -1
    @cython.locals(point=Point)
    cdef int walk(self) except -1
    @cython.locals(call=Call)
    cdef bint stops(self) except -1
    cdef bint held(self, Event event, int cause, int part) except -1
    @cython.locals(maker=Maker)
    cdef bint without_machines(self) except -1
    @cython.locals(walk=Walk)
    cdef int begin(self, int unit) except -1

@cython.locals(walk=Walk)
cdef Walk new_walk(Construction construction)

cdef class Build(Walk):
    cdef long long begun
    @cython.locals(call=Call, index=cython.int)
    cdef int go(self) except -1
    cdef int first_paid(self) except -1
    @cython.locals(clock=Site, walk=Walk, plan=Layout, errors="const long long[:]", ratio=cython.double)
    cdef int raise_site(self) except -1
    @cython.locals(clock=Site, plan=Layout, most=cython.longlong, done=cython.longlong)
    cdef int credit(self, long long place, int stand, tuple needs) except -1

cdef class OnRecord(Process):
    cdef Construction construction
    cdef list steps
    cdef int kind, unit
    cdef int go(self) except -1

cdef class CallLater(Process):
    cdef Construction construction
    cdef int go(self) except -1

cdef class Order(Process):
    cdef Construction construction
    cdef Call call
    cdef int go(self) except -1

cdef int call_once(Construction construction, Project project, int index) except -1
@cython.locals(call=Call)
cdef int call_for_equipment(Construction construction, Project project) except -1

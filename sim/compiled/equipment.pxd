cimport cython
from sim.compiled.actors cimport Actor
from sim.compiled.clock cimport Clock
from sim.compiled.project cimport Project
from sim.compiled.record cimport Recorder

cdef int CAPACITY, COMPLETION, DESKS, ALLOCATION, SLOTS, RESERVED, POOL
cdef int CAPACITY_CHANGED, ORDERED, ON_RESERVE, SLOT_GRANTED, DELIVERED, EQUIPMENT_SLOT
cdef int ALLOCATE, DELIVER, NEW_YEAR, RESERVE

cdef class Order:
    cdef Project project
    cdef Actor told
    cdef long long minute, units, slots_per_unit, delivery_minutes, cents, granted, stands
    cdef int step
    cdef bint firm, waited, cancelled
    cdef bint wanting(self)
    cdef long long missing(self)

cdef class Maker(Actor):
    cdef Clock clock
    cdef Recorder record
    cdef int resource, number
    cdef object ordering
    cdef tuple later
    cdef bint carry_over
    cdef double left, capacity
    cdef long long in_use, waiting, waiting_cents, _due, _allocations
    cdef long long[::1] reserved
    cdef unsigned char[::1] cancelled
    cdef list orders, queue, fresh
    cdef int _schedule(self, tuple reserved, dict ordinal_of) except -1
    cdef int reserve(self, int ordinal, long long slots) except -1
    cdef int new_year(self, double slots) except -1
    @cython.locals(order=Order)
    cdef int order(self, Project project, long long slots_per_unit, long long delivery_minutes,
                   Actor told, int step, bint firm) except -1
    cdef bint knows(self, Project project)
    @cython.locals(order=Order)
    cdef int confirm(self, Project project) except -1
    @cython.locals(order=Order)
    cdef int grant_on_record(self, Project project, long long unit) except -1
    cdef int deliver_on_record(self, Project project, long long unit) except -1
    @cython.locals(order=Order, freed=cython.longlong, waited=cython.bint)
    cdef int cancel(self, Project project) except -1
    cdef int _ask(self) except -1
    @cython.locals(order=Order)
    cdef int _allocate(self) except -1
    @cython.locals(order=Order)
    cdef object _view(self)
    @cython.locals(slots=cython.longlong, reserved=cython.longlong, beyond=cython.double)
    cdef int _grant(self, Order order, long long units) except -1
    cdef int _make(self, Order order, long long unit) except -1
    @cython.locals(order=Order)
    cdef int _deliver(self, int ordinal, long long unit) except -1
    cdef int _leave_queue(self, Order order) except -1
    @cython.locals(other=Order)
    cdef int _push(self, Order order) except -1
    cdef int _log(self, Order order, int kind, long long part, long long amount,
                  int cause) except -1
    cdef int _trace(self) except -1

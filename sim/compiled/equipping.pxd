cimport cython
from sim.compiled.actors cimport Actor
from sim.compiled.clock cimport Clock, Event
from sim.compiled.equipment cimport Maker
from sim.compiled.programme cimport Process, Programme
from sim.compiled.project cimport Project

cdef int ARRIVAL, ORDERED, ON_RESERVE, SLOT_GRANTED

cdef class Equipping(Actor):
    cdef Programme programme
    cdef object needs
    cdef list makers
    cdef int most_units
    cdef const long long[:, ::1] delivery
    cdef const unsigned char[:, ::1] reserves
    cdef unsigned char[::1] delivered
    cdef dict arrivals
    cdef tuple needed(self, Project project)
    @cython.locals(maker=Maker)
    cdef int order(self, Project project) except -1
    @cython.locals(maker=Maker, kind=cython.int)
    cdef int ask(self, Project project, object need, bint firm) except -1
    @cython.locals(maker=Maker)
    cdef int stand(self, Project project, int unit) except -1
    cdef bint has(self, Project project, int kind, int unit) except -1
    @cython.locals(arrival=Event)
    cdef int _deliver(self, long long place) except -1
    @cython.locals(event=Event)
    cdef Event arrival(self, Project project, int kind, int unit)
    @cython.locals(maker=Maker)
    cdef int cancel(self, Project project) except -1
    cdef long long _place(self, int ordinal, int kind, int unit)

cdef class Reserve(Process):
    cdef Equipping equipping
    cdef int unit
    @cython.locals(on=cython.longlong, clock=Clock)
    cdef int go(self) except -1
    @cython.locals(maker=Maker)
    cdef int _slots_on_record(self, int unit) except -1
    @cython.locals(kind=cython.int)
    cdef list _reserved(self)
    @cython.locals(maker=Maker)
    cdef int _reserve(self) except -1

cdef class OrderOnRecord(Process):
    cdef Equipping equipping
    cdef int go(self) except -1

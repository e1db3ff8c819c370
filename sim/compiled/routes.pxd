cimport cython
from sim.compiled.actors cimport Actor
from sim.compiled.programme cimport Programme

cdef int CAPACITY, ROUTE_LAW, ROUTE_OPENED, ROUTE_CLOSED, ROUTE_ADDED, ROUTE_DROPPED
cdef int TARIFF_RAISED, TARIFF_RELIEVED, BY_COURT

cdef class Routes(Actor):
    cdef Programme programme
    cdef object plan
    cdef Actor closed
    cdef list in_law, duties, in_force, _used, law_changes
    cdef const long long[::1] court
    cdef int _schedule(self) except -1
    cdef int _change_at(self, long long minute, int route, int visit) except -1
    cdef int _change(self, int route, bint stands, int cause) except -1
    cdef int add(self, int route) except -1
    cdef int drop(self, list routes) except -1
    cdef bint settle(self) except -1
    cdef int say(self, int kind, int route=*, double amount=*, int cause=*) except -1

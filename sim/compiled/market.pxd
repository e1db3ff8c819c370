cimport cython
from sim.compiled.clock cimport Clock
from sim.compiled.courses cimport Group
from sim.compiled.programme cimport Programme
from sim.compiled.record cimport Recorder, Rows
from sim.rules cimport staffing
from sim.rules.staffing cimport Filling
from sim.compiled.courses cimport Rationing
from sim.compiled.sites cimport Sites

cdef int WIDTH, CAPACITY, MONTH, A_PERSON

cdef class Market(Rationing):
    cdef object plan
    cdef Clock clock
    cdef list rank
    cdef int pools, month
    cdef double weight
    cdef const double[:, ::1] people, other
    cdef tuple months
    cdef bint apart, fair
    cdef Filling filling
    cdef Sites sites
    cdef long long[::1] wanted
    cdef double[::1] used, supply
    cdef Rows rows
    cdef int row, room
    cdef long long written
    cdef int _next_month(self) except -1
    @cython.locals(group=Group, share=cython.double)
    cdef int ration(self, list groups) except -1
    cdef double[::1] _supply(self)
    @cython.locals(group=Group)
    cdef int _share(self, list groups, double[::1] supply) except -1
    @cython.locals(group=Group, filling=Filling, limit=cython.double)
    cdef int _fill(self, list groups, double[::1] supply) except -1
    @cython.locals(group=Group)
    cdef object _view(self, list groups, double[::1] supply)
    cdef int _write(self, double[::1] supply) except -1
    @cython.locals(rows=Rows)
    cdef object trace(self)
    @cython.locals(record=Recorder, row="double[::1]", first=cython.longlong, at=cython.int,
                   pool=cython.longlong, minute=cython.longlong)
    cdef int tell(self) except -1
    @cython.locals(rows=Rows, clocks=Rows)
    cdef object site_trace(self, object entity)

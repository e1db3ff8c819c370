cimport cython
from sim.compiled.clock cimport Clock
from sim.compiled.courses cimport Group
from sim.compiled.programme cimport Programme
from sim.compiled.record cimport Recorder, Rows
from sim.rules cimport staffing
from sim.rules.staffing cimport Filling
from sim.compiled.courses cimport Rationing
from sim.compiled.sites cimport Sites

cdef int CAPACITY, MONTH, A_PERSON

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
    cdef double[::1] used, supply
    cdef Rows rows
    cdef int row
    cdef long long written
    cdef int _next_month(self) except -1
    @cython.locals(group=Group, share=cython.double, people=cython.double, other=cython.double,
                   bid=cython.double, enough=cython.bint, pool=cython.int, month=cython.int)
    cdef int ration(self, list groups) except -1
    @cython.locals(group=Group, filling=Filling, row=cython.int, pool=cython.int)
    cdef int _fill(self, list groups) except -1
    @cython.locals(group=Group)
    cdef object _view(self, list groups)
    @cython.locals(at=cython.int, pool=cython.int)
    cdef int _write(self) except -1
    @cython.locals(row="double[::1]", whole="long long[:, ::1]", exact="double[:, ::1]",
                   at=cython.int, place=cython.int, pool=cython.int,
                   month=cython.int, minute=cython.longlong, count=cython.int)
    cdef object trace(self)
    @cython.locals(record=Recorder, row="double[::1]", first=cython.longlong, at=cython.int,
                   pool=cython.int, minute=cython.longlong, used=cython.double)
    cdef int tell(self) except -1
    @cython.locals(rows=Rows, clocks=Rows)
    cdef object site_trace(self, object entity)

cimport cython

cdef double INF, SLACK

cpdef double obtainable(double people, double other_demand, double wanted, double weight=*)

cdef class Filling:
    cdef public int pools, rows
    cdef public long long[::1] needs, limits, rising, wanted
    cdef public double[::1] rates, supply, used, levels
    @cython.locals(near=double, rate=double, craft=cython.int, row=cython.int, at=cython.int,
                   pool=cython.int)
    cpdef int share(self, int rows) except -1
    cdef int _want(self, int rows) except -1
    cdef bint _enough(self) except -1
    cdef int _tightest(self)
    cdef int _limit(self, int craft, int at, double near)

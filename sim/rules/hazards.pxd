cimport cython

@cython.locals(total=cython.double, close=cython.longlong, factor=cython.double,
               stop=cython.longlong)
cpdef double met(long long begin, long long end, double rate, object years) except? -1
@cython.locals(close=cython.longlong, factor=cython.double, speed=cython.double,
               needed=cython.double, whole=cython.longlong)
cpdef object strikes_at(long long begin, double left, double rate, object years)

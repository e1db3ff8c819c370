cimport cython

cdef long long MILLION

cpdef long long part(long long cents, long long share) except? -1
@cython.locals(parts=list, last=cython.int, left=cython.longlong, taken=cython.longlong,
               share=cython.longlong, place=cython.int)
cpdef list split(long long cents, object shares)
cpdef long long unit_cents(long long cents, long long units, long long unit) except? -1
cpdef long long unit_crew(long long crew, long long work, long long units) except? -1
@cython.locals(row=list, last=list, rows=list, amounts=list, place=cython.int,
               left=cython.longlong, taken=cython.longlong, least=cython.longlong)
cpdef list share_out(long long cents, object slices, object facilities)

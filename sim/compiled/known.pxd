cimport cython

cdef class Additions:
    cdef long long[::1] begins, ends, amounts

cdef class Known:
    cdef object plan
    cdef list additions, recorded, lending, first_site, shared
    cdef list preferred_sectors, preferred_sites, preferred_states
    cdef dict years
    cdef list years_of(self, int sector, tuple shocked)

@cython.locals(known=Known)
cpdef Known known_of(object plan)

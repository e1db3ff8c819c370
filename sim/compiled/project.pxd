cimport cython
from sim.compiled.actors cimport Actor
from sim.compiled.clock cimport Event

cdef class Project:
    cdef int ordinal, sector, units, place
    cdef long long entity, commitment, selected_cents
    cdef bint named, alive, selected, appraising, permitting
    cdef double prospects, content
    cdef double preferred, ranked  # in the docket it is in
    cdef tuple sites
    cdef list jobs, processes
    cdef Event paused
    cdef long long paused_until
    cdef Event appraised, permitted, developed, funded
    cdef list lenders_ready
    cdef long long recommended_on, selected_on, first_paid_on, permits_granted_on
    cdef long long developed_on, ntp_on, ordered_on
    cdef tuple later_paid_on, slots_on, built_on, energised_on
    cdef list calls
    cdef list parts
    cdef bint stopped, partners_pay
    cdef Actor yard
    cdef int begin(self, int ordinal, long long entity) except -1
    cdef int close(self) except -1
    cdef bint before(self, Project other)
    @cython.locals(site=Project)
    cdef long long asked(self) except -1

@cython.locals(project=Project)
cpdef Project new_project(int ordinal, long long entity)

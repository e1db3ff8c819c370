cimport cython
from sim.results.ledger.trail cimport Trail

cdef int _PROPOSED, _NOTICED, _PAID, _SELECTED, _DOCUMENTED, _PART_PAID
cdef int _APPRAISAL_BEGAN, _APPRAISAL_ENDED, _CONSULTED, _CONSULTATION_ENDED
cdef int _PERMITS, _GRANTED, _LITIGATION, _LITIGATION_ENDED, _DEVELOPING, _DEVELOPED
cdef int _PAUSED, _RESUMED, _BUILDING, _BUILT
cdef int _APPRAISAL_QUEUE, _WINDOW, _PERMIT_QUEUE, _HISTORY, _RECORDED

cdef class Part:
    cdef public int lender
    cdef public long long begin, documented, paid
    cdef public list windows

cdef class Branches:
    cdef public Trail trail
    cdef public list lender, main, permits, development, pauses
    cdef list _first
    cdef public dict appraisals
    cdef public long long begin, end, noticed, granted, developed, payment_began, paid
    cdef public tuple consultation
    cdef public bint on_record
    @cython.locals(trail=Trail, until=cython.longlong, selected=cython.longlong, pieces=list)
    cdef list _main(self)
    @cython.locals(trail=Trail, rounds=list, pieces=list, in_court=cython.bint,
                   granted=cython.longlong)
    cdef tuple _permits(self)
    @cython.locals(trail=Trail, lender=list, requests=dict, begun=dict, ends=dict,
                   begin=cython.longlong, time=cython.longlong, desk=cython.int)
    cdef dict _appraisals(self)
    @cython.locals(trail=Trail, paid=cython.longlong)
    cdef void _first_call(self) except *
    cpdef list first_parts(self)
    cpdef list history(self, int kind)
    cpdef long long stood(self, int unit) except? -1
    @cython.locals(trail=Trail, lender=list, end=cython.longlong, begin=cython.longlong,
                   documented=dict, paid=dict, windows=dict)
    cpdef list parts(self, int part)

cdef object _earlier(dict requests, int number, long long time, int desk)
@cython.locals(found=list, since=cython.longlong, until=cython.longlong)
cpdef list filled(list pieces, long long begin, long long end, int gaps)
cpdef list paying(Part part)

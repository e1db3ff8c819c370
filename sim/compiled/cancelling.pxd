cimport cython
from sim.compiled.calls cimport Calls
from sim.compiled.parts cimport Call
from sim.compiled.construction cimport Construction
from sim.compiled.money cimport Claim, YearlyStock
from sim.compiled.programme cimport Programme
from sim.compiled.project cimport Project
from sim.compiled.selection cimport Selection

cdef int CANCELLED, CALL_WITHDRAWN, BY_CANCELLATION

@cython.locals(share=object, spent=object, drawn=list, unspent=object, committed=object)
cpdef int cancel(Project project, int cause, Programme programme, Construction construction,
                 Calls calls, Selection selection) except -1
@cython.locals(call=Call, stock=YearlyStock, claim=Claim)
cpdef int withdraw_calls(Project project, Programme programme, Calls calls) except -1
@cython.locals(stock=YearlyStock, total=object, returned=object, part=object)
cdef int _give_back(Project project, object cents, list drawn, Calls calls) except -1

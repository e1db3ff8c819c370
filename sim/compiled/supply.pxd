cimport cython
from sim.compiled.actors cimport Actor, Line
from sim.compiled.clock cimport Clock
from sim.compiled.equipment cimport Maker
from sim.compiled.known cimport Additions, Known
from sim.compiled.money cimport Inflow, Mood, YearlyStock
from sim.compiled.power cimport Grid
from sim.compiled.record cimport Recorder
from sim.compiled.servers cimport Servers

cdef int CAPACITY, CLAIM, CLAIM_TAKEN
cdef int FUNDS_COMMITTED, PART_DRAWN, COMMITMENT, MONEY

cdef class Supply(Actor):
    cdef Clock clock
    cdef Recorder record
    cdef object plan
    cdef tuple taken
    cdef Servers teams
    cdef list yen_factor, agencies, agency_of_sector, desks, commitments, cash, makers, grids, answering
    cdef Mood mood
    cdef int numbers
    @cython.locals(inflow=Inflow)
    cdef int tariffs(self, bint raised) except -1
    @cython.locals(servers=Servers, stock=YearlyStock, maker=Maker, grid=Grid)
    cdef int close(self) except -1
    cdef int number(self)
    cdef Servers _servers(self, object plan)
    @cython.locals(stock=YearlyStock)
    cdef YearlyStock _stock(self, object plan, int kind, int cause)
    cdef Maker _maker(self, object plan, dict ordinal_of)
    cdef Grid _grid(self, object plan, Additions additions)

cimport cython
from sim.compiled.calls cimport Calls
from sim.compiled.actors cimport Actor
from sim.compiled.clock cimport Clock, new_clock
from sim.compiled.construction cimport Construction
from sim.compiled.enforcement cimport Enforcement
from sim.compiled.energising cimport Energising
from sim.compiled.equipping cimport Equipping
from sim.compiled.funding cimport Funding
from sim.compiled.hazards cimport Hazards
from sim.compiled.known cimport known_of
from sim.compiled.market cimport Market
from sim.compiled.programme cimport Docket, Process, Programme
from sim.compiled.project cimport Project
from sim.compiled.record cimport Recorder
from sim.compiled.review cimport Review
from sim.compiled.selection cimport Envelope, Selection
from sim.compiled.supply cimport Supply

cdef int SELECTED, REFUSES, CLOSES, DAY_CLOSE, DEADLINE, REFUSED_KIND, REFUSED

cdef class Step(Actor):
    cdef Engine engine
    cdef int what

cdef class Engine:
    cdef object plan, world
    cdef Clock clock
    cdef Recorder record
    cdef Programme programme
    cdef Selection selection
    cdef Funding funding
    cdef Market market
    cdef Energising energising
    cdef Equipping equipping
    cdef Hazards hazards
    cdef Review review
    cdef Enforcement enforcement
    cdef Construction construction
    cdef list others
    @cython.locals(project=Project, calls=Calls, envelope=Envelope, enforcement=Enforcement)
    cdef int _wire(self) except -1
    @cython.locals(project=Project)
    cdef list _staffing_rank(self)
    cdef int selected(self, Project project) except -1
    @cython.locals(site=Project)
    cdef int refused(self, Project project, int desks) except -1
    cdef int lapse(self) except -1
    @cython.locals(project=Project)
    cdef int _part(self) except -1
    cdef list _selected_cents(self)

cdef long long selected_cents(Project project)

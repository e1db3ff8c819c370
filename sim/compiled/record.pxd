cimport cython

cdef int BEGAN, ENDED, RECORDED, WIDTH

cdef class OpenWaits:
    cdef int size
    cdef long long[::1] rows
    cdef int add(self, long long cause, long long resource, long long part) except -1
    cdef int remove(self, long long cause, long long resource, long long part) except -1

cdef class Recorder:
    cdef long long open_minute
    cdef long long[::1] events, steps
    cdef double[::1] amounts, levels
    cdef int size, room, n_steps, room_for_steps
    cdef long long[::1] last_step
    cdef list waits
    cdef int log(self, long long time, long long project, long long kind, long long resource,
                 long long cause, long long part, double amount) except -1
    cdef int step(self, long long resource, long long time, double capacity, double in_use,
                  double waiting, double waiting_cents) except -1
    cdef int cause_at(self, long long minute) except -1
    @cython.locals(waits=OpenWaits)
    cdef int wait_began(self, long long time, long long project, long long cause,
                        long long resource, long long part) except -1
    @cython.locals(waits=OpenWaits)
    cdef int wait_ended(self, long long time, long long project, long long cause,
                        long long resource, long long part) except -1
    @cython.locals(waits=OpenWaits)
    cdef int end_waits(self, long long time, long long project) except -1

cdef class Rows:
    cdef int width, size, room
    cdef double[::1] values
    cdef int add(self) except -1
    cdef object table(self, int width)

cimport cython

cdef int BEGAN, ENDED, RECORDED, WIDTH

cdef class Waits:
    cdef int size, room
    cdef long long[::1] heads, causes, resources, parts, behind
    cdef int begin_again(self, int projects) except -1
    cdef int add(self, long long project, long long cause, long long resource,
                 long long part) except -1
    cdef int remove(self, long long project, long long cause, long long resource,
                    long long part) except -1

cdef class Columns:
    cdef int room, room_for_steps
    cdef long long[::1] events, steps, last_step
    cdef double[::1] amounts, levels
    cdef Waits waits
    cdef list rows

cdef class Recorder:
    cdef long long open_minute
    cdef bint traced
    cdef long long[::1] events, steps
    cdef double[::1] amounts, levels
    cdef int size, room, n_steps, room_for_steps, n_rows
    cdef long long[::1] last_step
    cdef Waits waits
    cdef Columns columns
    cdef int _take(self) except -1
    @cython.locals(rows=Rows)
    cdef Rows new_rows(self, int width)
    @cython.locals(room=cython.int, column=cython.int, row=cython.int, kept=cython.int)
    cdef int _grow(self) except -1
    cpdef close(self)
    cdef int log(self, long long time, long long project, long long kind, long long resource,
                 long long cause, long long part, double amount) except -1
    cdef int step(self, long long resource, long long time, double capacity, double in_use,
                  double waiting, double waiting_cents) except -1
    cdef int cause_at(self, long long minute) except -1
    cdef int wait_began(self, long long time, long long project, long long cause,
                        long long resource, long long part) except -1
    cdef int wait_ended(self, long long time, long long project, long long cause,
                        long long resource, long long part) except -1
    cdef int end_waits(self, long long time, long long project) except -1
    cdef object event_log(self)
    @cython.locals(whole="long long[:, ::1]", exact="double[:, ::1]", row=cython.int,
                   column=cython.int, at=cython.int, kept=cython.int)
    cdef object capacity_trace(self)

cdef class Rows:
    cdef int width, size, room
    cdef double[::1] values
    cdef int add(self) except -1
    @cython.locals(into="long long[:, ::1]", row=cython.int, column=cython.int, at=cython.int,
                   count=cython.int)
    cdef object whole(self, int width, tuple places)
    @cython.locals(into="double[:, ::1]", row=cython.int, column=cython.int, at=cython.int,
                   count=cython.int)
    cdef object exact(self, int width, tuple places)

cdef long long[::1] none_of(long long[::1] column, int count)

cimport cython

cdef class OrdersView:
    cdef readonly object ordinal, ordered, units, slots_per_unit, reserved
    cdef readonly double left

@cython.locals(granted=list, units=list, reserved=list, left=cython.double, row=cython.int,
               each=cython.longlong, own=cython.longlong)
cpdef list by_unit(OrdersView view)
@cython.locals(granted=list, left=cython.double, row=cython.int)
cpdef list whole_order(OrdersView view)

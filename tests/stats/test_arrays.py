"""What the functions on arrays take, and the words in which they refuse the rest."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import DesignError
from sim.stats.arrays import numbers


def test_numbers_of_the_right_shape_come_as_floats():
    found = numbers("f", [[1, 2]], "n", 2)

    assert (found.dtype, found.tolist()) == (np.float64, [[1.0, 2.0]])


@pytest.mark.parametrize(
    ("values", "axes", "words"),
    [
        (1.0, ("n",), r"f: an array of shape \(\); accepted: shape \(n,\)"),
        ([[1.0]], ("n",), r"f: an array of shape \(1, 1\); accepted: shape \(n,\)"),
        ([1.0], ("n", "k"), r"f: an array of shape \(1,\); accepted: shape \(n, k\)"),
        ([[1.0]], ("n", 2), r"f: an array of shape \(1, 1\); accepted: shape \(n, 2\)"),
        ([1.0, np.nan, np.inf], ("n",), "f: nan at index 1, 2 of 3 values not finite; accepted"),
    ],
)
def test_another_shape_or_a_number_that_is_none_is_refused(values, axes, words):
    with pytest.raises(DesignError, match=words):
        numbers("f", values, *axes)


def test_what_is_not_defined_passes_where_it_may_and_infinity_never():
    assert np.isnan(numbers("f", [np.nan, 1.0], "n", undefined=True)[0])
    with pytest.raises(DesignError, match=r"f: inf at index 1, .*or nan"):
        numbers("f", [np.nan, np.inf], "n", undefined=True)

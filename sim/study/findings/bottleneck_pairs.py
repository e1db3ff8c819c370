"""What two capacities do together that neither does alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.stats.compare import Difference, Sample, adjust, compare
from sim.stats.intervals import FloatArray
from sim.study.design.named_overlays import AND
from sim.study.findings.moments import Moment


def beyond_sum(moment: Moment, names: Sequence[str], values: FloatArray) -> dict[str, Difference]:
    """What every two are worth together beyond the sum of each alone, by the pair's name.

    World by world; decided for all pairs together (Holm). Above zero: each stands behind the other.
    Below: one does what the other would have done.

    Parameters
    ----------
    names : sequence of str
        Of the overlays, (n_overlays,): the base first, pairs joined by `AND`.
    values : FloatArray
        The response in each world, (n_overlays, n_worlds).
    """
    numbers = np.asarray(values, np.float64)
    worlds, by_name = np.arange(numbers.shape[1]), dict(zip(names, numbers, strict=True))
    found = []
    for name in names:
        if name.count(AND) == 1:
            one, other = (by_name[each] for each in name.split(AND))
            together = Sample(name, worlds, by_name[name] + numbers[0])
            alone = Sample("each alone", worlds, one + other)
            found.append(compare(moment.response, moment.unit, together, alone))
    return {one.scenario: one for one in adjust(found)}

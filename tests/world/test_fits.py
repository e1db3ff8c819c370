"""Laws fitted to the record, recomputed.

docs/calibration.md, "4. From proposal to selection".
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sim.calendars import MINUTES_PER_DAY
from sim.config import Config, load
from sim.plan import Plan
from sim.world.lending import BARGAINED, draw_appraisals
from sim.world.uniforms import stream_key, uniforms

BASE = Path(__file__).parents[2] / "configs" / "base.yaml"


@cache
def base() -> Config:
    return load(BASE).config


def test_the_interval_between_rounds_is_the_likeliest_for_the_record():
    """Every round ends an interval; the silence since the last one is censored at as_of."""
    config = base()
    selected = {row.selected_date for row in config.portfolio.projects.values()} - {None}
    rounds = sorted(selected)
    assert rounds
    days = (config.programme.as_of - config.programme.start).days  # intervals and silence together
    means = np.arange(20, 5000)
    likelihood = -len(rounds) * np.log(means) - days / means
    likeliest = means[np.argmax(likelihood)]
    assert likeliest == days / len(rounds) == pytest.approx(444, abs=0.5)
    law = config.nature.round_interval_days
    assert law.kind == "exponential"
    assert law.mean == likeliest
    within = means[likelihood > likelihood.max() - 1.92]
    assert within[0] == 101


def test_the_lenders_appraisal_is_the_likeliest_for_the_record():
    """The last of three lenders: one batch done by 61 days, one open after 248; sigma is given.

    200,000 projects' draws give either probability to 0.1 %; the likelihood is flat in the median.
    """
    nature, stream = Plan.of(base()).nature, stream_key(1, 0)
    keys = np.arange(1, 200_001, dtype=np.uint64)
    viability = uniforms(stream, keys, "viability", 1)[:, 0]
    minutes, outcome = draw_appraisals(nature, stream, keys, viability)
    held = np.cumsum(outcome != BARGAINED, axis=2) - (outcome != BARGAINED) == 0
    days = np.sort((minutes * held).sum(axis=2).max(axis=1)) / MINUTES_PER_DAY
    medians = np.arange(30, 90)
    scale = medians / 47
    done = np.searchsorted(days, 61 / scale) / len(days)
    still_open = 1 - np.searchsorted(days, 248 / scale) / len(days)
    assert abs(medians[np.argmax(done * still_open)] - 47) <= 2
    at = medians.tolist().index(47)
    assert done[at] == pytest.approx(0.157, abs=0.005)
    assert still_open[at] == pytest.approx(0.131, abs=0.005)
    for name in nature.facility_ids:
        assert base().nature.appraisal_days[name].median == 47

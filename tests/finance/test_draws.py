"""Draws for the time after building: keyed, by law, and nobody else's luck."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from replications import base
from scipy.stats import spearmanr

from sim.world import draw_world
from sim.world.distributions import cdf
from sim.world.nature import Nature


def test_a_config_without_finance_has_the_same_world_but_for_these_draws():
    with_it, without = (
        draw_world(Nature(config), 7, 3)
        for config in (base(), base().model_copy(update={"finance": None}))
    )

    assert without.operation is None
    for field in fields(with_it):
        if field.name != "operation":
            assert np.array_equal(getattr(with_it, field.name), getattr(without, field.name))


def test_yields_follow_the_sectors_law_and_lean_on_what_was_promised():
    nature, scores, prospects, sectors = Nature(base()), [], [], []
    finance = base().finance
    assert finance is not None
    for number in range(40):
        world = draw_world(nature, 1, number)
        assert world.operation is not None
        for sector, one, promised in zip(
            world.sector, world.operation.yield_share, world.prospects_share, strict=True
        ):
            name = nature.sector_ids[sector]
            scores.append(float(cdf(finance.sectors[name].yield_share, np.array([one]))[0]))
            prospects.append(
                float(cdf(base().sectors[name].prospects_share, np.array([promised]))[0])
            )
            sectors.append(name)
    uniform = np.array(scores)

    # 4,000 draws: a mean of uniforms is within 0.02 of a half, four standard errors.
    assert abs(uniform.mean() - 0.5) < 0.02
    assert abs(uniform.std() - 12**-0.5) < 0.02
    # Weight 0.6 on viability in both: 0.36, in ranks 6/pi arcsin(0.18) = 0.345.
    assert abs(spearmanr(scores, prospects).statistic - 0.345) < 0.06


def test_only_sectors_that_renew_have_an_interval_and_it_is_within_its_law():
    nature = Nature(base())
    world = draw_world(nature, 2, 0)
    assert world.operation is not None
    codes = [nature.sector_ids.index(name) for name in ("semiconductor_fab", "data_centre")]
    renewing = np.isin(world.sector, codes)

    assert np.all((world.operation.refresh_years > 0) == renewing)
    assert np.all(world.operation.refresh_years[renewing] >= 5)
    assert np.all(world.operation.refresh_years <= 7)
    assert np.all((world.operation.recovery_share >= 0.5) & (world.operation.recovery_share <= 0.9))


def test_nobodys_yield_moves_when_others_come_or_go():
    fewer = base().model_copy(update={"pipelines": dict(list(base().pipelines.items())[3:])})
    drawn = {}
    for config in (base(), fewer):
        nature = Nature(config)
        world = draw_world(nature, 5, 1)
        assert world.operation is not None
        names = [nature.entity_ids[entity] for entity in world.entity]
        columns = [getattr(world.operation, item.name) for item in fields(world.operation)]
        drawn[len(names)] = dict(zip(names, zip(*columns, strict=True), strict=True))
    many, few = drawn[max(drawn)], drawn[min(drawn)]

    assert 10 < len(few) < len(many)
    assert {name: many[name] for name in few} == few

"""Sweep files and designs: which points they are, and what a user reads when one is wrong."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from support.configs import MINIMAL

from sim.config import load
from sim.config.distributions import Distribution
from sim.errors import ConfigError, DesignError
from sim.stats.sensitivity import largest_correlation
from sim.study.design import design as designs
from sim.study.design import sweep_checks
from sim.study.design.design import Design, Factor
from sim.study.design.sweep_config import load_sweep
from sim.world.distributions import cdf

LAW = settings(derandomize=True, max_examples=40, deadline=None)
DESKS, TEAMS = "capacity.facilities.jbic.desks", "capacity.teams.count"
WINDOW = "policy.calls.first_window_business_days"

read = TypeAdapter(Distribution).validate_python
UNIFORM = read({"kind": "uniform", "low": 0, "high": 10})
LOGNORMAL = read({"kind": "lognormal", "median": 5, "sigma": 0.5})

levels = Factor("levels", "a.b", levels=(1, 2, 3))
texts = Factor("texts", "a.c", levels=("cap", "floor"))
drawn = Factor("drawn", "a.d", distribution=UNIFORM)
skewed = Factor("skewed", "a.e", distribution=LOGNORMAL)


@pytest.fixture
def sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Load a sweep over the minimal config from an empty folder."""
    monkeypatch.chdir(tmp_path)
    Path("base.yaml").write_text(MINIMAL.read_text("utf-8"), "utf-8")

    def loader(factors: str, design: str, top: str = "", **files: str):
        for name, text in files.items():
            Path(f"{name}.csv").write_text(text, "utf-8")
        lines = ["schema: 1", "sweep: test", "base: base.yaml", *top.splitlines(), "factors:"]
        lines += [f"  {line}" for line in factors.strip().splitlines()]
        Path("sweep.yaml").write_text("\n".join([*lines, f"design: {design}"]) + "\n", "utf-8")
        return load_sweep("sweep.yaml")

    return loader


def points_of(design: Design):
    return [tuple(design.point(number).values()) for number in range(len(design))]


def problems_of(load_it) -> list[str]:
    with pytest.raises(ConfigError, match=r"\w") as raised:
        load_it()
    return [str(problem) for problem in raised.value.problems]


# The designs


def test_a_grid_has_every_combination_and_its_last_factor_changes_fastest():
    design = designs.grid([levels, texts])
    assert points_of(design) == list(itertools.product((1, 2, 3), ("cap", "floor")))
    assert design.point(3) == {"a.b": 2, "a.c": "floor"}
    assert type(design.point(0)["a.b"]) is int


def test_a_mix_of_numbers_stays_what_was_given():
    mixed = Factor("mixed", "a.b", levels=(1, 2.5, "unlimited", {"2027-01-01": 3}))
    values = [value for (value,) in points_of(designs.grid([mixed]))]
    assert values == [1, 2.5, "unlimited", {"2027-01-01": 3}]
    assert [type(value) for value in values] == [int, float, str, dict]


def test_one_at_a_time_leaves_all_others_at_the_base():
    design = designs.one_at_a_time([levels, drawn], [2, 4.0], low=0.1, high=0.9)
    assert points_of(design) == [
        (2, 4.0), (1, 4.0), (2, 4.0), (3, 4.0), (2, pytest.approx(1.0)), (2, pytest.approx(9.0)),
    ]  # fmt: skip
    assert design.varied.tolist() == [-1, 0, 0, 0, 1, 1]


@LAW
@given(points=st.integers(1, 64), seed=st.integers(0, 2**32 - 1))
def test_a_latin_hypercube_has_one_point_in_each_slice_of_every_factor(points, seed):
    """McKay, Beckman and Conover (1979): the definition."""
    design = designs.latin_hypercube([drawn, skewed], points, seed)
    for place, factor in enumerate(design.factors):
        slices = np.floor(design.unit[:, place] * points)
        assert sorted(slices) == list(range(points))
        u = cdf(factor.distribution, design.columns[place])
        assert u == pytest.approx(design.unit[:, place], abs=1e-12)


@pytest.mark.parametrize(("n", "most"), [(10, 0.15), (40, 0.1)])
def test_no_two_factors_of_a_small_latin_hypercube_vary_together(n, most):
    """Three columns of 40 points by chance reach 0.3; the largest of them here stays far below."""
    for seed in range(5):
        unit = designs.latin_hypercube([drawn, skewed, levels], n, seed).unit
        assert abs(largest_correlation(unit)[0]) < most


def test_a_latin_hypercube_takes_each_level_equally_often():
    design = designs.latin_hypercube([levels, texts, drawn], 60, seed=5)
    assert np.bincount(design.column("levels"))[1:].tolist() == [20, 20, 20]
    assert (design.column("texts") == "cap").sum() == 30


@pytest.mark.parametrize("points", [2, 16, 256])
def test_a_sobol_sequence_has_one_point_in_each_slice(points):
    """A (t, m, s)-net in base 2: every one-dimensional projection of 2^m points is balanced."""
    design = designs.sobol_sequence([drawn, skewed, levels], points, seed=3)
    for column in design.unit.T:
        assert sorted(np.floor(column * points)) == list(range(points))


def test_a_saltelli_design_puts_the_columns_of_b_into_a_one_by_one():
    """Saltelli et al. (2010): A, then A with column j of B, then B, for each base point."""
    design = designs.saltelli([drawn, skewed, levels], 8, seed=1)
    blocks = design.unit.reshape(8, 5, 3)
    a, b = blocks[:, 0], blocks[:, -1]
    for j in range(3):
        expected = a.copy()
        expected[:, j] = b[:, j]
        assert np.array_equal(blocks[:, 1 + j], expected)
    assert len(designs.saltelli([drawn, skewed, levels], 8, seed=1, second_order=True)) == 8 * 8


def test_a_morris_trajectory_moves_each_factor_once_by_half_its_range():
    """Morris (1991), four levels: from end to end of a uniform factor in steps of two thirds; of
    any other the medians of four equal parts, 1/8 to 7/8, in steps of a half.
    """
    design = designs.morris([drawn, skewed, levels], 10, seed=1)
    assert np.unique(design.unit[:, 0]) == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert np.unique(design.unit[:, 1:]).tolist() == [0.125, 0.375, 0.625, 0.875]
    steps = np.abs(np.diff(design.unit.reshape(10, 4, 3), axis=1))
    assert steps.max(axis=1) == pytest.approx(np.tile([2 / 3, 0.5, 0.5], (10, 1)))
    assert steps.sum(axis=1) == pytest.approx(np.tile([2 / 3, 0.5, 0.5], (10, 1)))
    low, high = drawn.distribution.low, drawn.distribution.high
    assert (design.columns[0].min(), design.columns[0].max()) == pytest.approx((low, high))
    assert np.diff(design.column("levels").reshape(10, 4), axis=1).any(axis=1).all()


@pytest.mark.parametrize(
    "make",
    [
        lambda n: designs.sobol_sequence([drawn, levels], n, seed=9),
        lambda n: designs.saltelli([drawn, levels], n, seed=9),
        lambda n: designs.morris([drawn, levels], n, seed=9),
    ],
    ids=["sobol", "saltelli", "morris"],
)
def test_a_larger_design_begins_with_the_smaller_one(make):
    fewer, more = make(8), make(16)
    assert points_of(more)[: len(fewer)] == points_of(fewer)


@pytest.mark.parametrize("seed", [0, 7])
def test_a_seed_decides_a_design(seed):
    """Zero too, which some libraries take for "any"."""
    factors = [drawn, skewed]
    for make in (
        lambda s: designs.latin_hypercube(factors, 8, s),
        lambda s: designs.sobol_sequence(factors, 8, s),
        lambda s: designs.saltelli(factors, 8, s),
        lambda s: designs.morris(factors, 8, s),
    ):
        assert np.array_equal(make(seed).unit, make(seed).unit)
        assert not np.array_equal(make(seed).unit, make(seed + 1).unit)


def test_whole_values_of_a_distribution_are_whole_numbers():
    desks = Factor("desks", DESKS, distribution=UNIFORM, whole=True)
    design = designs.latin_hypercube([desks], 50, seed=1)
    assert design.columns[0].dtype == np.int64
    assert set(design.columns[0]) <= set(range(11))


def test_the_arrays_of_a_design_cannot_be_changed():
    design = designs.sobol_sequence([drawn, levels], 4, seed=1)
    for array in (*design.columns, design.unit):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_designs_that_cannot_be_are_refused():
    with pytest.raises(
        DesignError, match="sobol: points is 100; accepted: a power of two, such as 64"
    ):
        designs.sobol_sequence([drawn], 100, seed=1)
    with pytest.raises(
        DesignError, match="base_points is 12; accepted: a power of two, such as 8 or"
    ):
        designs.saltelli([drawn], 12, seed=1)
    with pytest.raises(DesignError, match="morris: 5 levels; accepted: an even number"):
        designs.morris([drawn], 4, seed=1, levels=5)
    with pytest.raises(
        DesignError, match="sobol: fixed cannot vary; accepted: a distribution or two"
    ):
        designs.sobol_sequence([Factor("fixed", "a", levels=(1,))], 4, seed=1)
    with pytest.raises(DesignError, match="grid: 10,000,000 points; accepted: from 1 to 1,000,000"):
        designs.grid([Factor(str(n), str(n), levels=tuple(range(10))) for n in range(7)])
    with pytest.raises(DesignError, match="there is no factor desk; accepted: levels, texts"):
        designs.grid([levels, texts]).column("desk")


def test_without_salib_the_message_names_the_extra(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "SALib.sample.sobol", None)
    with pytest.raises(DesignError, match=r"SALib.*accepted: pip install .*\[sweep\]"):
        designs.saltelli([drawn], 4, seed=1)


# Sweep files


def test_a_sweep_file_gives_points_that_load(sweep):
    found = sweep(
        f"desks: {{path: {DESKS}, levels: [2, 3], label: Desks, unit: desks}}\n"
        f"window: {{path: {WINDOW}, levels: [10, 45, 60]}}",
        "{kind: grid}",
        "replications: 5\nseed: 12",
    )
    assert (found.name, found.replications, found.seed) == ("test", 5, 12)
    assert (len(found.design), found.checked) == (6, 6)
    config = load(found.base_path, found.design.point(4)).config
    assert config.capacity.facilities["jbic"].desks == 3
    assert config.policy.calls.first_window_business_days == 45
    assert found.design.factors[0].label == "Desks"


def test_replications_and_seed_are_those_of_the_base_unless_said(sweep):
    found = sweep(f"desks: {{path: {DESKS}, levels: [2, 3]}}", "{kind: grid}")
    assert (found.replications, found.seed) == (2, 1)
    again = load_sweep("sweep.yaml", replications=9, seed=0)
    assert (again.replications, again.seed) == (9, 0)


def test_a_seed_of_the_design_keeps_its_points_when_the_worlds_change(sweep):
    factors = f"window: {{path: {WINDOW}, whole: true, distribution: "
    factors += "{kind: uniform, low: 10, high: 60}}"
    own = "{kind: latin_hypercube, points: 6, seed: 3}"
    first, second = (sweep(factors, own, f"seed: {seed}").design for seed in (1, 2))
    assert points_of(first) == points_of(second)
    shared = "{kind: latin_hypercube, points: 6}"
    first, second = (sweep(factors, shared, f"seed: {seed}").design for seed in (1, 2))
    assert points_of(first) != points_of(second)


def test_one_at_a_time_takes_base_values_and_defaults_from_the_base(sweep):
    found = sweep(
        f"desks: {{path: {DESKS}, levels: [2, 3, 4]}}\n"
        "bank_days: {path: calendars.japan_bank_days, levels: [false]}\n"
        "months: {path: sectors.gas.construction.nominal_months, "
        "distribution: {kind: uniform, low: 20, high: 40}}",
        "{kind: one_at_a_time, low: 0.25, high: 0.75}",
    )
    assert points_of(found.design) == [
        (3, True, 33.0), (2, True, 33.0), (3, True, 33.0), (4, True, 33.0), (3, False, 33.0),
        (3, True, 25.0), (3, True, 35.0),
    ]  # fmt: skip
    assert found.checked == 6  # different ones


COMMITTEE = "policy.{}_committee.meetings.business_days"
BOTH = f"[{COMMITTEE.format('consultation')}, {COMMITTEE.format('investment')}]"


def test_several_paths_take_the_same_value_together(sweep):
    found = sweep(f"both: {{path: {BOTH}, levels: [5, 15]}}", "{kind: grid}")
    for number, days in enumerate((5, 15)):
        policy = load(found.base_path, found.design.point(number)).config.policy
        assert policy.consultation_committee.meetings.business_days == days
        assert policy.investment_committee.meetings.business_days == days


def test_several_paths_are_refused_where_one_is_unknown_varied_twice_or_of_another_base_value(
    sweep,
):
    twice = (
        f"both: {{path: {BOTH}, levels: [5, 15]}}\n"
        f"again: {{path: [{TEAMS}, {COMMITTEE.format('investment')}], levels: [3]}}\n"
        f"wrong: {{path: [{DESKS}, policy.nothing], levels: [3]}}"
    )
    first, second = problems_of(lambda: sweep(twice, "{kind: grid}"))
    assert "is varied already, by factor both (policy.investment" in first
    assert first.startswith("sweep.yaml:6: factors.again.path: policy.investment_committee.")
    assert second.startswith("sweep.yaml:7: factors.wrong.path: policy.nothing: there is no key")
    differ, *_ = problems_of(
        lambda: sweep(f"odd: {{path: [{DESKS}, {TEAMS}], levels: [3]}}", "{kind: one_at_a_time}")
    )
    assert "factor odd: the base has " in differ
    assert "accepted: paths of one value there, or another kind of design" in differ


def test_a_level_may_be_a_whole_structure_with_a_name(sweep):
    found = sweep(
        "build:\n"
        "  path: sectors.gas.construction.outcome_months\n"
        "  names: [as now, slow]\n"
        "  levels:\n"
        "    - {kind: triangular, low: 28, mode: 33, high: 54}\n"
        "    - {kind: lognormal, median: 50, sigma: 0.3}",
        "{kind: grid}",
    )
    config = load(found.base_path, found.design.point(1)).config
    assert config.sectors["gas"].construction.outcome_months == read(
        {"kind": "lognormal", "median": 50, "sigma": 0.3}
    )
    factor = found.design.factors[0]
    assert [factor.text(value) for value in found.design.columns[0]] == ["as now", "slow"]


def test_a_table_is_read_from_a_file_or_from_the_sweep_itself(sweep):
    factors = f"desks: {{path: {DESKS}, names: [few, many], levels: [2, 9]}}\n"
    factors += f"teams: {{path: {TEAMS}}}"
    csv = "teams,desks\n3,few\n4,9\n\n3,many\n"
    by_file = sweep(factors, "{kind: table, file: points.csv}", points=csv)
    inside = sweep(
        factors, "{kind: table, points: [{desks: few, teams: 3}, {desks: 9, teams: 4}, "
        "{desks: many, teams: 3}]}",
    )  # fmt: skip
    assert points_of(by_file.design) == points_of(inside.design) == [(2, 3), (9, 4), (9, 3)]


def test_of_many_points_every_level_and_a_spread_is_loaded(sweep, monkeypatch):
    monkeypatch.setattr(sweep_checks, "MOST_LOADED", 4)
    factors = f"desks: {{path: {DESKS}, levels: [1, 2, 3, x, 5]}}\n"
    factors += f"teams: {{path: {TEAMS}, levels: [1, 2, 3, 4, 5, 6, 7]}}"
    assert problems_of(lambda: sweep(factors, "{kind: grid}"))[0].startswith(
        "sweep.yaml:5: factors.desks.levels.3: 'x' is not unlimited or a whole number"
    )
    assert sweep(factors.replace("x", "4"), "{kind: grid}").checked == 4


# Mistakes


def test_every_mistake_of_a_sweep_comes_at_once_with_file_and_line(sweep):
    factors = f"""
desks: {{path: {DESKS}, levels: [2, two]}}
teams: {{path: capacity.teams.cont, levels: [2, 3]}}
again: {{path: {DESKS}, levels: [4]}}
inside: {{path: capacity.facilities.jbic, levels: [4]}}
none: {{path: programme.envelope_usd_bn, levels: []}}
twice: {{path: programme.envelope_usd_bn, levels: [500, 500.0]}}
both: {{path: {WINDOW}, levels: [4], distribution: {{kind: uniform, low: 1, high: 2}}}}
seed: {{path: run.seed, levels: [1, 2]}}
odd: {{path: {WINDOW}, level: [4]}}
"""
    assert problems_of(lambda: sweep(factors, "{kind: gird, points: 3}", "replication: 3")) == [
        "sweep.yaml:4: replication: unknown key (did you mean replications?); accepted: schema, "
        "sweep, title, description, base, replications, seed, factors, design",
        "sweep.yaml:6: factors.desks.levels.1: 'two' is not unlimited or a whole number or a "
        "mapping; accepted: unlimited or a whole number >= 0 or a mapping {YYYY-MM-DD: a whole "
        "number >= 0}",
        "sweep.yaml:7: factors.teams.path: capacity.teams.cont: there is no key cont in "
        "capacity.teams (did you mean capacity.teams.count?); accepted: label, count",
        f"sweep.yaml:8: factors.again.path: {DESKS} is varied already, by factor desks ({DESKS}); "
        "accepted: every path once, and none inside another",
        "sweep.yaml:9: factors.inside.path: capacity.facilities.jbic is varied already, by factor "
        f"desks ({DESKS}); accepted: every path once, and none inside another",
        "sweep.yaml:10: factors.none.levels: is empty; accepted: at least one entry",
        "sweep.yaml:11: factors.twice: level 500.0 is given twice; accepted: each level once",
        "sweep.yaml:12: factors.both: has levels and a distribution; accepted: one of the two",
        "sweep.yaml:13: factors.seed.path: run.seed cannot be varied; accepted: what decides a "
        "result (seed and replications: at the top of the sweep)",
        "sweep.yaml:14: factors.odd.level: unknown key (did you mean levels?); accepted: path, "
        "levels, names, distribution, whole, label, unit, source, note",
        "sweep.yaml:15: design.kind: 'gird' is no known kind (did you mean grid?); accepted: grid, "
        "one_at_a_time, latin_hypercube, sobol, saltelli, morris, table",
    ]


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("capacity.team.count", "capacity.teams.count"),
        ("teams.count", "capacity.teams.count"),
        ("capacity.desks", "capacity.facilities.jbic.desks"),
        ("capacity.teams.count.number", "capacity.teams.count"),
    ],
)
def test_an_unknown_path_has_the_nearest_one_beside_it(sweep, path, meant):
    factors = f"desks: {{path: {path}, levels: [2, 3]}}"
    (problem,) = problems_of(lambda: sweep(factors, "{kind: grid}"))
    assert problem.startswith(f"sweep.yaml:5: factors.desks.path: {path}: ")
    assert f" (did you mean {meant}?); accepted: " in problem


def test_a_factor_given_twice_is_refused(sweep):
    factors = f"desks: {{path: {DESKS}, levels: [2]}}\ndesks: {{path: {TEAMS}, levels: [2]}}"
    assert problems_of(lambda: sweep(factors, "{kind: grid}")) == [
        "sweep.yaml:6: factors.desks: is given twice, first in line 5; accepted: one"
    ]


@pytest.mark.parametrize(
    ("design", "words"),
    [
        ("grid", "'grid' is not a design; accepted: a design: {kind: ..., ...} with kind one of"),
        ("{kind: grid}", "factors.drawn: has a distribution, which a grid design cannot use; acc"),
        ("{kind: sobol, points: 100}", "factors.lone: has 1 level, which a sobol design cannot us"),
        ("{kind: sobol}", "design.points: is required and missing; accepted: a whole number >= 1"),
        ("{kind: table}", "design: has a file and points, or neither; accepted: one of the two"),
        ("{kind: table, points: [{lone: 2}]}", "has no column drawn; accepted: a column for each"),
    ],
)
def test_a_design_that_does_not_fit_its_factors_is_refused(sweep, design, words):
    factors = f"lone: {{path: {DESKS}, levels: [2]}}\n"
    factors += f"drawn: {{path: {WINDOW}, whole: true, distribution: "
    factors += "{kind: uniform, low: 1, high: 9}}"
    assert any(words in problem for problem in problems_of(lambda: sweep(factors, design)))


def test_a_number_of_points_without_balance_is_refused_with_its_line(sweep):
    factors = f"desks: {{path: {DESKS}, levels: [2, 3]}}"
    assert problems_of(lambda: sweep(factors, "{kind: sobol, points: 100}")) == [
        "sweep.yaml:6: design: sobol: points is 100; accepted: a power of two, such as 64 or 128"
    ]


def test_a_distribution_over_whole_numbers_says_how_to_round(sweep):
    factors = f"desks: {{path: {DESKS}, distribution: {{kind: uniform, low: 1, high: 9}}}}"
    (problem,) = problems_of(lambda: sweep(factors, "{kind: latin_hypercube, points: 5}"))
    assert problem.startswith("sweep.yaml:5: factors.desks.distribution: ")
    assert problem.endswith("(whole: true rounds its values)")


def test_a_point_whose_values_do_not_go_together_is_named(sweep):
    shares = "policy.calls.slices.{}.share"
    factors = f"first: {{path: {shares.format('first')}, levels: [0.5, 0.75]}}\n"
    factors += f"second: {{path: {shares.format('second')}, levels: [0.5, 0.25]}}"
    base = MINIMAL.read_text("utf-8").splitlines()
    line = 1 + next(n for n, text in enumerate(base) if text.startswith("    slices:"))
    assert problems_of(lambda: sweep(factors, "{kind: grid}")) == [
        "sweep.yaml:7: design: point 1 (first 0.5, second 0.25) makes an invalid config: "
        f"base.yaml:{line}: policy.calls.slices: shares add up to 0.75; accepted: shares that add "
        "up to 1 (and 1 more design point)",
    ]


def test_a_mistake_of_many_points_that_differs_in_its_numbers_only_is_told_once(sweep):
    share = "path: policy.calls.slices.first.share, distribution: {kind: uniform, low: 0.1"
    factors = f"first: {{{share}, high: 0.3}}}}\nteams: {{path: {TEAMS}, levels: [2, 3]}}"
    found = problems_of(lambda: sweep(factors, "{kind: latin_hypercube, points: 12}"))
    assert all("(and 11 more design points)" in problem for problem in found)
    assert any("shares add up to" in problem for problem in found)


def test_a_key_with_nothing_after_its_colon_is_told_as_empty(sweep):
    (problem,) = problems_of(lambda: sweep("desks:", "{kind: grid}"))
    assert problem.startswith("sweep.yaml:5: factors.desks: is empty; accepted: a mapping with")


def test_mistakes_of_a_table_name_its_row(sweep):
    factors = f"desks: {{path: {DESKS}}}\nteams: {{path: {TEAMS}, levels: [3, 4]}}"
    design = "{kind: table, file: points.csv}"

    def mistakes(text: str) -> list[str]:
        return problems_of(lambda: sweep(factors, design, points=text))

    assert mistakes("desk,teams\n1,3\n") == [
        "points.csv:1: header: column desk is no factor (did you mean desks?); accepted: a column "
        "for each factor: desks, teams",
        "points.csv:1: header: has no column desks; accepted: a column for each factor: desks, "
        "teams",
    ]
    assert mistakes("desks,teams\n1,3\n2,\n,3\n") == [
        "points.csv:3: row 2, column teams: has no value; accepted: a value",
        "points.csv:4: row 3, column desks: has no value; accepted: a value",
    ]
    assert mistakes("desks,teams\n1,3\n2,5\n") == [
        "points.csv:3: row 2, column teams: 5 is no level of the factor; accepted: 3, 4"
    ]
    assert mistakes("desks,teams\n1,3\nmany,4\n")[0].startswith(
        "points.csv:3: row 2, column desks: 'many' is not unlimited or a whole number"
    )
    assert mistakes("desks,teams\n1,3,9\n")[0] == (
        "points.csv:2: row 1: has 3 cells for 2 columns; accepted: one cell a column"
    )
    assert mistakes("desks,teams,desks\n1,3,2\n") == [
        "points.csv:1: column desks: is there twice; accepted: each column once"
    ]
    assert [text[:34] for text in mistakes("desks,teams\n{,3\n2,]\n")] == [
        "points.csv:2: row 1, column desks:", "points.csv:3: row 2, column teams:",
    ]  # fmt: skip
    assert mistakes("desks,teams\n") == [
        "points.csv:1: file: has no row; accepted: a row for each point"
    ]
    missing = problems_of(lambda: sweep(factors, "{kind: table, file: nowhere.csv}"))
    assert missing[0].startswith("nowhere.csv: file: there is no such file")


def test_mistakes_of_the_base_come_with_those_of_the_sweep(sweep):
    sweep(f"desks: {{path: {DESKS}, levels: [2]}}", "{kind: grid}")
    text = Path("sweep.yaml").read_text("utf-8").replace("[2]", "[]")
    Path("sweep.yaml").write_text(text, "utf-8")
    Path("base.yaml").write_text("schema: 1\n", "utf-8")
    found = problems_of(lambda: load_sweep("sweep.yaml"))
    assert "sweep.yaml:5: factors.desks.levels: is empty; accepted: at least one entry" in found
    assert any(line.startswith("base.yaml:1: programme: is required") for line in found)
    Path("sweep.yaml").write_text(text.replace("base.yaml", "bose.yaml"), "utf-8")
    assert problems_of(lambda: load_sweep("sweep.yaml")) == [
        "sweep.yaml:3: base: there is no file bose.yaml (did you mean base.yaml?); accepted: the "
        "path of a config, relative to this file, or the name of one of ours",
        "sweep.yaml:5: factors.desks.levels: is empty; accepted: at least one entry",
    ]


def test_our_own_base_is_named_without_its_place(sweep):
    sweep(f"teams: {{path: {TEAMS}, levels: [2]}}", "{kind: grid}")
    text = Path("sweep.yaml").read_text("utf-8").replace("base.yaml", "base")
    Path("sweep.yaml").write_text(text, "utf-8")
    assert load_sweep("sweep.yaml").base_path.name == "base.yaml"


def test_a_source_the_base_does_not_know_is_refused(sweep):
    factors = f"desks: {{path: {DESKS}, levels: [2, 3], source: gues}}\n"
    factors += f"teams: {{path: {TEAMS}, levels: [2, {{value: 3, source: gess}}]}}"
    table = "sources:\n  guess: {kind: assumption, reason: none better, range: wide}\n"
    Path("sources.yaml").write_text(
        table + "  test: {kind: assumption, reason: a test, range: none}\n", "utf-8"
    )
    assert problems_of(lambda: sweep(factors, "{kind: grid}")) == [
        "sweep.yaml:5: factors.desks.source: source 'gues' is not in the table of sources (did you "
        "mean guess?); accepted: an id listed in sources.yaml",
        "sweep.yaml:6: factors.teams.levels.1: source 'gess' is not in the table of sources (did "
        "you mean guess?); accepted: an id listed in sources.yaml, or under sources in the file "
        "itself",
    ]

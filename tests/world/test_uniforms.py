"""Keyed uniforms: uniform, unrelated to their neighbours, and never to change silently."""

from __future__ import annotations

import hashlib
import warnings

import numpy as np
import pytest
from scipy import stats

from sim.world import uniforms as module
from sim.world.uniforms import entity_key, keyed_uniforms, purpose_key, stream_key, uniforms

SEED = 20250904
STREAM = stream_key(SEED, 0)
KS_LIMIT = 1.95  # Kolmogorov: sqrt(n) D exceeds it with probability 0.001
STANDARD_ERRORS = 4.0


def keys(count, text="project-{:03d}"):
    return np.array([entity_key(text.format(number)) for number in range(count)], np.uint64)


def purposes(count):
    return np.array([purpose_key(f"purpose-{number}") for number in range(count)], np.uint64)


# What a draw is


def test_golden_draws_never_change():
    """A change here changes every result ever published: CHANGELOG, "Results that changed"."""
    assert entity_key("alaska-lng") == 0x318F7069FAC7FC16
    assert STREAM == 0xA2CDA35B793FCFB3
    entities = np.array([entity_key(name) for name in ("alaska-lng", "vogtle")], np.uint64)
    drawn = uniforms(STREAM, entities, "permit_days", 2)
    assert drawn.tolist() == [
        [0.3900025920411202, 0.8540013638452385],
        [0.23531576865815118, 0.9685820219143854],
    ]


def test_the_mix_gives_the_published_outputs_of_splitmix64():
    """Seed 0: Vigna's splitmix64.c. Seed 1234567: Rosetta Code, Pseudo-random numbers."""
    for seed, published in {
        0: [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F],
        1234567: [6457827717110365317, 3203168211198807973, 9817491932198370423],
    }.items():
        steps = np.arange(1, 4, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        assert module._mix(np.uint64(seed) + steps).tolist() == published


def test_a_draw_equals_the_documented_formula_in_whole_python_numbers():
    def key(text):
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")

    def mix(z):
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ z >> 27) * 0x94D049BB133111EB % 2**64
        return z ^ z >> 31

    def draw(seed, replication, entity, purpose, visit):
        state = mix(mix(key(f"{seed}/{replication}") ^ key(entity)) ^ key(purpose))
        bits = mix((state + (visit + 1) * 0x9E3779B97F4A7C15) % 2**64)
        return ((bits >> 12) + 0.5) / 2**52

    drawn = uniforms(stream_key(7, 11), keys(3), "review_days", 4)
    expected = [
        [draw(7, 11, f"project-{row:03d}", "review_days", visit) for visit in range(4)]
        for row in range(3)
    ]
    assert drawn.tolist() == expected


def test_a_draw_does_not_depend_on_what_else_is_drawn():
    everything = uniforms(STREAM, keys(50), "review_days", 10)
    some = np.array([31, 4, 17])
    assert np.array_equal(uniforms(STREAM, keys(50)[some], "review_days", 3), everything[some, :3])
    assert np.array_equal(
        uniforms(STREAM, keys(50), "review_days", np.array([9, 2])), everything[:, [9, 2]]
    )


def test_many_purposes_at_once_are_the_first_visits_of_each():
    together = keyed_uniforms(STREAM, keys(20), purposes(5))
    for column in range(5):
        alone = uniforms(STREAM, keys(20), f"purpose-{column}", 1)
        assert np.array_equal(together[:, [column]], alone)


def test_shapes_are_entities_by_columns_even_when_empty():
    assert uniforms(STREAM, keys(3), "x", 2).shape == (3, 2)
    assert uniforms(STREAM, keys(3), "x", 0).shape == (3, 0)
    assert uniforms(STREAM, keys(0), "x", 2).shape == (0, 2)
    assert keyed_uniforms(STREAM, keys(3), purposes(4)).shape == (3, 4)
    assert keyed_uniforms(STREAM, keys(0), purposes(4)).shape == (0, 4)


def test_drawing_warns_of_nothing_and_leaves_the_keys_alone():
    entities, columns = keys(2), purposes(2)
    before = entities.copy(), columns.copy()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        uniforms(STREAM, entities, "x", 2)
        uniforms(STREAM, entities[:1], "x", np.array([np.iinfo(np.int64).max]))
        keyed_uniforms(STREAM, entities, columns)
    assert np.array_equal(entities, before[0])
    assert np.array_equal(columns, before[1])


def test_keys_that_are_not_unsigned_are_refused():
    with pytest.raises(TypeError, match="not supported for the input types"):
        uniforms(STREAM, keys(3).astype(np.int64), "x", 1)
    with pytest.raises(TypeError, match="not supported for the input types"):
        keyed_uniforms(STREAM, keys(3), purposes(2).astype(np.float64))


def test_seed_and_replication_are_not_run_together():
    pairs = [(1, 23), (12, 3), (123, 0), (0, 123), (3, 12), (-1, 23)]
    assert len({int(stream_key(*pair)) for pair in pairs}) == len(pairs)


def test_the_ends_of_the_interval_are_never_reached():
    """With 53 centred bits the last cell would round to 1; see the docstring of the function."""
    ends = module._inside_unit_interval(np.array([0, 2**64 - 1], np.uint64))
    assert ends.tolist() == [2.0**-53, 1 - 2.0**-53]
    assert (1 - ends).tolist() == ends[::-1].tolist()


# How good the draws are: the limits below are declared, the seeds fixed


def along_visits():
    return uniforms(STREAM, keys(1), "x", 100_000)[0]


def along_replications():
    entity = keys(1)
    return np.array([uniforms(stream_key(SEED, r), entity, "x", 1)[0, 0] for r in range(20_000)])


def along_seeds():
    entity = keys(1)
    return np.array([uniforms(stream_key(seed, 0), entity, "x", 1)[0, 0] for seed in range(20_000)])


def along_similar_ids():
    return uniforms(STREAM, keys(100_000, "project-{:05d}"), "x", 1)[:, 0]


def along_purposes():
    return keyed_uniforms(STREAM, keys(1), purposes(100_000))[0]


DIRECTIONS = [along_visits, along_replications, along_seeds, along_similar_ids, along_purposes]


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_draws_are_uniform_in_every_direction(direction):
    drawn = direction()
    assert np.sqrt(len(drawn)) * stats.kstest(drawn, "uniform").statistic < KS_LIMIT


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_neighbours_are_unrelated_in_every_direction(direction):
    """Serial correlation 0 within 4 / sqrt(n), and pairs even over a 16 by 16 grid (chi-square)."""
    drawn = direction()
    for lag in (1, 2):
        first, second = drawn[:-lag], drawn[lag:]
        correlation = np.corrcoef(first, second)[0, 1]
        assert abs(correlation) < STANDARD_ERRORS / np.sqrt(len(first))
        cells = np.histogram2d(first, second, bins=16, range=[[0, 1], [0, 1]])[0]
        expected = len(first) / cells.size
        chi_square = ((cells - expected) ** 2 / expected).sum()
        freedom = cells.size - 1
        assert abs(chi_square - freedom) < STANDARD_ERRORS * np.sqrt(2 * freedom)


def test_whole_columns_of_adjacent_replications_are_uncorrelated():
    columns = np.array(
        [uniforms(stream_key(SEED, r), keys(150), "x", 60).ravel() for r in range(20)]
    )
    correlations = np.corrcoef(columns)[np.triu_indices(20, k=1)]
    limit = 5 / np.sqrt(columns.shape[1])  # 190 pairs: 5 standard errors for all of them
    assert np.abs(correlations).max() < limit


def test_a_million_draws_hold_no_duplicate():
    """Of 2**52 values, a million draws share one with probability n**2 / 2**53 = 0.0001."""
    drawn = [
        uniforms(stream_key(seed, r), keys(100), "x", 1000) for seed in range(2) for r in range(5)
    ]
    assert np.unique(np.concatenate(drawn)).size == 1_000_000


def test_every_bit_is_set_half_of_the_time():
    cells = (uniforms(STREAM, keys(200), "x", 1000).ravel() * 2**52).astype(np.uint64)
    shares = [((cells >> np.uint64(bit)) & np.uint64(1)).mean() for bit in range(52)]
    limit = 5 * 0.5 / np.sqrt(len(cells))  # 52 bits: 5 standard errors for all of them
    assert np.abs(np.array(shares) - 0.5).max() < limit


@pytest.mark.parametrize("component", ["stream", "entity", "purpose"])
def test_one_changed_bit_of_a_key_changes_half_of_the_draw(component):
    """Avalanche: each output bit flips with probability one half, whichever input bit flips."""
    entities, flips = keys(1000), np.uint64(1) << np.arange(64, dtype=np.uint64)
    column = purposes(1)

    def cells(flip):
        drawn = keyed_uniforms(
            STREAM ^ flip if component == "stream" else STREAM,
            entities ^ flip if component == "entity" else entities,
            column ^ flip if component == "purpose" else column,
        )
        return (drawn.ravel() * 2**52).astype(np.uint64)

    base = cells(np.uint64(0))
    flipped = np.array([base ^ cells(flip) for flip in flips])  # (64 input bits, 1000)
    bits = (flipped[..., None] >> np.arange(52, dtype=np.uint64)) & np.uint64(1)
    shares = bits.mean(axis=1)  # (64 input bits, 52 output bits)
    limit = 5 * 0.5 / np.sqrt(len(entities))  # 3,328 shares: 5 standard errors for all of them
    assert np.abs(shares - 0.5).max() < limit

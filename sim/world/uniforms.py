"""Keyed uniforms: the only source of chance.

A draw depends only on (seed, replication, entity key, purpose, visit). There is no generator whose
state moves on: the keys are hashed, and the hash is the draw. Adding, removing or reordering
entities, purposes or visits therefore moves nobody else's luck, and the same world is drawn for
every policy and capacity (common random numbers).

Why a hash. A counter-based generator is a stateless bijective mix of (key, counter); Salmon et al.
(2011) show that a few rounds of a good mix pass the test batteries that sequential generators
pass. The mix here is the output function of SplitMix64 (Steele, Lea and Flood 2014): two
multiplications and three shifts, each one numpy operation on a whole array. Texts enter as keys
through BLAKE2b, so ids that look alike have unrelated keys.

The components are mixed in one after the other::

    entity = mix(stream ^ entity key)                    stream = BLAKE2b(seed / replication)
    state  = mix(entity ^ purpose key)
    draw   = mix(state + (visit + 1) * golden gamma)     SplitMix64 seeded with ``state``

References
----------
Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", SC '11,
doi:10.1145/2063384.2063405.
Steele, Lea and Flood (2014), "Fast splittable pseudorandom number generators", OOPSLA '14,
doi:10.1145/2660193.2660195.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.integer]
KeyArray = npt.NDArray[np.uint64]
Streams = np.uint64 | KeyArray

_GOLDEN_GAMMA = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio, made odd
_MULTIPLIERS = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def entity_key(text: str) -> int:
    """Stable 64-bit key of an entity's id: the same on every machine and in every version.

    Examples
    --------
    >>> hex(entity_key("vogtle"))
    '0x7d080a331be1b467'
    """
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


@cache
def purpose_key(text: str) -> int:
    """Stable 64-bit key of a purpose: a hash, no number in a list, so a new one moves nothing."""
    return entity_key(text)


def stream_key(seed: int, replication: int) -> np.uint64:
    """Key of one replication's draws. Any whole numbers will do; neighbours are unrelated."""
    return np.uint64(entity_key(f"{seed:d}/{replication:d}"))


def stream_keys(seed: int, replications: Sequence[int]) -> KeyArray:
    """Keys of several replications, shape (n_replications,)."""
    return np.array([stream_key(seed, number) for number in replications], np.uint64)


def uniforms(
    stream: Streams, entity_keys: KeyArray, purpose: str | KeyArray, visits: int | IntArray
) -> FloatArray:
    """Draws of one purpose, for each entity and each of its visits.

    Parameters
    ----------
    stream
        From :func:`stream_key`; or one for each entity, so that many replications are one call.
    entity_keys
        Shape (n_entities,), each from :func:`entity_key`.
    purpose
        What is drawn, such as ``"permit_days"``; or a key of :func:`purpose_key` for each entity.
    visits
        How many visits, counted from 0; or the visit numbers themselves, shape (n_visits,), >= 0.

    Returns
    -------
    FloatArray
        Shape (n_entities, n_visits), strictly inside (0, 1). Earlier visits do not depend on how
        many follow.

    Examples
    --------
    >>> keys = np.array([entity_key("vogtle"), entity_key("alaska_lng")], dtype=np.uint64)
    >>> uniforms(stream_key(1, 0), keys, "permit_days", 3).round(3)
    array([[0.04 , 0.037, 0.408],
           [0.893, 0.973, 0.164]])
    """
    numbers = np.arange(visits) if isinstance(visits, int | np.integer) else visits
    steps = (numbers.astype(np.uint64) + np.uint64(1)) * _GOLDEN_GAMMA  # (n_visits,)
    what = np.uint64(purpose_key(purpose)) if isinstance(purpose, str) else purpose
    states = _mix(_mix(stream ^ entity_keys) ^ what)  # (n_entities,)
    return _inside_unit_interval(_mix(states[..., None] + steps))


def uniforms_of(stream: Streams, entity: str, purpose: str, visits: int | IntArray) -> FloatArray:
    """Draws of one entity that every replication has, such as the President.

    Returns
    -------
    FloatArray
        Shape (n_visits,), or (n_replications, n_visits) for an array of streams.

    Examples
    --------
    >>> uniforms_of(stream_keys(1, range(2)), "vogtle", "permit_days", 3).round(3)
    array([[0.04 , 0.037, 0.408],
           [0.317, 0.846, 0.42 ]])
    """
    key = np.array([purpose_key(entity)], np.uint64)
    return uniforms(np.asarray(stream)[..., None], key, purpose, visits)[..., 0, :]


def keyed_uniforms(stream: Streams, entity_keys: KeyArray, purpose_keys: KeyArray) -> FloatArray:
    """Draws at visit 0 of many purposes at once: column j is that of ``uniforms`` for purpose j.

    Parameters
    ----------
    stream
        From :func:`stream_key`; or one for each entity.
    entity_keys
        Shape (n_entities,), each from :func:`entity_key`.
    purpose_keys
        Shape (n_purposes,), each from :func:`purpose_key`.

    Returns
    -------
    FloatArray
        Shape (n_entities, n_purposes), strictly inside (0, 1).

    Examples
    --------
    >>> entities = np.array([entity_key("vogtle")], dtype=np.uint64)
    >>> purposes = np.array([purpose_key("permit_days"), purpose_key("size")], dtype=np.uint64)
    >>> keyed_uniforms(stream_key(1, 0), entities, purposes).round(3)
    array([[0.04, 0.67]])
    """
    states = _mix(_mix(stream ^ entity_keys)[:, None] ^ purpose_keys)
    return _inside_unit_interval(_mix(states + _GOLDEN_GAMMA))


def _mix(state: KeyArray) -> KeyArray:
    """Output function of SplitMix64, Stafford's variant 13. Overwrites and returns ``state``.

    Only arrays come here: numpy wraps them modulo 2**64 in silence, and warns for scalars.
    """
    shifted = state >> np.uint64(30)  # one array for all three shifts: large ones are dear to get
    state ^= shifted
    state *= _MULTIPLIERS[0]
    state ^= np.right_shift(state, np.uint64(27), out=shifted)
    state *= _MULTIPLIERS[1]
    state ^= np.right_shift(state, np.uint64(31), out=shifted)
    return state


def _inside_unit_interval(bits: KeyArray) -> FloatArray:
    """The odd multiples of 2**-53: the midpoints of 2**52 equal cells. Overwrites ``bits``.

    The top 52 bits, centred. With 53 the last midpoint, 1 - 2**-54, is no double and rounds to 1.
    Here every midpoint is exact, the ends are 2**-53 and 1 - 2**-53, and 1 - u is exact too.
    """
    bits >>= np.uint64(11)
    bits |= np.uint64(1)
    return bits.view(np.int64) * np.float64(2.0**-53)

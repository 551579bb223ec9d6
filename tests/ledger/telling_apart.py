"""Can an outsider tell two kinds of samples apart? Looks at length, repeated blocks and each bit.

It proves no secrecy; it finds what a careless format shows, as its known-bad samples prove.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

BLOCK = 32
# Standard deviations; thousands of bits are compared, and the samples are the same in every run.
FAR = 6.0


def told_apart(ones: Sequence[bytes], others: Sequence[bytes]) -> str | None:
    """What tells the samples apart: ``length``, ``repeats`` or ``bits``; None if nothing does."""
    if set(map(len, ones)) != set(map(len, others)) or len(set(map(len, ones))) > 1:
        return "length"
    seen = Counter(block for sample in (*ones, *others) for block in blocks(sample))
    repeats = [
        np.array([[sum(seen[block] > 1 for block in blocks(sample))] for sample in side])
        for side in (ones, others)
    ]
    if differ(*repeats):
        return "repeats"
    bits = [
        np.unpackbits(np.array([list(sample) for sample in side], dtype=np.uint8), axis=1)
        for side in (ones, others)
    ]
    return "bits" if differ(*bits) else None


def blocks(sample: bytes) -> list[bytes]:
    return [sample[start : start + BLOCK] for start in range(0, len(sample) - BLOCK + 1, BLOCK)]


def differ(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether the mean of any column differs by more than chance explains."""
    noise = np.sqrt(one.var(axis=0) / len(one) + other.var(axis=0) / len(other))
    distance = np.abs(one.mean(axis=0) - other.mean(axis=0))
    return bool((distance > FAR * np.maximum(noise, 1e-9)).any())

"""Searching many bytes for thousands of texts at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

LEAST = 8  # bytes of a text
_FIRST, _PLACES = np.arange(3), np.arange(LEAST)


def contained(data: bytes, texts: Iterable[bytes]) -> set[bytes]:
    """The texts that are somewhere in the data.

    A search for one after the other reads all data each time. This reads them once: places that
    begin with three bytes of any text are looked up by eight, and then compared.
    """
    by_start: dict[bytes, list[bytes]] = defaultdict(list)
    for text in texts:
        assert len(text) >= LEAST
        by_start[text[:LEAST]].append(text)
    if len(data) < LEAST or not by_start:
        return set()
    array = np.frombuffer(data, np.uint8)
    known = np.zeros(1 << 24, bool)
    known[_numbers(np.array([list(start[:3]) for start in by_start], np.uint8).T)] = True
    ends = [array[first : len(array) - LEAST + 1 + first] for first in _FIRST]
    places = np.flatnonzero(known[_numbers(ends)])
    starts = np.frombuffer(b"".join(by_start), np.uint64)
    there = np.ascontiguousarray(array[places[:, None] + _PLACES]).view(np.uint64).ravel()
    return {
        text
        for place in places[np.isin(there, starts)].tolist()
        for text in by_start[data[place : place + LEAST]]
        if data.startswith(text, place)
    }


def _numbers(columns: Iterable[np.ndarray]) -> np.ndarray:
    """Three bytes as one number."""
    low, middle, high = (column.astype(np.int32) for column in columns)
    return low | middle << 8 | high << 16

"""For each of many texts, those among others that say nearly the same.

``SimilarityIndex`` compares a text with all others, which for each of 5,000 takes a minute. Here
the same score is computed only for those of the others with which a text shares most: each text is
a row of groups of four letters, weighted by their rarity, and a sparse product tells how much two
rows share. With few texts these are all the others, so that nothing can be missed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from math import log, sqrt
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process
from scipy.sparse import csr_matrix

from middleground.texts.similarity import THRESHOLD, key_of

LETTERS = 4
LEAST_COMPARED = 40  # others, with each text
PAIRS = 50_000  # so many are compared in any case
BLOCK = 100  # texts; the interpreter's lock is held for some milliseconds a block


def many_similar(
    texts: Sequence[str],
    among: Sequence[str],
    limit: int,
    own: Sequence[int | None] | None = None,
) -> list[list[tuple[int, float]]]:
    """For each text, places in ``among`` and their scores, the most similar first.

    ``own``: the place of each text itself in ``among``, if it has one, which is left out. Equal
    scores keep the order of ``among``. 5,000 texts among themselves take about a second.
    """
    if not texts or not among:
        return [[] for _ in texts]
    compared = min(len(among), max(LEAST_COMPARED, PAIRS // len(texts)) + 1)
    words = {text: _words_in_order(text) for text in {*texts, *among}}
    keys, other_keys = [words[text] for text in texts], [words[text] for text in among]
    grams = {key: _grams(key) for key in words.values()}
    weights = _weights([grams[key] for key in other_keys])
    rows = _matrix([grams[key] for key in keys], weights)
    others = _matrix([grams[key] for key in other_keys], weights)
    columns, sizes = others.T.tocsr(), _sizes(others)
    found: list[list[tuple[int, float]]] = []
    for start in range(0, len(texts), BLOCK):
        block = slice(start, start + BLOCK)
        shared = (rows[block] @ columns).toarray()
        # Shared, as a part of either text, and more of the shorter one, which may be in the other.
        shared /= _between(_sizes(rows[block]), sizes)
        near = np.argpartition(-shared, compared - 1, axis=1)[:, :compared]
        leave_out = own[block] if own else [None] * len(near)
        found += _best(keys[block], other_keys, np.sort(near, axis=1), leave_out, limit)
    return found


def _words_in_order(text: str) -> str:
    """The text's words that matter, sorted: that is what the score compares."""
    return " ".join(sorted(key_of(text).split()))


def _grams(key: str) -> list[str]:
    padded = f" {key} "
    return sorted({padded[at : at + LETTERS] for at in range(max(1, len(padded) - LETTERS + 1))})


def _weights(grams: Sequence[list[str]]) -> dict[str, tuple[int, float]]:
    """Column and weight of each group of letters; the rarer, the heavier."""
    count = Counter(chain.from_iterable(grams))
    return {
        gram: (column, sqrt(log(1 + len(grams) / number)))
        for column, (gram, number) in enumerate(count.items())
    }


def _matrix(grams: Sequence[list[str]], weights: Mapping[str, tuple[int, float]]) -> Any:
    cells = [[weights[gram] for gram in each if gram in weights] for each in grams]
    ends = np.cumsum([0, *map(len, cells)])
    flat = np.array([*chain.from_iterable(cells)], dtype=np.float32).reshape(-1, 2)
    columns = flat[:, 0].astype(np.int32)  # exact up to 16 million
    return csr_matrix((flat[:, 1], columns, ends), shape=(len(grams), len(weights)))


def _sizes(rows: Any) -> Any:
    return np.maximum(np.asarray(rows.multiply(rows).sum(axis=1)).ravel(), 1e-6)


def _between(one: Any, other: Any) -> Any:
    """A mean of both sizes for each pair, three quarters of it the smaller one."""
    middle = np.outer(one**0.25, other**0.25)
    return middle * np.minimum(np.sqrt(one)[:, None], np.sqrt(other)[None, :])


def _best(
    keys: Sequence[str],
    others: Sequence[str],
    near: Any,
    leave_out: Sequence[int | None],
    limit: int,
) -> list[list[tuple[int, float]]]:
    """The best of those near each text, by the score of ``SimilarityIndex``."""
    pairs = [
        (row, place)
        for row, places in enumerate(near.tolist())
        for place in places
        if place != leave_out[row] and keys[row] and others[place]
    ]
    ours, theirs = [keys[row] for row, _ in pairs], [others[place] for _, place in pairs]
    whole = process.cpdist(ours, theirs, scorer=fuzz.ratio)
    shared = process.cpdist(ours, theirs, scorer=fuzz.token_set_ratio)
    found: list[list[tuple[int, float]]] = [[] for _ in keys]
    for at in np.flatnonzero((whole + shared) / 2 >= THRESHOLD).tolist():
        row, place = pairs[at]
        found[row].append((place, float(whole[at] + shared[at]) / 2))
    best = (sorted(each, key=lambda pair: -pair[1])[:limit] for each in found)
    return [[(place, round(score, 1)) for place, score in each] for each in best]

"""Topics for many short texts: TF-IDF, truncated SVD, and k-means on the sphere.

It compares words, not meanings, and its groups are a draft for people to name, mend or throw away.
A text is put into a group only if it has one of the words that tell the group from the others, so
whoever looks sees why. What fits nowhere stays out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from middleground.texts.topics.words import WeightedWords, weighted_words

Floats = NDArray[np.float64]
Whole = NDArray[np.intp]

FEWEST_TEXTS, FEWEST_MEMBERS = 12, 3
MOST_TOPICS = 16
LONGEST_NAME = 40
_DIMENSIONS, _SPARE, _ROUNDS = 25, 10, 4
_TELLING, _NAMED = 6, 2
_LEAST_FIT = 0.4  # cosine to the group's centre
_RESTARTS, _MOST_STEPS = 8, 50


@dataclass(frozen=True, slots=True)
class SuggestedTopic:
    """A draft of a topic: its most telling words, and the places of its texts, surest first."""

    name: str
    words: tuple[str, ...]
    members: tuple[int, ...]


def suggest_topics(texts: Sequence[str], seed: int = 0) -> list[SuggestedTopic]:
    """Groups of texts that share telling words, the largest first; a text is in one at most.

    None of fewer than ``FEWEST_TEXTS`` texts. The same texts and seed give the same groups. 2,000
    texts take about a second, and mostly less.
    """
    found = weighted_words(texts) if len(texts) >= FEWEST_TEXTS else None
    if found is None or min(found.weights.shape) < 2:
        return []
    count = number_of_topics(len(texts))
    places = _normal(_reduced(found.weights, max(count, len(texts) // 6), seed))
    group, fit = _grouped(places, count, seed)
    topics = [_topic(found, group == each, fit) for each in range(count)]
    kept = [topic for topic in topics if len(topic.members) >= FEWEST_MEMBERS and topic.words]
    kept.sort(key=lambda topic: (-len(topic.members), topic.members))
    return _with_names(kept)


def number_of_topics(texts: int) -> int:
    """The root of half the number of texts, from 3 to ``MOST_TOPICS``: 8 of 120, 16 of 500."""
    return int(np.clip(round((texts / 2) ** 0.5), 3, MOST_TOPICS))


def _reduced(weights: sparse.csr_matrix, wanted: int, seed: int) -> Floats:
    """(texts, d): U·S of a truncated SVD, by subspace iteration from seeded random directions."""
    shape = weights.shape
    dimensions = max(1, min(_DIMENSIONS, wanted, min(shape) - 1))
    rng = np.random.default_rng(seed)
    basis = rng.standard_normal((shape[1], min(dimensions + _SPARE, *shape)))
    for _ in range(_ROUNDS):
        left, _r = np.linalg.qr(weights @ basis)
        basis, _r = np.linalg.qr(weights.T @ left)
    left, sizes, _right = np.linalg.svd(weights @ basis, full_matrices=False)
    return np.asarray((left * sizes)[:, :dimensions], float)


def _grouped(places: Floats, count: int, seed: int) -> tuple[Whole, Floats]:
    """The group of each text and its cosine to the group's centre: the best of some starts."""
    best: tuple[float, Whole, Floats] | None = None
    for start in range(_RESTARTS):
        rng = np.random.default_rng((seed, start))
        cosines = _settled(places, _first_centres(places, count, rng))
        group, fit = cosines.argmax(axis=1), cosines.max(axis=1)
        if best is None or fit.sum() > best[0] + 1e-9:
            best = float(fit.sum()), group, fit
    assert best is not None
    return best[1], best[2]


def _first_centres(places: Floats, count: int, rng: np.random.Generator) -> Floats:
    """As k-means++ does: each next one is likelier the farther it is from those chosen."""
    chosen = [int(rng.integers(len(places)))]
    while len(chosen) < count:
        far = np.clip(1 - (places @ places[chosen].T).max(axis=1), 0, None)
        total = far.sum()
        weights = far / total if total > 0 else np.full(len(places), 1 / len(places))
        chosen.append(int(rng.choice(len(places), p=weights)))
    return places[chosen]


def _settled(places: Floats, centres: Floats) -> Floats:
    """(texts, groups): the cosines to the centres after each has moved to the mean of its texts."""
    cosines = places @ centres.T
    for _ in range(_MOST_STEPS):
        group = cosines.argmax(axis=1)
        inside = np.eye(len(centres))[group]  # (texts, groups)
        moved = inside.T @ places
        moved = np.where(inside.any(axis=0)[:, None], _normal(moved), centres)
        if np.allclose(moved, centres):
            break
        centres = moved
        cosines = places @ centres.T
    return cosines


def _topic(found: WeightedWords, inside: NDArray[np.bool_], fit: Floats) -> SuggestedTopic:
    """The group's telling words, and those of its texts that have one and lie near its centre."""
    weights, here = found.weights, np.flatnonzero(inside)
    if not len(here):
        return SuggestedTopic("", (), ())
    excess = _mean(weights, inside) - _mean(weights, ~inside)
    shared = np.asarray((weights[here] > 0).sum(axis=0)).ravel()
    order = [int(word) for word in np.argsort(-excess, kind="stable")[: 4 * _TELLING]]
    telling = [word for word in order if excess[word] > 0 and shared[word] > 1][:_TELLING]
    told = np.asarray(weights[here][:, telling] @ excess[telling]).ravel()
    near = [at for at in range(len(here)) if told[at] > 0 and fit[here[at]] >= _LEAST_FIT]
    near.sort(key=lambda at: (-told[at], here[at]))
    words = tuple(found.words[word] for word in telling)
    return SuggestedTopic("", words, tuple(int(here[at]) for at in near))


def _with_names(topics: Sequence[SuggestedTopic]) -> list[SuggestedTopic]:
    """Named by their first words; by more of them if a larger topic has that name."""
    named: list[SuggestedTopic] = []
    taken: set[str] = set()
    for topic in topics:
        names = [_name(topic.words[:n]) for n in range(_NAMED, len(topic.words) + _NAMED)]
        name = next((each for each in names if each.casefold() not in taken), "")
        if name:
            taken.add(name.casefold())
            named.append(SuggestedTopic(name, topic.words, topic.members))
    return named


def _name(words: Sequence[str]) -> str:
    """ "Water, rivers": as many of the words as fit."""
    name = words[0][:LONGEST_NAME]
    for word in words[1:]:
        longer = f"{name}, {word}"
        name = longer if len(longer) <= LONGEST_NAME else name
    return name[:1].upper() + name[1:]


def _mean(weights: sparse.csr_matrix, rows: NDArray[np.bool_]) -> Floats:
    """(words,): the mean weight of each word in these texts; zero if there are none."""
    return np.asarray(rows.astype(float) @ weights).ravel() / max(1, int(rows.sum()))


def _normal(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 1e-9))

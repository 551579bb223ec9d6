"""Raking: computes weights by which the participants match known margins of a population.

Iterative proportional fitting (Deming and Stephan, "On a least squares adjustment of a sampled
frequency table", Annals of Mathematical Statistics 11, 1940) goes through the attributes and
multiplies the weights of each category so that it has its target share. Weights are trimmed, so
that no few participants speak for very many (Potter, "A study of procedures to identify and trim
extreme sampling weights", 1990). Kish's effective number (sum w)^2 / sum w^2 says what unequal
weights cost ("Survey sampling", 1965).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from middleground.engine.attributes import Attribute
from middleground.engine.votes import FloatArray, IntArray

_ITERATIONS = 50
_CLOSE = 1e-6
_LEAST, _MOST, _TRIMS = 0.2, 5.0, 30
# Least effective number as a share of all participants: below the first, raking is refused; below
# the second, the map says that it rests on few.
REFUSED, DOUBTFUL = 0.3, 0.6


class CannotWeight(ValueError):
    """The margins do not fit the participants; the message says why."""


@dataclass(frozen=True, slots=True)
class Margins:
    """Shares of categories in a population, as the host gives them.

    attributes : known categories of participants, by the attribute's name. targets : for each
    attribute, the share of each category; they are scaled to sum to one.

    Raises
    ------
    CannotWeight
        A target names an unknown attribute, a share is negative or not finite, or all are zero.
    """

    attributes: Mapping[str, Attribute]
    targets: Mapping[str, Mapping[str, float]]

    def __post_init__(self) -> None:
        for name, shares in self.targets.items():
            if name not in self.attributes:
                raise CannotWeight(f"Nothing is known of participants' {name}.")
            wrong = [part for part, x in shares.items() if not (np.isfinite(x) and x >= 0.0)]
            if wrong or not sum(shares.values()) > 0.0:
                raise CannotWeight(f"The shares of {name} must be numbers of zero or more.")


@dataclass(frozen=True, slots=True)
class Raked:
    """Weights (n,) with mean 1, and how well they match the margins.

    effective : Kish's effective number of participants. gap : largest difference between a share
    and its target that trimming leaves. absent : categories with a target but no participant.
    """

    weight: FloatArray
    effective: float
    gap: float
    absent: tuple[str, ...]

    @property
    def share(self) -> float:
        """The effective number divided by the number of participants, 0..1."""
        return self.effective / max(len(self.weight), 1)

    @property
    def design_effect(self) -> float:
        """The variance divided by that of equal weights, at least 1."""
        return len(self.weight) / self.effective if self.effective > 0.0 else 1.0


def rake(participants: IntArray, margins: Margins) -> Raked:
    """Compute weights of ``participants`` (n,), ids in any order.

    A participant whose category is unknown or has no target keeps the weight in that step. Targets
    of categories without participants are left out and reported as ``absent``; the other targets
    are scaled up.

    Raises
    ------
    CannotWeight
        Nobody is in any category with a share, or the effective number before trimming would be
        less than the share ``REFUSED`` of all.
    """
    steps, absent = _steps(participants, margins)
    needed = _effective(_fitted(len(participants), steps, trim=False))
    if len(participants) and needed < REFUSED * len(participants):
        raise CannotWeight(
            f"These margins would leave {needed:.0f} effective participants of "
            f"{len(participants)}, less than {REFUSED:.0%}: too few to speak for the rest."
        )
    weight = _fitted(len(participants), steps, trim=True)
    return Raked(weight, _effective(weight), _gap(weight, steps), absent)


_Step = tuple[IntArray, FloatArray]


def _steps(participants: IntArray, margins: Margins) -> tuple[list[_Step], tuple[str, ...]]:
    """Return for each attribute the participants' codes (-1: no target) and each code's target.

    The second result are the categories without participants.
    """
    steps, absent = [], []
    for name, shares in sorted(margins.targets.items()):
        attribute = margins.attributes[name]
        target = np.array([shares.get(category, -1.0) for category in attribute.names])
        codes = attribute.of(participants)
        codes = np.where((codes >= 0) & (np.append(target, -1.0)[codes] >= 0.0), codes, -1)
        present = np.bincount(codes[codes >= 0], minlength=len(target)) > 0
        there = {c for c, here in zip(attribute.names, present, strict=True) if here}
        absent += [f"{name}: {c}" for c in sorted(set(shares) - there) if shares[c] > 0.0]
        target = np.where(present, np.maximum(target, 0.0), 0.0)
        if len(participants) and not target.sum() > 0.0:
            raise CannotWeight(f"No participant is in any category of {name} that has a share.")
        steps.append((codes, target / max(float(target.sum()), 1e-300)))
    return steps, tuple(absent)


def _fitted(participants: int, steps: list[_Step], *, trim: bool) -> FloatArray:
    weight = np.ones(participants)
    for _ in range(_ITERATIONS):
        for codes, target in steps:
            weight = _scaled(weight, codes, target)
        weight = _trimmed(weight) if trim else weight
        if _gap(weight, steps) < _CLOSE:
            break
    return weight


def _effective(weight: FloatArray) -> float:
    squares = float(np.square(weight).sum())
    return float(weight.sum()) ** 2 / squares if squares > 0.0 else 0.0


def _scaled(weight: FloatArray, codes: IntArray, target: FloatArray) -> FloatArray:
    known = codes >= 0
    sums = np.bincount(codes[known], weight[known], len(target))
    factor = np.divide(target * sums.sum(), sums, out=np.ones_like(sums), where=sums > 0.0)
    return np.where(known, weight * factor[codes], weight)


def _trimmed(weight: FloatArray) -> FloatArray:
    """Scale to mean 1, and trim to between a fifth of the mean and five times it."""
    for _ in range(_TRIMS):
        weight = weight / max(float(weight.mean()), 1e-300)
        cut = np.clip(weight, _LEAST, _MOST)
        if np.array_equal(cut, weight):
            break
        weight = cut
    return weight


def _gap(weight: FloatArray, steps: list[_Step]) -> float:
    gaps = [0.0]
    for codes, target in steps:
        known = codes >= 0
        sums = np.bincount(codes[known], weight[known], len(target))
        gaps.append(float(np.abs(sums / max(float(sums.sum()), 1e-300) - target).max()))
    return max(gaps)

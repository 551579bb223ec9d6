"""The engine's options: sizes, minimums and what to leave out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from middleground.engine.arrays.binary_votes import DOUBLE, SINGLE, Precision


@dataclass(frozen=True, slots=True)
class Options:
    """How to compute a map. The defaults are explained in docs/method.md.

    dimensions : of the opinion space (1..16).
    max_groups : the most opinion groups that are tried; 1 forbids a division.
    interval : mass of the credible intervals of rates.
    min_participants : with enough votes, below which no map is given.
    min_statements : voted on, below which no map is given.
    min_votes : a participant needs to influence the map and its findings (passes count).
    min_group : participants a group needs, and who must have seen a statement in each group
        before a finding may hold.
    shrinkage : weight of the model in a rate, in votes.
    representative : the most representative statements listed for a group.
    merge_near_duplicates : whether near-identical voters count as one (see integrity).
    leave_out : ids of statements whose votes are ignored (rejected by moderation).
    fit_participants : the most participants the statements are fitted on; all are projected.
    double_votes : the most votes that are summed in double precision, so that processors of all
        kinds give the same six digits. Of more, sums are in single precision, which is faster.
    parity : compute what Polis computes instead. Of the other options only ``max_groups``,
        ``min_participants``, ``min_statements``, ``min_votes``, ``min_group``, ``representative``
        and ``leave_out`` play a part in it.
    """

    dimensions: int = 4
    max_groups: int = 5
    interval: float = 0.90
    min_participants: int = 15
    min_statements: int = 7
    min_votes: int = 7
    min_group: int = 5
    shrinkage: float = 5.0
    representative: int = 5
    merge_near_duplicates: bool = True
    leave_out: tuple[int, ...] = ()
    fit_participants: int = 60_000
    double_votes: int = 4_000_000
    parity: bool = False

    def __post_init__(self) -> None:
        _check("dimensions", self.dimensions, 1, 16)
        _check("max_groups", self.max_groups, 1, 8)
        _check("interval", self.interval, 0.5, 0.999)
        _check("min_participants", self.min_participants, 2, None)
        _check("min_statements", self.min_statements, 2, None)
        _check("min_votes", self.min_votes, 1, None)
        _check("min_group", self.min_group, 2, None)
        _check("shrinkage", self.shrinkage, 0.0, None)
        _check("representative", self.representative, 0, None)
        _check("fit_participants", self.fit_participants, 100, None)
        _check("double_votes", self.double_votes, 0, None)
        # Sorted, so that the same set of ids is the same options.
        object.__setattr__(self, "leave_out", tuple(sorted({int(i) for i in self.leave_out})))

    def precision(self, votes: int) -> Precision:
        """Of sums over so many votes."""
        return DOUBLE if votes <= self.double_votes else SINGLE

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as stored in ``MapFacts.options``."""
        return {**asdict(self), "leave_out": list(self.leave_out)}


def _check(name: str, value: float, low: float, high: float | None) -> None:
    if not value >= low or (high is not None and value > high):
        limit = f"{low} to {high}" if high is not None else f"at least {low}"
        raise ValueError(f"Options.{name} is {value}; it must be {limit}.")

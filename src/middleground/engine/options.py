"""The engine's options: sizes, minimums and statements to leave out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from middleground.engine.arrays.binary_votes import DOUBLE, SINGLE, Precision


@dataclass(frozen=True, slots=True)
class Options:
    """How to compute a map. The defaults are explained in docs/method.md.

    dimensions : number of dimensions of the opinion space (1..16).
    max_groups : the largest number of opinion groups to try; 1 allows no division.
    interval : mass of the credible intervals of rates.
    min_participants : fewer participants with enough votes give no map.
    min_statements : fewer statements with votes give no map.
    min_votes : votes (passes count) that a participant needs to influence map and findings.
    min_group : the smallest size of a group, and the smallest number of participants in each
        group who must have seen a statement for a finding to hold.
    shrinkage : weight of the model in a rate, in votes.
    representative : the largest number of representative statements listed for a group.
    merge_near_duplicates : whether near-identical voters count as one (see integrity).
    leave_out : ids of statements whose votes are ignored (rejected by moderation).
    fit_participants : the largest number of participants on whom the statements are fitted; all
        participants are projected.
    double_votes : the largest number of votes that are summed in double precision, which gives
        the same six digits on all processors. More votes are summed in single precision, which
        is faster.
    parity : compute what Polis computes instead. Parity mode uses only the options ``max_groups``,
        ``min_participants``, ``min_statements``, ``min_votes``, ``min_group``, ``representative``
        and ``leave_out``.
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
        # Sorted, so that options with the same set of ids compare equal.
        object.__setattr__(self, "leave_out", tuple(sorted({int(i) for i in self.leave_out})))

    def precision(self, votes: int) -> Precision:
        """The precision of sums over ``votes`` votes."""
        return DOUBLE if votes <= self.double_votes else SINGLE

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as stored in ``MapFacts.options``."""
        return {**asdict(self), "leave_out": list(self.leave_out)}


def _check(name: str, value: float, low: float, high: float | None) -> None:
    if not value >= low or (high is not None and value > high):
        limit = f"{low} to {high}" if high is not None else f"at least {low}"
        raise ValueError(f"Options.{name} is {value}; it must be {limit}.")

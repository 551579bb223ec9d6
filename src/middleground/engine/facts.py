"""What an opinion map says, without any person in it.

``MapFacts`` holds aggregates only: groups, statements, findings and how sure they are. It is what
the web side stores and every page, picture and export draws from. Positions and memberships of
participants exist only on ``OpinionMap``, in memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import msgspec

Status = Literal["groups", "one_group", "too_little"]
MinimumCode = Literal["participants", "statements", "votes_per_participant"]


@dataclass(frozen=True, slots=True)
class UnmetMinimum:
    """A minimum that is not met yet: the map says what is missing instead of guessing."""

    code: MinimumCode
    have: int
    need: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of votes on one statement."""

    agree: int
    disagree: int
    passed: int

    @property
    def seen(self) -> int:
        return self.agree + self.disagree + self.passed


@dataclass(frozen=True, slots=True)
class Rate:
    """The share of a group (or of everyone) that agrees, of all who voted, passes counted.

    ``rate`` is a posterior mean in 0..1, ``low``..``high`` its 90 % interval.
    ``group`` is the group's label, or "" for everyone. ``tally`` is what was counted.
    """

    group: str
    rate: float
    low: float
    high: float
    tally: Tally

    @property
    def has_interval(self) -> bool:
        """A Polis-like map gives none; its ends are the rate itself."""
        return self.low < self.high


@dataclass(frozen=True, slots=True)
class Representative:
    """A statement on which a group differs from the rest: how, and how surely (0..1)."""

    statement: int
    direction: Literal["agree", "disagree"]
    rate: float
    rest: float
    probability: float


@dataclass(frozen=True, slots=True)
class Group:
    """An opinion group.

    ``size`` counts participants whose most probable group it is; ``certain`` those of them with
    P > .9. ``centre`` (x, y) and ``covariance`` (xx, xy, yy) describe it in the map's plane.
    """

    label: str
    size: int
    certain: int
    centre: tuple[float, float]
    covariance: tuple[float, float, float]
    representative: tuple[Representative, ...]


@dataclass(frozen=True, slots=True)
class StatementFacts:
    """One statement: everyone's rate, each group's, and where it lies in the model.

    ``everyone`` and ``groups`` carry the tallies. ``groups`` is in the order of the map's groups
    and empty where there is no more than one.
    ``intercept`` is a_j, ``loading`` w_j (one number a dimension) of the model;
    ``direction`` is the loading's projection on the map's plane, for drawing.
    """

    statement: int
    everyone: Rate
    groups: tuple[Rate, ...]
    intercept: float
    loading: tuple[float, ...]
    direction: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Robustness:
    """What would overturn a finding.

    ``fakes_to_overturn`` invented participants, all voting ``vote`` on it in ``groups`` (the least
    willing), would take the label away; None where it does not hold. ``lost_without_most_active``
    and ``lost_without`` (channels) say whose removal takes it away, so that it does not hold.
    ``untested_without`` are channels without which too few would be left to tell.
    """

    fakes_to_overturn: int | None = None
    groups: tuple[str, ...] = ()
    vote: Literal["agree", "disagree", ""] = ""
    lost_without_most_active: bool = False
    lost_without: tuple[str, ...] = ()
    untested_without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement of the middle ground, or a divisive one, in ranked order.

    ``score`` ranks. ``holds`` says whether the label is earned (see docs/method.md), ``margin``
    by how much the weakest bound clears it (negative: by how much it fails).
    ``groups`` has one rate a group (one, for everyone, where there are no distinct groups).
    ``robustness`` says what would overturn it, and what has.
    """

    statement: int
    score: float
    holds: bool
    margin: float
    groups: tuple[Rate, ...]
    robustness: Robustness = Robustness()


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """How far to trust the map.

    ``participants`` voted at all, ``eligible`` had enough votes to shape the map, ``unsure`` of
    these belong to no group with P > .9. ``votes`` counts the last vote of each pair.
    ``stability`` is the bootstrap co-membership of the accepted grouping (None without groups).
    ``acquiescence`` is the share of the first axis that is mere readiness to agree (0..1).
    ``calibration`` is the mean gap between foretold and given agreement on hidden votes (0..1; None
    with too few votes), ``drift`` how far the statements' logits moved since the previous map
    (root mean square; None without one).
    """

    participants: int
    eligible: int
    unsure: int
    statements: int
    votes: int
    median_votes: float
    stability: float | None
    acquiescence: float | None
    calibration: float | None = None
    drift: float | None = None


@dataclass(frozen=True, slots=True)
class DuplicateClusterFacts:
    """Participants who voted nearly the same, and more of them than chance brings together.

    ``size`` people, of whom one counts. ``shared`` are statements that at least ``min_group`` of
    them answered, nine in ten alike. Described only where they are that many.
    """

    size: int
    shared: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TierSize:
    """A way by which participants were admitted, and how many of them shape the map."""

    name: str
    eligible: int


@dataclass(frozen=True, slots=True)
class TierCounts:
    """How the people of one channel voted, in the groups of the whole map.

    ``participants`` voted; ``counted`` says whether they have a part in the map. ``sizes`` are
    those who have enough votes, by likeliest group. ``everyone`` has a tally a statement,
    ``groups`` a row of tallies a statement, in the map's order; both lists of groups are empty
    without a division.
    """

    name: str
    participants: int
    counted: bool
    sizes: tuple[int, ...]
    everyone: tuple[Tally, ...]
    groups: tuple[tuple[Tally, ...], ...]


@dataclass(frozen=True, slots=True)
class Integrity:
    """What was set aside, and who came how.

    ``looked_up`` votes were on statements that the server had not dealt. ``near_duplicates`` people
    repeat another's votes and do not count beside them, in ``duplicate_cluster_count`` groups of
    copies, of which those with ``min_group`` people or more are described in
    ``duplicate_clusters``.
    """

    looked_up: int = 0
    near_duplicates: int = 0
    duplicate_cluster_count: int = 0
    duplicate_clusters: tuple[DuplicateClusterFacts, ...] = ()
    tiers: tuple[TierSize, ...] = ()


@dataclass(frozen=True, slots=True)
class Weighting:
    """How the shares were weighted to margins of a population.

    ``participants`` shape the map; their weights are worth ``effective`` of them (Kish), so
    variances are ``design_effect`` times as large. ``gap`` is left between a share and its margin.
    ``absent`` categories have a margin, but nobody. ``doubtful`` says that it rests on few.
    ``group_shares`` are the groups' weighted shares of all, in the groups' order.
    """

    margins: tuple[str, ...]
    participants: int
    effective: float
    design_effect: float
    gap: float
    absent: tuple[str, ...]
    doubtful: bool
    group_shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class PlacementModel:
    """What is needed, beside the statements, to place a person from their own votes.

    Priors b ~ N(0, ``b_variance``), x ~ N(0, I), a ~ N(``a_mean``, ``a_variance``).
    ``scale`` (one number a dimension) times a position x is a scaled position, in which
    ``centres`` (one a group, in the groups' order) lie; its first two numbers are the map's plane.
    """

    a_mean: float
    a_variance: float
    b_variance: float
    scale: tuple[float, ...]
    centres: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class MapFacts:
    """Everything of an opinion map that is not about a single participant.

    ``groups`` is empty with too little, has one group ("A", everyone) where there are no distinct
    ones, and is in the order of the letters; letters may be missing where a group has vanished.
    ``tiers`` are given where people were admitted in several ways.
    ``previous_input_hash`` is the input hash of the map whose letters were kept, or "".
    """

    status: Status
    unmet_minimums: tuple[UnmetMinimum, ...]
    groups: tuple[Group, ...]
    statements: tuple[StatementFacts, ...]
    middle_ground: tuple[Finding, ...]
    divisive: tuple[Finding, ...]
    diagnostics: Diagnostics
    model: PlacementModel
    options: dict[str, Any]
    seed: int
    engine_version: str
    input_hash: str
    previous_input_hash: str = ""
    integrity: Integrity = Integrity()
    weighting: Weighting | None = None
    tiers: tuple[TierCounts, ...] = ()

    @property
    def parity(self) -> bool:
        """Whether this is the map that Polis would compute: see ``Options.parity``."""
        return bool(self.options.get("parity"))

    def to_dict(self) -> dict[str, Any]:
        """Plain lists, dicts, numbers and strings, ready for JSON."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> MapFacts:
        """The inverse of ``to_dict`` (also after a trip through JSON).

        A field that is missing has its default; one that the class does not know is left out.

        Raises
        ------
        msgspec.ValidationError
            A field without a default is missing, or a value has another type.
        """
        return msgspec.convert(data, cls)

"""The aggregate facts of an opinion map, without data on any single participant.

``MapFacts`` holds groups, statements, findings and their certainty. The web side stores it, and
every page, picture and export is drawn from it. Positions and memberships of participants exist
only on ``OpinionMap``, in memory.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

Status = Literal["groups", "one_group", "too_little"]
MinimumCode = Literal["participants", "statements", "votes_per_participant"]


@dataclass(frozen=True, slots=True)
class UnmetMinimum:
    """A minimum that is not met yet; the map reports it instead of guessing."""

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
    """The share of agreeing votes among all votes, passes included, in a group or overall.

    ``rate`` is a posterior mean in 0..1, ``low``..``high`` its 90 % credible interval. In published
    facts ``rate`` is None if only the interval may be told (see ``disclosure``).
    ``group`` is the group's label, or "" for everyone. ``tally`` holds the raw counts.
    """

    group: str
    rate: float | None
    low: float
    high: float
    tally: Tally

    @property
    def middle(self) -> float:
        """The rate, or the middle of the interval: for ranking and comparing, never to be shown."""
        return (self.low + self.high) / 2 if self.rate is None else self.rate

    @property
    def has_interval(self) -> bool:
        """False for a parity map, where ``low`` and ``high`` equal the rate."""
        return self.low < self.high


@dataclass(frozen=True, slots=True)
class Representative:
    """A statement on which a group differs from the rest, with the probability that it does.

    ``rate`` and ``rest`` are the shares of the group and of the rest that answer in the direction.
    They are None in published facts, where the statement's rates tell how people answered.
    """

    statement: int
    direction: Literal["agree", "disagree"]
    rate: float | None
    rest: float | None
    probability: float


@dataclass(frozen=True, slots=True)
class Group:
    """An opinion group.

    ``size`` counts participants whose most probable group this is; ``certain`` counts those of
    them with P > .9. ``centre`` (x, y) and ``covariance`` (xx, xy, yy) are in the map's plane.
    """

    label: str
    size: int
    certain: int
    centre: tuple[float, float]
    covariance: tuple[float, float, float]
    representative: tuple[Representative, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Some of a group's people who voted most alike: the mean of their places in the plane."""

    group: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class AxisEnd:
    """The statements whose agreement most tells who lies nearest to an end of an axis."""

    end: Literal["left", "right", "down", "up"]
    statements: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StatementFacts:
    """One statement: its rates (with tallies) and its parameters in the model.

    ``groups`` is in the order of the map's groups, and empty if there are fewer than two.
    ``intercept`` is a_j and ``loading`` is w_j (one number per dimension) of the model;
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

    ``fakes_to_overturn`` is the number of invented participants in ``groups`` (those with the
    least support) who must all vote ``vote`` to remove the label; None if it does not hold.
    ``lost_without_most_active`` and ``lost_without`` (tiers) say whose removal makes it fail.
    ``untested_without`` lists tiers without which too few participants remain for the test.
    """

    fakes_to_overturn: int | None = None
    groups: tuple[str, ...] = ()
    vote: Literal["agree", "disagree", ""] = ""
    lost_without_most_active: bool = False
    lost_without: tuple[str, ...] = ()
    untested_without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement ranked as middle ground or as divisive.

    ``score`` gives the rank. ``holds`` says whether the label is earned (see docs/method.md),
    ``margin`` by how much the weakest bound clears the threshold (negative: misses it).
    ``groups`` has one rate per group (one rate, for everyone, if there are no distinct groups).
    ``robustness`` says what would overturn the finding, and what has.
    """

    statement: int
    score: float
    holds: bool
    margin: float
    groups: tuple[Rate, ...]
    robustness: Robustness = Robustness()


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """Measures of how far to trust the map.

    ``participants`` counts all who voted, ``eligible`` those with enough votes to shape the map,
    ``unsure`` those of the eligible who belong to no group with P > .9. ``votes`` counts one vote
    per participant and statement, the last. ``stability`` is the bootstrap co-membership of the
    accepted clustering (None without groups). ``acquiescence`` is the share of the first axis that
    is mere readiness to agree (0..1). ``calibration`` is the mean gap between predicted and
    observed agreement on held-out votes (0..1; None with too few votes). ``drift`` is the root
    mean square change of the statements' logits since the previous map (None without one).
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
    """Participants who voted nearly alike, in a larger number than chance explains.

    One of the ``size`` participants counts. ``shared`` lists statements that at least
    ``min_group`` of them answered, nine in ten alike. Smaller clusters are not described.
    """

    size: int
    shared: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TierSize:
    """A tier, and how many of its participants shape the map."""

    name: str
    eligible: int


@dataclass(frozen=True, slots=True)
class TierCounts:
    """The votes of one tier's participants, by the groups of the whole map.

    ``participants`` is the number who voted; ``counted`` says whether they shape the map.
    ``sizes`` counts those with enough votes, by most probable group. ``everyone`` has one tally
    per statement and ``groups`` one row of tallies per statement, in the map's order. ``sizes``
    and ``groups`` are empty if there are fewer than two groups.
    """

    name: str
    participants: int
    counted: bool
    sizes: tuple[int, ...]
    everyone: tuple[Tally, ...]
    groups: tuple[tuple[Tally, ...], ...]


@dataclass(frozen=True, slots=True)
class Integrity:
    """What was set aside, and how many participants each tier has.

    ``looked_up`` counts votes on statements that the server had not dealt. ``near_duplicates``
    counts participants who repeat another's votes and are therefore not counted. They form
    ``duplicate_cluster_count`` clusters; ``duplicate_clusters`` describes those with at least
    ``min_group`` participants.
    """

    looked_up: int = 0
    near_duplicates: int = 0
    duplicate_cluster_count: int = 0
    duplicate_clusters: tuple[DuplicateClusterFacts, ...] = ()
    tiers: tuple[TierSize, ...] = ()


@dataclass(frozen=True, slots=True)
class Weighting:
    """How the shares were weighted to the margins of a population.

    ``participants`` is the number who shape the map; weighted, they are worth ``effective`` of
    them (Kish), so variances are ``design_effect`` times as large. ``gap`` is the largest
    remaining difference between a share and its margin. ``absent`` lists categories with a margin
    but no participant. ``doubtful`` means that the effective number is low. ``group_shares`` are
    the groups' weighted shares of all participants, in the groups' order.
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
    """The parameters that, with the statements, place a participant from their own votes.

    Priors b ~ N(0, ``b_variance``), x ~ N(0, I), a ~ N(``a_mean``, ``a_variance``).
    ``scale`` (one number per dimension) times a position x is a scaled position. ``centres`` (one
    per group, in the groups' order) are scaled positions; their first two coordinates are in the
    map's plane.
    """

    a_mean: float
    a_variance: float
    b_variance: float
    scale: tuple[float, ...]
    centres: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class MapFacts:
    """All facts of an opinion map that do not concern a single participant.

    ``groups`` is in the order of the letters; letters of groups that vanished are missing. It is
    empty with status ``too_little``, and has one group ("A", everyone) with ``one_group``.
    ``tiers`` is empty unless participants were admitted in several tiers.
    ``previous_input_hash`` is the input hash of the map whose letters were kept, or "".
    Each of ``marks`` stands for ``people_per_mark`` to ``most_per_mark`` members of its group;
    those of a group lie together, the one nearest to its centre first. There are none on maps of
    older engines. ``axis_ends`` is filled in when a map is disclosed.
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
    people_per_mark: int = 0
    marks: tuple[Mark, ...] = ()
    axis_ends: tuple[AxisEnd, ...] = ()

    @property
    def parity(self) -> bool:
        """Whether this is the map that Polis would compute; see ``Options.parity``."""
        return bool(self.options.get("parity"))

    @property
    def most_per_mark(self) -> int:
        """The most people that a mark may stand for, by how many marks each group has.

        A group of m marks has fewer than (m + 1) ``people_per_mark`` members, shared out evenly.
        """
        counts = Counter(mark.group for mark in self.marks).values()
        return max((-(-((m + 1) * self.people_per_mark - 1) // m) for m in counts), default=0)

    def to_dict(self) -> dict[str, Any]:
        """Plain lists, dicts, numbers and strings, ready for JSON."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> MapFacts:
        """The inverse of ``to_dict`` (also after a trip through JSON).

        Missing fields get their defaults; unknown fields are ignored.

        Raises
        ------
        msgspec.ValidationError
            A field without a default is missing, or a value has another type.
        """
        return msgspec.convert(data, cls)

    @classmethod
    def from_json(cls, text: str) -> MapFacts:
        """The same as ``from_dict`` of what the JSON text says, many times as fast."""
        return msgspec.json.decode(text, type=cls)

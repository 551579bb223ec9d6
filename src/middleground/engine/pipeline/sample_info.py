"""Information on a map's participants besides their votes: weights, tiers, votes set aside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from middleground.engine.attributes import Attribute
from middleground.engine.distributed.table import PartitionedTable
from middleground.engine.facts import DuplicateClusterFacts, Integrity, TierSize, Weighting
from middleground.engine.findings.rates import VoteRowSource
from middleground.engine.integrity.near_duplicates import DuplicateCluster, shared_answers
from middleground.engine.integrity.raking import DOUBTFUL, Margins, Raked, rake
from middleground.engine.votes import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class SampleInfo:
    """Tiers, votes set aside, and weights.

    tiers : positions among the participants who shape the map, by name of tier.
    strata_of_all : the same among all who voted. margins : names of the weighting attributes.
    raked : weights of the participants who shape the map. weights_of_all (n,) : of all who voted.
    Both are None without weighting.
    """

    tiers: dict[str, IntArray]
    strata_of_all: dict[str, IntArray]
    integrity: Integrity
    margins: tuple[str, ...]
    raked: Raked | None
    weights_of_all: FloatArray | None

    @property
    def weight(self) -> FloatArray | None:
        return None if self.raked is None else self.raked.weight

    def weighting(self, belongs: IntArray, groups: int) -> Weighting | None:
        """How shares were weighted; ``belongs`` (n,) is each participant's most probable group."""
        if self.raked is None:
            return None
        sums = np.bincount(belongs, self.raked.weight, groups)
        return Weighting(
            margins=self.margins,
            participants=len(belongs),
            effective=round(self.raked.effective, 3),
            design_effect=round(self.raked.design_effect, 3),
            gap=round(self.raked.gap, 6),
            absent=self.raked.absent,
            doubtful=self.raked.share < DOUBTFUL,
            group_shares=tuple(round(float(x), 6) for x in sums / max(float(sums.sum()), 1e-300)),
        )


def sample_info(
    table: PartitionedTable,
    eligible: IntArray,
    duplicates: list[DuplicateCluster],
    tiers: Attribute | None,
    margins: Margins | None,
    min_group: int,
) -> SampleInfo:
    """Collect the information; ``eligible`` are the rows of participants who shape the map."""
    participants, votes = table.participants[eligible], VoteRowSource.of_all(table)
    rows = _rows_by_tier(tiers, participants)
    return SampleInfo(
        rows,
        _rows_by_tier(tiers, table.participants),
        Integrity(
            looked_up=table.looked_up,
            near_duplicates=sum(len(each.redundant) for each in duplicates),
            duplicate_cluster_count=len(duplicates),
            duplicate_clusters=tuple(
                DuplicateClusterFacts(
                    len(each.rows), tuple(sorted(shared_answers(each, votes, min_group)))
                )
                for each in duplicates
                if len(each.rows) >= min_group
            ),
            tiers=tuple(TierSize(name, len(rows[name])) for name in sorted(rows)),
        ),
        tuple(sorted(margins.targets)) if margins else (),
        rake(participants, margins) if margins else None,
        rake(table.participants, margins).weight if margins else None,
    )


def _rows_by_tier(tiers: Attribute | None, participants: IntArray) -> dict[str, IntArray]:
    """Positions among ``participants`` by name of tier; "" if the tier is unknown."""
    if tiers is None:
        return {}
    code, names = tiers.of(participants), ("", *tiers.names)
    return {names[k + 1]: np.flatnonzero(code == k) for k in np.unique(code).tolist()}

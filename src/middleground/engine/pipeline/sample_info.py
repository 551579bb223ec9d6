"""What is known of a map's people beside their votes: weights, channels, what was set aside."""

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
    """channels : rows among the people who shape the map, by name; voters : among all who voted.

    raked : weights of the people who shape the map. everyone (n,) : weights of all who voted.
    Both None for one each.
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
        """How it was weighted; ``belongs`` is each person's likeliest group."""
        if self.raked is None:
            return None
        held = np.bincount(belongs, self.raked.weight, groups)
        return Weighting(
            margins=self.margins,
            participants=len(belongs),
            effective=round(self.raked.effective, 3),
            design_effect=round(self.raked.design_effect, 3),
            gap=round(self.raked.gap, 6),
            absent=self.raked.absent,
            doubtful=self.raked.share < DOUBTFUL,
            group_shares=tuple(round(float(x), 6) for x in held / max(float(held.sum()), 1e-300)),
        )


def sample_info(
    table: PartitionedTable,
    eligible: IntArray,
    duplicates: list[DuplicateCluster],
    tiers: Attribute | None,
    margins: Margins | None,
    min_group: int,
) -> SampleInfo:
    """Of those who shape the map (``eligible`` rows of all) and of all."""
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
    """Positions among ``participants`` by name of channel; "" where it is not known."""
    if tiers is None:
        return {}
    code, names = tiers.of(participants), ("", *tiers.names)
    return {names[k + 1]: np.flatnonzero(code == k) for k in np.unique(code).tolist()}

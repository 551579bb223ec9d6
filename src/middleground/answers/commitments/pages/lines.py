"""A commitment as lists show it on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from middleground.answers.checks.claims import DoneClaim, claims_of
from middleground.answers.commitments.queries import CommitmentStanding, standing_of
from middleground.answers.models import Commitment


@dataclass(frozen=True, slots=True)
class ShownCommitment:
    """A commitment, and how it stands on the day."""

    row: Commitment
    standing: CommitmentStanding
    today: date
    claims: tuple[DoneClaim, ...] = ()  # what its body says is done, the newest first

    @property
    def days_late(self) -> int:
        """Days after the due day that holds now; of what is over, until it ended."""
        return max(0, ((self.row.ended_on or self.today) - self.row.due_on).days)

    @property
    def days_after_first(self) -> int:
        """Days after the day that was promised first."""
        return max(0, ((self.row.ended_on or self.today) - self.row.first_due_on).days)


@dataclass(frozen=True, slots=True)
class CommitmentGroup:
    """Those that stand alike; on a page of a list some of them, of ``total``."""

    standing: CommitmentStanding
    shown: list[ShownCommitment]
    total: int


def shown(commitments: Iterable[Commitment], today: date) -> list[ShownCommitment]:
    return [ShownCommitment(each, standing_of(each, today), today) for each in commitments]


def with_claims(lines: Sequence[ShownCommitment], most: int | None = None) -> list[ShownCommitment]:
    """With what is said to be done; only the newest ``most`` of each, if given. One query."""
    said = claims_of(line.row for line in lines)
    return [replace(line, claims=tuple(said.get(line.row.pk, [])[:most])) for line in lines]


def by_standing(commitments: Iterable[ShownCommitment]) -> list[CommitmentGroup]:
    """Late first; what is kept or given up with the newest first. No empty groups."""
    at: dict[CommitmentStanding, list[ShownCommitment]] = {each: [] for each in CommitmentStanding}
    for each in commitments:
        at[each.standing].append(each)
    for over in (CommitmentStanding.KEPT, CommitmentStanding.GIVEN_UP):
        at[over].sort(key=lambda each: each.row.ended_on or date.min, reverse=True)
    return [CommitmentGroup(standing, found, len(found)) for standing, found in at.items() if found]


def parts_on_page(
    groups: Iterable[CommitmentGroup], on_page: Iterable[ShownCommitment]
) -> list[CommitmentGroup]:
    """What a page has of each group: ``on_page`` is a run of the groups' lines in their order."""
    total = {group.standing: group.total for group in groups}
    runs = groupby(on_page, key=lambda each: each.standing)
    return [CommitmentGroup(standing, list(run), total[standing]) for standing, run in runs]

"""Near-duplicate accounts count once; participants with similar opinions all count."""

from __future__ import annotations

import numpy as np
import pytest

from engine.shapes import camps, cloud, crowd, real_votes, three_camps
from middleground.engine import Options, Votes, analyse
from support.real_conversations import REAL_NAMES

FIRST_FAKE = 10**6


def with_copies(votes: Votes, copies: int, *, of: int, target: int | None = None) -> Votes:
    """``copies`` further accounts that vote like one participant, but agree with ``target``."""
    own = votes.participant == of
    statement, value = votes.statement[own], votes.value[own].copy()
    if target is not None:
        statement, value = np.append(statement, target), np.append(value, 1)
    fakes = np.repeat(np.arange(FIRST_FAKE, FIRST_FAKE + copies), len(statement))
    return Votes(
        np.concatenate([votes.participant, fakes]),
        np.concatenate([votes.statement, np.tile(statement, copies)]),
        np.concatenate([votes.value, np.tile(value, copies)]),
    )


def test_near_duplicates_are_found_counted_and_set_aside() -> None:
    votes = cloud(participants=300)
    found = analyse(with_copies(votes, 30, of=7))
    integrity = found.facts.integrity
    assert (integrity.duplicate_cluster_count, integrity.near_duplicates) == (1, 30)
    assert integrity.duplicate_clusters[0].size == 31
    own = votes.participant == 7
    assert set(integrity.duplicate_clusters[0].shared) == set(votes.statement[own].tolist())
    assert found.diagnostics.eligible == analyse(votes).diagnostics.eligible
    # The known-bad control: without the defence they count as 30 participants.
    off = analyse(with_copies(votes, 30, of=7), Options(merge_near_duplicates=False))
    assert off.facts.integrity.near_duplicates == 0
    assert off.diagnostics.eligible == found.diagnostics.eligible + 30


def test_near_duplicates_do_not_raise_a_statement() -> None:
    votes = cloud(participants=300)
    ranked = [item.statement for item in analyse(votes).middle_ground]
    target = ranked[len(ranked) // 2]
    other = int(votes.participant[(votes.statement == target) & (votes.value == -1)][0])
    own = (votes.participant == other) & (votes.statement == target)
    base = Votes(votes.participant[~own], votes.statement[~own], votes.value[~own])
    attacked = with_copies(base, 40, of=other, target=target)

    def place(options: Options) -> int:
        return [item.statement for item in analyse(attacked, options).middle_ground].index(target)

    assert abs(place(Options()) - ranked.index(target)) <= 2
    assert ranked.index(target) - place(Options(merge_near_duplicates=False)) >= 10


def test_the_copied_participant_counts_and_the_copies_do_not() -> None:
    votes = cloud(participants=300)
    target = int(votes.statement[0])
    other = int(votes.participant[(votes.statement == target) & (votes.value == -1)][0])
    own = (votes.participant == other) & (votes.statement == target)
    base = Votes(votes.participant[~own], votes.statement[~own], votes.value[~own])
    attacked = with_copies(base, 40, of=other, target=target)

    def agreed(votes: Votes, options: Options) -> int:
        items = analyse(votes, options).middle_ground
        return sum(r.tally.agree for i in items if i.statement == target for r in i.groups)

    assert agreed(attacked, Options()) == agreed(base, Options())
    # The known-bad control: without the defence each of them agrees.
    off = Options(merge_near_duplicates=False)
    assert agreed(attacked, off) == agreed(base, off) + 40


@pytest.mark.parametrize("shape", [camps, crowd, cloud, three_camps])
def test_honest_participants_are_not_merged(shape: type[Votes]) -> None:
    assert analyse(shape()).facts.integrity.near_duplicates == 0


def test_a_unanimous_camp_is_not_merged() -> None:
    participant, statement = np.divmod(np.arange(40 * 10), 10)
    side = np.where(participant % 2, 1, -1)
    found = analyse(Votes(participant, statement, np.where(statement % 2, side, -side)))
    assert found.facts.integrity.near_duplicates == 0
    assert found.diagnostics.eligible == 40


def test_agreeing_on_what_most_agree_with_is_no_evidence() -> None:
    rng = np.random.default_rng(1)
    participant, statement = np.nonzero(rng.random((400, 30)) < 0.4)
    value = np.where(rng.random(len(statement)) < 0.97, 1, -1)
    found = analyse(Votes(participant, statement, value))
    # Here far more than half of all pairs agree on all common statements.
    assert found.facts.integrity.near_duplicates == 0


@pytest.mark.parametrize("name", REAL_NAMES)
def test_no_real_participant_is_taken_for_a_near_duplicate(name: str) -> None:
    votes, rejected = real_votes(name)
    assert analyse(votes, Options(leave_out=rejected)).facts.integrity.near_duplicates == 0


@pytest.mark.parametrize("name", ["vtaiwan.uberx", "scoop-hivemind.taxes", "brexit-consensus"])
def test_near_duplicates_among_real_participants_are_found(name: str) -> None:
    votes, rejected = real_votes(name)
    participants, counts = np.unique(votes.participant, return_counts=True)
    active = int(participants[np.argsort(counts, kind="stable")[int(0.9 * len(participants))]])
    size = int(np.sum(counts >= 7)) // 10
    found = analyse(with_copies(votes, size, of=active), Options(leave_out=rejected))
    assert found.facts.integrity.near_duplicates >= size


def test_order_and_ids_do_not_change_the_near_duplicates() -> None:
    votes, rng = with_copies(cloud(participants=200), 20, of=3), np.random.default_rng(0)
    order = rng.permutation(len(votes))
    ids = {int(p): k for k, p in enumerate(rng.permutation(np.unique(votes.participant)))}
    renamed = np.array([ids[int(p)] for p in votes.participant])
    mixed = Votes(renamed[order], votes.statement[order], votes.value[order])
    assert analyse(mixed).to_json() == analyse(votes).to_json()

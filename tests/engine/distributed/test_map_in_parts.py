"""Votes in several parts give the same map as all votes together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.shapes import camps, cloud, crowd, real_votes, three_camps
from middleground.engine import Attribute, InvalidVotes, OpinionMap, Options, Votes, analyse
from middleground.engine.analysis import analyse_parts
from middleground.engine.arrays import shards
from middleground.engine.distributed.executor import DiskExecutor, tree_reduce

# The largest difference of a published figure between several parts and one: the sums are added
# in another order, so that in double precision a last digit can round differently.
TOLERANCE, OF_SINGLES = 1.5e-6, 2e-5


def itself(votes: Votes) -> Votes:
    return votes


def parted(votes: Votes, count: int) -> list[Votes]:
    home = votes.participant % count
    return [
        Votes(
            votes.participant[home == k],
            votes.statement[home == k],
            votes.value[home == k],
            None if votes.dealt is None else votes.dealt[home == k],
        )
        for k in range(count)
    ]


def gap(one: Any, other: Any) -> float:
    """The largest difference between figures of two maps that are otherwise equal."""
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other)
    if isinstance(one, list) and isinstance(other, list):
        assert len(one) == len(other)
        return max((gap(*pair) for pair in zip(one, other, strict=True)), default=0.0)
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        return gap(list(one.values()), [other[key] for key in one])
    assert one == other
    return 0.0


def in_parts(
    votes: Votes, count: int, folder: Path, options: Options | None = None, **more: Any
) -> OpinionMap:
    return analyse_parts(parted(votes, count), itself, DiskExecutor(folder), options, **more)


def distance(one: OpinionMap, other: OpinionMap) -> float:
    return gap(json.loads(one.to_json()), json.loads(other.to_json()))


def with_copies() -> Votes:
    """A crowd, and twelve accounts that repeat the votes of one participant."""
    votes = crowd()
    ballot = votes.participant == 0
    times = np.repeat(np.arange(1_000, 1_012), np.count_nonzero(ballot))
    return Votes(
        np.concatenate([votes.participant, times]),
        np.concatenate([votes.statement, np.tile(votes.statement[ballot], 12)]),
        np.concatenate([votes.value, np.tile(votes.value[ballot], 12)]),
    )


def test_a_part_without_eligible_participants_is_allowed(tmp_path: Path) -> None:
    votes, few = crowd(), Votes([9_001, 9_001, 9_002], [1, 2, 1], [1, 0, -1])
    both = Votes(
        np.concatenate([votes.participant, few.participant]),
        np.concatenate([votes.statement, few.statement]),
        np.concatenate([votes.value, few.value]),
    )
    found = analyse_parts([votes, few], itself, DiskExecutor(tmp_path))
    assert distance(found, analyse(both)) <= TOLERANCE


def tied() -> Votes:
    """Agreeing and disagreeing votes are equally many, but mirrored signs are another input.

    If the input were its own mirror image, the last bit would decide which group is A.
    """
    participant, statement = np.divmod(np.arange(50 * 12), 12)
    first = participant < 30
    agrees = np.where(first, (statement < 4) | (statement >= 8), statement < 3)
    return Votes(participant, statement, np.where(agrees, 1, -1))


SHAPES = [camps, three_camps, cloud, crowd, with_copies, tied]


def test_agree_and_disagree_are_tied() -> None:
    assert tied().value.sum() == 0


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("doubles", [10**6, 0])
def test_one_part_gives_the_same_bytes(shape: Any, doubles: int, tmp_path: Path) -> None:
    votes, options = shape(), Options(double_votes=doubles)
    assert in_parts(votes, 1, tmp_path, options).to_json() == analyse(votes, options).to_json()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("doubles", "most"), [(10**6, TOLERANCE), (0, OF_SINGLES)])
def test_several_parts_give_the_same_figures(
    shape: Any, doubles: int, most: float, tmp_path: Path
) -> None:
    votes, options = shape(), Options(double_votes=doubles)
    whole, found = analyse(votes, options), in_parts(votes, 3, tmp_path, options)
    assert distance(found, whole) < most
    everyone = whole.participants
    assert np.array_equal(found.participants, everyone)
    assert np.abs(found.membership(everyone) - whole.membership(everyone)).max() < 1e-3
    # The known-bad control: one changed vote gives a larger difference and another input hash.
    other = votes.value.copy()
    other[:40] *= -1
    turned = analyse(Votes(votes.participant, votes.statement, other), options)
    with pytest.raises(AssertionError):
        assert distance(found, turned) < most


def test_copies_are_found_across_parts(tmp_path: Path) -> None:
    found = in_parts(with_copies(), 5, tmp_path)
    assert (
        found.facts.integrity.near_duplicates
        == analyse(with_copies()).facts.integrity.near_duplicates
        > 0
    )


def test_a_real_conversation_in_parts_with_each_option_on_votes(tmp_path: Path) -> None:
    votes, rejected = real_votes("vtaiwan.uberx")
    options = Options(leave_out=rejected, fit_participants=500)
    tiers = Attribute(range(3_000), ["door", "post"] * 1_500)
    whole = analyse(votes, options, 3, tiers=tiers)
    found = in_parts(votes, 4, tmp_path, options, seed=3, tiers=tiers)
    assert distance(found, whole) < TOLERANCE
    later = in_parts(votes, 2, tmp_path, options, previous=whole.facts)
    assert distance(later, analyse(votes, options, previous=whole.facts)) < TOLERANCE


def test_votes_on_statements_not_dealt_are_set_aside_in_parts(tmp_path: Path) -> None:
    votes = three_camps()
    dealt = np.random.default_rng(0).random(len(votes)) < 0.8
    votes = Votes(votes.participant, votes.statement, votes.value, dealt)
    found = in_parts(votes, 3, tmp_path)
    assert found.facts.integrity.looked_up == np.count_nonzero(~dealt)
    assert distance(found, analyse(votes)) < TOLERANCE


def test_cores_and_runs_change_no_bit_of_a_map_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "SHARD_VOTES", 1_000)
    found = []
    for cores in (1, 2, 2):
        monkeypatch.setattr(shards, "_cores", lambda cores=cores: cores)
        found.append(in_parts(three_camps(), 3, tmp_path))
    assert len({item.to_json() for item in found}) == 1
    everyone = found[0].participants
    for item in found[1:]:
        assert np.array_equal(item.positions(everyone), found[0].positions(everyone))
    # The known-bad control: other parts give other sums.
    other = in_parts(three_camps(), 4, tmp_path)
    assert not np.array_equal(other.positions(everyone), found[0].positions(everyone))


@pytest.mark.parametrize("participants", [0, 1, 5])
def test_parts_report_missing_data_as_all_votes_do(participants: int, tmp_path: Path) -> None:
    votes = camps(participants=participants)
    assert distance(in_parts(votes, 3, tmp_path), analyse(votes)) < TOLERANCE


def test_a_participant_in_two_parts_is_refused(tmp_path: Path) -> None:
    parts = [Votes([1, 2], [0, 0], [1, 1]), Votes([2], [1], [1])]
    with pytest.raises(InvalidVotes, match="Participant 2 has votes in more than one part"):
        analyse_parts(parts, itself, DiskExecutor(tmp_path))
    with pytest.raises(InvalidVotes, match="no part"):
        analyse_parts([], itself, DiskExecutor(tmp_path))
    with pytest.raises(ValueError, match="Parity"):
        analyse_parts(parts, itself, DiskExecutor(tmp_path), Options(parity=True))


def test_sums_are_added_in_a_fixed_tree() -> None:
    def joined(one: str, other: str) -> str:
        return f"({one}{other})"

    assert [tree_reduce("abcdefg"[:n], joined) for n in (1, 2, 3, 5, 7)] == [
        "a",
        "(ab)",
        "((ab)c)",
        "(((ab)(cd))e)",
        "(((ab)(cd))((ef)g))",
    ]


def test_files_of_a_part_are_read_back_and_then_removed(tmp_path: Path) -> None:
    executor = DiskExecutor(tmp_path)
    kept = executor.map_persist(np.arange, [3, 0, 5])
    assert [item.tolist() for item in executor.map(itself, kept)] == [
        [0, 1, 2],
        [],
        [0, 1, 2, 3, 4],
    ]
    assert executor.map_reduce(np.sum, kept) == 13
    executor.release(kept)
    assert list(tmp_path.iterdir()) == []

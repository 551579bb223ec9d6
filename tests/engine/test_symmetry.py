"""Order, ids, repeated votes, the sign convention and the process do not change the map."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.shapes import camps, crowd, three_camps
from middleground.engine import Options, Votes, analyse

SHAPES = [camps, crowd, three_camps]


def without_ids(votes: Votes, rename: dict[int, int]) -> dict[str, Any]:
    """The facts with the statements' original ids, in the order of these."""
    facts: dict[str, Any] = json.loads(analyse(votes).to_json())
    facts.pop("input_hash")
    for name in ("statements", "middle_ground", "divisive"):
        for item in facts[name]:
            item["statement"] = rename[item["statement"]]
    for group in facts["groups"]:
        for item in group["representative"]:
            item["statement"] = rename[item["statement"]]
    facts["statements"].sort(key=lambda item: item["statement"])
    return facts


@pytest.mark.parametrize("shape", SHAPES)
def test_order_of_rows_and_ids_of_participants_change_no_byte(shape: type[Votes]) -> None:
    votes, rng = shape(), np.random.default_rng(3)
    order = rng.permutation(len(votes))
    new_ids = rng.permutation(10**6)[: votes.participant.max() + 1] - 500_000
    mixed = Votes(new_ids[votes.participant[order]], votes.statement[order], votes.value[order])
    first, second = analyse(votes), analyse(mixed)
    assert first.to_json() == second.to_json()
    participants = np.unique(votes.participant)
    assert np.array_equal(first.positions(participants), second.positions(new_ids[participants]))


@pytest.mark.parametrize("shape", SHAPES)
def test_ids_of_statements_change_only_their_names(shape: type[Votes]) -> None:
    votes, rng = shape(), np.random.default_rng(4)
    old = np.unique(votes.statement)
    new = rng.permutation(1000)[: old.max() + 1]
    renamed = Votes(votes.participant, new[votes.statement], votes.value)
    assert without_ids(votes, {int(s): int(s) for s in old}) == without_ids(
        renamed, {int(new[s]): int(s) for s in old}
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_turning_all_signs_mirrors_the_map(shape: type[Votes]) -> None:
    votes = shape()
    participants, statements = np.unique(votes.participant), np.unique(votes.statement)
    there = analyse(votes)
    back = analyse(Votes(votes.participant, votes.statement, -votes.value))
    assert np.array_equal(back.positions(participants), -there.positions(participants))
    assert np.array_equal(back.membership(participants), there.membership(participants))
    who, what = np.repeat(participants, len(statements)), np.tile(statements, len(participants))
    assert np.allclose(back.predict(who, what), 1.0 - there.predict(who, what), atol=1e-12)
    assert [g.size for g in back.groups] == [g.size for g in there.groups]
    for one, other in zip(there.statements, back.statements, strict=True):
        assert one.everyone.tally.agree == other.everyone.tally.disagree


def test_the_later_vote_of_a_pair_wins() -> None:
    votes = camps()
    # Each participant first gave the opposite of the final vote.
    twice = Votes(
        np.tile(votes.participant, 2),
        np.tile(votes.statement, 2),
        np.concatenate([-votes.value, votes.value]),
    )
    assert analyse(twice).to_json() == analyse(votes).to_json()
    # The known-bad control: in the other order the first votes are kept.
    wrong = Votes(twice.participant[::-1], twice.statement[::-1], twice.value[::-1])
    assert analyse(wrong).to_json() != analyse(votes).to_json()


def test_a_statement_that_nobody_voted_on_changes_nothing() -> None:
    votes = camps()
    assert (
        analyse(votes).to_json() != analyse(votes, Options(leave_out=(7,))).to_json()
    )  # the control: leaving out a statement with votes does
    alone = analyse(votes, Options(leave_out=(999,))).facts.to_dict()
    plain = analyse(votes).facts.to_dict()
    assert alone.pop("options") != plain.pop("options")
    assert alone == plain


def test_the_same_seed_gives_the_same_bytes_in_another_process() -> None:
    program = (
        "from engine.shapes import camps; from middleground.engine import analyse;"
        "print(analyse(camps(), seed=3).to_json(), end='')"
    )
    path = [entry for entry in sys.path if entry]
    other = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {path!r}; {program}"],
        capture_output=True,
        check=True,
        text=True,
    )
    assert other.stdout == analyse(camps(), seed=3).to_json()


def test_inputs_are_never_modified() -> None:
    arrays = [np.repeat(np.arange(30), 10), np.tile(np.arange(10), 30), np.ones(300, dtype=int)]
    arrays[2][::3] = -1
    before = [array.copy() for array in arrays]
    votes = Votes(*arrays)
    found = analyse(votes)
    found.predict(arrays[0], arrays[1])
    found.membership(arrays[0])
    for array, copy in zip(arrays, before, strict=True):
        assert np.array_equal(array, copy)
        assert array.flags.writeable


rows = st.lists(
    st.tuples(st.integers(-3, 40), st.integers(0, 12), st.sampled_from([-1, 0, 1])), max_size=250
)


@settings(max_examples=60, deadline=None)
@given(rows=rows, seed=st.integers(0, 2**32))
def test_any_votes_give_a_valid_map_that_ignores_order(
    rows: list[tuple[int, int, int]], seed: int
) -> None:
    last = {(p, s): v for p, s, v in rows}
    table = np.array([(p, s, v) for (p, s), v in last.items()], dtype=np.int64).reshape(-1, 3)
    options = Options(min_participants=4, min_statements=2, min_votes=2, min_group=2)
    shuffled = np.random.default_rng(seed).permutation(table)
    found = analyse(Votes(*table.T), options, seed=seed)
    assert found.to_json() == analyse(Votes(*shuffled.T), options, seed=seed).to_json()
    facts = json.loads(found.to_json(), parse_constant=lambda name: pytest.fail(name))
    assert facts["diagnostics"]["votes"] == len(last)
    assert sum(s["everyone"]["tally"]["agree"] for s in facts["statements"]) == sum(
        v == 1 for v in last.values()
    )
    for statement in found.statements:
        for rate in (statement.everyone, *statement.groups):
            assert 0.0 <= rate.low <= rate.rate <= rate.high <= 1.0
    chances = found.predict(table[:, 0], table[:, 1])
    assert np.all((chances > 0.0) & (chances < 1.0))
    if found.groups:
        assert np.allclose(found.membership(table[:, 0]).sum(axis=1), 1.0)

"""The maps of the seven real conversations are plausible, stable and can be recounted."""

from __future__ import annotations

import numpy as np
import pytest

from engine.shapes import real_votes
from middleground.engine import Options, analyse
from support.real_conversations import REAL_NAMES

# Status and group sizes; fixed here so that a change of the method is noticed.
EXPECTED = {
    "15-per-hour-seattle": 2,
    "brexit-consensus": 2,
    "london.youth.policing": 1,
    "scoop-hivemind.biodiversity": 2,
    "scoop-hivemind.taxes": 2,
    "ssis.land-bank-farmland": 3,
    "vtaiwan.uberx": 2,
}


@pytest.mark.parametrize("name", REAL_NAMES)
def test_number_of_groups(name: str) -> None:
    votes, rejected = real_votes(name)
    found = analyse(votes, Options(leave_out=rejected))
    assert len(found.groups) == EXPECTED[name]
    assert sum(group.size for group in found.groups) == found.diagnostics.eligible


@pytest.mark.parametrize("name", REAL_NAMES)
def test_rejected_statements_are_gone_and_tallies_recount(name: str) -> None:
    votes, rejected = real_votes(name)
    found = analyse(votes, Options(leave_out=rejected))
    last = {
        (p, s): v
        for p, s, v in zip(
            votes.participant.tolist(), votes.statement.tolist(), votes.value.tolist(), strict=True
        )
        if s not in rejected
    }
    assert {s.statement for s in found.statements} == {s for _, s in last}
    agree = {s.statement: s.everyone.tally.agree for s in found.statements}
    assert agree == {
        s: sum(1 for (_, other), v in last.items() if other == s and v == 1) for s in agree
    }


@pytest.mark.parametrize("name", ["scoop-hivemind.taxes", "brexit-consensus"])
def test_held_out_votes_are_predicted_better_than_by_statement_means(name: str) -> None:
    votes, _ = real_votes(name)
    rng = np.random.default_rng(0)
    held = rng.random(len(votes)) < 0.2
    found = analyse(
        type(votes)(votes.participant[~held], votes.statement[~held], votes.value[~held])
    )
    asked = held & (votes.value != 0)
    answer = votes.value[asked] > 0
    ours = found.predict(votes.participant[asked], votes.statement[asked])
    tallies = {s.statement: s.everyone.tally for s in found.statements}
    means = np.array(
        [
            (tallies[s].agree + 1) / (tallies[s].agree + tallies[s].disagree + 2)
            if s in tallies
            else 0.5
            for s in votes.statement[asked].tolist()
        ]
    )
    assert log_loss(ours, answer) < 0.88 * log_loss(means, answer)


def log_loss(chance: np.ndarray, answer: np.ndarray) -> float:
    return float(-np.mean(np.log(np.where(answer, chance, 1 - chance))))


@pytest.mark.parametrize("name", ["vtaiwan.uberx", "ssis.land-bank-farmland"])
def test_letters_are_kept_when_votes_arrive(name: str) -> None:
    votes, rejected = real_votes(name)
    options = Options(leave_out=rejected)
    early = slice(0, int(len(votes) * 0.8))
    then = analyse(
        type(votes)(votes.participant[early], votes.statement[early], votes.value[early]), options
    )
    now = analyse(votes, options, previous=then.facts)
    assert now.facts.previous_input_hash == then.facts.input_hash
    both = [p for p in then.participants.tolist() if then.membership([p]).max() > 0.9]
    kept = [
        then.groups[int(then.membership([p]).argmax())].label
        == now.groups[int(now.membership([p]).argmax())].label
        for p in both
    ]
    assert np.mean(kept) > 0.9

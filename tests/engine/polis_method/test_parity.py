"""The Polis method, compared with dense computations and with calculations by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.shapes import camps, real_votes, three_camps
from middleground.engine import (
    MapFacts,
    OpinionMap,
    Options,
    StatementSelector,
    Votes,
    analyse,
    project,
)
from middleground.engine.arrays.canonical_order import tabulate
from middleground.engine.polis_method import pca
from support.real_conversations import REAL_NAMES

PARITY = Options(parity=True)
Floats = NDArray[np.float64]


def dense(votes: Votes, leave_out: tuple[int, ...] = ()) -> Floats:
    """Participants x statements in the order of their ids, NaN where there is no vote."""
    kept = ~np.isin(votes.statement, leave_out)
    participants, row = np.unique(votes.participant[kept], return_inverse=True)
    asked, column = np.unique(votes.statement[kept], return_inverse=True)
    table = np.full((len(participants), len(asked)), np.nan)
    for i, j, value in zip(row, column, votes.value[kept], strict=True):
        table[i, j] = value  # the last one wins
    return table


def filled_with(table: Floats, gaps: Floats) -> Floats:
    """The first two right singular vectors (m, 2) of the filled and column-centred table."""
    filled = np.where(np.isnan(table), gaps, table)
    centred = filled - filled.mean(axis=0)
    return np.linalg.svd(centred, full_matrices=False)[2][:2].T


def cosines(one: Floats, other: Floats) -> Floats:
    lengths = np.linalg.norm(one, axis=0) * np.linalg.norm(other, axis=0)
    return np.abs((one * other).sum(axis=0)) / lengths


def loadings(found: OpinionMap) -> Floats:
    return np.array([s.loading for s in found.statements])


@pytest.mark.parametrize("name", REAL_NAMES)
def test_axes_and_positions_equal_those_of_a_dense_decomposition(name: str) -> None:
    votes, rejected = real_votes(name)
    table = dense(votes, rejected)
    found = analyse(votes, Options(parity=True, leave_out=rejected))
    axes = filled_with(table, np.nanmean(table, axis=0))
    assert cosines(loadings(found), axes).min() > 0.9999999
    axes = axes * np.sign((axes * loadings(found)).sum(axis=0))
    told = np.where(np.isnan(table), 0.0, table - np.nanmean(table, axis=0))
    scale = np.sqrt(table.shape[1] / (~np.isnan(table)).sum(axis=1))
    assert found.positions(found.participants) == pytest.approx(
        told @ axes * scale[:, None], abs=1e-9
    )


def test_another_filling_has_other_axes() -> None:
    """The control: the comparison above notices gaps that are filled with zeros."""
    votes, rejected = real_votes("vtaiwan.uberx")
    table = dense(votes, rejected)
    found = analyse(votes, Options(parity=True, leave_out=rejected))
    assert cosines(loadings(found), filled_with(table, np.zeros(table.shape[1]))).min() < 0.9999


@pytest.mark.parametrize("name", ["vtaiwan.uberx", "scoop-hivemind.biodiversity"])
def test_all_algorithms_find_the_same_axes(name: str) -> None:
    votes, rejected = real_votes(name)
    told = dense(votes, rejected)
    told = np.where(np.isnan(told), 0.0, told - np.nanmean(told, axis=0))
    one = pca.by_gram(pca.csr_array(told))
    assert cosines(pca.by_lanczos(pca.csr_array(told)), one).min() > 1 - 1e-12
    # Fewer participants than statements: through the Gram matrix of the participants.
    few = told[:50] - told[:50].mean(axis=0)
    by_participants = pca.by_gram(pca.csr_array(few))
    assert (
        cosines(by_participants, np.linalg.svd(few, full_matrices=False)[2][:2].T).min() > 1 - 1e-12
    )


def test_axes_of_more_statements_than_a_gram_matrix_can_have() -> None:
    """100,000 statements: a matrix of their products would take 80 GB."""
    rng = np.random.default_rng(0)
    participants = np.repeat(np.arange(4_000), 30)
    statement = rng.integers(0, 100_000, len(participants))
    votes = Votes(participants, statement, rng.choice([-1, 0, 1], len(participants)))
    found = pca.principal_plane(tabulate(votes))
    assert np.linalg.norm(found.loading, axis=0) == pytest.approx([1.0, 1.0])
    assert abs(found.loading[:, 0] @ found.loading[:, 1]) < 1e-9


def test_a_hundred_thousand_statements_with_one_vote_each() -> None:
    """Each statement's mean is its only vote, so nothing varies and there is no axis."""
    rng = np.random.default_rng(0)
    voter = rng.integers(0, 4_000, 100_000)
    found = analyse(Votes(voter, np.arange(100_000), rng.choice([-1, 0, 1], 100_000)), PARITY)
    assert found.status == "one_group"
    assert not loadings(found).any()


def hand_made() -> Votes:
    """Statement 0: all agree. 1: A agrees, B disagrees. 2 to 7 are like 1, but two pass on 3."""
    participant, statement = np.divmod(np.arange(20 * 8), 8)
    value = np.where((statement == 0) | (participant < 12), 1, -1)
    value[(statement == 3) & (participant < 2)] = 0
    return Votes(participant, statement, value)


def test_shares_and_consensus_by_hand() -> None:
    found = analyse(hand_made(), PARITY)
    assert [(g.label, g.size, g.certain) for g in found.groups] == [("A", 12, 12), ("B", 8, 8)]
    items = {item.statement: item for item in found.middle_ground}
    assert [r.rate for r in items[0].groups] == [round(13 / 14, 6), round(9 / 10, 6)]
    assert items[0].score == round(13 / 14 * 9 / 10, 6)
    assert items[3].score == round(11 / 14 * 1 / 10, 6)
    assert (items[0].holds, items[3].holds) == (True, False)
    assert found.middle_ground[0] == items[0]
    assert all(r.low == r.rate == r.high and not r.has_interval for r in items[0].groups)
    assert found.statements[3].everyone.tally.passed == 2
    assert found.statements[0].everyone.rate == round(21 / 22, 6)


def test_representative_statements_by_hand() -> None:
    """B's most agreed statement is listed first, though A agrees with it as much."""
    found = analyse(hand_made(), PARITY)
    lists = [[(r.statement, r.direction) for r in g.representative] for g in found.groups]
    assert lists[0] == [(s, "agree") for s in (1, 2, 4, 5, 6)]
    assert lists[1] == [(0, "agree"), *((s, "disagree") for s in (1, 2, 3, 4))]
    first = found.groups[0].representative[0]
    assert (first.rate, first.rest) == (round(13 / 14, 6), 0.1)


def test_divisive_is_ranked_by_extremity() -> None:
    votes = hand_made()
    found = analyse(votes, PARITY)
    table, axes = dense(votes), loadings(found)
    length = np.sqrt(8) * (1 - table.mean(axis=0)) * np.linalg.norm(axes, axis=1)
    assert [item.statement for item in found.divisive if item.holds] == [3, 1, 2, 4, 5, 6, 7]
    assert {i.statement: i.score for i in found.divisive} == pytest.approx(
        dict(enumerate(length)), abs=2e-6
    )


def test_three_camps_are_three_groups() -> None:
    found = analyse(three_camps(), PARITY)
    assert [group.size for group in found.groups] == [100, 100, 100]
    camp = found.membership(np.arange(300)).argmax(axis=1)
    assert [len(set(camp[k::3].tolist())) for k in range(3)] == [1, 1, 1]


def test_participants_with_few_votes_influence_the_axes_but_no_group() -> None:
    votes = camps()
    few = Votes([*votes.participant, 900, 900], [*votes.statement, 5, 6], [*votes.value, 1, -1])
    found, without = analyse(few, PARITY), analyse(votes, PARITY)
    assert sum(group.size for group in found.groups) == 60
    assert found.membership([900]).tolist() in ([[1.0, 0.0]], [[0.0, 1.0]])
    assert loadings(found).tolist() != loadings(without).tolist()


@pytest.mark.parametrize("name", ["vtaiwan.uberx", "ssis.land-bank-farmland"])
def test_predictions_beat_statement_means_by_far_and_are_calibrated(name: str) -> None:
    votes, rejected = real_votes(name)
    kept = ~np.isin(votes.statement, rejected)
    held = kept & (np.random.default_rng(0).random(len(votes)) < 0.2)
    train = kept & ~held
    found = analyse(
        Votes(votes.participant[train], votes.statement[train], votes.value[train]), PARITY
    )
    asked = held & (votes.value != 0)
    answer = votes.value[asked] > 0
    chance = found.predict(votes.participant[asked], votes.statement[asked])
    tallies = {s.statement: s.everyone.tally for s in found.statements}
    smoothed = {s: (t.agree + 1) / (t.agree + t.disagree + 2) for s, t in tallies.items()}
    share = np.array([smoothed.get(s, 0.5) for s in votes.statement[asked].tolist()])
    ours, plain = (-np.log(np.where(answer, p, 1 - p)).mean() for p in (chance, share))
    assert ours < 0.8 * plain
    assert abs(chance.mean() - answer.mean()) < 0.01


def test_unknown_ids_fall_back() -> None:
    found = analyse(camps(), PARITY)
    middle = found.predict([10**9], [0])
    assert middle.shape == (1,)
    assert 0.5 < middle[0] < 1.0
    assert found.predict([0], [10**9])[0] == found.predict([10**9], [10**9])[0]
    assert found.membership([10**9])[0].tolist() == [40 / 60, 20 / 60]
    with pytest.raises(ValueError, match="equally long"):
        found.predict([1, 2], [0])


def test_same_votes_same_bytes_in_any_order() -> None:
    votes = three_camps()
    order = np.random.default_rng(3).permutation(len(votes))
    shuffled = Votes(votes.participant[order], votes.statement[order], votes.value[order])
    assert analyse(shuffled, PARITY, seed=4).to_json() == analyse(votes, PARITY, seed=4).to_json()


def test_turning_all_signs_mirrors_the_map() -> None:
    votes = camps()
    found = analyse(votes, PARITY)
    turned = analyse(Votes(votes.participant, votes.statement, -votes.value), PARITY)
    participants = found.participants
    assert loadings(turned).tolist() == loadings(found).tolist()
    assert turned.positions(participants) == pytest.approx(
        -found.positions(participants), abs=1e-12
    )
    assert turned.membership(participants).tolist() == found.membership(participants).tolist()
    statement = np.arange(len(participants)) % 20
    assert turned.predict(participants, statement) == pytest.approx(
        1 - found.predict(participants, statement)
    )


def test_facts_survive_json_and_place_participants() -> None:
    votes = camps()
    found = analyse(votes, PARITY)
    facts = MapFacts.from_dict(json.loads(found.to_json()))
    assert facts == found.facts
    assert facts.parity
    own = votes.participant == 7
    placed = project(facts, votes.statement[own].tolist(), votes.value[own].tolist())
    assert placed.position == pytest.approx(found.positions([7])[0], abs=1e-4)
    assert placed.membership == tuple(found.membership([7])[0].tolist())
    assert project(facts, [], []).membership == (40 / 60, 20 / 60)


def test_selection_with_a_polis_like_map_is_as_without_a_map() -> None:
    votes = camps()
    facts = analyse(votes, PARITY).facts
    bare, live = analyse(Votes([1], [1], [1])).facts, list(range(20))
    seen = dict.fromkeys(live, 60)
    one, two = (
        StatementSelector.from_facts(each, live, seen).choose([3], [1], np.random.default_rng(1))
        for each in (facts, bare)
    )
    assert one == two


@pytest.mark.parametrize(
    ("votes", "status"),
    [
        (Votes([], [], []), "too_little"),
        (Votes([1], [1], [1]), "too_little"),
        (Votes(*np.divmod(np.arange(400), 20), np.ones(400, dtype=int)), "one_group"),
        (Votes(*np.divmod(np.arange(400), 20), np.zeros(400, dtype=int)), "one_group"),
    ],
)
def test_votes_without_variation_form_no_groups(votes: Votes, status: str) -> None:
    found = analyse(votes, PARITY)
    assert found.status == status
    assert len(found.groups) == (status == "one_group")
    assert found.divisive == ()
    assert np.isfinite(found.predict([1, 9], [1, 9])).all()
    assert found.to_json() == analyse(votes, PARITY).to_json()


def test_fewer_statements_than_the_minimum_of_votes() -> None:
    """With five statements, participants who voted on all of them are counted, as in Polis."""
    participant, statement = np.divmod(np.arange(100), 5)
    value = np.where(participant % 2 == 0, 1, -1)
    found = analyse(
        Votes(participant[:-1], statement[:-1], value[:-1]),
        Options(parity=True, min_statements=5, min_participants=2),
    )
    assert found.diagnostics.eligible == 19

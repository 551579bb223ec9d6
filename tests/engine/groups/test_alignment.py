"""A map keeps the letters and axes of the previous map."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from engine.shapes import camps
from middleground.engine import MapFacts, Options, Votes, analyse
from middleground.engine.groups.alignment import _assignment, match_axis_signs, match_labels
from middleground.engine.model.parameters import Fit, NormalPosteriors, starting_priors
from middleground.engine.votes import FloatArray, IntArray

ALL_COUNT = Options(merge_near_duplicates=False)


def overtaken() -> Votes:
    """``camps`` after the smaller camp has tripled, by participants who repeat its votes."""
    votes = camps()
    small = votes.participant % 3 == 0
    more = [
        (votes.participant[small] + 1000 * copy, votes.statement[small], votes.value[small])
        for copy in (1, 2)
    ]
    return Votes(
        *(
            np.concatenate([own, *(each[at] for each in more)])
            for at, own in enumerate((votes.participant, votes.statement, votes.value))
        )
    )


def test_a_group_keeps_its_letter_when_it_is_no_longer_the_largest() -> None:
    before = analyse(camps())
    after = analyse(overtaken(), ALL_COUNT, previous=before.facts)
    assert [(g.label, g.size) for g in before.groups] == [("A", 40), ("B", 20)]
    assert [(g.label, g.size) for g in after.groups] == [("A", 40), ("B", 60)]
    # The known-bad control: without the previous map the letters swap.
    alone = analyse(overtaken(), ALL_COUNT)
    assert [(g.label, g.size) for g in alone.groups] == [("A", 60), ("B", 40)]
    assert (alone.facts.previous_input_hash, after.facts.previous_input_hash) == (
        "",
        before.facts.input_hash,
    )


def test_axes_do_not_flip() -> None:
    before, votes = analyse(camps()), overtaken()
    participants = np.arange(60)
    after = analyse(votes, previous=before.facts)
    there, here = before.positions(participants)[:, 0], after.positions(participants)[:, 0]
    assert np.corrcoef(there, here)[0, 1] > 0.95


def test_groups_that_match_no_previous_group_get_new_letters() -> None:
    before = analyse(camps())
    # The same participants; the larger camp's votes on the split statements are reversed.
    votes = camps()
    turned = np.where(votes.statement < 5, -votes.value, votes.value)
    other = analyse(Votes(votes.participant, votes.statement + 1000, turned), previous=before.facts)
    assert [g.label for g in other.groups] == [
        "A",
        "B",
    ]  # no common statement, so the letters start anew


def test_a_map_aligned_to_itself_changes_only_its_reference() -> None:
    first = analyse(camps())
    second = analyse(camps(), previous=first.facts)
    one, other = first.facts.to_dict(), second.facts.to_dict()
    assert (one.pop("previous_input_hash"), other.pop("previous_input_hash")) == (
        "",
        first.facts.input_hash,
    )
    drifts = [facts["diagnostics"].pop("drift") for facts in (one, other)]
    assert drifts == [None, 0.0]
    assert one == other


def test_a_previous_map_without_groups_or_with_other_dimensions_is_accepted() -> None:
    from middleground.engine import Options

    little = analyse(camps(participants=3)).facts
    assert [g.label for g in analyse(camps(), previous=little).groups] == ["A", "B"]
    plane = analyse(camps(), Options(dimensions=2)).facts
    assert [g.size for g in analyse(camps(), previous=plane).groups] == [40, 20]


@pytest.mark.parametrize(("rows", "columns"), [(2, 2), (3, 5), (5, 3), (1, 4), (6, 6)])
def test_the_pairing_is_the_cheapest_of_all(rows: int, columns: int) -> None:
    cost = np.random.default_rng(rows * columns).random((rows, columns))
    wide = cost if rows <= columns else cost.T
    cheapest = min(
        wide[range(len(wide)), list(order)].sum()
        for order in permutations(range(wide.shape[1]), len(wide))
    )
    pairs = _assignment(cost)
    assert len(pairs) == len(set(pairs.values())) == min(rows, columns)
    assert sum(cost[pair] for pair in pairs.items()) == pytest.approx(cheapest, abs=1e-12)


def test_the_last_bits_of_a_cost_do_not_choose_between_equal_pairings() -> None:
    equal, bit = np.full((3, 3), 0.1), np.zeros((3, 3))
    for cell in np.ndindex(3, 3):
        bit[:] = 0.0
        bit[cell] = 1e-15
        for sign in (1, -1):
            assert _assignment(equal + sign * bit) == _assignment(equal) == {0: 0, 1: 1, 2: 2}
    # The known-bad control: a cost that differs by more than rounding does choose.
    bit[2, 2] = 1e-6
    assert _assignment(equal + bit) != _assignment(equal)


def fit_of(facts: MapFacts, signs: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0)) -> Fit:
    """The fit that a map was made from, as far as its facts have it, with axes turned round."""
    mean = np.array([[s.intercept, *np.multiply(s.loading, signs)] for s in facts.statements])
    nobody = NormalPosteriors(np.empty((0, 5)), np.empty((0, 5, 5)))
    return Fit(starting_priors(4), NormalPosteriors(mean, np.zeros((20, 5, 5))), nobody, ())


def statements_of(facts: MapFacts) -> IntArray:
    return np.array([s.statement for s in facts.statements])


@pytest.mark.parametrize("signs", [(1.0, 1.0, 1.0, 1.0), (-1.0, 1.0, -1.0, 1.0)])
def test_axes_that_were_turned_round_are_turned_back(signs: tuple[float, ...]) -> None:
    facts = analyse(camps()).facts
    found = match_axis_signs(fit_of(facts, signs), statements_of(facts), facts)
    assert found.tolist() == list(signs)


def labels_at(positions: FloatArray) -> tuple[str, ...]:
    facts = analyse(camps()).facts
    return match_labels(fit_of(facts), positions, statements_of(facts), facts)


def test_groups_are_recognised_by_how_they_answer() -> None:
    model = analyse(camps()).facts.model
    first, second = np.array(model.centres) / np.array(model.scale)
    assert labels_at(np.array([first, second])) == ("A", "B")
    assert labels_at(np.array([second, first])) == ("B", "A")
    assert labels_at(np.array([second, [3.0, -30.0, 0.0, 0.0], first])) == ("B", "C", "A")


def test_groups_that_answer_otherwise_than_all_before_are_lettered_anew() -> None:
    """Both differ by more than .25 from A and from B; the second one differs less from A."""
    assert labels_at(np.array([[-3.0, -30.0, 0.0, 0.0], [3.0, -30.0, 0.0, 0.0]])) == ("A", "B")

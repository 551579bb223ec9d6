"""Weights to known margins, calculated by hand, and what must not change them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.shapes import camps
from middleground.engine import Attribute, CannotWeight, MapFacts, Margins, analyse, rake

PARTICIPANTS = np.arange(10)


def margins(shares: dict[str, float], names: str = "aaaaaabbbb") -> Margins:
    return Margins({"side": Attribute(np.arange(len(names)), list(names))}, {"side": shares})


def test_two_categories_by_hand() -> None:
    raked = rake(PARTICIPANTS, margins({"a": 0.5, "b": 0.5}))
    assert raked.weight == pytest.approx([5 / 6] * 6 + [1.25] * 4)
    # Kish: 10^2 / (6 (5/6)^2 + 4 (5/4)^2)
    assert raked.effective == pytest.approx(100 / (25 / 6 + 6.25))
    assert raked.design_effect == pytest.approx(10 / raked.effective)
    assert (raked.gap < 1e-9, raked.absent) == (True, ())


def test_two_attributes_meet_both_margins() -> None:
    rng = np.random.default_rng(0)
    participants = np.arange(400)
    age, town = rng.choice(["young", "old"], 400, p=[0.7, 0.3]), rng.choice(["x", "y"], 400)
    given_shares = {"age": {"young": 0.5, "old": 0.5}, "town": {"x": 0.4, "y": 0.6}}
    known = {"age": Attribute(participants, list(age)), "town": Attribute(participants, list(town))}
    weight = rake(participants, Margins(known, given_shares)).weight
    assert weight[age == "old"].sum() / weight.sum() == pytest.approx(0.5, abs=1e-5)
    assert weight[town == "x"].sum() / weight.sum() == pytest.approx(0.4, abs=1e-5)
    assert weight.mean() == pytest.approx(1.0)


@given(st.permutations(range(10)), st.floats(0.3, 0.8))
def test_order_does_not_matter(order: list[int], share: float) -> None:
    given_margins = margins({"a": share, "b": 1.0 - share})
    plain, mixed = rake(PARTICIPANTS, given_margins), rake(PARTICIPANTS[order], given_margins)
    assert mixed.weight == pytest.approx(plain.weight[order])


def test_margins_that_already_hold_change_no_weight() -> None:
    assert rake(PARTICIPANTS, margins({"a": 6.0, "b": 4.0})).weight == pytest.approx(np.ones(10))


def test_participants_without_attributes_keep_their_weight() -> None:
    weight = rake(np.arange(12), margins({"a": 0.5, "b": 0.5})).weight
    assert weight[10:] == pytest.approx([1.0, 1.0])
    assert weight[:6].sum() == pytest.approx(weight[6:10].sum())


def test_weights_are_trimmed_and_the_remaining_difference_is_reported() -> None:
    names = "a" * 97 + "b" * 3
    raked = rake(np.arange(100), margins({"a": 0.8, "b": 0.2}, names))
    assert raked.weight.max() / raked.weight.mean() == pytest.approx(5.0)
    # Three participants at five times the mean are .15 of all, but the margin is .2.
    assert raked.gap == pytest.approx(0.05)


def test_no_weight_is_trimmed_below_a_fifth_of_the_mean() -> None:
    raked = rake(np.arange(100), margins({"a": 0.05, "b": 0.95}, "a" * 50 + "b" * 50))
    assert raked.weight == pytest.approx([0.2] * 50 + [1.8] * 50)
    # Half of them at a fifth of the mean are .1 of all, where .05 was asked for.
    assert raked.gap == pytest.approx(0.05)


def test_an_empty_category_is_reported() -> None:
    raked = rake(PARTICIPANTS, margins({"a": 0.4, "b": 0.4, "c": 0.2}))
    assert raked.absent == ("side: c",)
    assert raked.weight[:6].sum() == pytest.approx(raked.weight[6:].sum())


def test_too_small_an_effective_sample_is_refused() -> None:
    names = "a" * 60 + "b" * 40
    near = rake(np.arange(100), margins({"a": 0.1, "b": 0.9}, names))
    assert near.share > 0.3
    with pytest.raises(CannotWeight, match="effective participants of 1000"):
        rake(np.arange(1000), margins({"a": 0.0, "b": 1.0}, "a" * 950 + "b" * 50))


@pytest.mark.parametrize(
    "shares", [{"a": -1.0}, {"a": -0.5, "b": 1.5}, {"a": float("nan")}, {"a": 0.0}, {}]
)
def test_invalid_shares_are_refused(shares: dict[str, float]) -> None:
    with pytest.raises(CannotWeight, match="zero or more"):
        margins(shares)


def test_unknown_attributes_and_categories_are_refused() -> None:
    with pytest.raises(CannotWeight, match="Nothing is known"):
        Margins({}, {"age": {"old": 1.0}})
    with pytest.raises(CannotWeight, match="No participant is in any"):
        rake(PARTICIPANTS, margins({"z": 1.0}))


def sides() -> tuple[np.ndarray, Attribute]:
    """The camp of each participant of ``camps``."""
    participants = np.arange(60)
    return participants, Attribute(
        participants, ["less" if p % 3 == 0 else "more" for p in participants.tolist()]
    )


def test_weighting_to_the_present_margins_gives_the_same_map() -> None:
    _, side = sides()
    plain = analyse(camps()).facts
    same = analyse(camps(), margins=Margins({"side": side}, {"side": {"less": 20, "more": 40}}))
    assert same.facts.weighting is not None
    assert same.facts.weighting.effective == pytest.approx(60.0)
    assert same.middle_ground == plain.middle_ground
    assert same.divisive == plain.divisive
    assert same.statements == plain.statements
    assert same.groups == plain.groups


def test_weights_change_rates_and_widen_intervals() -> None:
    """The margins halve the share of the participants who agreed with a statement."""
    votes = camps()
    target = 9
    agreed = votes.participant[(votes.statement == target) & (votes.value == 1)]
    participants = np.arange(60)
    side = Attribute(
        participants, ["yes" if p in set(agreed.tolist()) else "no" for p in participants]
    )
    share = len(agreed) / 60
    towards = {"yes": share / 2, "no": 1 - share / 2}
    plain = {s.statement: s for s in analyse(votes).statements}[target]
    found = analyse(votes, margins=Margins({"side": side}, {"side": towards}))
    weighted = {s.statement: s for s in found.statements}[target]
    assert weighted.everyone.rate < plain.everyone.rate - 0.1
    assert weighted.everyone.tally == plain.everyone.tally
    one, other = weighted.everyone, plain.everyone
    assert one.high - one.low > other.high - other.low
    assert [group.size for group in found.groups] == [g.size for g in analyse(votes).groups]
    weighting = found.facts.weighting
    assert weighting is not None
    assert weighting.margins == ("side",)
    assert weighting.participants == 60
    assert weighting.effective < 59.0
    assert sum(weighting.group_shares) == pytest.approx(1.0, abs=1e-5)
    assert MapFacts.from_dict(found.facts.to_dict()) == found.facts


@pytest.mark.parametrize(("less", "doubtful"), [(0.70, False), (0.75, True)])
def test_a_map_that_rests_on_fewer_than_six_tenths_says_so(less: float, doubtful: bool) -> None:
    """A third are "less": the effective share is 1 / (3 less^2 + 1.5 (1 - less)^2), .62 and .56."""
    _, side = sides()
    found = analyse(
        camps(), margins=Margins({"side": side}, {"side": {"less": less, "more": 1 - less}})
    )
    weighting = found.facts.weighting
    assert weighting is not None
    share = 1.0 / (3.0 * less**2 + 1.5 * (1.0 - less) ** 2)
    assert weighting.effective == pytest.approx(60.0 * share, abs=0.001)
    assert weighting.doubtful is doubtful

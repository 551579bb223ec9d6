"""What a brigade gains: an attacked statement's climb in the ranking of the middle ground.

    python benchmarks/attacks.py

Fake participants, a tenth of the real ones with enough votes, try to lift one statement on real
conversations. Gain is the statement's rank after the attack less its rank before, in percentile
points of its ranking. Ours stands against Polis's group-informed consensus (parity mode) in the
same run, and against ours with a defence switched off. Reads ../shared/data/polis.

- clones: all repeat the ballot of one real person of the group that likes the statement least, but
  agree with it.
- one of them odd: the same by someone who knows the defence; one account leaves out some answers,
  to be the one that counts. A single clone: what one more voter gains, who is no copy to anyone.
- one vote: accounts that do nothing but agree with it.
- two-sided: every account imitates a group, in turn, and answers each statement as a random member
  of the group did, but agrees with the attacked one. *Routed*, it votes on as many statements as
  some real person of the group, dealt evenly; *as real people*, on the very statements that this
  person did; *unrouted*, the same, and it goes straight to the attacked statement too; *to the
  end*, on every statement there is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from middleground.engine import OpinionMap, Options, Votes, analyse
from middleground.engine.facts import Finding
from quality.data import DATA, folders, read

Ints = NDArray[np.int64]
SEEDS = 2
TARGETS = 4
SHARE = 0.1
LEAST = 100  # eligible people; below, a tenth of them is a handful
FIRST = 10**9  # ids of fakes
PLAIN, UNMERGED, POLIS = Options(), Options(merge_near_duplicates=False), Options(parity=True)


@dataclass(frozen=True, slots=True)
class Crowd:
    """A real conversation: the groups of its participants and each group's answers by statement."""

    votes: Votes
    eligible: Ints
    group: Ints
    found: OpinionMap

    @classmethod
    def of(cls, votes: Votes) -> Crowd:
        found = analyse(votes)
        participants, counts = np.unique(votes.participant, return_counts=True)
        eligible = participants[counts >= PLAIN.min_votes]
        return cls(votes, eligible, found.membership(eligible).argmax(axis=1), found)

    @property
    def fakes(self) -> int:
        return round(SHARE * len(self.eligible))

    def least_willing(self, target: int) -> int:
        item = next(i for i in self.found.middle_ground if i.statement == target)
        return int(np.argmin([rate.rate for rate in item.groups]))

    def ballot(self, person: int) -> tuple[Ints, Ints]:
        own = self.votes.participant == person
        return self.votes.statement[own], self.votes.value[own].astype(np.int64)


Fakes = tuple[Ints, Ints, Ints, np.ndarray]
Attack = Callable[[Crowd, int, np.random.Generator], Fakes]


def clones(crowd: Crowd, target: int, rng: np.random.Generator) -> Fakes:
    camp = crowd.eligible[crowd.group == crowd.least_willing(target)]
    statement, value = crowd.ballot(int(rng.choice(camp)))
    keep = statement != target
    statement, value = np.append(statement[keep], target), np.append(value[keep], 1)
    participants = np.repeat(np.arange(crowd.fakes), len(statement))
    every = np.ones(len(participants), dtype=bool)
    return participants, np.tile(statement, crowd.fakes), np.tile(value, crowd.fakes), every


def odd_clones(crowd: Crowd, target: int, rng: np.random.Generator) -> Fakes:
    participants, statement, value, dealt = clones(crowd, target, rng)
    # The first account leaves out a tenth of the ballot, or two answers at least.
    own = np.flatnonzero((participants == 0) & (statement != target))
    out = rng.choice(own, max(2, len(own) // 10), replace=False)
    keep = ~np.isin(np.arange(len(participants)), out)
    return participants[keep], statement[keep], value[keep], dealt[keep]


def one_clone(crowd: Crowd, target: int, rng: np.random.Generator) -> Fakes:
    participants, statement, value, dealt = clones(crowd, target, rng)
    first = participants == 0
    return participants[first], statement[first], value[first], dealt[first]


def one_vote(crowd: Crowd, target: int, _: np.random.Generator) -> Fakes:
    count = crowd.fakes
    ones = np.ones(count, dtype=np.int64)
    return np.arange(count), np.full(count, target), ones, ones.astype(bool)


def two_sided(*, evenly: bool = False, straight: bool = False, to_the_end: bool = False) -> Attack:
    def attack(crowd: Crowd, target: int, rng: np.random.Generator) -> Fakes:
        rows = []
        groups = int(crowd.group.max()) + 1
        everything = np.unique(crowd.votes.statement)
        answers = [_answers(crowd, group) for group in range(groups)]
        for fake in range(crowd.fakes):
            group = fake % groups
            model = int(rng.choice(crowd.eligible[crowd.group == group]))
            dealt = everything if to_the_end else crowd.ballot(model)[0]
            if evenly:
                dealt = rng.choice(everything, len(dealt), replace=False)
            for statement in dealt.tolist():
                known = answers[group].get(statement)
                if statement == target:
                    rows.append((fake, target, 1, True))
                elif known is not None:
                    rows.append((fake, statement, int(rng.choice(known)), True))
            if straight and target not in dealt:
                rows.append((fake, target, 1, False))
        table = np.array(rows, dtype=np.int64)
        return table[:, 0], table[:, 1], table[:, 2], table[:, 3].astype(bool)

    return attack


def _answers(crowd: Crowd, group: int) -> dict[int, Ints]:
    """Count the answers of a group's members to each statement."""
    members = np.isin(crowd.votes.participant, crowd.eligible[crowd.group == group])
    statement, value = crowd.votes.statement[members], crowd.votes.value[members]
    order = np.argsort(statement, kind="stable")
    asked, first = np.unique(statement[order], return_index=True)
    return dict(zip(asked.tolist(), np.split(value[order], first[1:]), strict=True))


def joined(crowd: Crowd, fakes: Fakes, *, told: bool) -> Votes:
    """Join real and fake votes. ``told``: the engine knows how often each was dealt."""
    votes, (participants, statement, value, dealt) = crowd.votes, fakes
    known = np.concatenate([np.ones(len(votes), dtype=bool), dealt])
    return Votes(
        np.concatenate([votes.participant, FIRST + participants]),
        np.concatenate([votes.statement, statement]),
        np.concatenate([votes.value, value]),
        known if told else None,
    )


def rank(found: OpinionMap, target: int) -> float:
    """Convert a place in the ranking to a percentile: 0 is the last, 100 the first."""
    order = [item.statement for item in found.middle_ground]
    return 100.0 * (1.0 - order.index(target) / max(len(order) - 1, 1))


def by_counting(found: OpinionMap, target: int) -> float:
    """Compute the gain in smoothed shares if each group gets a tenth more members who agree."""
    shares = {item.statement: _least_share(item, 0.0) for item in found.middle_ground}
    item = next(item for item in found.middle_ground if item.statement == target)
    lifted, scores = _least_share(item, SHARE), np.array(list(shares.values()))
    passed = (scores < lifted).sum() - (scores < shares[target]).sum()
    return float(100.0 * passed / max(len(scores) - 1, 1))


def _least_share(item: Finding, extra: float) -> float:
    tallies = [rate.tally for rate in item.groups]
    return min((t.agree + extra * t.seen + 1) / ((1 + extra) * t.seen + 2) for t in tallies)


def holds(found: OpinionMap, target: int) -> bool:
    return next(item.holds for item in found.middle_ground if item.statement == target)


# name, attack, with the defences, without the one that meets it
ATTACKS: tuple[tuple[str, Attack, Options, bool], ...] = (
    ("10 % clones", clones, UNMERGED, True),
    ("10 % clones, one of them odd", odd_clones, UNMERGED, True),
    ("a single clone", one_clone, UNMERGED, True),
    ("one-vote accounts", one_vote, Options(min_votes=1), True),
    ("two-sided, routed", two_sided(evenly=True), UNMERGED, True),
    ("two-sided, as real people", two_sided(), UNMERGED, True),
    ("two-sided, unrouted", two_sided(straight=True), PLAIN, False),
    ("two-sided, to the end", two_sided(to_the_end=True), UNMERGED, True),
)


def targets(crowd: Crowd, polis: OpinionMap, rng: np.random.Generator) -> list[int]:
    """Return the statements that are in both rankings and in the lower three quarters of ours."""
    order = [item.statement for item in crowd.found.middle_ground]
    known = {item.statement for item in polis.middle_ground}
    lower = [s for s in order[len(order) // 4 :] if s in known]
    return [int(s) for s in rng.choice(lower, min(TARGETS, len(lower)), replace=False)]


def main() -> None:
    gains: dict[tuple[str, str], list[float]] = {}
    labels: dict[str, list[bool]] = {}
    honest: dict[str, tuple[int, int]] = {}
    counted: list[float] = []
    for folder in folders():
        crowd = Crowd.of(read(folder))
        merged = crowd.found.facts.integrity.near_duplicates
        honest[folder.name] = merged, len(crowd.eligible)
        if len(crowd.eligible) < LEAST or len(crowd.found.groups) < 2:
            continue
        polis = analyse(crowd.votes, POLIS)
        for seed in range(SEEDS):
            rng = np.random.default_rng(seed)
            for target in targets(crowd, polis, rng):
                counted.append(by_counting(crowd.found, target))
                for name, attack, off, told in ATTACKS:
                    fakes = attack(crowd, target, rng)
                    ours = analyse(joined(crowd, fakes, told=True))
                    bare = analyse(joined(crowd, fakes, told=told), off)
                    theirs = analyse(joined(crowd, fakes, told=False), POLIS)
                    before = rank(crowd.found, target)
                    for whose, after, was in (
                        ("ours", ours, before),
                        ("off", bare, before),
                        ("polis", theirs, rank(polis, target)),
                    ):
                        gains.setdefault((name, whose), []).append(rank(after, target) - was)
                    if not holds(crowd.found, target):
                        labels.setdefault(name, []).append(holds(ours, target))
        print(f"{folder.name} done", file=sys.stderr, flush=True)
    show(gains, labels, honest)
    print(
        f"\nA tenth more voters in every group, all agreeing, gain {np.mean(counted):+.1f} in plain"
        f" shares, 90 % of the time below {np.quantile(counted, 0.9):+.1f}."
    )


def show(
    gains: dict[tuple[str, str], list[float]],
    labels: dict[str, list[bool]],
    honest: dict[str, tuple[int, int]],
) -> None:
    count = len(gains[ATTACKS[0][0], "ours"])
    print(f"\n## Rank gain of an attacked statement, percentile points ({count} attacks each)\n")
    print("| attack | Polis | ours | 90 % of attacks below | that defence off | label gained |")
    print("|---|---|---|---|---|---|")
    for name, *_ in ATTACKS:
        polis, ours, off = (np.array(gains[name, whose]) for whose in ("polis", "ours", "off"))
        worst = np.quantile(ours, 0.9)
        print(
            f"| {name} | {polis.mean():+.1f} | {ours.mean():+.1f} | {worst:+.1f} |"
            f" {off.mean():+.1f} | {np.mean(labels[name]):.0%} of {len(labels[name])} |"
        )
    print("\n## Real people taken for copies, and so not counted beside another\n")
    print("| conversation | people | set aside |\n|---|---|---|")
    for name, (merged, participants) in honest.items():
        print(f"| {name} | {participants} | {merged} ({merged / participants:.1%}) |")


if __name__ == "__main__":
    if not DATA.is_dir():
        sys.exit("The open data is not there; nothing was measured.")
    main()

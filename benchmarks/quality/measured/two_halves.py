"""Maps the same participants from two random halves of their votes and compares their groups."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np

from middleground.engine import Options, Votes, analyse
from quality import red_dwarf
from quality.data import SEEDS, Floats, Ints, conversations, part
from quality.scores import rand_index


def measure() -> dict[str, Any]:
    rows: dict[str, list[dict[str, float]]] = {"ours": [], "parity": [], "red-dwarf": []}
    for _, votes in conversations():
        participants, counts = np.unique(votes.participant, return_counts=True)
        participants = participants[counts >= 14]
        for seed in range(SEEDS):
            first = np.random.default_rng(seed).random(len(votes)) < 0.5
            halves = part(votes, first), part(votes, ~first)
            ours = _ours(halves, participants, seed)
            if ours is None:
                continue
            rows["ours"].append(ours)
            maps = [analyse(half, Options(parity=True), seed=seed) for half in halves]
            rows["parity"].append(_compared(*(m.membership(participants) for m in maps)))
            theirs = [_theirs(half, participants, seed) for half in halves]
            if all(each is not None for each in theirs):
                rows["red-dwarf"].append(_compared(*(t for t in theirs if t is not None)))
    return {
        name: {key: float(np.nanmean([row[key] for row in each])) for key in each[0]}
        | {"pairs": len(each), "equal k": int(np.sum([np.isfinite(row["same"]) for row in each]))}
        for name, each in rows.items()
        if each
    }


def _ours(halves: tuple[Votes, Votes], participants: Ints, seed: int) -> dict[str, float] | None:
    one = analyse(halves[0], seed=seed)
    two = analyse(halves[1], seed=seed, previous=one.facts)
    if one.status != "groups" or two.status != "groups":
        return None
    p, q = one.membership(participants), two.membership(participants)
    found = _compared(p, q)
    both = (p.max(axis=1) > 0.9) & (q.max(axis=1) > 0.9)
    sure = np.nan
    if p.shape == q.shape:
        sure = float((p.argmax(axis=1) == q.argmax(axis=1))[both].mean())
    return found | {"sure same": sure, "sure share": float(both.mean())}


def _theirs(votes: Votes, participants: Ints, seed: int) -> Floats | None:
    """Return red-dwarf's groups as a matrix of ones and zeros; ungrouped participants get zeros."""
    found = red_dwarf.run(votes, seed)
    if isinstance(found, str):
        return None
    group = dict(zip(found["members"], found["group"], strict=True))
    table = np.eye(max(found["group"]) + 2)[:, :-1]
    return table[[group.get(int(p), -1) for p in participants]]


def _compared(one: Floats, other: Floats) -> dict[str, float]:
    """Share in the same group under the best pairing of groups (equal k only), and Rand index.

    People without a group in either half are left out.
    """
    both = one.any(axis=1) & other.any(axis=1)
    p, q = one[both].argmax(axis=1), other[both].argmax(axis=1)
    same = np.nan
    if one.shape == other.shape:
        pairings = permutations(range(one.shape[1]))
        same = max(float((np.array(pairing)[p] == q).mean()) for pairing in pairings)
    return {"same": same, "rand": rand_index(p, q)}


def show(found: dict[str, Any]) -> None:
    print("\n| | " + " | ".join(found) + " |")
    print("|---" * (1 + len(found)) + "|")
    for key, name, shape in (
        ("same", "same group, equal number of groups in both halves", ".1%"),
        ("rand", "adjusted Rand index, all pairs", ".3f"),
        ("sure same", "same group, of those with P > .9 in both halves", ".1%"),
        ("sure share", "who are so many of the people", ".0%"),
        ("pairs", "pairs of maps", "d"),
        ("equal k", "of these with an equal number of groups", "d"),
    ):
        cells = [f"{each[key]:{shape}}" if key in each else "–" for each in found.values()]
        print(f"| {name} | " + " | ".join(cells) + " |")

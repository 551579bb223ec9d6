"""Parity mode beside red-dwarf: axes, positions, groups, consensus, representative statements."""

from __future__ import annotations

from typing import Any

import numpy as np

from middleground.engine import OpinionMap, Options, Votes, analyse
from middleground.engine.arrays.canonical_order import tabulate
from middleground.engine.polis_method.clustering import silhouettes
from middleground.engine.polis_method.consensus import group_informed, group_vote_counts
from middleground.engine.polis_method.representative import answer_tests, representative
from quality import red_dwarf
from quality.baselines import look_up
from quality.data import Floats, Ints, conversations
from quality.scores import rand_index

REQUIRED = 0.99999


def measure() -> dict[str, dict[str, float]]:
    found = {}
    for name, votes in conversations():
        theirs = red_dwarf.run(votes)
        if isinstance(theirs, str):
            print(f"{name}: {theirs}")
            continue
        ours = analyse(votes, Options(parity=True))
        found[name] = _axes(ours, theirs) | _groups(ours, theirs) | _given_groups(votes, theirs)
    return found


def _axes(ours: OpinionMap, theirs: dict[str, Any]) -> dict[str, float]:
    """Return the smallest |cosine| and the largest difference of positions after aligning signs."""
    assert [s.statement for s in ours.statements] == theirs["statements"]
    loading, axes = np.array([s.loading for s in ours.statements]), np.array(theirs["axes"]).T
    product = (loading * axes).sum(axis=0)
    lengths = np.linalg.norm(loading, axis=0) * np.linalg.norm(axes, axis=0)
    points = np.array(theirs["points"]) * np.sign(product)
    return {
        "cosine": float((np.abs(product) / lengths).min()),
        "position": float(np.abs(ours.positions(theirs["people"]) - points).max()),
    }


def _groups(ours: OpinionMap, theirs: dict[str, Any]) -> dict[str, float]:
    """Compare both clusterings of the same points by the objectives of k-means and silhouette."""
    members, group = theirs["members"], np.array(theirs["group"])
    points = ours.positions(members)
    own = ours.membership(members).argmax(axis=1)
    widths = silhouettes(points, [own, group])
    return {
        "k": int(own.max()) + 1,
        "their k": int(group.max()) + 1,
        "rand": rand_index(own, group),
        "width": widths[0],
        "their width": widths[1],
        "squares": _squares(points, own),
        "their squares": _squares(points, group),
    }


def _squares(points: Floats, group: Ints) -> float:
    return float(
        sum(
            np.square(points[group == g] - points[group == g].mean(axis=0)).sum()
            for g in range(group.max() + 1)
        )
    )


def _given_groups(votes: Votes, theirs: dict[str, Any]) -> dict[str, float]:
    """Compare with red-dwarf's groups: largest difference of a consensus, and equality of lists."""
    table = tabulate(votes)
    order, k = np.argsort(table.statements), max(theirs["group"]) + 1
    belongs = np.append(np.array(theirs["group"]), -1)[
        look_up(np.array(theirs["members"]), table.participants)
    ]
    found = group_vote_counts(table, belongs, k).take(order)
    agree, disagree = answer_tests(found)
    equal = 0
    for g in range(k):
        chosen = representative(found, agree, disagree, g, 5)
        mine = {int(table.statements[order][column]) for column, _ in chosen}
        equal += mine == {tid for tid, _ in theirs["repness"][str(g)]}
    return {
        "consensus": float(np.abs(group_informed(found) - theirs["consensus"]).max()),
        "equal lists": equal,
        "lists": k,
    }


def show(found: dict[str, dict[str, float]]) -> None:
    if not found:
        print("\nred-dwarf was not run.")
        return
    heads = ("least cosine", "largest difference of a position", "k", "Rand index", "silhouette")
    more = ("sum of squares", "consensus in equal groups", "equal lists in equal groups")
    print("\n| conversation | " + " | ".join((*heads, *more)) + " |")
    print("|---" * (1 + len(heads) + len(more)) + "|")
    for name, row in found.items():
        cells = (
            f"{row['cosine']:.10f}",
            f"{row['position']:.0e}",
            f"{row['k']} / {row['their k']}",
            f"{row['rand']:.2f}",
            f"{row['width']:.3f} / {row['their width']:.3f}",
            f"{row['squares']:,.1f} / {row['their squares']:,.1f}",
            f"{row['consensus']:.0e}",
            f"{row['equal lists']} of {row['lists']}",
        )
        print(f"| {name} | " + " | ".join(cells) + " |")
    least = min(row["cosine"] for row in found.values())
    verdict = "reached" if least >= REQUIRED else "MISSED"
    print(f"\nLeast |cosine|: {least:.10f}; {REQUIRED} is {verdict}.")

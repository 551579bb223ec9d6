"""Map facts made by hand, with the exact counts that a test needs."""

from __future__ import annotations

from middleground.engine.facts import (
    Diagnostics,
    Finding,
    Group,
    MapFacts,
    PlacementModel,
    Rate,
    Representative,
    StatementFacts,
    Tally,
)

SHRINKAGE = 20.0
Counts = tuple[int, int, int]  # agree, disagree, pass


def made_rate(label: str, counts: Counts, error: float = 0.0, shrinkage: float = SHRINKAGE) -> Rate:
    """The engine's share (A + m p) / (n + m), where the model's guess p is off by ``error``."""
    n = sum(counts)
    guess = min(1.0, max(0.0, counts[0] / max(n, 1) + error))
    share = (counts[0] + shrinkage * guess) / max(n + shrinkage, 1)
    return Rate(label, share, max(0.0, share - 0.1), min(1.0, share + 0.1), Tally(*counts))


def made_facts(
    statements: dict[int, dict[str, Counts]], outside: Counts = (0, 0, 0),
    error: float = 0.0, shrinkage: float = SHRINKAGE,
) -> MapFacts:  # fmt: skip
    """A map of these counts by statement and group; ``outside`` voted but is in no group."""
    labels = sorted({label for groups in statements.values() for label in groups})
    rows = {
        key: tuple(made_rate(label, groups[label], error, shrinkage) for label in labels)
        for key, groups in statements.items()
    }
    sizes = {label: max(sum(groups[label]) for groups in statements.values()) for label in labels}
    facts = tuple(
        StatementFacts(
            key, _everyone(row, outside, error, shrinkage), row, 0.7, (0.3,) * 4, (0.1, 0.2)
        )
        for key, row in rows.items()
    )
    findings = tuple(Finding(key, 0.6, True, 0.1, row) for key, row in rows.items())
    groups = tuple(
        Group(
            label,
            sizes[label],
            sizes[label] // 2,
            (2.0 * place, 0.5 * place),
            (0.5, 0.1, 0.4),
            tuple(Representative(key, "agree", 0.8, 0.3, 0.99) for key in rows),
        )
        for place, label in enumerate(labels)
    )
    participants = sum(sizes.values())
    votes = sum(item.everyone.tally.seen for item in facts)
    return MapFacts(
        "groups", (), groups, facts, findings, findings,
        Diagnostics(
            participants, participants, participants // 2, len(facts), votes,
            9.5, 0.987654, 0.123456, 0.0234, 0.345,
        ),
        PlacementModel(0.0, 1.0, 1.0, (1.0,) * 4, tuple((0.0,) * 4 for _ in labels)),
        {"shrinkage": shrinkage, "min_votes": 7, "min_participants": 15, "min_group": 5},
        0, "0", "0" * 64,
    )  # fmt: skip


def _everyone(row: tuple[Rate, ...], outside: Counts, error: float, shrinkage: float) -> Rate:
    tallies = [rate.tally for rate in row] + [Tally(*outside)]
    counts = (
        sum(t.agree for t in tallies),
        sum(t.disagree for t in tallies),
        sum(t.passed for t in tallies),
    )
    return made_rate("", counts, error, shrinkage)

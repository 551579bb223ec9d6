"""Are all signed checkpoints states of one append-only log?"""

from __future__ import annotations

from middleground.ledger.checks.findings import CheckFinding, fails, holds
from middleground.ledger.checks.log import Log
from middleground.ledger.checks.signed.signatures import SignedCheckpoint


def check_history(signed: list[SignedCheckpoint], log: Log) -> list[CheckFinding]:
    """Compute the root from the leaves at every signed size, and compare.

    This is stronger than consistency proofs: a proof shows that one tree extends another, while
    the leaves show it for all trees, together with their contents. ``signed`` is not empty and
    sorted by size.
    """
    roots = log.roots(each.checkpoint.size for each in signed)
    right = [each for each in signed if roots.get(each.checkpoint.size) == each.checkpoint.root]
    if len(right) == len(signed):
        sizes = len({each.checkpoint.size for each in signed})
        return [
            holds(
                "history",
                f"The log only grew: its {log.size} leaves give all {sizes} signed checkpoints.",
            )
        ]
    wrong = [each for each in signed if each not in right]
    largest = max((each.checkpoint.size for each in right), default=0)
    found = _forks(signed, wrong, largest)
    if largest < log.size:
        sentence = (
            "The published files do not add up to the newest checkpoint: leaves were altered, "
            f"dropped or added. They are as signed up to leaf {largest}."
        )
        found.append(fails("history", sentence, [_line(each) for each in wrong]))
    return found


def _forks(
    signed: list[SignedCheckpoint], wrong: list[SignedCheckpoint], largest: int
) -> list[CheckFinding]:
    """Find signed checkpoints that contradict each other.

    Either two of one size differ, or a larger one fits the leaves and a smaller one does not.
    """
    by_size: dict[int, set[bytes]] = {}
    for each in signed:
        by_size.setdefault(each.checkpoint.size, set()).add(each.checkpoint.root)
    double = {size for size, roots in by_size.items() if len(roots) > 1}
    forked = [each for each in wrong if each.checkpoint.size < largest]
    forked += [each for each in signed if each.checkpoint.size in double and each not in forked]
    if not forked:
        return []
    sentence = (
        "The log was forked: its key signed checkpoints that contradict each other, so different "
        "readers were shown different logs. The signatures prove it."
    )
    return [fails("fork", sentence, [_line(each) for each in forked])]


def _line(each: SignedCheckpoint) -> str:
    return f"{each.path}: {each.checkpoint.size} leaves, root {each.checkpoint.root.hex()}."

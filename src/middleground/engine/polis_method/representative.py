"""Chooses the statements that represent a group, by Polis's rules.

An answer to a statement is a candidate for a group if significantly more than half of the group
give it, and significantly more than of the rest. Candidates are ordered by (ratio of shares) x
(its test) x share x (its test). The statement that the group agrees with best is put first,
whether it is a candidate or not. Without any such statement or candidate, the one that differs
most is taken. Small et al., "Polis: Scaling deliberation by mapping high dimensional opinion
spaces", Recerca 26 (2021).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from middleground.engine.polis_method.consensus import (
    SIGNIFICANT,
    GroupVoteCounts,
    one_proportion,
    share,
    two_proportions,
)
from middleground.engine.votes import FloatArray


@dataclass(frozen=True, slots=True)
class AnswerTests:
    """Tests of one answer (agree or disagree), by group and statement, each (g, m).

    share, rest : smoothed shares in the group and among all others. ratio : share / rest.
    test : z for "more than half". ratio_test : z for "more than the rest".
    """

    share: FloatArray
    rest: FloatArray
    ratio: FloatArray
    test: FloatArray
    ratio_test: FloatArray

    @property
    def significant(self) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = (self.test > SIGNIFICANT) & (self.ratio_test > SIGNIFICANT)
        return found

    @property
    def metric(self) -> FloatArray:
        product: FloatArray = self.ratio * self.ratio_test * self.share * self.test
        return product


def answer_tests(found: GroupVoteCounts) -> tuple[AnswerTests, AnswerTests]:
    """Test both answers: agree, then disagree."""
    agree, disagree = (_answer_tests(found, found.rest(), sign) for sign in (1, -1))
    return agree, disagree


def representative(
    found: GroupVoteCounts, agree: AnswerTests, disagree: AnswerTests, group: int, count: int
) -> list[tuple[int, int]]:
    """Return up to ``count`` statements of a group as (column, +1 or -1), agreeing ones first.

    Columns must be in the order of the statements' ids: the rules keep the first of equals, which
    is the older statement in Polis.
    """
    signs = np.where(agree.ratio_test[group] > disagree.ratio_test[group], 1, -1)
    metric = np.where(signs > 0, agree.metric[group], disagree.metric[group])
    candidates = np.flatnonzero(agree.significant[group] | disagree.significant[group])
    ranked = candidates[np.argsort(-metric[candidates], kind="stable")].tolist()
    head = best_agreed(found, agree, group)
    if head is not None:
        # Polis shows it as agreement, even if the group disagrees with it more than the rest does.
        signs[head] = 1
    elif not ranked and len(signs):
        strongest = np.maximum(agree.ratio_test[group], disagree.ratio_test[group])
        head = int(np.argmax(strongest))
    if head is not None:
        ranked = [head, *(column for column in ranked if column != head)]
    chosen = [(int(column), int(signs[column])) for column in ranked[:count]]
    return sorted(chosen, key=lambda each: -each[1])


def best_agreed(found: GroupVoteCounts, agree: AnswerTests, group: int) -> int | None:
    """Find the column of the statement that a group agrees with best, in one pass; None if none.

    The pass starts with the first acceptable statement (significantly more than half agree, or
    more than half and more than of the rest). Any later statement that is better replaces it. The
    measure is the whole metric if the best so far has a higher share than among the rest, else
    the share times its test.
    """
    took_side = (found.agree[group] + found.disagree[group]) > 0
    share_, test, ratio = agree.share[group], agree.test[group], agree.ratio[group]
    acceptable = (test > SIGNIFICANT) | ((ratio > 1.0) & (share_ > 0.5))
    plain, whole = (share_ * test).tolist(), agree.metric[group].tolist()
    above = (ratio > 1.0).tolist()
    best: int | None = None
    for column in np.flatnonzero(took_side).tolist():
        if best is None:
            best = column if acceptable[column] else None
        else:
            measure = whole if above[best] else plain
            best = column if measure[column] > measure[best] else best
    return best


def _answer_tests(found: GroupVoteCounts, rest: GroupVoteCounts, sign: int) -> AnswerTests:
    mine, others = share(found.of(sign), found.seen), share(rest.of(sign), rest.seen)
    return AnswerTests(
        share=mine,
        rest=others,
        ratio=mine / others,
        test=one_proportion(found.of(sign), found.seen),
        ratio_test=two_proportions(found.of(sign), found.seen, rest.of(sign), rest.seen),
    )

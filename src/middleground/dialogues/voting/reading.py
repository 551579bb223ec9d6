"""In which language cards were read, counted in memory alone, and whether a translation misleads.

A count for each statement, answer and language would tell, beside the votes, who reads which
language: with a hundred statements that is as good as a list of names of languages beside
pseudonyms (docs/decisions/0103). So no count is ever stored; a restart begins anew, and each
process counts for itself. What is stored is one word about a translation: that its readers answer
otherwise than they do elsewhere.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from middleground.dialogues.models import Dialogue, StatementTranslation
from middleground.dialogues.translations.shown import kept_statement

LEAST_READERS = 20  # who agreed or disagreed, of the translation and of the original each
LEAST_OTHERS = 8  # other statements of the same language
LEAST_DIFFERENCE = 0.7  # in log odds: from 50 % to 67 %
ERROR = 0.05  # that any is named wrongly, of all that are compared
_READING = StatementTranslation.Reading

# Of a statement: agreed and disagreed after reading the translation, and the original.
Answers = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class CardRead:
    """A vote that was given on a card. ``translation``: its key; 0 for the original."""

    dialogue: int
    statement: int
    translation: int
    value: int


class ReadCounts:
    """How cards were answered by what was read on them. Thread-safe, and never written down."""

    def __init__(self) -> None:
        self._counts: dict[CardRead, int] = {}
        self._lock = threading.Lock()

    def note(self, read: CardRead) -> None:
        with self._lock:
            self._counts[read] = self._counts.get(read, 0) + 1

    def clear(self) -> None:
        with self._lock:
            self._counts.clear()

    def of(self, dialogue: int, translations: Mapping[int, int]) -> dict[int, Answers]:
        """By translation, for these: translation → its statement."""
        with self._lock:
            counts = dict(self._counts)

        def answers(statement: int, translation: int) -> tuple[int, int]:
            agree, disagree = (
                counts.get(CardRead(dialogue, statement, translation, value), 0)
                for value in (1, -1)
            )
            return agree, disagree

        return {
            translation: (*answers(statement, translation), *answers(statement, 0))
            for translation, statement in translations.items()
        }

    def dialogues(self) -> set[int]:
        with self._lock:
            return {read.dialogue for read in self._counts}


# One per process, as the pools of statements.
read_counts = ReadCounts()


def translation_read(dialogue: Dialogue, number: int, language: str) -> int:
    """The key of the translation that a card showed; 0 for the original, -1 if it is none."""
    if not language:
        return 0
    found = kept_statement(dialogue, number, language)
    return found.pk if found else -1


def read_otherwise(answers: Mapping[int, Answers]) -> set[int]:
    """Those whose readers differ from readers of the original more than they usually do.

    ``answers``: of the translations of one language. Readers of a language may well think otherwise
    on everything, so a difference alone says nothing. For each, the log odds ratio of agreeing is
    compared with the others' mean by its deleted residual in a model of random effects: log odds
    ratios with half a vote added to each cell (Woolf 1955, Haldane 1956); mean and variance of the
    others by DerSimonian and Laird (1986); the residual as Viechtbauer and Cheung (2010) have it,
    against Student's t. As a test of items that work otherwise in another language it is Angoff's
    delta plot with errors (Angoff and Ford 1973). Of all that are compared, Holm's steps (1979)
    name any wrongly with a chance of 5 % at most.
    """
    keys = [key for key, each in answers.items() if _enough(each)]
    if len(keys) <= LEAST_OTHERS:
        return set()
    cells = np.array([answers[key] for key in keys], dtype=float) + 0.5
    ratio = np.log(cells[:, 0] * cells[:, 3] / (cells[:, 1] * cells[:, 2]))
    variance = (1 / cells).sum(axis=1)
    found = [_deleted_residual(at, ratio, variance) for at in range(len(keys))]
    chances = np.array([chance for chance, _difference in found])
    named: set[int] = set()
    for place, at in enumerate(np.argsort(chances)):
        if chances[at] > ERROR / (len(keys) - place):
            break
        if abs(found[at][1]) >= LEAST_DIFFERENCE:
            named.add(keys[at])
    return named


def _enough(answers: Answers) -> bool:
    return min(answers[0] + answers[1], answers[2] + answers[3]) >= LEAST_READERS


def _deleted_residual(
    at: int, ratio: NDArray[np.float64], variance: NDArray[np.float64]
) -> tuple[float, float]:
    """The chance of such a residual, both sides, and how far it is from the others' mean."""
    others, errors = np.delete(ratio, at), np.delete(variance, at)
    weights = 1 / errors
    mean = np.average(others, weights=weights)
    spread = (weights * (others - mean) ** 2).sum() - (len(others) - 1)
    scale = weights.sum() - (weights**2).sum() / weights.sum()
    between = max(spread / scale, 0.0)
    weights = 1 / (errors + between)
    mean = np.average(others, weights=weights)
    difference = float(ratio[at] - mean)
    error = np.sqrt(variance[at] + between + 1 / weights.sum())
    return float(2 * stats.t.sf(abs(difference) / error, len(others) - 1)), difference


def mark_misleading(counts: ReadCounts) -> int:
    """Mark the shown translations of which that is so; return how many are new."""
    marked = 0
    for dialogue in counts.dialogues():
        shown = StatementTranslation.objects.filter(
            statement__dialogue=dialogue, state=StatementTranslation.State.SHOWN
        )
        by_language: dict[str, dict[int, int]] = {}
        for key, statement, language in shown.values_list("pk", "statement_id", "language"):
            by_language.setdefault(language, {})[key] = statement
        for translations in by_language.values():
            apart = read_otherwise(counts.of(dialogue, translations))
            unmarked = shown.filter(pk__in=apart, reading=_READING.UNKNOWN)
            marked += unmarked.update(reading=_READING.APART)
    return marked

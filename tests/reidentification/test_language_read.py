"""Who reads which language, for somebody who has taken the database."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from middleground.dialogues.models import StatementTranslation

PEOPLE, STATEMENTS, SHARE, STEP = 120, 150, 0.3, 5


def found_by_counts(seed: int) -> float:
    """The chance to tell a reader of the language from another person, from stored counts.

    The known-bad control: what was rejected is a count for each statement, answer and language,
    told in steps of five. Beside the stored votes it is an equation about who reads what.
    """
    rng = np.random.default_rng(seed)
    reads = rng.random(PEOPLE) < SHARE
    opinion, easy = rng.normal(size=PEOPLE), rng.normal(size=STATEMENTS)
    agrees = rng.random((PEOPLE, STATEMENTS)) < 1 / (1 + np.exp(easy - opinion[:, None]))
    voted = rng.random((PEOPLE, STATEMENTS)) < 0.8
    cells = np.hstack([voted & agrees, voted & ~agrees]).T.astype(float)
    told = (cells @ reads) // STEP * STEP + (STEP - 1) / 2
    return chance(solved(cells, told), reads)


def solved(cells: NDArray[np.float64], told: NDArray[np.float64]) -> NDArray[np.float64]:
    """Least squares, drawn to the share of readers."""
    pull = 0.7
    left = np.vstack([cells, pull * np.eye(PEOPLE)])
    right = np.concatenate([told, np.full(PEOPLE, pull * SHARE)])
    found: NDArray[np.float64] = np.linalg.lstsq(left, right, rcond=None)[0]
    return found


def chance(scores: NDArray[np.float64], reads: NDArray[np.bool_]) -> float:
    """That a reader has a higher score than another person; 0.5 is a coin."""
    many = reads.sum()
    wins = rankdata(scores)[reads].sum() - many * (many + 1) / 2
    return float(wins / (many * (len(reads) - many)))


def test_counts_in_steps_would_tell_who_reads_which_language() -> None:
    assert min(found_by_counts(seed) for seed in range(5)) > 0.97


def test_what_is_stored_is_one_of_three_words_about_a_translation() -> None:
    """No number: an attacker is left with the votes, which tell nothing of languages."""
    field = StatementTranslation._meta.get_field("reading")
    assert [value for value, _label in field.choices or ()] == ["", "apart", "checked"]
    stored = {each.name for each in StatementTranslation._meta.get_fields()}
    assert stored == {
        "id", "language", "words", "of_digest", "state", "source", "translator", "checker",
        "doubts", "reading", "statement",
    }  # fmt: skip

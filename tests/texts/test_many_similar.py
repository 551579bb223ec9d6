"""Many texts are compared at once as each alone would be, or nearly, where there are many."""

from __future__ import annotations

import csv
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from middleground.texts import many_similar as module
from middleground.texts.many_similar import many_similar
from middleground.texts.similarity import SimilarityIndex
from support.real_conversations import REAL_NAMES, real_folder

TEXTS = ["A park at the pier.", "Fish", "Park at the pier", "…", "Fishes!", "park pier"]


@dataclass(frozen=True)
class Line:
    place: int
    text: str


def one_by_one(texts: list[str], limit: int) -> list[list[tuple[int, float]]]:
    """The reference: each text is compared with all others."""
    lines = [Line(*each) for each in enumerate(texts)]
    index = SimilarityIndex(lines)
    return [
        [
            (similar.statement.place, similar.score)
            for similar in index.similar_to(line.text, limit, but_not=line)
        ]
        for line in lines
    ]


def share_found(texts: list[str]) -> float:
    """How many of the three most similar of each text are found."""
    expected = one_by_one(texts, 3)
    found = many_similar(texts, texts, 3, range(len(texts)))
    wanted = {(at, pair) for at, each in enumerate(expected) for pair in each}
    given_back = {(at, pair) for at, each in enumerate(found) for pair in each}
    return len(wanted & given_back) / len(wanted)


def test_the_most_similar_others_come_first_within_the_limit() -> None:
    assert many_similar(TEXTS, TEXTS, 2, range(6)) == [
        [(2, 100.0), (5, 100.0)], [(4, 100.0)], [(0, 100.0), (5, 100.0)],
        [], [(1, 100.0)], [(0, 100.0), (2, 100.0)],
    ]  # fmt: skip
    assert many_similar(["Fish", "…"], TEXTS, 1) == [[(1, 100.0)], []]  # it is no row of these
    assert (many_similar([], TEXTS, 1), many_similar(["Fish"], [], 1)) == ([], [[]])


@given(st.lists(st.text(alphabet="abc ñ…", max_size=12), max_size=25))
def test_few_texts_are_compared_as_each_alone(texts: list[str]) -> None:
    assert many_similar(texts, texts, 3, range(len(texts))) == one_by_one(texts, 3)


def test_of_many_texts_nearly_all_that_are_similar_are_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On real statements. Groups of one letter instead of four show that this can fail."""
    texts = []
    for name in REAL_NAMES:
        with (real_folder(name) / "comments.csv").open(encoding="utf-8") as file:
            texts += [row["comment-body"] for row in csv.DictReader(file)]
    assert len(texts) > 1000
    assert share_found(texts) > 0.995
    monkeypatch.setattr(module, "PAIRS", 0)
    assert share_found(texts) > 0.99
    monkeypatch.setattr(module, "LETTERS", 1)
    assert share_found(texts) < 0.95

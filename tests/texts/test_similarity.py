"""Similar statements, by their words."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest

from middleground.texts.sameness import signs_hash
from middleground.texts.search import contains_all, related_expression, search_words
from middleground.texts.similarity import Similar, find_similar


@dataclass(frozen=True)
class Line:
    text: str


ALIKE = [
    ("Police should not ask about papers.", "The police should never ask about papers"),
    ("Close the harbour at night", "The harbor should be closed at night."),
    ("More buses in the evening!", "We need more buses in the evenings."),
    ("La ciudad debe proteger a las familias", "Las familias: la ciudad debe protegerlas"),
    ("Cooperate with ICE", "The city should not cooperate with ICE"),
    ("我覺得載客的司機都應該保意外險。", "載客的司機都應該保意外險"),
]
UNLIKE = [
    ("Police should not ask about papers.", "Teachers should be paid more."),
    ("The harbour needs a swimming beach", "The harbour needs cheaper berths for fishers"),
    ("Deport people who commit violent crimes", "Build more homes near the metro"),
    ("I agree", "Pass"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_a_slightly_different_wording_is_found(one: str, other: str) -> None:
    assert [similar.statement for similar in find_similar(one, [Line(other)])] == [Line(other)]
    assert [similar.statement for similar in find_similar(other, [Line(one)])] == [Line(one)]


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_a_different_statement_is_not_found(one: str, other: str) -> None:
    assert find_similar(one, [Line(other)]) == []


def test_the_most_similar_comes_first_within_the_limit() -> None:
    near, nearer, same = Line("A park by the old pier"), Line("Park at the pier"), Line("park pier")
    found = find_similar("A park at the pier.", [near, Line("Fish"), nearer, same], limit=2)
    assert found == [Similar(nearer, 100.0), Similar(same, 100.0)]


def test_an_empty_text_is_similar_to_none() -> None:
    assert find_similar("", [Line("A park")]) == []
    assert find_similar("…", [Line("…")]) == []
    assert find_similar("A park", []) == []
    assert find_similar("A park", [Line("")]) == []


def test_five_thousand_candidates_take_little_time() -> None:
    many = [Line(f"The city should do thing {n} about street {n * 7} soon.") for n in range(5000)]
    began = time.process_time()
    found = find_similar("Do thing 4711 about street 32977, city!", many, limit=1)
    assert time.process_time() - began < 1
    assert found[0].statement == many[4711]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("آب باید هر روز می‌رسد", "آب باید هر روز میرسد"),  # with a joiner, and without
        ("كلاس علي ۵۰ نفر", "کلاس علی 50 نفر"),  # of an Arabic and of a Persian keyboard
        ("公車５０元", "公車50元"),
    ],
)
def test_what_differs_by_the_keyboard_only_is_the_same(one: str, other: str) -> None:
    assert find_similar(one, [Line(other)]) == [Similar(Line(other), 100.0)]
    assert signs_hash(one) == signs_hash(other)
    assert contains_all(search_words(one), [other])
    assert contains_all(search_words(other), [one])


def test_the_index_is_asked_for_words_as_they_are_written_and_as_they_are_compared() -> None:
    assert related_expression("كلاس می‌رسد") == '"رسد" OR "كلاس" OR "میرسد" OR "کلاس"'

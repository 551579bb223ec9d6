"""Suggested topics: by hand, in scripts without spaces, the same each time, and fast."""

from __future__ import annotations

import csv
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from middleground.texts.topics.suggest import (
    FEWEST_MEMBERS,
    FEWEST_TEXTS,
    LONGEST_NAME,
    number_of_topics,
    suggest_topics,
)
from middleground.texts.topics.words import stems, weighted_words
from support.real_conversations import REAL_NAMES, real_folder

# Five of each; no word of one subject is in another.
BUSES = [
    "Buses should run at night.", "More buses on Sundays!", "The bus driver was friendly.",
    "A bus lane on Main Street.", "Night buses cost too much.",
]  # fmt: skip
PARKS = [
    "The park has no benches.", "Parks need trees and benches.", "Dogs belong in the park.",
    "Plant trees in each park.", "Park gates close at dusk.",
]  # fmt: skip
RENTS = [
    "Rents are too high.", "Landlords raise rents each spring.", "A cap on rent for landlords.",
    "Rent eats half my wages.", "Landlords should fix heating.",
]  # fmt: skip
ODD = ["Elephants dream quietly.", "42", ""]


def test_three_plain_subjects_are_found_and_what_fits_none_stays_out() -> None:
    texts = [*BUSES, *PARKS, *RENTS, *ODD]
    found = suggest_topics(texts)
    assert {frozenset(topic.members) for topic in found} == {
        frozenset(range(5)), frozenset(range(5, 10)), frozenset(range(10, 15)),
    }  # fmt: skip
    by_first = {min(topic.members): topic for topic in found}
    assert by_first[0].words[0] in {"bus", "buses"}
    assert by_first[5].words[0] == "park"
    assert by_first[10].name == "Rent, landlords"


def test_weights_by_hand() -> None:
    """Of 4 texts "bus" is in 2 and "park" in 2; "tree" is in one, so it is left out."""
    found = weighted_words(["Bus, bus, park.", "A bus.", "The parks", "Tree!"])
    assert found.words == ["bus", "park"]
    bus, park = (1 + np.log(2)), 1.0  # the same rarity on both sides, which the length takes out
    length = np.hypot(bus, park)
    expected = [[bus / length, park / length], [1, 0], [0, 1], [0, 0]]
    assert np.allclose(found.weights.toarray(), expected)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The buses shouldn’t stop at 9", ["bus"]),
        ("Día de los niños", ["dia", "nino"]),
        ("交通部", ["交通", "通部"]),
        ("รถเมล์", ["รถ", "ถเ", "เม", "มล", "ล์"]),
        ("Das Haus und die Häuser", ["haus", "hauser"]),
        ("", []),
    ],
)
def test_words_are_compared_without_endings_and_pairs_of_letters_without_spaces(
    text: str, words: list[str]
) -> None:
    assert [stem for stem, _ in stems(text)] == words


def test_texts_without_spaces_between_words_are_grouped_too() -> None:
    cars = [f"計程車司機{end}" for end in ("很好", "太貴", "開得快", "不多", "有執照")]
    parks = [f"公園裡的樹{end}" for end in ("很多", "太老", "要保護", "不夠", "很美")]
    rents = [f"房租應該{end}" for end in ("降低", "補助", "公開", "凍結", "管制")]
    found = suggest_topics([*cars, *parks, *rents])
    assert {frozenset(topic.members) for topic in found} == {
        frozenset(range(5)), frozenset(range(5, 10)), frozenset(range(10, 15)),
    }  # fmt: skip


@pytest.mark.parametrize(("texts", "topics"), [(12, 3), (60, 5), (120, 8), (500, 16), (9_000, 16)])
def test_how_many_topics_there_are(texts: int, topics: int) -> None:
    assert number_of_topics(texts) == topics


def test_few_or_empty_texts_get_no_suggestion() -> None:
    assert suggest_topics([]) == []
    assert suggest_topics(BUSES * 2) == []
    assert len(BUSES * 2) < FEWEST_TEXTS
    assert suggest_topics([""] * 50) == []
    assert suggest_topics([f"{n}" for n in range(50)]) == []


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([*BUSES, *PARKS, *RENTS, *ODD, "交通部", "a" * 90]), max_size=60))
def test_whatever_the_texts_topics_are_apart_named_and_explained(texts: list[str]) -> None:
    found = suggest_topics(texts)
    assert found == suggest_topics(list(texts))
    members = [member for topic in found for member in topic.members]
    assert len(members) == len(set(members))
    assert set(members) <= set(range(len(texts)))
    names = [topic.name.casefold() for topic in found]
    assert len(set(names)) == len(names)
    for topic in found:
        assert 0 < len(topic.name) <= LONGEST_NAME
        assert len(topic.members) >= FEWEST_MEMBERS
        telling = {stem for word in topic.words for stem, _ in stems(word)}
        for member in topic.members:
            assert telling & {stem for stem, _ in stems(texts[member])}


def test_2000_texts_take_at_most_some_seconds_of_the_processor() -> None:
    rng = np.random.default_rng(1)
    words = [f"{a}{b}{c}" for a in "bdfgklmn" for b in "aeiou" for c in ("rton", "lket", "ndra")]
    texts = [" ".join(rng.choice(words, 12)) for _ in range(2_000)]
    suggest_topics(texts[:50])
    start = time.process_time()
    suggest_topics(texts)
    assert time.process_time() - start < 5


@pytest.mark.parametrize("name", REAL_NAMES)
def test_real_conversations_get_topics_whose_words_their_statements_have(name: str) -> None:
    with (real_folder(name) / "comments.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["moderated"] != "-1"]
    texts = [row["comment-body"] for row in rows]
    found = suggest_topics(texts)
    inside = sum(len(topic.members) for topic in found)
    assert 3 <= len(found) <= number_of_topics(len(texts))
    assert 0.4 * len(texts) < inside <= len(texts)

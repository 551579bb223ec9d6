"""The example content treats both sides alike, and the checks find differences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import mean

import pytest

from middleground.demo import DIALOGUES, LIBRARY, LOS_ANGELES, SIMULATED_NOTICE, read_dialogue
from middleground.demo.content import ExampleDialogue, ExampleStatement
from middleground.dialogues.models import Statement
from middleground.texts.personal_data import Kind, find
from middleground.texts.similarity import find_similar

# Equally many words that each side uses against the other or about the people concerned.
LOADED_CLOSER = (
    "alien", "aliens", "illegals", "invasion", "invaders", "horde", "anchor baby", "open borders",
    "amnesty", "lawless", "sanctuary", "radical", "traitor", "globalist", "thugs",
    "catch and release",
)  # fmt: skip
LOADED_SEPARATE = (
    "gestapo", "fascist", "fascism", "nazi", "racist", "xenophobe", "kidnap", "kidnapped",
    "abduct", "terrorize", "raids", "concentration camp", "cruel", "bigot", "goons",
    "tear apart",
)  # fmt: skip


def loaded_words(text: str) -> set[str]:
    lowered = text.lower()
    return {
        word
        for word in LOADED_CLOSER + LOADED_SEPARATE
        if re.search(rf"\b{re.escape(word)}\b", lowered)
    }


def imbalances(statements: Sequence[ExampleStatement]) -> set[str]:
    """The differences between the sides; empty if both are treated alike."""
    closer = [one for one in statements if one.side == "closer"]
    separate = [one for one in statements if one.side == "separate"]
    places = [
        [place for place, one in enumerate(statements) if one.side == side]
        for side in ("closer", "separate")
    ]
    opening = [one.side for one in statements if one.side in ("closer", "separate")][::2]
    numbers = [
        sorted((one.voice, one.strength, one.appeal, one.procedure) for one in side)
        for side in (closer, separate)
    ]
    differs = {
        "number": len(closer) != len(separate),
        "voices": {one.voice for one in closer} != {one.voice for one in separate},
        "characters": _apart(*([len(one.text) for one in side] for side in (closer, separate))),
        "words": _apart(*([len(one.text.split()) for one in side] for side in (closer, separate))),
        "order": sum(places[0]) != sum(places[1])
        or opening.count("closer") != opening.count("separate"),
        "numbers": numbers[0] != numbers[1] or sum(one.lean for one in statements) != 0,
    }
    return {name for name, is_so in differs.items() if is_so}


def _apart(left: list[int], right: list[int]) -> bool:
    """Whether the two means differ by 5 % or more."""
    return abs(mean(left) - mean(right)) >= 0.05 * min(mean(left), mean(right))


def pairs() -> list[tuple[ExampleStatement, ExampleStatement]]:
    leaning = [one for one in LOS_ANGELES.statements if one.lean == 1]
    mirror = {one.voice: one for one in LOS_ANGELES.statements if one.lean == -1}
    return [(one, mirror[one.voice]) for one in leaning]


def test_both_sides_are_treated_alike() -> None:
    assert imbalances(LOS_ANGELES.statements) == set()


def test_favouring_one_side_is_found() -> None:
    """Known-bad controls: each way to favour one side, and the reported difference."""
    fair = list(LOS_ANGELES.statements)
    closer = [one for one in fair if one.side == "closer"]
    separate = [one for one in fair if one.side == "separate"]
    between = [one for one in fair if one.side == "between"]
    longer = [replace(one, text=one.text + " Yes.") for one in separate]

    assert {"number", "voices", "numbers"} <= imbalances(fair[1:])
    assert imbalances([*closer, *between, *separate]) == {"order"}
    assert imbalances([replace(fair[0], voice="chief"), *fair[1:]]) == {"voices", "numbers"}
    assert imbalances([replace(fair[0], appeal=0.3), *fair[1:]]) == {"numbers"}
    swap = dict(zip(separate, longer, strict=True))
    assert imbalances([swap.get(one, one) for one in fair]) == {"characters", "words"}


def test_twelve_statements_on_each_side_and_twelve_in_between() -> None:
    sides = [one.side for one in LOS_ANGELES.statements]
    assert sides == ["closer", "between", "separate", "separate", "between", "closer"] * 6
    assert [one.side for one in LIBRARY.statements] == [""] * 14


def test_each_side_has_twelve_voices() -> None:
    assert len({one.voice for one in LOS_ANGELES.statements if one.side == "closer"}) == 12


def test_the_texts_of_a_pair_are_equally_long() -> None:
    assert len(pairs()) == 14
    assert max(abs(len(one.text) - len(other.text)) for one, other in pairs()) <= 5


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.slug)
def test_statements_are_short_and_differ(dialogue: ExampleDialogue) -> None:
    written = [one.text for one in dialogue.statements]
    assert max(map(len, written)) <= 140
    assert [text for text in written if text != text.strip() or "\n" in text] == []
    assert len({text.casefold() for text in written}) == len(written)


def test_the_lists_of_loaded_words_are_equally_long() -> None:
    assert len(set(LOADED_CLOSER)) == len(set(LOADED_SEPARATE)) == 16
    assert set(LOADED_CLOSER).isdisjoint(LOADED_SEPARATE)


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.slug)
def test_no_text_uses_a_loaded_word(dialogue: ExampleDialogue) -> None:
    written = [one.text for one in dialogue.statements] + [one.text for one in dialogue.queue]
    for text in (*written, dialogue.question, dialogue.background, dialogue.outcome):
        assert loaded_words(text) == set()


@pytest.mark.parametrize("word", LOADED_CLOSER + LOADED_SEPARATE)
def test_a_loaded_word_would_be_found(word: str) -> None:
    assert word in loaded_words(f"They said: {word.capitalize()}, again.")


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.slug)
def test_everything_is_marked_as_an_example(dialogue: ExampleDialogue) -> None:
    assert dialogue.host == "Example host (demonstration)"
    assert dialogue.background.startswith("**This is an example")
    assert "Every participant is\nsimulated." in dialogue.background
    assert "this is an example with simulated participants" in dialogue.outcome
    assert "simulated" in SIMULATED_NOTICE


def test_the_background_is_short_and_gives_both_sides_equal_space() -> None:
    paragraphs = LOS_ANGELES.background.split("\n\n")
    closer, separate = (text for text in paragraphs if text.startswith("People who want"))
    assert abs(len(closer.split()) - len(separate.split())) <= 2
    assert abs(len(closer) - len(separate)) < 0.05 * len(closer)
    assert closer.count(".") == separate.count(".") == 4
    assert 300 <= len(LOS_ANGELES.background.split()) <= 450


def test_the_queue_fills_the_moderators_desk() -> None:
    found = [(one.state, one.reason, one.shows) for one in LOS_ANGELES.queue]
    assert found == [
        ("pending", "", "personal_data"),
        ("pending", "", "near_duplicate"),
        ("pending", "", "nothing"),
        ("rejected", "off_topic", "off_topic"),
    ]
    assert LIBRARY.queue == ()


def test_the_telephone_number_is_fictional_and_would_be_flagged() -> None:
    numbers = [re.findall(r"\d{3}-\d{3}-\d{4}", one.text) for one in LOS_ANGELES.queue]
    assert numbers == [["213-555-0142"], [], [], []]
    kinds = [[found.kind for found in find(one.text)] for one in LOS_ANGELES.queue]
    assert kinds == [[Kind.PHONE], [], [], []]


def test_only_the_near_duplicate_would_be_flagged_as_similar() -> None:
    similar = [
        [found.statement.voice for found in find_similar(one.text, LOS_ANGELES.statements)]
        for one in LOS_ANGELES.queue
    ]
    assert similar == [[], ["warrants, and who is at the door"], [], []]


def test_the_rejection_has_a_reason_of_the_product() -> None:
    assert LOS_ANGELES.queue[-1].reason == Statement.Reason.OFF_TOPIC


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.slug)
def test_no_statement_looks_like_personal_data(dialogue: ExampleDialogue) -> None:
    assert [one.text for one in dialogue.statements if find(one.text)] == []


def test_a_misspelt_key_is_refused() -> None:
    with pytest.raises(TypeError, match="apeal"):
        read_dialogue(_small('[[statement]]\nvoice = "a"\ntext = "b"\napeal = 1.0\n'))


def test_a_strength_without_a_lean_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit lean 0"):
        read_dialogue(_small('[[statement]]\nvoice = "a"\ntext = "b"\nstrength = 1.0\n'))


def test_sides_without_statements_in_between_are_refused() -> None:
    pair = '[[pair]]\nvoice = "a"\nstrength = 1.0\nappeal = 0.0\ncloser = "b"\nseparate = "c"\n'
    with pytest.raises(ValueError, match="1 pairs of sides need as many"):
        read_dialogue(_small(pair))


def _small(statements: str) -> str:
    head = "\n".join(
        f'{key} = "x"' for key in ("slug", "question", "host", "background", "outcome")
    )
    model = (
        "[model]\ncamp_share = 0.0\ncamp_centre = 0.0\ncamp_spread = 1.0\nmiddle_spread = 1.0\n"
        "procedure_spread = 1.0\nreadiness_spread = 0.0\npass_shape = [1.0, 9.0]\n"
        "least_votes = 1\nleaving = 0.5\n"
    )
    return f"{head}\nparticipants = 1\nseed = 0\n{model}{statements}"

"""The stored form of a text: what its writer typed, in every script."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from middleground.texts.normalise import (
    code_points,
    composed,
    deceptive_in,
    normalise,
    without_deceptive,
)
from texts.written import SENTENCES

ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.parametrize("name", SENTENCES)
def test_real_sentences_are_kept_to_the_byte(name: str) -> None:
    text = SENTENCES[name]
    assert normalise(text).encode() == text.encode()
    assert deceptive_in(text) == []


def test_the_rule_that_was_before_changed_a_third_of_them() -> None:
    """The control: Unicode's form C, and one kind of space."""
    changed = [
        name
        for name, text in SENTENCES.items()
        if " ".join(unicodedata.normalize("NFC", text.replace("\u200b", "")).split()) != text
    ]
    assert changed == [
        "Latin", "Greek", "Devanagari of keyboards", "Bengali", "Thai", "Lao", "Khmer", "Burmese",
        "Japanese", "figures",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  A park,\nnot a road \t", "A park, not a road"),
        ("a\r\n\r\nb", "a b"),
        ("a \u00a0 b", "a b"),
        ("a\u00a0b\u2028", "a\u00a0b"),
        ("cafe\u0301", "caf\u00e9"),
        ("a\u202eb\u2066c\u2069", "abc"),
        ("a\x00b\x1bc\x7f", "abc"),
        ("a\ue000b\ufffec", "abc"),
        ("a\U000e0067b", "ab"),
        (f"a {ENGLAND}", f"a {ENGLAND}"),
        (ENGLAND[:-1], "🏴"),  # without its end it is no flag
    ],
)
def test_spaces_are_tidied_and_what_deceives_is_taken_out(typed: str, stored: str) -> None:
    assert normalise(typed) == stored


def test_what_is_taken_out_is_named_once_and_given_back_without() -> None:
    text = f"A \u202epark\u202e\x07,\n {ENGLAND}\U000e0041"
    assert deceptive_in(text) == ["\u202e", "\x07", "\U000e0041"]
    assert code_points(deceptive_in(text)) == "U+202E, U+0007, U+E0041"
    assert without_deceptive(text) == f"A park,\n {ENGLAND}"


@given(st.text())
def test_the_stored_form_stays_what_it_is(text: str) -> None:
    stored = normalise(text)
    assert normalise(stored) == stored
    assert deceptive_in(stored) == []
    assert not any(character in stored for character in "\n\r\t\x00")
    stored.encode()


@given(st.text())
def test_only_equivalent_characters_are_replaced(text: str) -> None:
    """And what was stored under the rule before, which is form C, is never changed."""
    assert unicodedata.normalize("NFD", composed(text)) == unicodedata.normalize("NFD", text)
    form_c = unicodedata.normalize("NFC", text)
    assert composed(form_c) == form_c

"""Which texts are the same to a reader: a table of pairs, and what holds for all texts."""

from __future__ import annotations

import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from middleground.texts.normalise import normalise
from middleground.texts.sameness import dedup_hash, has_words, near_hash, same_key, signs_hash
from middleground.texts.similarity import find_similar
from texts.written import SENTENCES

SAME = [
    ("Build a pier.", "build a pier"),
    ("Build a pier!", "Build  a\u200b pier …"),
    ("Build a pier", "\tBuild a pier\n"),
    ("We don't want it.", "We don’t want it."),
    ("A “pier”", 'A "pier"'),
    ("Open 5–8 pm", "Open 5-8 pm"),
    ("by −5 percent", "by -5 percent"),
    ("by –5 percent", "by -5 percent"),
    ("wait...", "wait"),
    ("Ｂｕｉｌｄ　ａ　ｐｉｅｒ", "Build a pier"),
    ("ﾊﾞｽを増やす", "バスを増やす。"),
    ("Plus de bus\u202f!", "Plus de bus!"),
    ("Plus de bus\u00a0?", "Plus de bus?"),
    ("¡Más autobuses!", "Más autobuses"),
    ("caf\u00e9", "cafe\u0301"),
    ("Schiff\u00adfahrt", "Schifffahrt"),
    ("o\ufb03ce", "office"),
    ("I \u2764 trees", "I \u2764\ufe0f trees"),
    ("हाँ।", "हाँ"),
    ("نعم۔", "نعم"),
    ("كـتاب", "كتاب"),
    ("ﻛﺘﺎﺏ", "كتاب"),
    ("น\u0e4d\u0e32", "น\u0e33"),  # a vowel that Unicode has as one sign and as two
    ("hel\u200clo", "hello"),
]
DIFFERENT = [
    ("by 5 percent", "by -5 percent"),
    ("10² metres", "102 metres"),
    ("H₂O", "H2O"),
    ("5/8", "5.8"),
    ("5.8", "58"),
    ("5,8", "5.8"),
    ("2½ hours", "21/2 hours"),
    ("½", "1/2"),
    ("5 %", "5 ‰"),
    ("$5", "€5"),
    ("5°", "5"),
    ("a + b", "a − b"),
    ("a = b", "a ≠ b"),
    ("More buses.", "More buses?"),
    ("No cars!", "No, cars!"),
    ("We can do it", "We can't do it"),
    ("We can do it", "We cannot do it"),
    ("The refugees", "The “refugees”"),
    ("Less ICE on our streets", "Less ice on our streets"),
    ("Help US", "Help us"),
    ("Irak uzak", "irak uzak"),  # Turkish: Iraq is far, or far is far
    ("Kıl", "Kil"),
    ("👍", "👎"),
    ("A 👍🏽 park", "A 👍 park"),
    ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🏴"),
    ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
     "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"),
    ("👨\u200d👩\u200d👧", "👨👩👧"),
    ("🇩🇪", "🇩🇰"),
    ("1\ufe0f\u20e3", "1"),
    ("5", "٥"),
    ("५", "5"),
    ("दिन", "दीन"),  # Hindi: day, poor
    ("सुना", "सूना"),
    ("שָׁר", "שַׂר"),  # Hebrew: sang, minister
    ("ไม่", "ไหม"),
    ("มา", "ม้า"),  # Thai: come, horse
    ("عَلَم", "عِلْم"),  # Arabic: flag, knowledge
    ("می\u200cخواهم", "میخواهم"),
    ("क्\u200dष", "क्ष"),
    ("año", "ano"),
    ("Ö", "O"),
    ("も", "もっ"),
    ("ハ", "バ"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_no_reader_sees_as_different_is_the_same(one: str, other: str) -> None:
    assert dedup_hash(one) == dedup_hash(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_means_something_else_is_not_the_same(one: str, other: str) -> None:
    assert dedup_hash(one) != dedup_hash(other)


def test_the_rule_that_was_before_would_fail() -> None:
    """The control: it took a third of them for the same."""
    taken = [pair for pair in DIFFERENT if near_hash(pair[0]) == near_hash(pair[1])]
    assert ("by 5 percent", "by -5 percent") in taken
    assert ("10² metres", "102 metres") in taken
    assert ("5/8", "5.8") in taken
    assert len(taken) == NEAR


NEAR = 14


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_whoever_writes_what_differs_in_signs_is_shown_the_other(one: str, other: str) -> None:
    if near_hash(one) != near_hash(other) or not any(map(str.isalnum, one)):
        return
    assert [each.score for each in find_similar(one, [Row(other)])] == [100.0]


class Row:
    def __init__(self, text: str) -> None:
        self.text = text


_TEXTS = st.text(
    alphabet=st.one_of(
        st.characters(), st.sampled_from("aI -–.!?¡\u200b\u200c\u200d\u00ad\ufe0f🏴½²5٥ﬁｂ\u0301")
    ),
    max_size=30,
)


@given(_TEXTS)
def test_a_text_is_the_same_as_its_stored_form(text: str) -> None:
    assert dedup_hash(text) == dedup_hash(normalise(text))
    assert dedup_hash(text) == hashlib.sha256(f"same\n{same_key(text)}".encode()).hexdigest()


@pytest.mark.parametrize("between", ["\u200e", "\u200c", "\u200d", "\u2061", "\u034f", "\u180b"])
def test_what_nobody_sees_makes_no_other_words(between: str) -> None:
    assert signs_hash(f"Har{between}bour, now!") == signs_hash("harbour now")
    assert signs_hash("می\u200cخواهم") == signs_hash("میخواهم")
    # The controls: the hash that was used before, and words that are others.
    assert near_hash(f"Har{between}bour, now!") != near_hash("harbour now")
    assert signs_hash("har bour now") != signs_hash("harbour now")


@given(_TEXTS)
def test_what_is_the_same_differs_in_signs_at_most(text: str) -> None:
    assert signs_hash(text) == signs_hash(same_key(text)) == signs_hash(f" {normalise(text)}. ")


@given(_TEXTS)
def test_the_key_stays_what_it_is(text: str) -> None:
    """Otherwise one text could be the same as two that differ."""
    assert same_key(same_key(text)) == same_key(text)


@given(_TEXTS)
def test_a_full_stop_or_a_space_never_makes_a_new_text(text: str) -> None:
    if has_words(text):
        assert dedup_hash(f" {text}. ") == dedup_hash(text)


@given(_TEXTS, st.sampled_from("5²½-+%$€٥👎?ةा"), st.integers(0, 30))
def test_a_sign_more_always_makes_a_new_text(text: str, sign: str, place: int) -> None:
    longer = text[:place] + sign + text[place:]
    if unicodedata.normalize("NFC", longer) != unicodedata.normalize("NFC", text):
        assert len(same_key(longer)) != len(same_key(text)) or same_key(longer) != same_key(text)


@pytest.mark.parametrize("name", SENTENCES)
def test_real_sentences_are_the_same_only_as_themselves(name: str) -> None:
    text = SENTENCES[name]
    assert has_words(text)
    assert [other for other in SENTENCES if dedup_hash(SENTENCES[other]) == dedup_hash(text)] == [
        name
    ]


@pytest.mark.parametrize("text", ["", " ", "?!…", "\u200b", "\ufeff\u2060", "\u3164", "\u2800", "ׇ"])
def test_what_shows_nothing_has_no_words(text: str) -> None:
    assert not has_words(text)


@pytest.mark.parametrize("text", ["a", "5", "👍", "是", "½", "€", "🏴‍☠️"])
def test_one_sign_is_enough(text: str) -> None:
    assert has_words(text)

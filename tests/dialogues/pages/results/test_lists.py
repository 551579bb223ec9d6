"""Lists within a sentence, also in the word order of another language."""

from __future__ import annotations

import pytest

from middleground.dialogues.results import lists
from middleground.dialogues.results.lists import and_list, comma_list


@pytest.mark.parametrize(
    ("items", "commas", "words"),
    [
        ([], "", ""),
        (["A"], "A", "A"),
        (["A", "B"], "A, B", "A and B"),
        (["A", "B", "C", "D"], "A, B, C, D", "A, B, C and D"),
        (["100 %", "%s"], "100 %, %s", "100 % and %s"),
    ],
)
def test_lists_have_commas_and_a_final_and(items: list[str], commas: str, words: str) -> None:
    assert (comma_list(items), and_list(items)) == (commas, words)


def test_a_translator_can_change_the_patterns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "gettext", {"%(before)s and %(last)s": "%(before)s و%(last)s"}.get)
    patterns = {("list", "%(before)s, %(after)s"): "%(before)s، %(after)s"}
    monkeypatch.setattr(lists, "pgettext", lambda *key: patterns[key])
    assert lists.and_list(["ا", "ب", "ج"]) == "ا، ب وج"

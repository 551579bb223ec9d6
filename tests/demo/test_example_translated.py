"""The example in other languages: complete, and with the marks and numbers of the original."""

from __future__ import annotations

import re

import pytest

from middleground.core.languages.offered import FIRST, LANGUAGES
from middleground.demo import LOS_ANGELES
from middleground.demo.translated import ExampleTranslation, read_translation, translations_of
from middleground.texts.normalise import deceptive_in, normalise

TOLD = translations_of(LOS_ANGELES.slug)
LONGEST = 200  # what the example lets people write


def marks(text: str) -> list[str]:
    """Markdown's marks and the numbers, in any order."""
    return sorted(re.findall(r"\*+|^#+|^- |\d+", text, re.MULTILINE))


def test_there_is_one_for_each_language() -> None:
    assert {each.language for each in TOLD} == set(LANGUAGES) - {FIRST}


@pytest.mark.parametrize("told", TOLD, ids=lambda told: told.language)
def test_it_has_every_text_of_the_original(told: ExampleTranslation) -> None:
    assert set(told.statements) == {each.text for each in LOS_ANGELES.statements}
    assert len(set(told.statements.values())) == len(told.statements)
    assert marks(told.background) == marks(LOS_ANGELES.background)
    assert marks(told.promise) == marks(LOS_ANGELES.outcome)
    for words in (told.question, *told.statements.values()):
        assert words == normalise(words)
        assert len(words) <= LONGEST
        assert deceptive_in(words) == []


def test_what_differs_is_found() -> None:
    assert marks("**a** 1979") != marks("*a* 1979")
    assert marks("1979") != marks("1997")
    with pytest.raises(TypeError):
        read_translation(
            "es", 'question = "x"\nbackground = ""\npromise = ""\nstatement = []\nx = 1'
        )

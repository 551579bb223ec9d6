"""What is to be translated of a dialogue into a language."""

from __future__ import annotations

import pytest

from middleground.dialogues.models import Dialogue
from middleground.dialogues.translations.languages import TextLanguage, languages_of
from middleground.dialogues.translations.originals import (
    find_original,
    label_of,
    originals_for,
)
from support.cast import make_dialogue, make_statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]


@pytest.fixture
def dialogue() -> Dialogue:
    """English statements, a Spanish and a Chinese one, one that waits and one that nobody knows."""
    dialogue = make_dialogue(statements=0, promise="We answer.", other_languages=["es", "zh-hans"])
    make_statement(dialogue, 1, "The harbour should be open to all of the people.")
    make_statement(dialogue, 2, "El puerto debe ser para todos los que viven en la ciudad.")
    make_statement(dialogue, 3, "港口应该向所有人开放。")
    make_statement(dialogue, 4, "This should wait for the moderator.", status="pending")
    make_statement(dialogue, 5, "Harbour!")
    return dialogue


def keys(dialogue: Dialogue, language: str) -> list[str]:
    return [each.key for each in originals_for(dialogue, language)]


def test_what_is_in_the_language_already_is_left_out(dialogue: Dialogue) -> None:
    mine = ["question", "promise"]
    assert keys(dialogue, "es") == [*mine, "statement-1", "statement-3", "statement-5"]
    assert keys(dialogue, "zh-hans") == [*mine, "statement-1", "statement-2", "statement-5"]
    assert keys(dialogue, "ko") == [*mine, *(f"statement-{number}" for number in (1, 2, 3, 5))]


def test_into_the_first_language_come_only_statements_in_another_one(dialogue: Dialogue) -> None:
    assert keys(dialogue, "en") == ["statement-2", "statement-3"]


def test_each_original_has_its_language_and_the_dialogues_own_if_it_is_not_clear(
    dialogue: Dialogue,
) -> None:
    found = {each.key: each.language for each in originals_for(dialogue, "ko")}
    assert found == {
        "question": "en", "promise": "en", "statement-1": "en", "statement-2": "es",
        "statement-3": "zh-hans", "statement-5": "en",
    }  # fmt: skip


@pytest.mark.parametrize("key", ["statement-4", "statement-02", "statement-2", "background", "x"])
def test_what_is_not_to_be_translated_is_not_found(dialogue: Dialogue, key: str) -> None:
    assert find_original(dialogue, "es", key) is None
    assert find_original(dialogue, "es", "statement-1")


def test_a_dialogue_has_those_of_its_languages_that_the_site_offers(
    dialogue: Dialogue, settings: object
) -> None:
    assert languages_of(dialogue) == ["en", "es", "zh-hans"]
    settings.LANGUAGES = [("en", "English"), ("es", "Español")]  # type: ignore[attr-defined]
    assert languages_of(dialogue) == ["en", "es"]


def test_languages_and_texts_have_names_that_people_read() -> None:
    assert str(label_of("statement-12")) == "Statement 12"
    assert str(label_of("question")) == "Question"
    assert (TextLanguage("fa").name, TextLanguage("fa").direction) == ("فارسی", "rtl")
    assert (TextLanguage("tl").name, TextLanguage("tl").direction) == ("Tagalog", "ltr")
    assert (TextLanguage("fr").name, TextLanguage("xyz").name) == ("français", "xyz")

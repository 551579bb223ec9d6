"""What readers of a language see of a text: a checked translation, and how it came."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from middleground.dialogues.models import (
    Dialogue,
    DialogueTranslation,
    Statement,
    StatementTranslation,
    TextTranslation,
)
from middleground.dialogues.models.texts.translation import digest_of
from middleground.dialogues.translations.shown import (
    ShownText,
    keep_translations,
    shown_text,
)
from support.cast import make_dialogue, make_statement

pytestmark = pytest.mark.django_db
BUSES, AUTOBUSES = "More buses at night.", "Más autobuses por la noche."


@pytest.fixture
def dialogue() -> Dialogue:
    return make_dialogue(other_languages=["es"])


@pytest.fixture
def statement(dialogue: Dialogue) -> Statement:
    return make_statement(dialogue, 7, BUSES)


def translate(statement: Statement, words: str = AUTOBUSES, **also: Any) -> StatementTranslation:
    return StatementTranslation.objects.create(
        statement=statement,
        words=words,
        **{
            "language": "es",
            "of_digest": digest_of(statement.text),
            "state": "shown",
            "source": "volunteer",
            **also,
        },
    )


def by_volunteer() -> str:
    """In the language that is spoken."""
    return str(TextTranslation.Source.VOLUNTEER.label)


def read(dialogue: Dialogue) -> Dialogue:
    """As a page reads it: what is kept lies on the object."""
    return Dialogue.objects.get(pk=dialogue.pk)


def test_a_reader_sees_the_translation_and_how_it_came(statement: Statement) -> None:
    translate(statement)
    with override("es"):
        shown = shown_text(Statement.objects.get(number=7))
        told = {"key": "statement-7", "slug": "harbour"}
        assert shown == ShownText(AUTOBUSES, "es", by_volunteer(), BUSES, **told)
        assert str(shown) == AUTOBUSES
        assert shown.translated
    for language in ("en", "ko"):  # its own, and one that has none
        with override(language):
            assert shown_text(Statement.objects.get(number=7)) == ShownText(BUSES)


@pytest.mark.parametrize("also", [{"state": "proposed"}, {"language": "ko"}])
def test_only_what_was_checked_and_in_this_language_is_shown(
    statement: Statement, also: dict[str, str]
) -> None:
    translate(statement, **also)
    with override("es"):
        assert shown_text(Statement.objects.get(number=7)) == ShownText(BUSES)


def test_a_language_that_the_host_took_away_is_not_shown(statement: Statement) -> None:
    translate(statement)
    Dialogue.objects.update(other_languages=[])
    with override("es"):
        assert shown_text(Statement.objects.get(number=7)) == ShownText(BUSES)


def test_a_changed_original_is_told(dialogue: Dialogue) -> None:
    DialogueTranslation.objects.create(
        dialogue=dialogue,
        part="question",
        language="es",
        words="¿Cómo?",
        of_digest=digest_of(dialogue.question),
        state="shown",
        source="staff",
    )
    with override("es"):
        assert not shown_text(read(dialogue), "question").stale
        Dialogue.objects.update(question="How, and when?")
        shown = shown_text(read(dialogue), "question")
        assert (str(shown), shown.original, shown.stale) == ("¿Cómo?", "How, and when?", True)


@pytest.mark.parametrize("instead", ["", "Removed by staff on Nov. 3, 2026: spam"])
def test_what_stands_for_a_removed_statement_is_not_its_translation(
    statement: Statement, instead: str
) -> None:
    translate(statement)
    Statement.objects.filter(number=7).update(text=instead)
    with override("es"):
        assert shown_text(Statement.objects.get(number=7)) == ShownText(instead)


def test_what_is_kept_needs_no_database_and_goes_over_to_the_same_revision(
    statement: Statement, django_assert_num_queries: Any
) -> None:
    translate(statement)
    first = read(statement.dialogue)
    keep_translations(first)
    second, third = read(first), read(first)
    third.revision += 1
    with django_assert_num_queries(0):
        keep_translations(second, first)
    with django_assert_num_queries(4):  # two tables in two languages
        keep_translations(third, first)
    statement.dialogue = second
    with override("es"), django_assert_num_queries(0):
        assert str(shown_text(statement)) == AUTOBUSES


def test_a_dialogue_in_one_language_asks_for_nothing(django_assert_num_queries: Any) -> None:
    statement = make_statement(make_dialogue(), 7, BUSES)
    with override("es"), django_assert_num_queries(0):
        assert shown_text(statement) == ShownText(BUSES)


@pytest.mark.parametrize("page", ["/d/harbour/s/7/", "/d/harbour/take-part/?again=7"])
def test_pages_show_the_translation_and_the_original_one_tap_away(
    client: Client, statement: Statement, page: str
) -> None:
    translate(statement)
    spanish = html.unescape(client.get(f"/es{page}").content.decode())
    place = spanish.index(f">{AUTOBUSES}<")
    with override("es"):
        folded = spanish.index(f"<summary>{by_volunteer()}</summary>", place)
    assert f' lang="en">{BUSES}</p>' in spanish[folded:]
    english = client.get(f"/en{page}").content.decode()
    assert AUTOBUSES not in html.unescape(english)
    assert BUSES in english

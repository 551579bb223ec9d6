"""What is given to the translator, what becomes of it, and how failures end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from dialogues.translations.machine.programs import UPPER, command_of, service
from middleground.dialogues.jobs import translate_by_program
from middleground.dialogues.models import Dialogue, StatementTranslation, TranslationTry
from middleground.dialogues.translations.actions import (
    keep_translation,
    refuse_translation,
    show_translation,
)
from middleground.dialogues.translations.machine.translator import TranslatorFailed
from middleground.dialogues.translations.machine.work import Rest, translate_some
from middleground.dialogues.translations.progress import text_into
from middleground.dialogues.translations.shown import shown_statement
from middleground.people.models import User
from support.cast import make_dialogue, make_staff, make_statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]


class Upper:
    """Translates by capital letters, and fails where a test says so."""

    host = ""

    def __init__(self, fails_at: str = "", code: str = "not_understood") -> None:
        self.asked: list[list[str]] = []
        self.fails_at, self.code = fails_at, code

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:  # noqa: ARG002
        self.asked.append(list(texts))
        if self.fails_at and any(self.fails_at in each for each in texts):
            raise TranslatorFailed(self.code)
        return [each.upper() for each in texts]


@pytest.fixture
def dialogue() -> Dialogue:
    return make_dialogue(other_languages=["es"], statements=2)


@pytest.fixture
def ben() -> User:
    return make_staff(email="ben@example.org")


def rows() -> list[tuple[str, str, str]]:
    found = StatementTranslation.objects.order_by("statement__number")
    return list(found.values_list("words", "state", "source"))


def test_what_lacks_a_translation_gets_one_that_waits_for_a_person(dialogue: Dialogue) -> None:
    assert translate_some(Upper(), Rest()) == 3  # the question, and two statements
    assert rows() == [
        ("STATEMENT NUMBER 1.", "proposed", "program"),
        ("STATEMENT NUMBER 2.", "proposed", "program"),
    ]
    with override("es"):
        assert not shown_statement(dialogue.statements.get(number=1)).translated
    assert translate_some(Upper(), Rest()) == 0


def test_a_person_checks_it_and_readers_are_told(dialogue: Dialogue, ben: User) -> None:
    translate_some(Upper(), Rest())
    first = StatementTranslation.objects.get(statement__number=1)
    show_translation(ben, dialogue, "statement-1", "es", first.pk)
    with override("es"):
        shown = shown_statement(dialogue.statements.get(number=1))
        assert shown.words == "STATEMENT NUMBER 1."
    with override("en"):
        assert StatementTranslation.objects.get(pk=first.pk).how.endswith("checked by a person")


def test_the_host_may_let_unchecked_ones_be_shown_and_pages_say_so(
    dialogue: Dialogue, ben: User, settings: Any, client: Client
) -> None:
    settings.TRANSLATOR_SHOWN = True
    translate_some(Upper(), Rest())
    shown = StatementTranslation.objects.get(statement__number=1)
    assert (shown.state, shown.checker) == ("shown", None)
    with override("en"):
        assert shown.how == "translated by a program, not checked"
    assert "STATEMENT NUMBER 1." in client.get("/es/d/harbour/s/1/").content.decode()
    text = text_into(dialogue, "es", "statement-1")
    assert text
    assert text.is_unchecked
    keep_translation(ben, dialogue, "statement-1", "es", shown.pk)
    text = text_into(dialogue, "es", "statement-1")
    assert text
    assert not text.is_unchecked


def test_only_what_readers_see_is_sent(dialogue: Dialogue) -> None:
    make_statement(dialogue, 3, "It waits.", status="pending")
    make_statement(dialogue, 4, "It is hidden.", status="rejected", reason="off_topic",
                   rejected_on="2026-01-01")  # fmt: skip
    make_dialogue("draft", state="draft", other_languages=["es"], question="A draft?")
    make_dialogue("alone", question="In one language?")
    sent = Upper()
    while translate_some(sent, Rest()):
        pass
    assert sent.asked == [
        ["What should the harbour be?", "Statement number 1.", "Statement number 2."]
    ]


def test_a_text_that_breaks_it_is_tried_alone_and_given_up(dialogue: Dialogue) -> None:
    breaks = Upper(fails_at="number 2")
    for _ in range(12):
        translate_some(breaks, Rest())
    assert [words for words, *_ in rows()] == ["STATEMENT NUMBER 1."]
    [tried] = TranslationTry.objects.all()
    assert (tried.key, tried.attempts, tried.error) == ("statement-2", 3, "not_understood")
    asked = len(breaks.asked)
    translate_some(breaks, Rest())
    assert len(breaks.asked) == asked
    dialogue.statements.filter(number=2).update(text="Other words.")
    assert translate_some(breaks, Rest()) == 1


def test_a_translator_that_is_gone_is_left_alone_for_longer_each_time(dialogue: Dialogue) -> None:
    gone, rest = Upper(fails_at="a", code="unreachable"), Rest()
    translate_some(gone, rest)
    translate_some(gone, rest)
    assert (len(gone.asked), rest.seconds) == (1, 60.0)
    assert TranslationTry.objects.count() == 0
    rest.until = 0.0
    gone.fails_at = ""
    assert translate_some(gone, rest) == 3
    assert rest.seconds == 30.0
    assert dialogue.statements.count() == 2


def test_what_a_person_refused_does_not_come_back(dialogue: Dialogue, ben: User) -> None:
    translate_some(Upper(), Rest())
    first = StatementTranslation.objects.get(statement__number=1)
    refuse_translation(ben, dialogue, "statement-1", "es", first.pk)
    assert translate_some(Upper(), Rest()) == 0
    assert [words for words, *_ in rows()] == ["STATEMENT NUMBER 2."]


def test_what_a_person_translated_meanwhile_stays(dialogue: Dialogue) -> None:
    class Slow(Upper):
        def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
            statement = dialogue.statements.get(number=1)
            StatementTranslation.objects.create(
                statement=statement, language="es", words="De Ana.", of_digest="x",
                source="volunteer",
            )  # fmt: skip
            return super().translate(texts, source, target)

    assert translate_some(Slow(), Rest()) == 2
    assert rows()[0] == ("De Ana.", "proposed", "volunteer")


def test_empty_and_endless_translations_are_not_stored(dialogue: Dialogue) -> None:
    class Odd(Upper):
        def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
            super().translate(texts, source, target)
            return ["  ", "x" * 1_001, "Sí."][: len(texts)]

    assert translate_some(Odd(), Rest()) == 1
    tried = TranslationTry.objects.order_by("key").values_list("key", "error")
    assert list(tried) == [("question", "empty"), ("statement-1", "too_much")]
    assert dialogue.other_languages == ["es"]


def test_the_job_runs_the_program_of_the_setting(
    dialogue: Dialogue, settings: Any, tmp_path: Path
) -> None:
    settings.TRANSLATOR = ""
    translate_by_program()
    assert rows() == []
    settings.TRANSLATOR = command_of(tmp_path, UPPER)
    translate_by_program()
    assert rows()[0][0] == "es: STATEMENT NUMBER 1."
    assert dialogue.statements.count() == 2


def test_pages_tell_of_a_service_and_not_of_a_program_of_this_machine(
    dialogue: Dialogue, settings: Any, tmp_path: Path, client: Client
) -> None:
    pages = ("/what-we-know/", "/d/harbour/write/")
    with service() as (address, asked):
        settings.TRANSLATOR = address
        host = address.split("/")[2]
        for page in pages:
            assert host in client.get(page).content.decode()
        settings.TRANSLATOR = command_of(tmp_path, UPPER)
        for page in pages:
            assert host not in client.get(page).content.decode()
        Dialogue.objects.update(other_languages=[])
        settings.TRANSLATOR = address
        assert host not in client.get("/d/harbour/write/").content.decode()
    assert asked == []  # no page asks it
    assert dialogue.slug == "harbour"

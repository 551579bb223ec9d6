"""A translation that readers doubt, and that a second person finds right."""

from __future__ import annotations

import pytest

from dialogues.translations.test_actions import ana, ben, dialogue, put, refused
from middleground.dialogues.models import Dialogue, StatementTranslation
from middleground.dialogues.translations.actions import keep_translation, show_translation
from middleground.dialogues.translations.progress import count_doubted
from middleground.people.models import User

__all__ = ["ana", "ben", "dialogue"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]


def doubted(dialogue: Dialogue, ana: User, ben: User) -> int:
    first = put(ana, dialogue, "Uno.")
    show_translation(ben, dialogue, "statement-1", "es", first)
    StatementTranslation.objects.update(doubts=3)
    return first


def test_a_second_person_finds_a_doubted_translation_right_and_it_stays_shown(
    dialogue: Dialogue, ana: User, ben: User
) -> None:
    first = doubted(dialogue, ana, ben)
    assert count_doubted(dialogue) == 1
    keep_translation(ben, dialogue, "statement-1", "es", first)
    kept = StatementTranslation.objects.get()
    assert (kept.state, kept.doubts, kept.checker, kept.words) == ("shown", 0, ben, "Uno.")
    assert count_doubted(dialogue) == 0


def test_its_translator_cannot_and_neither_can_a_changed_original_be_kept(
    dialogue: Dialogue, ana: User, ben: User
) -> None:
    first = doubted(dialogue, ana, ben)
    assert refused(keep_translation, ana, dialogue, "statement-1", "es", first) == "own"
    assert refused(keep_translation, ben, dialogue, "statement-1", "es", first + 1) == "replaced"
    dialogue.statements.filter(number=1).update(text="Other words.")
    assert refused(keep_translation, ben, dialogue, "statement-1", "es", first) == "stale"
    assert StatementTranslation.objects.get().doubts == 3

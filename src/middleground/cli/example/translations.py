"""The example in other languages, as if a volunteer had translated it and staff had checked it."""

from __future__ import annotations

from django.conf import settings

from middleground.demo.translated import ExampleTranslation, translations_of
from middleground.dialogues.models import (
    Dialogue,
    DialogueTranslation,
    StatementTranslation,
    TextTranslation,
)
from middleground.dialogues.models.texts.translation import digest_of
from middleground.dialogues.translations.actions import set_languages
from middleground.people.models import User


def store_translations(staff: User, dialogue: Dialogue) -> None:
    """Store them as rows: hundreds of entries in the log of staff would hide everything else."""
    offered = dict(settings.LANGUAGES)
    told = [each for each in translations_of(dialogue.slug) if each.language in offered]
    set_languages(staff, dialogue, dialogue.language, [each.language for each in told])
    for each in told:
        _store(staff, dialogue, each)


def _store(staff: User, dialogue: Dialogue, told: ExampleTranslation) -> None:
    def row(original: str, words: str) -> dict[str, object]:
        return {
            "language": told.language,
            "words": words,
            "of_digest": digest_of(original),
            "state": TextTranslation.State.SHOWN,
            "source": TextTranslation.Source.VOLUNTEER,
            "checker": staff,
        }

    DialogueTranslation.objects.bulk_create(
        DialogueTranslation(
            dialogue=dialogue,
            part=part,
            **row(getattr(dialogue, part.value), getattr(told, part.value)),
        )
        for part in DialogueTranslation.Part
    )
    StatementTranslation.objects.bulk_create(
        StatementTranslation(statement=each, **row(each.text, told.statements[each.text]))
        for each in dialogue.statements.votable()
        if each.text in told.statements
    )

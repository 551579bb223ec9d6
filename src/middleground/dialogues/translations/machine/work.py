"""Gives the translator what lacks a translation, a few texts at a time.

Only what readers see is sent: nothing that waits for a moderator, and nothing of a draft. What
comes back waits for a person, unless the host lets unchecked ones be shown.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import F

from middleground.dialogues.models import Dialogue, TextTranslation, TranslationTry
from middleground.dialogues.models.texts.translation import ENOUGH_TRIES, digest_of
from middleground.dialogues.translations.actions import cleaned
from middleground.dialogues.translations.languages import languages_of
from middleground.dialogues.translations.machine.translator import Translator, TranslatorFailed
from middleground.dialogues.translations.originals import Original
from middleground.dialogues.translations.progress import (
    TranslatedText,
    text_into,
    texts_by_language,
)

AT_ONCE = 10
LONGEST_REST = 3_600.0
_Source, _State = TextTranslation.Source, TextTranslation.State


@dataclass(slots=True)
class Rest:
    """How long a translator that cannot be reached is left alone; twice as long each time."""

    until: float = 0.0
    seconds: float = 30.0

    def begin(self) -> None:
        self.until = time.monotonic() + self.seconds
        self.seconds = min(2 * self.seconds, LONGEST_REST)

    def end(self) -> None:
        self.until, self.seconds = 0.0, 30.0

    @property
    def goes_on(self) -> bool:
        return time.monotonic() < self.until


@dataclass(frozen=True, slots=True)
class _Batch:
    """Texts of one language, which go to the translator together."""

    dialogue: Dialogue
    texts: list[Original]
    source: str
    target: str


def translate_some(translator: Translator, rest: Rest) -> int:
    """Translate the next few texts; return how many translations were stored.

    No lock is held while the translator works.
    """
    if rest.goes_on:
        return 0
    for batch in _batches():
        words = [each.words for each in batch.texts]
        try:
            found = translator.translate(words, batch.source, batch.target)
        except TranslatorFailed as failed:
            if not failed.is_about_texts:
                rest.begin()
                return 0
            for each in batch.texts:
                _note_failure(batch, each, failed.code)
            return 0
        rest.end()
        return sum(
            _store(batch, each, translated)
            for each, translated in zip(batch.texts, found, strict=True)
        )
    return 0


def _batches() -> Iterator[_Batch]:
    """The next texts of each dialogue, language and source. One that failed goes alone."""
    for dialogue in Dialogue.objects.exclude(state=Dialogue.State.DRAFT).filter(archived_on=None):
        if not dialogue.other_languages:
            continue
        tries = {
            (each.key, each.language): each
            for each in TranslationTry.objects.filter(dialogue=dialogue)
        }
        for target, texts in texts_by_language(dialogue, languages_of(dialogue)).items():
            by_source: dict[str, list[Original]] = {}
            for text in filter(_lacks, texts):
                original = text.original
                tried = tries.get((original.key, target))
                if tried is None or not tried.is_of(original.words):
                    by_source.setdefault(original.language, []).append(original)
                elif tried.attempts < ENOUGH_TRIES:
                    yield _Batch(dialogue, [original], original.language, target)
            for source, originals in by_source.items():
                yield _Batch(dialogue, originals[:AT_ONCE], source, target)


def _lacks(text: TranslatedText) -> bool:
    """Whether nobody has translated its present words."""
    return text.waiting is None and not text.is_shown


@transaction.atomic
def _store(batch: _Batch, original: Original, translated: str) -> int:
    """Store one translation, if there is still none; return 1 if it was stored."""
    dialogue = Dialogue.objects.select_for_update().get(pk=batch.dialogue.pk)
    now = text_into(dialogue, batch.target, original.key)
    if now is None or now.original.words != original.words or not _lacks(now):
        return 0
    words = cleaned(original, translated)
    if not words or len(words) > original.longest:
        _note_failure(batch, original, "too_much" if words else "empty")
        return 0
    made = original.kind.table(**original.of)
    made.language, made.words, made.of_digest = batch.target, words, digest_of(original.words)
    made.source = _Source.PROGRAM
    by_person = now.shown is not None and now.shown.source != _Source.PROGRAM
    if settings.TRANSLATOR_SHOWN and not by_person:
        made.state = _State.SHOWN
        if now.shown:
            now.shown.delete()
        Dialogue.objects.filter(pk=dialogue.pk).update(revision=F("revision") + 1)
    made.save()
    TranslationTry.objects.filter(
        dialogue=dialogue, key=original.key, language=batch.target
    ).delete()
    return 1


def _note_failure(batch: _Batch, original: Original, code: str) -> None:
    """Count it. One with other words than before begins anew."""
    tried, new = TranslationTry.objects.get_or_create(
        dialogue=batch.dialogue,
        key=original.key,
        language=batch.target,
        defaults={"of_digest": digest_of(original.words)},
    )
    if not new and not tried.is_of(original.words):
        tried.attempts, tried.of_digest = 0, digest_of(original.words)
    tried.attempts, tried.error = tried.attempts + 1, code
    tried.save()

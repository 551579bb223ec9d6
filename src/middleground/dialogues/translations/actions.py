"""What staff and volunteers do with translations. No original is changed by any of it.

The log of staff says who did what with which text in which language, and never the words: those of
a statement may have to go, and the log stays.
"""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.models import (
    Dialogue,
    StatementTranslation,
    TextTranslation,
    TranslationTry,
    Verb,
)
from middleground.dialogues.models.texts.translation import ENOUGH_TRIES, digest_of
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.dialogues.translations.languages import languages_of
from middleground.dialogues.translations.originals import Original
from middleground.dialogues.translations.progress import State, TranslatedText, text_into
from middleground.people.models import User
from middleground.people.permissions import Action, may
from middleground.texts.normalise import normalise, without_deceptive

_TYPED = HTTPStatus.UNPROCESSABLE_ENTITY


class TranslationRefused(Refused):
    """A translation, or the languages of a dialogue, stay as they are."""

    refusals = {
        "no_language": RefusalText(_("Choose a language that this site offers."), _TYPED),
        "no_text": RefusalText(
            _("There is no such text to translate into this language any more."),
            HTTPStatus.NOT_FOUND,
        ),
        "no_words": RefusalText(_("Write the translation."), _TYPED),
        "too_long": RefusalText(
            _("The translation has %(have)d characters; the limit is %(most)d."), _TYPED
        ),
        "changed": RefusalText(
            _(
                "The original has changed since you opened this page. Compare it with the"
                " translation, and save again."
            )
        ),
        "replaced": RefusalText(
            _("Somebody else changed this translation meanwhile. Look at what stands here now.")
        ),
        "own": RefusalText(
            _("You made this translation, so somebody else has to check it."), HTTPStatus.FORBIDDEN
        ),
        "stale": RefusalText(
            _("The original has changed since it was translated. Translate it again.")
        ),
    }


@transaction.atomic
def set_languages(staff: User, dialogue: Dialogue, language: str, others: Collection[str]) -> bool:
    """Say in which language the host writes, and into which ones texts are translated.

    Translations into a language that is taken away stay stored, and come back with it. Return
    False, and log nothing, if nothing changes. Raises ``TranslationRefused``.
    """
    offered = [code for code, _name in settings.LANGUAGES]
    if not {language, *others} <= set(offered):
        raise TranslationRefused("no_language")
    dialogue = _locked(dialogue)
    chosen = [code for code in offered if code in others and code != language]
    if (language, chosen) == (dialogue.language, dialogue.other_languages):
        return False
    dialogue.language, dialogue.other_languages = language, chosen
    dialogue.save(update_fields=["language", "other_languages"])
    log_staff_action(staff, dialogue, Verb.SET_LANGUAGES, language=language, others=chosen)
    return True


@transaction.atomic
def propose(
    user: User,
    dialogue: Dialogue,
    key: str,
    language: str,
    words: str,
    of_digest: str,
    *,
    instead_of: int | None = None,
) -> bool:
    """Store a translation that waits for a second person, in place of one that waits.

    ``of_digest``: of the original's words that the user saw. ``instead_of``: the id of the waiting
    translation that they saw, 0 for none, and None if it does not matter. Return False, and store
    nothing, if the same words wait or are shown already. Raises ``TranslationRefused``.
    """
    dialogue = _locked(dialogue)
    text = _text(dialogue, language, key)
    words = cleaned(text.original, words)
    if not words:
        raise TranslationRefused("no_words")
    if len(words) > text.original.longest:
        raise TranslationRefused("too_long", have=len(words), most=text.original.longest)
    digest = digest_of(text.original.words)
    if of_digest != digest:
        raise TranslationRefused("changed")
    waiting = text.waiting
    if instead_of is not None and instead_of != (waiting.pk if waiting else 0):
        raise TranslationRefused("replaced")
    newest = waiting or text.shown
    if newest and (newest.words, newest.of_digest) == (words, digest):
        return False
    if waiting:
        waiting.delete()
    made = text.original.kind.table(**text.original.of)
    made.language, made.words, made.of_digest = language, words, digest
    made.source, made.translator = _source(user, dialogue), user
    made.save()
    log_staff_action(user, dialogue, Verb.TRANSLATE, language=language, key=key)
    return True


@transaction.atomic
def show_translation(
    user: User, dialogue: Dialogue, key: str, language: str, proposal: int
) -> None:
    """Show the waiting translation with this id to readers, in place of an earlier one.

    Whoever made it cannot. Raises ``TranslationRefused``.
    """
    dialogue = _locked(dialogue)
    text = _text(dialogue, language, key)
    waiting = _same(text.waiting, proposal)
    if waiting.translator_id == user.pk:
        raise TranslationRefused("own")
    if not waiting.is_of(text.original.words):
        raise TranslationRefused("stale")
    if text.shown:
        text.shown.delete()
    waiting.state, waiting.checker, waiting.doubts = State.SHOWN, user, 0
    waiting.save(update_fields=["state", "checker", "doubts"])
    log_staff_action(user, dialogue, Verb.SHOW_TRANSLATION, language=language, key=key)


@transaction.atomic
def refuse_translation(
    user: User, dialogue: Dialogue, key: str, language: str, proposal: int
) -> None:
    """Delete the waiting translation with this id; its translator may, too.

    What is shown stays. Raises ``TranslationRefused``.
    """
    dialogue = _locked(dialogue)
    text = _text(dialogue, language, key)
    refused = _same(text.waiting, proposal)
    if refused.source == TextTranslation.Source.PROGRAM:
        _keep_from_program(dialogue, text, language)
    refused.delete()
    log_staff_action(user, dialogue, Verb.REFUSE_TRANSLATION, language=language, key=key)


@transaction.atomic
def hide_translation(user: User, dialogue: Dialogue, key: str, language: str, shown: int) -> None:
    """Take the shown translation with this id off the pages.

    It waits for a second person again, unless a newer one waits. Raises ``TranslationRefused``.
    """
    dialogue = _locked(dialogue)
    text = _text(dialogue, language, key)
    taken_off = _same(text.shown, shown)
    if text.waiting:
        taken_off.delete()
    else:
        taken_off.state, taken_off.checker = State.PROPOSED, None
        taken_off.save(update_fields=["state", "checker"])
    log_staff_action(user, dialogue, Verb.HIDE_TRANSLATION, language=language, key=key)


@transaction.atomic
def keep_translation(user: User, dialogue: Dialogue, key: str, language: str, shown: int) -> None:
    """Say that the shown translation with this id is right, although readers doubted it.

    Whoever made it cannot. Raises ``TranslationRefused``.
    """
    dialogue = _locked(dialogue)
    text = _text(dialogue, language, key)
    kept = _same(text.shown, shown)
    if kept.translator_id == user.pk:
        raise TranslationRefused("own")
    if not kept.is_of(text.original.words):
        raise TranslationRefused("stale")
    kept.checker, kept.doubts = user, 0
    kept.save(update_fields=["checker", "doubts"])
    if isinstance(kept, StatementTranslation) and kept.reading:
        kept.reading = StatementTranslation.Reading.CHECKED  # its readers are not told of again
        kept.save(update_fields=["reading"])
    log_staff_action(user, dialogue, Verb.KEEP_TRANSLATION, language=language, key=key)


def cleaned(original: Original, words: str) -> str:
    """The words as they are stored: without what could deceive; one line for a short text."""
    if original.is_one_line:
        return normalise(words)
    return without_deceptive(words).replace("\r\n", "\n").strip()


def _locked(dialogue: Dialogue) -> Dialogue:
    """The dialogue as it is now, so that colleagues take turns."""
    return Dialogue.objects.select_for_update().get(pk=dialogue.pk)


def _keep_from_program(dialogue: Dialogue, text: TranslatedText, language: str) -> None:
    """Let no program translate these words again: it would give the same."""
    TranslationTry.objects.update_or_create(
        dialogue=dialogue,
        key=text.original.key,
        language=language,
        defaults={
            "of_digest": digest_of(text.original.words),
            "attempts": ENOUGH_TRIES,
            "error": "refused",
        },
    )


def _text(dialogue: Dialogue, language: str, key: str) -> TranslatedText:
    if language not in languages_of(dialogue):
        raise TranslationRefused("no_language")
    text = text_into(dialogue, language, key)
    if text is None:
        raise TranslationRefused("no_text")
    return text


def _same(now: TextTranslation | None, seen: int) -> TextTranslation:
    """The translation, if it is still the one that the user saw."""
    if now is None or now.pk != seen:
        raise TranslationRefused("replaced")
    return now


def _source(user: User, dialogue: Dialogue) -> str:
    """A volunteer is whoever may translate here, and do nothing else."""
    source = TextTranslation.Source
    return source.STAFF if may(user, Action.SEE, dialogue) else source.VOLUNTEER

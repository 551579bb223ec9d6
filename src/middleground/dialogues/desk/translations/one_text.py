"""Page of one text in one language: translate it, and check what somebody else translated."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, to_locale
from django.views.decorators.http import require_http_methods

from middleground.core.languages.glossary import glossary_of
from middleground.core.page.errors.field_labels import form_fields
from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.desk.statements.chosen import is_number
from middleground.dialogues.models import Dialogue
from middleground.dialogues.models.texts.translation import digest_of
from middleground.dialogues.queries import any_dialogue
from middleground.dialogues.translations import actions
from middleground.dialogues.translations.languages import TextLanguage, languages_of
from middleground.dialogues.translations.progress import TranslatedText, next_to_do, text_into
from middleground.people.models import User
from middleground.people.permissions import Action, require, staff_only, staff_user

_SENT = {
    "do": forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            ("save", gettext_lazy("Save")),
            ("next", gettext_lazy("Save and next")),
            ("show", gettext_lazy("Show it")),
            ("refuse", gettext_lazy("Refuse it")),
            ("hide", gettext_lazy("Take it off")),
            ("keep", gettext_lazy("It is right")),
        ],
    ),
    "words": forms.CharField(label=gettext_lazy("Translation")),
    # Marks of the page, by which it is known what its reader saw.
    "of": forms.ChoiceField(choices=[]),
    "seen": forms.ChoiceField(choices=[]),
}


@form_fields(**_SENT)
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def translate_text(request: HttpRequest, slug: str, language: str, key: str) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.TRANSLATE, dialogue)
    if language not in languages_of(dialogue):
        raise Http404
    status, typed = 200, None
    if request.method == "POST":
        typed = request.POST.get("words")
        try:
            messages.success(request, _done(request, staff_user(request), dialogue, language, key))
            return _to_next(request, dialogue, language, key)
        except actions.TranslationRefused as refused:
            messages.error(request, refused.message)
            status = refused.status
    text = text_into(dialogue, language, key)
    if text is None and not typed:
        raise Http404
    page = {
        **dialogue_frame(request, dialogue),
        **(_shown(request, text, typed) if text else {"typed": typed}),
        "target": TextLanguage(language),
        "glossary": glossary_of(to_locale(language)).items(),
    }
    return render(request, "dialogues/desk/translation.html", page, status=status)


def _shown(request: HttpRequest, text: TranslatedText, typed: str | None) -> dict[str, Any]:
    """The text on its page; ``typed``: what was not stored, so that nothing is lost."""
    newest = text.waiting or text.shown
    mine = bool(text.waiting and text.waiting.translator_id == request.user.pk)
    may_keep = (text.is_doubted or text.is_unchecked or text.reads_apart) and text.is_shown
    if text.shown and text.shown.translator_id == request.user.pk:
        may_keep = False
    stored = newest.words if newest else ""
    return {
        "text": text,
        "typed": stored if typed is None else typed,
        "digest": digest_of(text.original.words),
        "mine": mine,
        "may_keep": may_keep,
        "waiting_stale": text.waiting and not text.waiting.is_of(text.original.words),
        "shown_stale": text.shown and not text.shown.is_of(text.original.words),
        "original_language": TextLanguage(text.original.language),
    }


def _done(request: HttpRequest, user: User, dialogue: Dialogue, language: str, key: str) -> str:
    """Do what the form asks, and return what to say. Raises ``TranslationRefused``."""
    sent = request.POST
    what, seen = sent.get("do", ""), sent.get("seen", "")
    number = int(seen) if is_number(seen) else 0
    if what == "show":
        actions.show_translation(user, dialogue, key, language, number)
        return _("Readers see this translation now.")
    if what == "refuse":
        actions.refuse_translation(user, dialogue, key, language, number)
        return _("The translation is deleted.")
    if what == "hide":
        actions.hide_translation(user, dialogue, key, language, number)
        return _("Readers see the original again.")
    if what == "keep":
        actions.keep_translation(user, dialogue, key, language, number)
        return _("You found it right. It stays on the pages.")
    words, digest = sent.get("words", ""), sent.get("of", "")
    saved = actions.propose(user, dialogue, key, language, words, digest, instead_of=number)
    if not saved:
        return _("Nothing was changed.")
    return _("Saved. It is shown once somebody else has checked it.")


def _to_next(request: HttpRequest, dialogue: Dialogue, language: str, key: str) -> HttpResponse:
    """To the next text that lacks a translation, if asked for and there is one."""
    if request.POST.get("do") != "next":
        return redirect("desk_translation", slug=dialogue.slug, language=language, key=key)
    following = next_to_do(dialogue, language, after=key)
    if following:
        return redirect("desk_translation", slug=dialogue.slug, language=language, key=following)
    return redirect("desk_translations_into", slug=dialogue.slug, language=language)

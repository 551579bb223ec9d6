"""A reader says that a translation is wrong. Only how many did is stored."""

from __future__ import annotations

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from middleground.core.page.errors import asked_too_often
from middleground.dialogues.identity.cookie import token_of
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.translations.languages import languages_of
from middleground.dialogues.translations.progress import TranslatedText, text_into
from middleground.dialogues.translations.shown import shown_text


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def doubt_translation(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Show the text in both languages, and count a doubt. No translation: 404."""
    dialogue = public_dialogue(slug)
    found = _translated(dialogue, key)
    if found.shown is None:
        raise Http404
    if request.method == "POST":
        too_many = asked_too_often(request, "doubt", token_of(request))
        if too_many:
            return too_many
        type(found.shown)._default_manager.filter(pk=found.shown.pk).update(doubts=F("doubts") + 1)
        return redirect(reverse("doubt-translation", args=[slug, key]) + "?thanks")
    original = getattr(found.shown, found.shown.OF)
    page = {
        "dialogue": dialogue,
        "text": shown_text(original, found.original.part),
        "back": original.get_absolute_url(),
        "thanked": "thanks" in request.GET,
    }
    return render(request, "dialogues/doubt.html", page)


def _translated(dialogue: Dialogue, key: str) -> TranslatedText:
    """What readers of this page's language see of the text; raises Http404."""
    language = get_language() or ""
    found = text_into(dialogue, language, key) if language in languages_of(dialogue) else None
    if found is None or (found.original.kind.follows_words and not found.is_shown):
        raise Http404
    return found

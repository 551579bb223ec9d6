"""A reader says that the translation of a statement is wrong. Only how many did is stored."""

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
from middleground.dialogues.models import StatementTranslation
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.statements.redaction import public_statement
from middleground.dialogues.translations.shown import shown_statement


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def doubt_translation(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show the statement in both languages, and count a doubt. No translation: 404."""
    statement = public_statement(public_dialogue(slug), number)
    text = shown_statement(statement)
    if not text.translated:
        raise Http404
    if request.method == "POST":
        too_many = asked_too_often(request, "doubt", token_of(request))
        if too_many:
            return too_many
        shown = StatementTranslation.objects.filter(
            statement=statement, language=get_language(), state=StatementTranslation.State.SHOWN
        )
        shown.update(doubts=F("doubts") + 1)
        return redirect(reverse("doubt-translation", args=[slug, number]) + "?thanks")
    page = {
        "dialogue": statement.dialogue,
        "statement": statement,
        "text": text,
        "thanked": "thanks" in request.GET,
    }
    return render(request, "dialogues/doubt.html", page)

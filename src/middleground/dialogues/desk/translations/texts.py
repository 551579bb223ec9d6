"""Page of a dialogue's texts in one language, by what is to be done with them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from middleground.core.page.paging import list_page
from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.queries import any_dialogue
from middleground.dialogues.translations.languages import TextLanguage, languages_of
from middleground.dialogues.translations.progress import FILTERS, texts_into
from middleground.people.permissions import Action, require, staff_only

ON_A_PAGE = 50
LABELS = {
    "to-do": _("To do"),
    "waiting": _("Waiting for a second person"),
    "unchecked": _("By a program, not checked"),
    "shown": pgettext_lazy("translations", "Shown"),
    "stale": _("Original changed since"),
    "doubted": _("Doubted by readers"),
    "apart": _("Read otherwise"),
}


@staff_only
@require_safe
def list_texts(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.TRANSLATE, dialogue)
    if language not in languages_of(dialogue):
        raise Http404
    texts = texts_into(dialogue, language)
    which = request.GET.get("which", "")
    kinds = {text.original.kind.slug: text.original.kind for text in texts}
    kind = kinds.get(request.GET.get("of", ""))
    if kind is not None:
        texts = [text for text in texts if text.original.kind is kind]
    found = [text for text in texts if FILTERS[which](text)] if which in FILTERS else texts
    page = {
        **dialogue_frame(request, dialogue),
        "target": TextLanguage(language),
        "which": which if which in FILTERS else "",
        "filters": [
            (name, LABELS[name], sum(map(chosen, texts))) for name, chosen in FILTERS.items()
        ],
        "all": len(texts),
        "kinds": list(kinds.values()) if len(kinds) > 1 else [],
        "kind": kind,
        "list": list_page(request.GET, found, ON_A_PAGE, others=("of", "which")),
    }
    return render(request, "dialogues/desk/translations_into.html", page)

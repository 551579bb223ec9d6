"""Page of a dialogue's languages: facilitators choose them, and all see how far each one is."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from middleground.core.page.errors.field_labels import form_fields
from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import any_dialogue
from middleground.dialogues.translations.actions import TranslationRefused, set_languages
from middleground.dialogues.translations.languages import TextLanguage, languages_of
from middleground.dialogues.translations.progress import FILTERS, count_apart, texts_by_language
from middleground.people.permissions import Action, require, staff_only, staff_user


class LanguagesForm(forms.Form):
    language = forms.ChoiceField(
        label=gettext_lazy("You write in"),
        help_text=gettext_lazy("The language of your question, background and promise."),
    )
    others = forms.MultipleChoiceField(
        label=gettext_lazy("Translated into"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name in ("language", "others"):
            self.fields[name].choices = settings.LANGUAGES  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class LanguageProgress:
    """How far a language is: how many texts there are in all, and in each list."""

    language: TextLanguage
    total: int
    counts: dict[str, int]

    @property
    def done(self) -> int:
        return self.counts["shown"]


@form_fields(LanguagesForm)
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def choose_languages(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.TRANSLATE, dialogue)
    form = LanguagesForm(
        initial={"language": dialogue.language, "others": dialogue.other_languages}
    )
    if request.method == "POST":
        require(request, Action.FACILITATE, dialogue)
        form = LanguagesForm(request.POST)
        if form.is_valid():
            try:
                changed = set_languages(staff_user(request), dialogue, **form.cleaned_data)
            except TranslationRefused as refused:
                form.add_error(None, refused.message)
            else:
                messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
                return redirect("desk_translations", slug=slug)
    page = {
        **dialogue_frame(request, dialogue),
        "form": form,
        "first": TextLanguage(dialogue.language),
        "rows": _progress(dialogue),
        "apart": count_apart(dialogue),
    }
    return render(request, "dialogues/desk/translations.html", page, status=_status(form))


def _status(form: forms.Form) -> int:
    return 422 if form.errors else 200


def _progress(dialogue: Dialogue) -> list[LanguageProgress]:
    """Of the dialogue's own language only if somebody wrote a statement in another one."""
    found = []
    for code, texts in texts_by_language(dialogue, languages_of(dialogue)).items():
        if texts or code != dialogue.language:
            counts = {name: sum(map(chosen, texts)) for name, chosen in FILTERS.items()}
            found.append(LanguageProgress(TextLanguage(code), len(texts), counts))
    return found

"""The desk page on which forms are printed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from middleground.ballots.models import Edition
from middleground.core.page.errors.field_labels import form_fields
from middleground.core.refusals import Refused
from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import any_dialogue
from middleground.dialogues.translations.languages import TextLanguage
from middleground.disclosure.rounding import floor_to_step
from middleground.people.permissions import Action, require, staff_only, staff_user

MOST_SHEETS, MOST_STATEMENTS, MOST_FORMS = 1_000, 60, 20


class OrderForm(forms.Form):
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the form"),
        help_text=gettext_lazy(
            "Statements without a translation into it are printed as they were written."
        ),
    )
    paper = forms.ChoiceField(
        label=pgettext_lazy("format", "Paper"),
        choices=Edition.Paper.choices,
        initial=Edition.Paper.LETTER,
    )
    large = forms.BooleanField(label=gettext_lazy("Large print"), required=False)
    own_statement = forms.BooleanField(
        label=gettext_lazy("Room for an own statement"), required=False, initial=True
    )
    statements = forms.IntegerField(
        label=gettext_lazy("Statements on each form, at most"),
        min_value=1,
        max_value=MOST_STATEMENTS,
        initial=12,
        help_text=gettext_lazy("Twelve short ones fill one page."),
    )
    selections = forms.IntegerField(
        label=gettext_lazy("Different forms"),
        min_value=1,
        max_value=MOST_FORMS,
        initial=4,
        help_text=gettext_lazy(
            "Each has other statements, chosen as on the web. With more forms more statements "
            "get votes."
        ),
    )
    sheets = forms.IntegerField(
        label=pgettext_lazy("sheets of paper", "How many sheets"),
        min_value=1,
        max_value=MOST_SHEETS,
        initial=40,
        help_text=gettext_lazy("One for each person. The number is logged and public."),
    )

    two_sided = forms.BooleanField(
        label=gettext_lazy("The printer prints on both sides"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Then each form begins on a new sheet of paper."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("selections", 0) > found.get("sheets", MOST_FORMS):
            self.add_error("selections", gettext_lazy("There are more forms than sheets."))
        return found


@form_fields(OrderForm)
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def order_forms(request: HttpRequest, slug: str) -> HttpResponse:
    """List the editions; a new one is sent as a PDF, once."""
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    form = OrderForm(request.POST or None, initial={"language": dialogue.language})
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                return _printed(request, dialogue, form)
            except Refused as refused:
                form.add_error(None, refused.message)
                status = refused.status
        status = max(status, 422)
    page = {
        **dialogue_frame(request, dialogue),
        "here": "ballots",
        "form": form,
        "editions": [_row(each, dialogue.minimum_shown) for each in dialogue.editions.all()],
        "can_print": _can_print(),
    }
    return render(request, "ballots/desk.html", page, status=status)


def _printed(request: HttpRequest, dialogue: Dialogue, form: OrderForm) -> HttpResponse:
    """Raises ``EditionRefused`` or ``CodesRefused``."""
    from middleground.ballots.editions import Order, print_edition

    edition, pdf = print_edition(staff_user(request), dialogue, Order(**form.cleaned_data))
    name = f"{dialogue.slug}-forms-{edition.number}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _can_print() -> bool:
    try:
        import middleground.paper.printing  # noqa: F401
    except ImportError:
        return False
    return True


def _row(edition: Edition, step: int) -> dict[str, Any]:
    """An edition as a table row. What came back is told in steps."""
    used = sum(each.codes.used for each in edition.forms.select_related("codes"))
    return {
        "edition": edition,
        "language": TextLanguage(edition.language),
        "forms": edition.forms.count(),
        "used": floor_to_step(used, step),
    }

"""Page of a host's own reasons for not showing a text."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from middleground.core.page.errors.field_labels import form_fields
from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.models import Dialogue, Reason
from middleground.dialogues.models.texts.own_reason import own_reasons
from middleground.dialogues.queries import any_dialogue
from middleground.dialogues.texts.form_fields import TellsWhatIsTakenOut
from middleground.dialogues.texts.own_reasons import (
    LONGEST_EXPLANATION,
    LONGEST_LABEL,
    MOST_IN_USE,
    OwnReasonRefused,
    add_reason,
    retire_reason,
)
from middleground.people.permissions import Action, require, staff_only, staff_user

_FIELDS = {
    "no_label": "label",
    "long_label": "label",
    "twice": "label",
    "no_explanation": "explanation",
    "long_explanation": "explanation",
}


class OwnReasonForm(TellsWhatIsTakenOut, forms.Form):
    # The action refuses what is empty or too long, so that a longer text is given back whole.
    label = forms.CharField(
        label=gettext_lazy("It is not shown, because it …"),
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "data-count": str(LONGEST_LABEL)}),
        help_text=gettext_lazy(
            "Such as “names a business”. It must fit every opinion. At most 60 characters."
        ),
    )
    explanation = forms.CharField(
        label=gettext_lazy("What its author reads"),
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 3, "dir": "auto", "data-count": str(LONGEST_EXPLANATION)}
        ),
        help_text=gettext_lazy("The rule, and what the author can do. At most 300 characters."),
    )


@form_fields(OwnReasonForm)
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def manage_reasons(request: HttpRequest, slug: str) -> HttpResponse:
    """All staff of the dialogue read them; facilitators add and retire some."""
    dialogue = any_dialogue(slug)
    require(request, Action.SEE, dialogue)
    if request.method != "POST":
        return _page(request, dialogue, OwnReasonForm())
    require(request, Action.FACILITATE, dialogue)
    if "retire" in request.POST:
        return _retire(request, dialogue, request.POST["retire"])
    form = OwnReasonForm(request.POST)
    if form.is_valid() and _added(request, dialogue, form):
        return redirect("desk_reasons", slug=slug)
    return _page(request, dialogue, form)


def _added(request: HttpRequest, dialogue: Dialogue, form: OwnReasonForm) -> bool:
    words = form.cleaned_data
    try:
        add_reason(staff_user(request), dialogue, words["label"], words["explanation"])
    except OwnReasonRefused as refused:
        for each in refused.reasons:
            form.add_error(_FIELDS.get(each.code), each.message)
        return False
    messages.success(request, _("The reason is added."))
    return True


def _retire(request: HttpRequest, dialogue: Dialogue, code: str) -> HttpResponse:
    try:
        retire_reason(staff_user(request), dialogue, code)
    except OwnReasonRefused as refused:
        messages.warning(request, refused.message)
    else:
        messages.success(request, _("Nobody can choose this reason any more."))
    return redirect("desk_reasons", slug=dialogue.slug)


def _page(request: HttpRequest, dialogue: Dialogue, form: OwnReasonForm) -> HttpResponse:
    found = own_reasons(dialogue)
    page = {
        **dialogue_frame(request, dialogue),
        "form": form,
        "fixed": Reason.labels,
        "in_use": [each for each in found if not each.retired],
        "retired": [each for each in found if each.retired],
        "most": MOST_IN_USE,
    }
    return render(request, "dialogues/desk/reasons.html", page)

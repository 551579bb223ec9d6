"""Links with a password, by which somebody outside looks at a dialogue before it opens."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from middleground.core.page.day_field import DayField
from middleground.core.page.errors.field_labels import form_fields
from middleground.core.page.errors.given_back import secret_fields
from middleground.core.site_files.canonical import absolute
from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.lifecycle.preview_links import (
    FIRST_DAYS,
    MOST_DAYS,
    SHORTEST_PASSWORD,
    NewPreview,
    PreviewRefused,
    is_public,
    last_day,
    make_preview_link,
    withdraw_preview_link,
)
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import any_dialogue
from middleground.people.permissions import Action, require, staff_only, staff_user


def _first_end() -> date:
    return timezone.localdate() + timedelta(days=FIRST_DAYS)


class PreviewLinkForm(forms.Form):
    label = forms.CharField(
        label=gettext_lazy("Label"),
        max_length=60,
        help_text=gettext_lazy(
            "For staff only, such as “school board”. No person’s name is needed."
        ),
    )
    ends_on = DayField(label=gettext_lazy("Last day"), initial=_first_end)
    password = forms.CharField(
        label=gettext_lazy("A password of your own"),
        required=False,
        max_length=100,
        strip=True,
        help_text=gettext_lazy("Ten characters or more. If empty, we make one."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_ends_on(self) -> date:
        day: date = self.cleaned_data["ends_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a later day."))
        if day > last_day():
            raise forms.ValidationError(
                _("Choose a day within the next %(days)d days.") % {"days": MOST_DAYS}
            )
        return day

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if password and len(password) < SHORTEST_PASSWORD:
            raise forms.ValidationError(_("Use ten characters or more, or leave it empty."))
        if password:
            CommonPasswordValidator().validate(password)
        return password


@secret_fields("password")
@form_fields(PreviewLinkForm)
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def manage_links(request: HttpRequest, slug: str) -> HttpResponse:
    """List the links, and make one. Its address and password are in this response only."""
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    form = PreviewLinkForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = make_preview_link(staff_user(request), dialogue, **form.cleaned_data)
        except PreviewRefused as refused:
            form.add_error("label" if refused.code == "label_is_taken" else None, refused.message)
        else:
            page = _page(request, dialogue, form, made)
            return render(request, "dialogues/desk/preview_link_made.html", page)
    page = _page(request, dialogue, form)
    status = 422 if form.errors else 200
    return render(request, "dialogues/desk/preview_links.html", page, status=status)


def _page(
    request: HttpRequest,
    dialogue: Dialogue,
    form: PreviewLinkForm,
    made: NewPreview | None = None,
) -> dict[str, Any]:
    path = reverse("preview", args=[made.token]) if made else ""
    return {
        **dialogue_frame(request, dialogue),
        "form": form,
        "made": made,
        "address": absolute(path),
        "last_day": form.cleaned_data.get("ends_on") if made else None,
        "links": dialogue.preview_links.filter(ends_on__gte=timezone.localdate()),
        "is_public": is_public(dialogue),
    }


@staff_only
@require_POST
def withdraw_link(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    if not withdraw_preview_link(staff_user(request), dialogue, number):
        raise Http404
    messages.success(request, _("The link is withdrawn."))
    return redirect("desk_preview_links", slug=slug)

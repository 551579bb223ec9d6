"""Archived copies: served to everyone, stored and removed by staff."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from middleground.dialogues.queries import any_dialogue, public_dialogue
from middleground.evidence.actions.copies import CopyRefused, remove_copy, store_copy
from middleground.evidence.copies import MOST_BYTES, TYPES, path_of
from middleground.evidence.queries import source_at_desk
from middleground.people.permissions import Action, require, staff_only, staff_user

# Nothing in the file may run, load or be framed, if a browser shows it all the same.
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


class CopyForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "PDF, PNG, JPEG, text or HTML, up to 2.5 MB. Everyone can download it. Upload only "
            "what you may pass on."
        ),
        allow_empty_file=True,
    )


@require_safe
def download_copy(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    """Send the file, always to be saved and never to be shown."""
    dialogue = public_dialogue(slug)
    source = dialogue.sources.filter(number=number, withdrawn="").exclude(copy_hash="").first()
    if source is None:
        raise Http404
    kind = TYPES[source.copy_type]
    try:
        file = path_of(source.copy_hash).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # sent as it lies on the disk
    name = f"{dialogue.slug}-source-{source.number}.{kind.ending}"
    response = FileResponse(file, as_attachment=True, filename=name, content_type=kind.sent_as)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, no_cache=True)
    return response


@staff_only
@require_POST
def upload_copy(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.MODERATE, dialogue)
    source = source_at_desk(dialogue, number)
    form = CopyForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose a file first."))
        return redirect("desk_source", slug=slug, number=number)
    file = form.cleaned_data["file"]
    try:
        store_copy(staff_user(request), source, file.read(MOST_BYTES + 1))
    except CopyRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("The copy is stored."))
    return redirect("desk_source", slug=slug, number=number)


@staff_only
@require_POST
def delete_copy(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.MODERATE, dialogue)
    remove_copy(staff_user(request), source_at_desk(dialogue, number))
    messages.success(request, _("The copy is removed."))
    return redirect("desk_source", slug=slug, number=number)

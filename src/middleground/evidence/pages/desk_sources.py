"""Sources at the desk: the list of sources and claims, one source, withdrawing it."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.queries import any_dialogue
from middleground.evidence.actions.refusals import EvidenceRefused
from middleground.evidence.actions.sources import (
    add_source,
    edit_source,
    restore_source,
    withdraw_source,
)
from middleground.evidence.cleaning import FIELDS
from middleground.evidence.models import Source
from middleground.evidence.pages.copy import CopyForm
from middleground.evidence.pages.forms import SourceForm, WithdrawForm
from middleground.evidence.pages.public import SOURCES_ON_A_PAGE, claims_with_counts
from middleground.evidence.queries import dead_addresses, source_at_desk
from middleground.people.permissions import Action, require, staff_only, staff_user


@staff_only
@require_safe
def show_evidence(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.MODERATE, dialogue)
    paginator = Paginator(dialogue.sources.order_by("-number"), SOURCES_ON_A_PAGE)
    page = {
        **dialogue_frame(request, dialogue),
        "sources": paginator.get_page(request.GET.get("page")),
        "claims": claims_with_counts(dialogue),
        "dead": dead_addresses(dialogue),
    }
    return render(request, "evidence/desk/sources.html", page)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def create_source(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.MODERATE, dialogue)
    form = SourceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            source = add_source(staff_user(request), dialogue, form.values())
        except EvidenceRefused as refused:
            tell(form, refused)
        else:
            done = _("Source %(number)d was added.") % {"number": source.number}
            messages.success(request, done)
            return redirect("desk_source", slug=slug, number=source.number)
    page = {**dialogue_frame(request, dialogue), "form": form}
    return render(request, "evidence/desk/source.html", page)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def change_source(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.MODERATE, dialogue)
    source = source_at_desk(dialogue, number)
    given = {name: getattr(source, name) for name in FIELDS} | {"revision": source.revision}
    form = SourceForm(request.POST if request.method == "POST" else None, initial=given)
    if form.is_valid():
        revision = form.cleaned_data["revision"]
        try:
            changed = edit_source(staff_user(request), source, form.values(), revision)
        except EvidenceRefused as refused:
            tell(form, refused)
            renew(form, refused, source.revision)
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
            return redirect("desk_source", slug=slug, number=number)
    return _source_page(request, source, form, WithdrawForm())


@staff_only
@require_POST
def withdraw(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.MODERATE, dialogue)
    source = source_at_desk(dialogue, number)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        given = {name: getattr(source, name) for name in FIELDS} | {"revision": source.revision}
        return _source_page(request, source, SourceForm(initial=given), form)
    withdraw_source(staff_user(request), source, form.cleaned_data["reason"])
    messages.success(request, _("The source is withdrawn."))
    return redirect("desk_source", slug=slug, number=number)


@staff_only
@require_POST
def restore(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.MODERATE, dialogue)
    restore_source(staff_user(request), source_at_desk(dialogue, number))
    messages.success(request, _("The source is shown again."))
    return redirect("desk_source", slug=slug, number=number)


def tell(form: forms.Form, refused: EvidenceRefused, field: str | None = None) -> None:
    """Show why it was refused; what was typed stays in the form."""
    for reason in refused.reasons:
        form.add_error(field, reason.message)


def renew(form: forms.Form, refused: EvidenceRefused, revision: int) -> None:
    """Let the form be sent once more over what a colleague stored meanwhile."""
    if refused.code == "changed_meanwhile":
        form.data = {**cast("QueryDict", form.data).dict(), "revision": str(revision)}


def _source_page(
    request: HttpRequest, source: Source, form: SourceForm, withdrawing: WithdrawForm
) -> HttpResponse:
    page = {
        **dialogue_frame(request, source.dialogue),
        "source": source,
        "form": form,
        "withdrawing": withdrawing,
        "copy_form": CopyForm(),
    }
    return render(request, "evidence/desk/source.html", page)

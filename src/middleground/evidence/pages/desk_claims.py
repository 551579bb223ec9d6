"""Claims at the desk: text, citations, passages, withdrawing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.queries import any_dialogue
from middleground.evidence.actions.claims import (
    add_claim,
    add_passage,
    edit_claim,
    remove_passage,
    restore_claim,
    withdraw_claim,
)
from middleground.evidence.actions.refusals import EvidenceRefused
from middleground.evidence.models import Claim
from middleground.evidence.pages.desk_sources import renew, tell
from middleground.evidence.pages.forms import ClaimForm, PassageForm, WithdrawForm
from middleground.evidence.pages.public import sides_of
from middleground.evidence.queries import claim_at_desk
from middleground.people.permissions import Action, require, staff_only, staff_user


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def create_claim(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.MODERATE, dialogue)
    form = ClaimForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        values = form.cleaned_data
        try:
            claim = add_claim(
                staff_user(request),
                dialogue,
                values["text"],
                in_background=values["in_background"],
                cited_by=values["cited_by"],
            )
        except EvidenceRefused as refused:
            tell(form, refused, "cited_by")
        else:
            messages.success(request, _("The claim is added. Now add what sources say about it."))
            return redirect("desk_claim", slug=slug, number=claim.number)
    page = {**dialogue_frame(request, dialogue), "form": form}
    return render(request, "evidence/desk/claim.html", page)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def change_claim(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.MODERATE, dialogue)
    claim = claim_at_desk(dialogue, number)
    form = ClaimForm(
        request.POST if request.method == "POST" else None, initial=ClaimForm.of(claim)
    )
    if form.is_valid():
        values = form.cleaned_data
        try:
            changed = edit_claim(
                staff_user(request),
                claim,
                values["text"],
                in_background=values["in_background"],
                cited_by=values["cited_by"],
                revision=values["revision"],
            )
        except EvidenceRefused as refused:
            tell(form, refused, "cited_by" if refused.code == "no_statement" else None)
            renew(form, refused, claim.revision)
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
            return redirect("desk_claim", slug=slug, number=number)
    return _claim_page(request, claim, form=form)


@staff_only
@require_POST
def create_passage(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.MODERATE, dialogue)
    claim = claim_at_desk(dialogue, number)
    form = PassageForm(dialogue, request.POST)
    if form.is_valid():
        try:
            add_passage(staff_user(request), claim, **form.cleaned_data)
        except EvidenceRefused as refused:
            tell(form, refused)
        else:
            messages.success(request, _("The passage is added."))
            return redirect("desk_claim", slug=slug, number=number)
    return _claim_page(request, claim, passage_form=form)


@staff_only
@require_POST
def delete_passage(
    request: HttpRequest, slug: str, number: int, passage_number: int
) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.MODERATE, dialogue)
    claim = claim_at_desk(dialogue, number)
    passage = claim.passages.filter(number=passage_number).first()
    if passage is not None:
        passage.claim = claim
        remove_passage(staff_user(request), passage)
    messages.success(request, _("The passage is removed."))
    return redirect("desk_claim", slug=slug, number=number)


@staff_only
@require_POST
def withdraw(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.MODERATE, dialogue)
    claim = claim_at_desk(dialogue, number)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _claim_page(request, claim, withdrawing=form)
    withdraw_claim(staff_user(request), claim, form.cleaned_data["reason"])
    messages.success(request, _("The claim is withdrawn."))
    return redirect("desk_claim", slug=slug, number=number)


@staff_only
@require_POST
def restore(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.MODERATE, dialogue)
    restore_claim(staff_user(request), claim_at_desk(dialogue, number))
    messages.success(request, _("The claim is shown again."))
    return redirect("desk_claim", slug=slug, number=number)


def _claim_page(
    request: HttpRequest,
    claim: Claim,
    *,
    form: ClaimForm | None = None,
    passage_form: PassageForm | None = None,
    withdrawing: WithdrawForm | None = None,
) -> HttpResponse:
    passages = claim.passages.select_related("source").order_by("number")
    page = {
        **dialogue_frame(request, claim.dialogue),
        "claim": claim,
        "sides": sides_of(passages),
        "form": form or ClaimForm(initial=ClaimForm.of(claim)),
        "passage_form": passage_form or PassageForm(claim.dialogue),
        "withdrawing": withdrawing or WithdrawForm(),
    }
    return render(request, "evidence/desk/claim.html", page)

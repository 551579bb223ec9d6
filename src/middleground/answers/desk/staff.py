"""Desk pages of the host's staff: rules of answers, triage, and each case."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from middleground.answers.cases.gathering import gather, open_case, release, set_aside, take_up
from middleground.answers.cases.refusals import CaseRefused
from middleground.answers.cases.rules import rules_of, set_rules
from middleground.answers.cases.sentences import story_of
from middleground.answers.cases.story import state_of
from middleground.answers.desk.case_changes import STAFF_CHANGES
from middleground.answers.desk.forms import RulesForm
from middleground.answers.models import AnswerRules, Case, Concern, SetAside
from middleground.answers.triage.open_concerns import (
    COMMENTS,
    bundle_numbers,
    open_comments,
    open_statements,
    with_suggestions,
)
from middleground.answers.triage.suggestions import suggestions_of
from middleground.core.page.paging import ListPage, list_page
from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.desk.statements.chosen import numbers_in
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import any_dialogue
from middleground.people.desk_change import done, sent, show_change
from middleground.people.permissions import Action, require, staff_only, staff_user

PAGE = 50
_LISTS = ("bundle", "page", "cases", "aside")  # what an address of triage says


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit_rules(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    form = RulesForm(sent(request), instance=rules_of(dialogue))
    stored = done(form, lambda: set_rules(form.instance)) if form.is_valid() else None
    if stored is not None:
        messages.success(request, _("Saved."))
        return redirect("desk_cases", slug=slug)
    page = {**dialogue_frame(request, dialogue), "form": form, "here": "cases"}
    return render(request, "answers/desk/rules.html", page)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def triage(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the open concerns; gather those that are ticked into a case, or set them aside."""
    dialogue = any_dialogue(slug)
    require(request, Action.HANDLE_CASES, dialogue)
    if request.method != "POST":
        return _show_triage(request, dialogue)
    try:
        _decide(request, dialogue)
    except CaseRefused as refused:
        messages.error(request, refused.message)
        return _show_triage(request, dialogue)
    return redirect(f"{reverse('desk_cases', args=[slug])}?{urlencode(_place(request))}")


def _decide(request: HttpRequest, dialogue: Dialogue) -> None:
    """Do with the ticked texts what the pressed button says. Raises ``CaseRefused``."""
    verb = request.POST.get("decide", "")
    numbers = numbers_in(request.POST.getlist("chosen"))
    if verb == "gather":
        number = numbers_in([request.POST.get("case", "")])
        case = Case.objects.filter(dialogue=dialogue, number__in=number).first()
        if case is None:
            raise CaseRefused("no_case")
        gather(staff_user(request), case, numbers)
        messages.success(request, _("Now part of case %(case)s.") % {"case": case})
    elif verb == "aside":
        _set_aside(request, dialogue, numbers)
    else:
        title = request.POST.get("title", "").strip()[:120]
        if not title:
            raise CaseRefused("no_title")
        case = open_case(staff_user(request), dialogue, title=title, numbers=numbers)
        messages.success(request, _("Case %(case)s is open. Give it to a body.") % {"case": case})


def _set_aside(request: HttpRequest, dialogue: Dialogue, numbers: list[int]) -> None:
    reason = request.POST.get("reason", "")
    if reason not in SetAside.values:
        raise CaseRefused("no_reason")
    same_as = None
    if reason == SetAside.SAME:
        same = numbers_in([request.POST.get("same_as", "")])
        same_as = dialogue.statements.votable().filter(number__in=same).first()
        if same_as is None or same_as.number in numbers:
            raise CaseRefused("same_as_what")
    note = request.POST.get("note", "").strip()[:300]
    set_aside(dialogue, numbers, reason, note=note, same_as=same_as)
    messages.success(request, _("Set aside. The public sees the reason."))


def _show_triage(request: HttpRequest, dialogue: Dialogue) -> HttpResponse:
    bundle = request.GET.get("bundle", "")
    waiting: QuerySet[Any] = open_statements(dialogue)
    if bundle == COMMENTS:
        waiting = open_comments(dialogue)
    chosen = frozenset(numbers_in(request.POST.getlist("chosen")))
    found = bundle_numbers(bundle, dialogue, timezone.localdate())
    if found is not None:
        waiting = waiting.filter(number__in=found)
    page = _list(request, waiting, "page", "#concerns")
    ticked = chosen if found is None or request.method == "POST" else frozenset(found)
    kept = suggestions_of(dialogue)
    cases = Case.objects.filter(dialogue=dialogue).select_related("body", "post")
    aside = Concern.objects.filter(dialogue=dialogue).exclude(set_aside="")
    aside = aside.with_texts().select_related("same_as").order_by("number")
    context = {
        **dialogue_frame(request, dialogue),
        "here": "cases",
        "items": with_suggestions(dialogue, page.rows, ticked, kept),
        "compared": kept,
        "page": page,
        "place": urlencode(_place(request)),
        "bundle": bundle if found is not None or bundle == COMMENTS else "",
        "has_comments": dialogue.takes_comments or dialogue.comments.exists(),
        "cases": _list(request, cases.order_by("number"), "cases", "#cases"),
        "to_choose": list(cases.waiting().order_by("number")[: PAGE + 1]),
        "most_to_choose": PAGE,
        "aside": _list(request, aside, "aside", "#aside"),
        "rules": AnswerRules.objects.filter(dialogue=dialogue).first(),
        "reasons": SetAside.choices,
        "sent": request.POST,
        "today": timezone.localdate(),
    }
    return render(request, "answers/desk/triage.html", context)


@staff_only
@require_safe
def show_case(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.HANDLE_CASES, dialogue)
    case = _case(dialogue, number)
    events = list(case.events.all())
    state = state_of(events)
    page = {
        **dialogue_frame(request, dialogue),
        "here": "cases",
        "case": case,
        "state": state,
        "concerns": Concern.objects.with_texts().filter(cases=case),
        "story": story_of(events),
        "changes": {
            verb: change
            for verb, change in STAFF_CHANGES.items()
            if (verb == "reopen") != state.is_waiting and (verb != "close" or state.is_waiting)
        },
        "today": timezone.localdate(),
    }
    return render(request, "answers/desk/case.html", page)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def change_case(request: HttpRequest, slug: str, number: int, verb: str) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.HANDLE_CASES, dialogue)
    back = reverse("desk_case", args=[slug, number])
    return show_change(request, _case(dialogue, number), STAFF_CHANGES[verb], back)


@staff_only
@require_POST
def release_concern(request: HttpRequest, slug: str, number: int, concern: int) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.HANDLE_CASES, dialogue)
    try:
        release(staff_user(request), _case(dialogue, number), concern)
        messages.success(request, _("It is no longer part of the case."))
    except CaseRefused as refused:
        messages.error(request, refused.message)
    return redirect("desk_case", slug=slug, number=number)


@staff_only
@require_POST
def take_up_concern(request: HttpRequest, slug: str, concern: int) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.HANDLE_CASES, dialogue)
    take_up(dialogue, concern)
    messages.success(request, _("It is open again."))
    return redirect("desk_cases", slug=slug)


def _case(dialogue: Dialogue, number: int) -> Case:
    cases = Case.objects.select_related("dialogue", "body", "post__body", "offered_to")
    return get_object_or_404(cases, dialogue=dialogue, number=number)


def _place(request: HttpRequest) -> dict[str, Any]:
    """The part of the address that says where one is in the lists."""
    return {name: request.GET[name] for name in _LISTS if name in request.GET}


def _list(request: HttpRequest, rows: QuerySet[Any], name: str, anchor: str) -> ListPage:
    return list_page(request.GET, rows, PAGE, name=name, others=_LISTS, anchor=anchor)

"""Desk pages of officials: what their posts owe, and writing the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from middleground.answers.cases.asking import asking
from middleground.answers.cases.sentences import story_of
from middleground.answers.cases.story import CaseState, state_of
from middleground.answers.commitments.keeping import PROMISING
from middleground.answers.commitments.pages.lines import ShownCommitment, shown
from middleground.answers.desk.case_changes import POST_CHANGES, PostCase
from middleground.answers.desk.commitments import commitments_of_posts
from middleground.answers.desk.draft_form import DraftForm
from middleground.answers.desk.offices import acting_post, held_by, owed_by, posts_of
from middleground.answers.models import AnswerRules, Case, CaseStatus, ResponseDraft
from middleground.answers.models.case import CaseQuerySet
from middleground.answers.responses.drafts import draft_of, review_draft, save_draft
from middleground.answers.responses.publish import publish_response
from middleground.answers.responses.refusals import ResponseRefused
from middleground.core.page.paging import list_page
from middleground.people.desk_change import show_change
from middleground.people.models import Post, User
from middleground.people.permissions import Action, may, require, staff_only, staff_user

ENTRIES_ON_A_PAGE = 50
# Which changes there are while a case waits, is offered, or is answered.
_WAITING = ("acknowledge", "pause", "resume", "extend", "offer")


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """A case or a commitment of a body for which somebody acts.

    ``offered``: the body may still refuse the case. ``soon``: the commitment is due in a week.
    """

    due_on: date | None
    case: Case | None = None
    offered: bool = False
    commitment: ShownCommitment | None = None
    soon: bool = False


@staff_only
@require_safe
def show_inbox(request: HttpRequest) -> HttpResponse:
    """What the official's posts owe, due first; then what is offered to their bodies."""
    user, today = staff_user(request), timezone.localdate()
    posts = posts_of(user)
    entries = _entries(posts, today)
    page = {
        "posts": posts,
        "entries": list_page(request.GET, entries, ENTRIES_ON_A_PAGE),
        "overdue": sum(1 for each in entries if each.due_on and each.due_on < today),
        "answered": _cases_of(posts)
        .filter(status=CaseStatus.ANSWERED)
        .order_by("-answered_on")[:20],
        "today": today,
    }
    return render(request, "answers/desk/inbox.html", page)


def _entries(posts: list[Post], today: date) -> list[InboxEntry]:
    """Cases that wait and commitments that are owed, due first; last those that are paused."""
    cases = _cases_of(posts).waiting().order_by("pk")
    owed = commitments_of_posts(posts).open().order_by("pk")
    bodies, week = {post.body_id for post in posts}, today + timedelta(days=7)
    entries = [
        InboxEntry(case.due_on, case=case, offered=case.offered_to_id in bodies) for case in cases
    ]
    entries += [
        InboxEntry(each.row.due_on, commitment=each, soon=today <= each.row.due_on <= week)
        for each in shown(owed, today)
    ]
    return sorted(entries, key=lambda each: each.due_on or date.max)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def answer_case(request: HttpRequest, case_id: int) -> HttpResponse:
    """Show a case to whoever may draft for its post, and save or publish what they write."""
    user = staff_user(request)
    held = _held(user, case_id)
    require(request, Action.DRAFT_FOR_POST, held.post)
    if held.case.body_id != held.post.body_id:  # it is only offered: the draft is its owner's
        return _show_case(request, held, None)
    if request.method != "POST":
        return _show_case(
            request, held, DraftForm.of(draft_of(held.case), asking(held.case), held.case.dialogue)
        )
    form = DraftForm(request.POST, concerns=asking(held.case), dialogue=held.case.dialogue)
    if request.POST.get("do") == "template":
        form.begin_with_template()
        return _show_case(request, held, form)
    if not form.is_valid():
        return _show_case(request, held, form)
    try:
        draft = save_draft(user, held.case, form.text(), form.cleaned_data["revision"])
        form.rebase(draft)
        return _after_saving(request, held, draft)
    except ResponseRefused as refused:
        for reason in refused.reasons:
            form.add_error(None, reason.message)
        other = draft_of(held.case) if refused.code == "saved_meanwhile" else None
        if other is not None:
            form.rebase(other)
        return _show_case(request, held, form, other)


def _after_saving(request: HttpRequest, held: PostCase, draft: ResponseDraft) -> HttpResponse:
    """Publish or review the draft if that button was pressed. Raises ``ResponseRefused``."""
    user, verb = staff_user(request), request.POST.get("do", "save")
    here = reverse("inbox_case", args=[held.case.pk])
    if verb == "publish":
        require(request, Action.PUBLISH_FOR_POST, held.post)
        publish_response(user, held.case, held.post, draft.revision)
        messages.success(request, _("The answer is published and in the public log."))
    elif verb == "review":
        review_draft(user, held.case, draft.revision)
        messages.success(request, _("You have read this version. It can be published."))
    else:
        messages.success(request, _("Saved. Only your office can see it."))
    return redirect(here)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def change_case(request: HttpRequest, case_id: int, verb: str) -> HttpResponse:
    """Acknowledge, pause, refer, and so on: acts in the name of the post."""
    held = _held(staff_user(request), case_id)
    require(request, Action.PUBLISH_FOR_POST, held.post)
    back = reverse("inbox_case", args=[case_id]) if verb != "refuse" else reverse("inbox")
    return show_change(request, held, POST_CHANGES[verb], back)


def _show_case(
    request: HttpRequest,
    held: PostCase,
    form: DraftForm | None,
    other: ResponseDraft | None = None,
) -> HttpResponse:
    case, events, today = held.case, list(held.case.events.all()), timezone.localdate()
    state = state_of(events)
    rules = AnswerRules.objects.filter(dialogue=case.dialogue).first()
    page = {
        "case": case,
        "post": held.post,
        "state": state,
        "form": form,
        "other": other,
        "draft": draft_of(case) if form else None,
        "concerns": asking(case),
        "story": story_of(events),
        "responses": case.responses.order_by("-version"),
        "promised": shown(case.commitments.select_related("dialogue", "body", "post"), today),
        "changes": {verb: POST_CHANGES[verb] for verb in _possible(state, held.post)},
        "may_publish": may(request.user, Action.PUBLISH_FOR_POST, held.post),
        "needs_review": rules is not None and rules.reviewed,
        "today": today,
    }
    return render(request, "answers/desk/answer.html", page)


def _possible(state: CaseState, post: Post) -> list[str]:
    if state.offered_to_id == post.body_id:
        return ["accept", "refuse"]
    if state.body_id != post.body_id:
        return []
    if state.status == CaseStatus.ANSWERED:
        return ["promise", "retract"] if state.resolution in PROMISING else ["retract"]
    if not state.is_waiting:
        return []
    unfit = {"resume" if not state.is_paused else "pause"}
    if state.status == CaseStatus.ACKNOWLEDGED:
        unfit.add("acknowledge")
    if state.offered_to_id is not None:
        unfit.add("offer")
    return [verb for verb in _WAITING if verb not in unfit]


def _cases_of(posts: list[Post]) -> CaseQuerySet:
    """The cases of the posts, and what is offered to their bodies."""
    mine = owed_by(posts) | Q(offered_to__in=[post.body_id for post in posts])
    return Case.objects.filter(mine).select_related("dialogue", "body", "post", "offered_to")


def _held(user: User, case_id: int) -> PostCase:
    """The case, and the post for which the user acts in it. 404 if there is no such case."""
    case, posts = held_by(user, _cases_of, case_id)
    is_offered = case.offered_to_id in {post.body_id for post in posts}
    body = case.offered_to_id if is_offered else case.body_id
    return PostCase(case, acting_post(posts, body, case.post_id))

"""The thread below a case and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from middleground.answers.models import Case, CaseThread
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import public_dialogue
from middleground.threads.pages.below import thread_below
from middleground.threads.pages.comments import write_about
from middleground.threads.posts.taking_part import register_taking_part
from middleground.threads.subjects import SubjectKind, ThreadSubject, register_subject


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def comment_on_case(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = public_dialogue(slug)
    case = _find(dialogue, number)
    if case is None:
        raise Http404
    case.dialogue = dialogue
    return write_about(request, dialogue, case)


def below_case(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    dialogue, case = page["dialogue"], page["case"]
    write = reverse("comment_on_case", args=[dialogue.slug, case.number])
    return thread_below(page["request"], dialogue, case, write)


def _name(case: Case) -> str:
    return _("case %(number)d") % {"number": case.number}


def _describe(dialogue: Dialogue, case: Case) -> ThreadSubject:
    case.dialogue = dialogue
    return ThreadSubject(case.title, case.get_absolute_url(), is_public=True)


def _find(dialogue: Dialogue, number: int) -> Case | None:
    return dialogue.cases.filter(number=number).select_related("dialogue").first()


def _bodies_with_cases(dialogue: Dialogue) -> set[int]:
    """Those that have a case of the dialogue, or are asked to take one over."""
    pairs = dialogue.cases.values_list("body_id", "offered_to_id")
    return {body for pair in pairs for body in pair if body is not None}


register_subject(
    SubjectKind(
        model=Case,
        link=CaseThread,
        thing="case",
        relation="case_link",
        name=_name,
        describe=_describe,
        key="cases",
        find=_find,
    )
)
register_taking_part(_bodies_with_cases)

"""Files that verifiers compare with the log: all versions of all answers, and their rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from middleground.answers.cases.rules import shown_rules
from middleground.answers.models import AnswerRules, Case, CaseEvent, Disposition
from middleground.answers.responses.citations import with_cited
from middleground.answers.responses.document import content_of
from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.queries import public_dialogue

ANSWERS, RULES = "middleground-answers/1", "middleground-rules/1"
BATCH = 100  # cases
Kind = CaseEvent.Kind


@cached_page()
@require_safe
def show_answers_file(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001
    dialogue = public_dialogue(slug)
    said = Disposition.objects.select_related("concern")
    cases = (
        dialogue.cases.filter(responses__version=1).select_related("dialogue").order_by("number")
    )
    cases = cases.prefetch_related(
        "events",
        Prefetch("responses__dispositions", said),
        with_cited("responses__citations"),
    )
    content = {
        "format": ANSWERS,
        "dialogue": dialogue.slug,
        "responses": [
            # In batches, since SQLite refuses a condition about thousands of rows.
            each
            for case in cases.iterator(chunk_size=BATCH)
            for each in _responses_of(case)
        ],
    }
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})


@cached_page()
@require_safe
def show_rules_file(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001
    dialogue = public_dialogue(slug)
    rules = AnswerRules.objects.filter(dialogue=dialogue).select_related("dialogue")
    content = {
        "format": RULES,
        "dialogue": dialogue.slug,
        "rules": [shown_rules(each) for each in rules],
    }
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})


def _responses_of(case: Case) -> Iterator[dict[str, Any]]:
    """The versions in their order; what is not in the document says what the log says elsewhere."""
    events = list(case.events.all())
    titles = _titles(events)
    withdrawn = {each.facts["version"] for each in events if each.kind == Kind.RETRACTED}
    for response in sorted(case.responses.all(), key=lambda each: each.version):
        response.case = case
        rows = response.dispositions.all(), response.citations.all()
        content = content_of(response, titles[response.version], *rows)
        yield {**content, "withdrawn": response.version in withdrawn}


def _titles(events: Iterable[CaseEvent]) -> dict[int, str]:
    """What the case was called when each version was published."""
    titles, title = {}, ""
    for event in events:
        if event.kind in (Kind.OPENED, Kind.DESCRIBED):
            title = event.facts["title"]
        elif event.kind in (Kind.ANSWERED, Kind.CORRECTED):
            titles[event.facts["version"]] = title
    return titles

"""The public page of a case, with its whole story."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from middleground.answers.cases.sentences import story_of
from middleground.answers.cases.story import ended_body, held_since, state_of
from middleground.answers.checks.told import ToldCheck, checks_of_answers, told_check
from middleground.answers.checks.why import ToldSentences, sentences_of
from middleground.answers.commitments.pages.lines import ShownCommitment, shown, with_claims
from middleground.answers.models import Case, Concern, Disposition, ResidentCheck
from middleground.answers.pages.clock import clock_on
from middleground.answers.pages.concerns import ShownConcern, concerns_shown
from middleground.answers.pages.today import today
from middleground.answers.pages.versions import ShownVersion, versions_of
from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import public_dialogue
from middleground.threads.pages.below import keep_to_reader


@dataclass(frozen=True, slots=True)
class AnsweredConcern:
    """A concern of a case, and what the answer that stands says to it."""

    concern: ShownConcern
    disposition: Disposition | None


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """An answer that no longer stands, with what residents said of it, if they were asked."""

    version: ShownVersion
    residents: ToldCheck | None
    sentences: list[ToldSentences]


@cached_page(query=("page",))
@require_safe
def show_case(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = public_dialogue(slug)
    case = _case(dialogue, number)
    events = list(case.events.all())
    state = state_of(events)
    versions = versions_of(case, events)
    stands = versions[0] if versions and versions[0].ended is None else None
    residents = _residents(case) if stands else None
    page = {
        "dialogue": dialogue,
        "case": case,
        "state": state,
        "since": held_since(events),
        "heir": case.body.heir() if case.body and case.body.successor_id else None,
        "clock": clock_on(state.deadline(case.clock_policy()), today()),
        "concerns": _concerns(dialogue, case, stands),
        "stands": stands,
        "residents": residents,
        "sentences": _sentences(residents.check) if residents else [],
        "older": _past(case, versions[1:] if stands else versions, residents),
        "promised": _promised(case),
        "ended": ended_body(events),
        "story": story_of(events),
    }
    return keep_to_reader(request, render(request, "answers/case.html", page))


def _case(dialogue: Dialogue, number: int) -> Case:
    """A case of the dialogue; raises Http404."""
    cases = dialogue.cases.select_related("body__successor", "post", "offered_to")
    case = cases.filter(number=number).first()
    if case is None:
        raise Http404
    case.dialogue = dialogue
    return case


def _promised(case: Case) -> list[ShownCommitment]:
    found = case.commitments.select_related("body", "post").order_by("due_on", "number")
    for each in found:
        each.dialogue = case.dialogue
    return with_claims(shown(found, today()))


def _residents(case: Case) -> ToldCheck:
    """What is told of the answer that stands; there is always something."""
    return checks_of_answers([case.pk])[case.pk]


def _past(
    case: Case, versions: list[ShownVersion], residents: ToldCheck | None
) -> list[PastAnswer]:
    """What residents said stays beside what was said to them. Two queries, none without a version.

    ``residents``: of the answer that stands, whose check may name a version that was corrected.
    """
    if not versions:
        return []
    standing = residents.check if residents else None
    checks = [each for each in case.resident_checks.exclude(version=None) if each != standing]
    by_version = {check.version: check for check in checks}
    why = sentences_of(checks)
    found = []
    for version in versions:
        check = by_version.get(version.response.version)
        told = told_check(check) if check else None
        found.append(PastAnswer(version, told, why.get(check.pk, []) if check else []))
    return found


def _sentences(check: ResidentCheck | None) -> list[ToldSentences]:
    """Why residents said so; one query where that is told."""
    return sentences_of([check]).get(check.pk, []) if check else []


def _concerns(dialogue: Dialogue, case: Case, stands: ShownVersion | None) -> list[AnsweredConcern]:
    raised = Concern.objects.with_texts().filter(cases=case).order_by("number")
    said = {each.concern.number: each for each in stands.dispositions} if stands else {}
    return [
        AnsweredConcern(concern, said.get(concern.number))
        for concern in concerns_shown(dialogue, raised)
    ]

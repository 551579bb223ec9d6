"""On a dialogue's page and report: what gets an answer, how much has one, what is nobody's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from middleground.answers.cases.story import REFUSALS_TO_NOBODY, CaseState, ended_body, state_of
from middleground.answers.checks.told import told_check
from middleground.answers.commitments.queries import count_of
from middleground.answers.models import AnswerRules, Case, CaseEvent, Commitment
from middleground.answers.pages.clock import amount_of
from middleground.answers.pages.news import news_by_statement, told_once
from middleground.answers.pages.today import today
from middleground.answers.parts.asked import open_checks
from middleground.answers.queries import concern_rows, coverage_of
from middleground.core.site_files.canonical import absolute
from middleground.deadlines.policy import Unit
from middleground.dialogues.models import Dialogue

MOST_CHECKS = 5


@dataclass(frozen=True, slots=True)
class NobodysCase:
    """A case that so many bodies refused, or whose body ended: ``ended`` is that one's name."""

    case: Case
    state: CaseState
    ended: str


def on_dialogue(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    dialogue = page["dialogue"]
    rules = AnswerRules.objects.filter(dialogue=dialogue).first()
    if rules is None:  # without rules there is no case
        return None
    values: dict[str, Any] = {
        "rules": rules,
        "allowed": amount_of(rules.days, Unit(rules.counting)),
    }
    if dialogue.cases.exists():
        values["checks"] = [told_check(check) for check in open_checks(dialogue)[:MOST_CHECKS]]
        values["coverage"] = coverage_of(concern_rows(dialogue, today()))
        values["nobodys"] = nobodys_cases(dialogue)
        values["promised"] = count_of(Commitment.objects.filter(dialogue=dialogue), today())
    return values


def on_report(page: Mapping[str, Any]) -> Mapping[str, Any]:
    """What became of the findings that the report lists, and of all concerns and promises."""
    dialogue, day = page["dialogue"], today()
    if not dialogue.cases.exists():
        return {}
    listed = {each.pk for each in page.get("listed", ())}
    news = news_by_statement(dialogue, listed, day) if listed else {}
    return {
        "coverage": coverage_of(concern_rows(dialogue, day)),
        "promised": count_of(Commitment.objects.filter(dialogue=dialogue), day),
        "looked_at": told_once(list(news.values())),
        "answers_address": absolute(reverse("answers", args=[dialogue.slug])),
    }


def nobodys_cases(dialogue: Dialogue) -> list[NobodysCase]:
    """The cases that are nobody's at present, by number. Three queries at most."""
    refused = CaseEvent.objects.filter(case__dialogue=dialogue, kind=CaseEvent.Kind.REFUSED)
    often = refused.order_by().values("case").annotate(times=Count("pk"))
    refused_often = Q(pk__in=often.filter(times__gte=REFUSALS_TO_NOBODY).values("case"))
    abandoned = Q(body=None, events__kind=CaseEvent.Kind.ABANDONED)
    cases = dialogue.cases.waiting().filter(refused_often | abandoned).distinct().order_by("number")
    found = []
    for case in cases.prefetch_related("events"):
        case.dialogue = dialogue
        events = list(case.events.all())
        state = state_of(events)
        if state.is_nobodys:
            found.append(NobodysCase(case, state, ended_body(events)))
    return found

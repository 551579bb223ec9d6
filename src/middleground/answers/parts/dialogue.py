"""On a dialogue's page: what gets an answer and when, how much has one, and what is nobody's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from middleground.answers.cases.story import REFUSALS_TO_NOBODY, CaseState, state_of
from middleground.answers.models import AnswerRules, Case, CaseEvent
from middleground.answers.pages.clock import amount_of
from middleground.answers.pages.today import today
from middleground.answers.queries import concern_rows, coverage_of
from middleground.deadlines.policy import Unit
from middleground.dialogues.models import Dialogue


@dataclass(frozen=True, slots=True)
class NobodysCase:
    """A case that so many bodies refused, and how it stands."""

    case: Case
    state: CaseState


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
        values["coverage"] = coverage_of(concern_rows(dialogue, today()))
        values["nobodys"] = nobodys_cases(dialogue)
    return values


def nobodys_cases(dialogue: Dialogue) -> list[NobodysCase]:
    """The cases that are nobody's at present, by number. Three queries at most."""
    refused = CaseEvent.objects.filter(case__dialogue=dialogue, kind=CaseEvent.Kind.REFUSED)
    often = refused.order_by().values("case").annotate(times=Count("pk"))
    pks = often.filter(times__gte=REFUSALS_TO_NOBODY).values("case")
    cases = dialogue.cases.waiting().filter(pk__in=pks).order_by("number")
    found = []
    for case in cases.prefetch_related("events"):
        case.dialogue = dialogue
        state = state_of(case.events.all())
        if state.is_nobodys:
            found.append(NobodysCase(case, state))
    return found

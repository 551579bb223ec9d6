"""Marks end when nobody will be asked about their texts any more (docs/decisions/0052, 0059)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from middleground.answers.checks.people import marked_texts
from middleground.answers.models import Case, CaseStatus, ResidentCheck
from middleground.dialogues.models.texts.text_kinds import find_text_kinds
from middleground.dialogues.texts.marks import remove_marks

MOST_DAYS = 365  # after the dialogue's key was destroyed


def remove_marks_of(case: Case) -> None:
    """Remove the marks of the case's texts, unless this or another case still waits with them."""
    waiting = _waiting(Case.objects.filter(dialogue=case.dialogue_id))
    needed = [texts for texts, _way in marked_texts(waiting.values("pk"))]
    for texts, _way in marked_texts([case.pk]):
        gone = texts
        for kept in needed:
            if kept.model is texts.model:
                gone = gone.exclude(pk__in=kept.values("pk"))
        remove_marks(gone)


def remove_idle_marks(today: date) -> None:
    """Remove marks of cases that were closed, and those that waited too long for any answer."""
    closed = Case.objects.filter(status=CaseStatus.CLOSED)
    found = {
        case
        for texts, way in marked_texts(closed.values_list("pk", flat=True))
        for case in texts.values_list(way, flat=True)
    }
    for case in closed.filter(pk__in=found):
        remove_marks_of(case)
    for kind in find_text_kinds():
        dialogue = f"{kind.key}__dialogue__key_destroyed_on__lte"
        late = kind.marks._default_manager.filter(**{dialogue: today - timedelta(days=MOST_DAYS)})
        late.delete()


def _waiting(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Those about whose texts a check is open, or is still to come."""
    over = ResidentCheck.objects.of_answers_that_stand().filter(
        case=OuterRef("pk"), stage=ResidentCheck.Stage.OVER
    )
    return cases.exclude(status=CaseStatus.CLOSED).exclude(Exists(over))

"""Marks end when nobody will be asked about their texts any more (docs/decisions/0052, 0059)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from middleground.answers.checks.people import marked_texts
from middleground.answers.models import Case, CaseStatus, ResidentCheck
from middleground.dialogues.models.texts.text_kinds import find_text_kinds, kind_of

MOST_DAYS = 365  # after the dialogue's key was destroyed


def remove_marks_of(case: Case) -> None:
    """Remove the marks of the case's texts, but not of those that another case still waits with."""
    others = _waiting(Case.objects.filter(dialogue=case.dialogue_id)).exclude(pk=case.pk)
    kept = {
        (texts.model, pk)
        for texts, _way in marked_texts(others.values_list("pk", flat=True))
        for pk in texts.values_list("pk", flat=True)
    }
    for texts, _way in marked_texts([case.pk]):
        kind = kind_of(texts.model)
        gone = [pk for pk in texts.values_list("pk", flat=True) if (texts.model, pk) not in kept]
        kind.marks._default_manager.filter(**{f"{kind.key}__in": gone}).delete()


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
    over = ResidentCheck.objects.filter(
        case=OuterRef("pk"), stage=ResidentCheck.Stage.OVER, answered__on=OuterRef("answered_on")
    )
    return cases.exclude(status=CaseStatus.CLOSED).exclude(Exists(over))

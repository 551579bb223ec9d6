"""Marks end when nobody will be asked about their texts any more (docs/decisions/0052, 0059)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from middleground.answers.checks.people import marked_texts
from middleground.answers.models import (
    SAY_DONE,
    Case,
    CaseStatus,
    CheckSentence,
    Commitment,
    CommitmentEvent,
    ResidentCheck,
)
from middleground.dialogues.models import APPEALED_DAYS
from middleground.dialogues.models.texts.text_kinds import find_text_kinds
from middleground.dialogues.texts.marks import remove_marks
from middleground.texts.moderation import TextState

MOST_DAYS = 365  # after the dialogue's key was destroyed


def remove_idle_marks(today: date) -> None:
    """Remove marks of cases that wait for no check, and those that waited too long for any.

    A mark stays while any case of its text waits.
    """
    waiting = _waiting(Case.objects.all()).values("pk")
    needed = [texts for texts, _way in marked_texts(waiting)]
    for texts, _way in marked_texts(Case.objects.exclude(pk__in=waiting).values("pk")):
        gone = texts
        for kept in needed:
            if kept.model is texts.model:
                gone = gone.exclude(pk__in=kept.values("pk"))
        remove_marks(gone)
    _remove_marks_of_sentences(today)
    for kind in find_text_kinds():
        dialogue = f"{kind.key}__dialogue__key_destroyed_on__lte"
        late = kind.marks._default_manager.filter(**{dialogue: today - timedelta(days=MOST_DAYS)})
        late.delete()


def _remove_marks_of_sentences(today: date) -> None:
    """Those of sentences that are shown, once their check is over for so long.

    What waits is decided first; what is not shown is deleted with its mark when its author can
    ask for no second look any more.
    """
    over = today - timedelta(days=APPEALED_DAYS)
    shown = CheckSentence.objects.in_state(TextState.SHOWN)
    ended = shown.filter(check_of__stage=ResidentCheck.Stage.OVER)
    remove_marks(ended.filter(check_of__stage_ends_on__lte=over))


def _waiting(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Those about whose texts a check is open, or is still to come.

    What is promised will be said to be done, and then it is checked, also when the case is closed.
    """
    over = ResidentCheck.objects.of_answers_that_stand().filter(
        case=OuterRef("pk"), stage=ResidentCheck.Stage.OVER
    )
    asked = ResidentCheck.objects.still_open().filter(case=OuterRef("pk"))
    promised = Commitment.objects.open().exclude(body=None).filter(case=OuterRef("pk"))
    said = CommitmentEvent.objects.filter(
        commitment__case=OuterRef("pk"), kind__in=SAY_DONE, resident_check=None
    )
    answer_waits = ~Q(status=CaseStatus.CLOSED) & ~Exists(over)
    return cases.filter(answer_waits | Exists(asked) | Exists(promised) | Exists(said))

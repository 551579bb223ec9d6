"""The life of a check: opened some weeks after an answer, or after a body says that something
promised is done; two stages, then counted and forgotten.

Everything happens under the lock of the case, and no answer is checked twice, so two jobs at once
do nothing twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from middleground.answers.cases.record import LockedCase, lock
from middleground.answers.checks.leftover_marks import remove_idle_marks
from middleground.answers.checks.people import groups_of, marked_texts
from middleground.answers.models import (
    SAY_DONE,
    AnswerRules,
    Case,
    CaseEvent,
    CaseStatus,
    CheckAnswer,
    CommitmentEvent,
    ResidentCheck,
)
from middleground.core import dates
from middleground.disclosure.resident_checks import Counts, has_failed, published_counts

STAGE_DAYS = 28
Kind, Stage, Said = CaseEvent.Kind, ResidentCheck.Stage, CheckAnswer.Said


def keep_checks() -> int:
    """Open and end all that is due today; return how many checks changed."""
    today = dates.today()
    # Before others open, since a case has one open check of its answer at most.
    due = ResidentCheck.objects.due(today).select_related("case")
    moved = sum(move_on(check) for check in due.order_by("pk"))
    opened = sum(open_check(case) is not None for case in _to_check(today))
    opened += sum(open_done_check(event) is not None for event in _said_done(today))
    remove_idle_marks(today)
    return opened + moved


def _to_check(today: date) -> Iterator[Case]:
    """The answered cases whose answer is old enough and was not checked yet."""
    checked = ResidentCheck.objects.of_answers_that_stand().filter(case=OuterRef("pk"))
    for rules in AnswerRules.objects.exclude(dialogue__state="draft"):
        until = today - timedelta(days=rules.check_days)
        answered = Case.objects.filter(dialogue=rules.dialogue_id, status=CaseStatus.ANSWERED)
        old_enough = answered.filter(answered_on__lte=until)
        yield from old_enough.exclude(Exists(checked)).order_by("pk")


def _said_done(today: date) -> Iterator[CommitmentEvent]:
    """In which bodies said long enough ago that something is done, which was not checked yet."""
    for rules in AnswerRules.objects.exclude(dialogue__state="draft"):
        until = today - timedelta(days=rules.check_days)
        said = CommitmentEvent.objects.filter(kind__in=SAY_DONE, resident_check=None)
        said = said.filter(commitment__dialogue=rules.dialogue_id, on__lte=until)
        yield from said.select_related("commitment__case").order_by("pk")


@transaction.atomic
def open_check(case: Case) -> ResidentCheck | None:
    """Ask about the answer that stands; None if that was asked before, or there is none."""
    held = lock(case)
    answered = held.case.events.filter(kind=Kind.ANSWERED).last()
    known = ResidentCheck.objects.filter(answered=answered).exists()
    if held.state.status is not CaseStatus.ANSWERED or answered is None or known:
        return None
    return _opened(held.case, answered=answered, version=answered.facts["version"])


@transaction.atomic
def open_done_check(event: CommitmentEvent) -> ResidentCheck | None:
    """Ask whether what the event says is done; None if that was asked before.

    However the case stands: what was promised is owed (docs/decisions/0058).
    """
    held = lock(event.commitment.case)
    if ResidentCheck.objects.filter(said_done=event).exists():
        return None
    return _opened(held.case, said_done=event)


def _opened(case: Case, **about: Any) -> ResidentCheck:
    dialogue, today = case.dialogue, dates.today()
    stage = Stage.RAISED
    if not any(texts.exists() for texts, _way in marked_texts([case.pk])):
        stage = Stage.OVER if dialogue.key_destroyed_on else Stage.ANYONE
    return ResidentCheck.objects.create(
        case=case,
        stage=stage,
        opened_on=today,
        stage_ends_on=today + timedelta(days=STAGE_DAYS),
        step=dialogue.minimum_shown,
        **about,
    )


@transaction.atomic
def move_on(check: ResidentCheck) -> bool:
    """End the stage if its time is over or the answer no longer stands."""
    held = lock(check.case)
    check = ResidentCheck.objects.select_for_update().get(pk=check.pk)
    today, stands = dates.today(), _stands(held, check)
    if not check.is_open or (stands and today < check.stage_ends_on):
        return False
    dialogue = held.case.dialogue
    check.published = published_counts(_counts(check), check.step, groups_of(dialogue))
    failed = stands and _reopens(held, check)
    if failed or not stands or check.stage == Stage.ANYONE or dialogue.key_destroyed_on:
        _end(check)
    else:
        check.stage = Stage.ANYONE
        check.stage_ends_on = today + timedelta(days=STAGE_DAYS)
    check.reopened = failed
    check.save()
    if failed:
        held.add(Kind.REOPENED, {"check": check.pk, "percent": _rules(held).check_percent}, by=None)
    return True


def _stands(held: LockedCase, check: ResidentCheck) -> bool:
    """Whether the answer that is checked is still the one that the case is answered with.

    What a body says is done stays said.
    """
    state = held.state
    if check.answered is None:
        return True
    return state.status is CaseStatus.ANSWERED and state.answered_on == check.answered.on


def _reopens(held: LockedCase, check: ResidentCheck) -> bool:
    """Whether too many say no to an answer, for the first time in this case."""
    if (
        check.answered is None
        or ResidentCheck.objects.filter(case=held.case, reopened=True).exists()
    ):
        return False
    rules = _rules(held)
    least = max(rules.check_least, check.step)
    return has_failed(check.published, check.step, percent=rules.check_percent, least=least)


def _rules(held: LockedCase) -> AnswerRules:
    return AnswerRules.objects.get(dialogue=held.case.dialogue_id)


def _counts(check: ResidentCheck) -> dict[str, Counts]:
    said = Counter(check.answers.values_list("kind", "said"))
    kinds = {kind for kind, _said in said}
    return {
        kind: (said[kind, Said.YES], said[kind, Said.PARTLY], said[kind, Said.NO]) for kind in kinds
    }


def _end(check: ResidentCheck) -> None:
    """Keep nothing of who answered."""
    check.stage, check.stage_ends_on = Stage.OVER, dates.today()
    check.answers.all().delete()

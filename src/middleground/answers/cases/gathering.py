"""Concerns: gathered into cases, taken out again, or set aside with a public reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction

from middleground.answers.cases.record import lock
from middleground.answers.cases.refusals import CaseRefused
from middleground.answers.models import (
    FIRST_COMMENT,
    AnswerRules,
    Case,
    CaseConcern,
    CaseEvent,
    Concern,
    SetAside,
)
from middleground.answers.thresholds import owed_since
from middleground.core import dates
from middleground.dialogues.models import Dialogue, Statement
from middleground.people.models import User

Kind = CaseEvent.Kind


@transaction.atomic
def open_case(
    by: User, dialogue: Dialogue, *, title: str, summary: str = "", numbers: Sequence[int]
) -> Case:
    """Open a case about the statements and comments with these numbers.

    Its clock starts today, or on the day since which one of them is owed an answer.
    """
    dialogue = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    rules = AnswerRules.objects.filter(dialogue=dialogue).first()
    if rules is None:
        raise CaseRefused("no_rules")
    concerns = _concerns(dialogue, numbers)
    last = Case.objects.filter(dialogue=dialogue).order_by("-number").first()
    case = Case.objects.create(
        dialogue=dialogue,
        number=last.number + 1 if last else 1,
        policy=rules.policy().to_dict(),
        title=title,
        opened_on=dates.today(),
    )
    _link(case, concerns)
    facts = {"title": title, "summary": summary, "concerns": sorted(set(numbers))}
    lock(case).add(Kind.OPENED, facts | _since(dialogue, numbers), by=by)
    case.refresh_from_db()
    return case


@transaction.atomic
def gather(by: User, case: Case, numbers: Sequence[int]) -> None:
    """Make more statements or comments part of the case."""
    held = lock(case)
    new = sorted(set(numbers) - held.state.concerns)
    concerns = _concerns(case.dialogue, new)
    held.add(Kind.GATHERED, {"concerns": new} | _since(case.dialogue, new), by=by)
    _link(case, concerns)


@transaction.atomic
def release(by: User, case: Case, number: int) -> None:
    """Take a concern out of the case; it is open again unless another case has it."""
    held = lock(case)
    if number not in held.state.concerns:
        raise CaseRefused("unknown_concern", number=number)
    held.add(Kind.RELEASED, {"concerns": [number]}, by=by)
    CaseConcern.objects.filter(case=case, concern__number=number).delete()


@transaction.atomic
def describe_case(by: User, case: Case, *, title: str, summary: str) -> bool:
    """Change title and summary. Returns whether they were others."""
    held = lock(case)
    if (title, summary) == (held.state.title, held.state.summary):
        return False
    held.add(Kind.DESCRIBED, {"title": title, "summary": summary}, by=by)
    return True


@transaction.atomic
def set_aside(
    dialogue: Dialogue,
    numbers: Sequence[int],
    reason: str,
    *,
    note: str = "",
    same_as: Statement | None = None,
) -> None:
    """Put statements or comments in no case, and tell the public why."""
    Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    for concern in _concerns(dialogue, numbers):
        if concern.links.exists():
            raise CaseRefused("in_a_case", number=concern.number)
        if owed_since(dialogue, [concern.number]):
            raise CaseRefused("owed", number=concern.number)
        concern.set_aside, concern.note = SetAside(reason), note
        concern.same_as, concern.set_aside_on = same_as, dates.today()
        concern.save()


@transaction.atomic
def take_up(dialogue: Dialogue, number: int) -> None:
    """Let a concern that was set aside be open again."""
    Concern.objects.filter(dialogue=dialogue, number=number).exclude(set_aside="").update(
        set_aside="", note="", same_as=None, set_aside_on=None
    )


def _since(dialogue: Dialogue, numbers: Sequence[int]) -> dict[str, str]:
    """The fact of an event that says since when an answer is owed; empty if none is."""
    since = owed_since(dialogue, numbers)
    return {"since": since.isoformat()} if since else {}


def _concerns(dialogue: Dialogue, numbers: Collection[int]) -> list[Concern]:
    """The concerns of these numbers, made where there is none yet. Only what is shown is one."""
    if not numbers:
        raise CaseRefused("no_concern")
    statements = dialogue.statements.votable().filter(number__in=numbers)
    new = [Concern(dialogue=dialogue, number=each.number, statement=each) for each in statements]
    if any(number >= FIRST_COMMENT for number in numbers):
        comments = dialogue.comments.visible().of_participants().filter(number__in=numbers)
        new += [Concern(dialogue=dialogue, number=each.number, comment=each) for each in comments]
    for number in sorted(set(numbers) - {each.number for each in new}):
        raise CaseRefused("unknown_concern", number=number)
    Concern.objects.bulk_create(new, ignore_conflicts=True)
    return list(Concern.objects.filter(dialogue=dialogue, number__in=numbers))


def _link(case: Case, concerns: Sequence[Concern]) -> None:
    """Make the concerns part of the case; none of them is set aside any more."""
    CaseConcern.objects.bulk_create(CaseConcern(case=case, concern=each) for each in concerns)
    Concern.objects.filter(pk__in=[each.pk for each in concerns]).update(
        set_aside="", note="", same_as=None, set_aside_on=None
    )

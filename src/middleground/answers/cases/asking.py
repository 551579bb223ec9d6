"""Which concerns of a case ask for an answer."""

from __future__ import annotations

from middleground.answers.models import Case, Concern
from middleground.dialogues.models import Statement
from middleground.threads.models import Comment


def asking(case: Case) -> list[Concern]:
    """The concerns that a response must speak to, by number.

    One whose author withdrew it, or that is no longer shown, asks nothing any more. One that was
    merged is answered with the other if that one is in the case, too.
    """
    concerns = list(Concern.objects.with_texts().filter(cases=case).order_by("number"))
    numbers = {concern.number for concern in concerns}
    return [concern for concern in concerns if _asks(concern.raised, numbers)]


def _asks(raised: Statement | Comment | None, numbers: set[int]) -> bool:
    if raised is None:
        return False
    if isinstance(raised, Statement) and raised.status == raised.Status.MERGED:
        target = raised.merged_into
        return target is not None and target.number not in numbers
    return raised.status == raised.Status.APPROVED

"""Which concerns of a case ask for an answer."""

from __future__ import annotations

from middleground.answers.models import Case, Concern
from middleground.dialogues.models import Statement


def asking(case: Case) -> list[Concern]:
    """The concerns that a response must speak to, by number.

    One whose author withdrew it, or that is no longer shown, asks nothing any more. One that was
    merged is answered with the other if that one is in the case, too.
    """
    concerns = list(
        case.concerns.select_related("dialogue", "statement__merged_into").order_by("number")
    )
    numbers = {concern.number for concern in concerns}
    return [concern for concern in concerns if _asks(concern.statement, numbers)]


def _asks(statement: Statement | None, numbers: set[int]) -> bool:
    if statement is None:
        return False
    if statement.status == Statement.Status.MERGED and statement.merged_into:
        return statement.merged_into.number not in numbers
    return statement.status == Statement.Status.APPROVED

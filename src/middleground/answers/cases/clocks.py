"""The clock of a case is never edited: it is paused, resumed and extended, with a public reason."""

from __future__ import annotations

from django.db import transaction

from middleground.answers.cases.owners import check_reason, owned, signed
from middleground.answers.models import Case, CaseEvent
from middleground.people.models import Post, User

Kind = CaseEvent.Kind


@transaction.atomic
def pause_clock(by: User, case: Case, post: Post, reason: str) -> None:
    """Stop the clock while the body waits for somebody else, who is named in the reason."""
    check_reason(reason)
    facts = {**signed(post), "reason": reason}
    owned(case, post).add(Kind.PAUSED, facts, by=by, body=post.body, post=post)


@transaction.atomic
def resume_clock(by: User, case: Case, post: Post) -> None:
    owned(case, post).add(Kind.RESUMED, signed(post), by=by, body=post.body, post=post)


@transaction.atomic
def extend_clock(by: User, case: Case, post: Post, days: int, reason: str) -> None:
    """Take more time. After the due day it changes nothing, and is told as too late."""
    check_reason(reason)
    facts = {**signed(post), "days": days, "reason": reason}
    owned(case, post).add(Kind.EXTENDED, facts, by=by, body=post.body, post=post)

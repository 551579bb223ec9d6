"""What one person says in a check: once, and to be changed until the stage is over."""

from __future__ import annotations

from django.db import transaction

from middleground.answers.checks.people import AskedCheck, answer_mark, asked_checks
from middleground.answers.checks.refusals import CheckRefused
from middleground.answers.checks.why import check_words, say_why
from middleground.answers.models import CheckAnswer, ResidentCheck


@transaction.atomic
def answer_check(check: ResidentCheck, token: bytes | None, said: str, why: str = "") -> AskedCheck:
    """Store whether the answer answers them, and why if they say. Raises ``CheckRefused``."""
    # Locked, so that nothing is stored after the answers were counted.
    rows = ResidentCheck.objects.select_for_update(of=("self",)).select_related("case__dialogue")
    check = rows.get(pk=check.pk)
    if not check.is_open:
        raise CheckRefused("over")
    asked = asked_checks(check.case.dialogue, [check], token) if token else []
    if token is None or not asked:
        raise CheckRefused("not_asked")
    if said not in CheckAnswer.Said.values:
        raise CheckRefused("said_what")
    words = check_words(why)
    [one] = asked
    CheckAnswer.objects.update_or_create(
        mark=answer_mark(token, check.pk),
        defaults={"check_of": check, "kind": one.kind, "said": said},
    )
    say_why(check, token, said, words)
    return AskedCheck(check, one.kind, said)

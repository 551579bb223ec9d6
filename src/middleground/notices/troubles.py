"""What staff learn of mail that did not arrive: how much, of which dialogue, and why."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from middleground.dialogues.models import Dialogue
from middleground.notices.models import Mail, MailTrouble

KEPT_DAYS = 30


def count_trouble(kind: MailTrouble.Kind, code: str, mail: Mail | None = None) -> None:
    """Count one more; ``mail``: which did not arrive."""
    dialogue: Dialogue | None = mail.follower.case.dialogue if mail and mail.follower else None
    official = mail.official if mail else None
    found, _new = MailTrouble.objects.get_or_create(
        dialogue=dialogue,
        official=official,
        kind=kind,
        code=code[:12],
        defaults={"last_on": timezone.localdate()},
    )
    MailTrouble.objects.filter(pk=found.pk).update(
        number=F("number") + 1, last_on=timezone.localdate()
    )


def forget_old_troubles() -> None:
    old = timezone.localdate() - timedelta(days=KEPT_DAYS)
    MailTrouble.objects.filter(last_on__lt=old).delete()

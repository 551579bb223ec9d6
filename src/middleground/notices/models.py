"""Addresses that follow a case, e-mail that waits to be sent, and what became of some of it."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from middleground.answers.models import Case
from middleground.dialogues.models import Dialogue


def new_number() -> int:
    """A number by lot: one that counts up would tell who came after whom."""
    return secrets.randbits(62) + 1


class EmailChoice(models.Model):
    """Whether the cases of a dialogue can be followed by e-mail. Without a row they cannot."""

    dialogue = models.OneToOneField(Dialogue, models.CASCADE, related_name="email_choice")
    on = models.BooleanField(_("cases can be followed by e-mail"), default=False)


class OfficialEmailChoice(models.Model):
    """Whether an official wants e-mail about what they owe. Without a row they do not."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="email_choice"
    )
    on = models.BooleanField(default=False)


class Follower(models.Model):
    """An address that follows a case, or was asked whether it wants to. See ``addresses.py``.

    It leads to no participant, and two of one address have nothing in common.
    """

    id = models.BigIntegerField(primary_key=True, default=new_number)
    case = models.ForeignKey(Case, models.CASCADE, related_name="followers")
    sealed = models.BinaryField()  # the address, encrypted
    mark = models.BinaryField()  # by which the same address is known again, for this case only
    confirmed = models.BooleanField(default=False)
    asked_on = models.DateField(null=True)  # until it is confirmed

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "mark"], name="follower_once_in_a_case"),
            models.CheckConstraint(
                condition=Q(confirmed=True, asked_on=None)
                | Q(confirmed=False, asked_on__isnull=False),
                name="follower_has_a_day_until_confirmed",
            ),
        )


class Mail(models.Model):
    """An e-mail that waits. Its text is written when it is sent, and its row goes then.

    ``is_claimed``: it is being sent, or was when the server was stopped.
    """

    class Kind(models.TextChoices):
        CONFIRM = "confirm"  # do you want news?
        KNOWN = "known"  # asked again, and follows already
        NEWS = "news"  # facts: events, and commitments that are due
        LAST = "last"  # nothing more will come
        OWED = "owed"  # to an official; facts: how many of what
        WAITING = "waiting"  # to staff: something waits for a decision
        TEST = "test"  # to staff: mail arrives

    id = models.BigIntegerField(primary_key=True, default=new_number)
    follower = models.ForeignKey(Follower, models.CASCADE, null=True, related_name="mails")
    official = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+"
    )
    kind = models.CharField(max_length=7, choices=Kind.choices)
    facts = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    is_claimed = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(follower=None, official__isnull=False)
                | Q(follower__isnull=False, official=None),
                name="mail_has_one_recipient",
            ),
        )


class WaitingNotice(models.Model):
    """How an account of staff is told what waits for it. Without a row it is not.

    ``hours``: at most every so many hours by e-mail; 0 is never. ``told_at``: when the last such
    mail was made. ``feed``: the hash of the token in the address of its feed; empty if it has none.
    """

    class Hours(models.IntegerChoices):
        NEVER = 0, _("Never")
        FOUR = 4, _("Every four hours at most")
        DAILY = 24, _("Once a day at most")
        WEEKLY = 168, _("Once a week at most")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="waiting_notice"
    )
    hours = models.PositiveSmallIntegerField(choices=Hours, default=Hours.NEVER)
    told_at = models.DateTimeField(null=True)
    feed = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["feed"], condition=~Q(feed=""), name="feed_of_one_account"
            ),
        )


class MailTrouble(models.Model):
    """E-mail that did not arrive, counted by dialogue or official. No address, no words."""

    class Kind(models.TextChoices):
        REFUSED = "refused", _("The receiving server does not know the address.")
        NOT_TAKEN = "not taken", _("The receiving server did not take the message.")
        UNCERTAIN = (
            "uncertain",
            _(
                "The connection or this server ended meanwhile. Nobody knows whether it "
                "arrived. It is not sent again."
            ),
        )
        UNREACHABLE = "unreachable", _("The host’s mail server cannot be reached.")

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, null=True, related_name="+")
    official = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+"
    )
    kind = models.CharField(max_length=11, choices=Kind.choices)
    code = models.CharField(max_length=12, blank=True)  # such as "550 5.1.1"
    number = models.PositiveIntegerField(default=0)
    last_on = models.DateField()

    class Meta:
        ordering = ("-last_on", "kind", "code", "pk")


class CaseTold(models.Model):
    """Up to which of its events the news of a case have been told."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="told")
    last_event = models.BigIntegerField()


class Reminded(models.Model):
    """One row: the last day for which officials were reminded of what is due."""

    on = models.DateField()

"""What happened to a case: a log to which rows are only added."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from middleground.answers.models.case import Case
from middleground.people.models import AppendOnly, Body, Post


class CaseEvent(AppendOnly):
    """One thing that happened to a case.

    ``facts`` has the values of the event's sentence as they were then (see ``cases/sentences.py``).
    """

    class Kind(models.TextChoices):
        OPENED = "opened"
        DESCRIBED = "described"
        GATHERED = "gathered"  # concerns were added
        RELEASED = "released"  # a concern was taken out again
        ASSIGNED = "assigned"
        INHERITED = "inherited"  # its body or post ended, and another has its duties
        ABANDONED = "abandoned"  # its body ended, and nobody has its duties
        ACKNOWLEDGED = "acknowledged"
        PAUSED = "paused"
        RESUMED = "resumed"
        EXTENDED = "extended"
        OFFERED = "offered"
        ACCEPTED = "accepted"
        REFUSED = "refused"
        LAPSED = "lapsed"
        ANSWERED = "answered"
        CORRECTED = "corrected"
        RETRACTED = "retracted"  # the body withdrew its answer
        REOPENED = "reopened"
        CLOSED = "closed"

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    on = models.DateField()
    # Who has the case from this event on, or who acted; and to whom a referral goes.
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    other = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")
    facts = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("pk",)

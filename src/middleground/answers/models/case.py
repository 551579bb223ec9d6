"""Cases: one answerable matter, which gathers many concerns."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from middleground.answers.models.concern import Concern
from middleground.deadlines.policy import Policy
from middleground.dialogues.models import Dialogue
from middleground.people.models import Body, Post
from middleground.threads.models import Thread


class CaseStatus(models.TextChoices):
    """Where a case stands; what came of it is its ``Resolution``."""

    RECEIVED = "received", _("received")
    WITH_BODY = "with the body", _("with the body")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    ANSWERED = "answered", _("answered")
    REOPENED = "reopened", _("reopened")
    CLOSED = "closed", pgettext_lazy("case", "closed")


class Resolution(models.TextChoices):
    """What a body says that it does about the matter."""

    DONE = "done", pgettext_lazy("what a body says", "done")
    WILL_DO = "will do", _("will do")
    IN_PART = "in part", _("in part")
    ALREADY_SO = "already so", _("already so")
    DECLINED = "declined", _("declined, with the reason")
    DEFERRED = "deferred", _("deferred until a day")
    NOT_OURS = "not ours", _("not ours, and referred")
    WITHDRAWN = "withdrawn", pgettext_lazy("what a body says", "withdrawn")


class CaseQuerySet(models.QuerySet["Case"]):
    def waiting(self) -> Self:
        """Those whose clock runs or is paused."""
        return self.exclude(status__in=(CaseStatus.ANSWERED, CaseStatus.CLOSED))


class Case(models.Model):
    """One answerable matter.

    All but dialogue, number and policy is computed from its events (see ``cases/story.py``), and
    is kept here so that lists need not read them.
    """

    dialogue = models.ForeignKey(Dialogue, models.PROTECT, related_name="cases")
    number = models.PositiveIntegerField()
    policy = models.JSONField()
    title = models.CharField(_("title"), max_length=120)
    summary = models.CharField(_("summary"), max_length=600, blank=True)
    status = models.CharField(
        max_length=13, choices=CaseStatus.choices, default=CaseStatus.RECEIVED
    )
    resolution = models.CharField(max_length=10, choices=Resolution.choices, blank=True)
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="cases")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="cases")
    # The body that a referral is offered to.
    offered_to = models.ForeignKey(Body, models.PROTECT, null=True, related_name="offered_cases")
    opened_on = models.DateField()
    due_on = models.DateField(null=True)  # empty while the clock is paused or stopped
    very_overdue_on = models.DateField(null=True)
    answered_on = models.DateField(null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ("dialogue", "number")
        constraints = (
            models.UniqueConstraint(fields=["dialogue", "number"], name="case_number_once"),
        )
        indexes = (
            models.Index(fields=["body", "status", "due_on"], name="case_by_body"),
            models.Index(fields=["dialogue", "status", "due_on"], name="case_by_due_day"),
        )

    def __str__(self) -> str:
        return f"{self.number}: {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("case", args=[self.dialogue.slug, self.number])

    def clock_policy(self) -> Policy:
        return _policy_of(json.dumps(self.policy))


@lru_cache(maxsize=256)
def _policy_of(text: str) -> Policy:
    """The cases of a dialogue share few policies, whose calendars are slow to check."""
    return Policy.from_dict(json.loads(text))


class CaseConcern(models.Model):
    """A concern is part of a case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="links")
    concern = models.ForeignKey(Concern, models.CASCADE, related_name="links")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "concern"], name="concern_once_in_a_case"),
        )


class CaseThread(models.Model):
    """The thread below a case and its answer."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="thread_link")
    thread = models.OneToOneField(Thread, models.CASCADE, related_name="case_link")

    def __str__(self) -> str:
        return f"thread of case {self.case_id}"

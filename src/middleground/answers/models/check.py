"""The resident check: whether an answer answers those who raised the matter, as they say."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from middleground.answers.models.case import Case, CaseStatus
from middleground.answers.models.event import CaseEvent


class ResidentCheckQuerySet(models.QuerySet["ResidentCheck"]):
    def still_open(self) -> Self:
        return self.exclude(stage=ResidentCheck.Stage.OVER)

    def of_answers_that_stand(self) -> Self:
        """Those about the newest answer of their case, unless the case waits for another one.

        The day tells it: a check opens a day after its answer at the earliest, so no answer that
        was checked has another one on its day. A waiting case has no such day.
        """
        return self.filter(case__answered_on=F("answered__on"))

    def due(self, today: date) -> Self:
        """The open ones whose stage is over, or whose case is no longer answered as it was."""
        answered = self.of_answers_that_stand().filter(case__status=CaseStatus.ANSWERED)
        ended = Q(stage_ends_on__lte=today) | ~Q(pk__in=answered.values("pk"))
        return self.still_open().filter(ended)


class ResidentCheck(models.Model):
    """One check of one answer.

    ``published``: counts of yes, partly and no by kind of people, each rounded down to a multiple
    of ``step``; nothing else is kept of them once the check is over. ``answered``: the event that
    is checked; a check of something else, such as a milestone, will have a key of its own.
    """

    class Stage(models.TextChoices):
        RAISED = "raised", _("those who raised it are asked")
        ANYONE = "anyone", _("everyone who takes part is asked")
        OVER = "over", _("over")

    case = models.ForeignKey(Case, models.PROTECT, related_name="resident_checks")
    answered = models.OneToOneField(CaseEvent, models.PROTECT, related_name="resident_check")
    version = models.PositiveIntegerField()
    stage = models.CharField(max_length=6, choices=Stage.choices, default=Stage.RAISED)
    opened_on = models.DateField()
    stage_ends_on = models.DateField()
    step = models.PositiveIntegerField()
    published = models.JSONField(default=dict)
    reopened = models.BooleanField(default=False)

    objects = ResidentCheckQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["case"], condition=~Q(stage="over"), name="one_check_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(reopened=True), name="reopened_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id}: {self.stage}"

    @property
    def is_open(self) -> bool:
        return self.stage != self.Stage.OVER


class CheckAnswer(models.Model):
    """What one person says in one check; deleted when it is over.

    ``mark`` is made from the person's token and the check (``checks/people.py``): it lets each
    person count once, and has nothing in common with any other row.
    """

    class Said(models.TextChoices):
        YES = "yes", _("Yes")
        PARTLY = "partly", _("Partly")
        NO = "no", _("No")

    mark = models.CharField(max_length=32, primary_key=True)
    check_of = models.ForeignKey(ResidentCheck, models.CASCADE, related_name="answers")
    # "raised", "others", or the opinion group of somebody who did not raise it.
    kind = models.CharField(max_length=12)
    said = models.CharField(max_length=6, choices=Said.choices)

    def __str__(self) -> str:
        return self.said

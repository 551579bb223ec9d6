"""The resident check: whether an answer answers people, or a promise is kept, as they say."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from middleground.answers.models.case import Case, CaseStatus
from middleground.answers.models.commitment import CommitmentEvent
from middleground.answers.models.event import CaseEvent


class ResidentCheckQuerySet(models.QuerySet["ResidentCheck"]):
    def still_open(self) -> Self:
        return self.exclude(stage=ResidentCheck.Stage.OVER)

    def of_answers_that_stand(self) -> Self:
        """Those about the newest answer of their case, unless the case waits for another one.

        Checks of what is said to be done are none of them. The day tells it: a check opens a day
        after its answer at the earliest, so no answer that was checked has another one on its day.
        A waiting case has no such day.
        """
        return self.filter(case__answered_on=F("answered__on"))

    def due(self, today: date) -> Self:
        """The open ones whose stage is over, or whose case is no longer answered as it was.

        What a body says is done stays said (docs/decisions/0058).
        """
        answered = self.of_answers_that_stand().filter(case__status=CaseStatus.ANSWERED)
        stands = Q(answered=None) | Q(pk__in=answered.values("pk"))
        return self.still_open().filter(Q(stage_ends_on__lte=today) | ~stands)


class ResidentCheck(models.Model):
    """One check of one answer, or of one thing that a body says is done.

    ``answered``, with the ``version`` of the answer, or else ``said_done``: the event that is
    checked. ``published``: counts of yes, partly and no by kind of people, each rounded down to a
    multiple of ``step``; nothing else is kept of them once the check is over.
    """

    class Stage(models.TextChoices):
        RAISED = "raised", _("those who raised it are asked")
        ANYONE = "anyone", _("everyone who takes part is asked")
        OVER = "over", pgettext_lazy("question to residents", "over")

    case = models.ForeignKey(Case, models.PROTECT, related_name="resident_checks")
    answered = models.OneToOneField(
        CaseEvent, models.PROTECT, null=True, related_name="resident_check"
    )
    version = models.PositiveIntegerField(null=True)
    said_done = models.OneToOneField(
        CommitmentEvent, models.PROTECT, null=True, related_name="resident_check"
    )
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
                fields=["case"],
                condition=~Q(stage="over") & Q(said_done=None),
                name="one_check_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(reopened=True), name="reopened_once"
            ),
            models.CheckConstraint(
                condition=Q(answered__isnull=False, version__isnull=False, said_done=None)
                | Q(answered=None, version=None, said_done__isnull=False, reopened=False),
                name="check_of_an_answer_or_of_what_is_done",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id}: {self.stage}"

    def get_absolute_url(self) -> str:
        """The page on which people answer. Reads the dialogue, and what is said to be done."""
        if self.said_done is None:
            return reverse("resident-check", args=[self.case.dialogue.slug, self.case.number])
        commitment = self.said_done.commitment
        where = [commitment.dialogue.slug, commitment.number, self.said_done.number]
        return reverse("done-check", args=where)

    @property
    def is_open(self) -> bool:
        return self.stage != self.Stage.OVER

    @property
    def about(self) -> str:
        """The case that is answered, or what is said to be done."""
        return self.said_done.what if self.said_done else self.case.title


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

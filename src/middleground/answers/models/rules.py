"""What the host promised about answers, before people took part."""

from __future__ import annotations

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from middleground.deadlines.policy import Policy, Unit, WorkCalendar
from middleground.dialogues.models import Dialogue


class AnswerRules(models.Model):
    """Which statements get an answer, and in what time. Once open, they only get stricter."""

    class Counting(models.TextChoices):
        WORKING = Unit.WORKING_DAYS.value, _("working days")
        CALENDAR = Unit.CALENDAR_DAYS.value, _("days")

    dialogue = models.OneToOneField(Dialogue, models.CASCADE, related_name="answer_rules")
    days = models.PositiveSmallIntegerField(_("time for an answer"), default=30)
    counting = models.CharField(
        _("counted in"), max_length=13, choices=Counting.choices, default=Counting.WORKING
    )
    # ISO 3166, for holidays and weekends.
    country = models.CharField(_("country"), max_length=2, default="US")
    subdivision = models.CharField(
        pgettext_lazy("level of government", "state"), max_length=3, blank=True
    )
    closing_days = models.JSONField(_("days on which offices are shut"), default=list, blank=True)
    very_overdue_after = models.PositiveSmallIntegerField(default=30)
    middle_ground = models.BooleanField(
        _("the middle ground of all groups gets an answer"), default=True
    )
    agreed_by = models.PositiveIntegerField(
        _("what so many people agree with gets an answer"), null=True, blank=True
    )
    check_days = models.PositiveSmallIntegerField(
        _("days until residents are asked about an answer or a kept promise"),
        default=28,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    check_percent = models.PositiveSmallIntegerField(
        _("percent of “no” above which a case reopens, once"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
    )
    check_least = models.PositiveIntegerField(
        _("people who must have replied before a case reopens"),
        default=5,
        validators=[MinValueValidator(1)],
    )
    # SHA-256 of the document that the public log names last; empty while it names none.
    logged = models.CharField(max_length=64, blank=True)
    logged_on = models.DateField(null=True, blank=True)
    reviewed = models.BooleanField(
        _("a second person reads a response before it is published"), default=False
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(days__gte=1, very_overdue_after__gte=1), name="answer_time_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | Q(agreed_by__gte=1), name="agreed_by_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(check_days__gte=1, check_days__lte=365)
                & Q(check_percent__gte=1, check_percent__lte=99, check_least__gte=1),
                name="check_can_be_held",
            ),
        )

    def __str__(self) -> str:
        return f"{self.dialogue}: {self.days} {self.counting}"

    def policy(self) -> Policy:
        """The clock of a case. Raises InvalidDeadline for a place that is not known."""
        closed = frozenset(date.fromisoformat(day) for day in self.closing_days)
        calendar = WorkCalendar(self.country, self.subdivision, closed)
        return Policy(self.days, Unit(self.counting), calendar, self.very_overdue_after)

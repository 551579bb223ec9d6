"""What fails in the background now, for the pages that must say so."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobTrouble(models.Model):
    """A job that failed and has not worked since.

    ``about``: the number of the dialogue whose part of the job fails; 0 for a job as a whole.
    ``error``: the class of the exception. Its message is never stored, since it can hold what
    somebody wrote.
    """

    class Cause(models.TextChoices):
        KILLED = "killed", _("a process was ended from outside")
        MEMORY = "memory", _("the machine has no memory left")
        DISK = "disk", _("the disk is full")
        FORBIDDEN = "forbidden", _("a file may not be read or written")
        DATABASE = "database", _("the database did not do what it was asked")
        NETWORK = "network", _("another machine did not answer")
        STUCK = "stuck", _("it began and does not end")
        OTHER = "other", _("a fault in the program")

    job = models.CharField(max_length=80)
    about = models.PositiveBigIntegerField(default=0)
    cause = models.CharField(max_length=12, choices=Cause)
    error = models.CharField(max_length=80, blank=True)
    times = models.PositiveIntegerField()
    since = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["since", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["job", "about"], name="trouble_once_of_a_job"),
        ]

    def __str__(self) -> str:
        return f"trouble: {self.job}"

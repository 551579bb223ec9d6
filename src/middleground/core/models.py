"""What fails in the background now, and the look of the site, both for all pages."""

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


class SiteLook(models.Model):
    """What staff chose of the site's look. There is one row at most; empty: the settings' value.

    ``logo``: a PNG that was drawn here, without anything else of the file that was uploaded.
    """

    class Plate(models.TextChoices):
        LIGHT = "light", _("a light plate below it on dark pages")
        DARK = "dark", _("a dark plate below it on light pages")
        NONE = "none", _("no plate: it can be seen on both")

    site_name = models.CharField(max_length=60, blank=True)
    host_name = models.CharField(max_length=120, blank=True)
    accent = models.CharField(max_length=7, blank=True)
    logo = models.BinaryField(null=True)
    logo_hash = models.CharField(max_length=16, blank=True)
    logo_width = models.PositiveSmallIntegerField(default=0)
    logo_height = models.PositiveSmallIntegerField(default=0)
    logo_plate = models.CharField(max_length=5, choices=Plate, default=Plate.LIGHT)
    name_beside = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_look_of_the_site"),
        ]

    def __str__(self) -> str:
        return "the look of the site"

    @property
    def shown_width(self) -> int:
        """On a page it is half as wide as in pixels, so that it is sharp on fine screens."""
        return round(self.logo_width / 2)

    @property
    def shown_height(self) -> int:
        return round(self.logo_height / 2)

"""Bodies: public authorities and organisations that answer."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Open Civic Data division identifiers, https://open-civic-data.readthedocs.io/en/latest/ocdids.html
DIVISION = r"^ocd-division/country:[a-z]{2}(/[a-z_]+:[\w.~-]+)*\Z"
is_division = RegexValidator(
    DIVISION,
    _(
        "This is not the identifier of a division. It looks like "
        "“ocd-division/country:us/state:ca/county:los_angeles”. If unknown, leave it "
        "empty."
    ),
)


class Level(models.TextChoices):
    """The level of a body, in the order in which pages list them."""

    FEDERAL = "federal", _("federal")
    STATE = "state", pgettext_lazy("level of government", "state")
    COUNTY = "county", _("county")
    CITY = "city", _("city")
    COMMUNITY = "community", _("community organization")
    OTHER = "other", _("other")


class BodyQuerySet(models.QuerySet["Body"]):
    def existing(self) -> Self:
        """Those that were neither merged nor abolished."""
        return self.filter(ended_on=None)


class Body(models.Model):
    """An authority or organisation as it is now. ``BodyEvent`` has what it was before.

    Its row and its address stay when it is renamed, merged or abolished, since what it said and
    promised stays.
    """

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=160)
    level = models.CharField(_("level"), max_length=9, choices=Level.choices)
    place = models.CharField(
        _("Open Civic Data division"), max_length=250, blank=True, validators=[is_division]
    )
    duties = models.TextField(_("what it answers for"), max_length=2000, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    website = models.URLField(
        _("website"), max_length=300, blank=True, validators=[URLValidator(["https", "http"])]
    )
    contact = models.CharField(_("public contact"), max_length=300, blank=True)
    # The first day on which it no longer exists; with a successor, it was merged into that.
    ended_on = models.DateField(null=True, blank=True, editable=False)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged"
    )
    # It is of the example, as its dialogue is, and no real institution.
    simulated = models.BooleanField(default=False, editable=False)
    # How the file that it was imported from calls it, so that a second import finds it again.
    outside_id = models.CharField(max_length=200, blank=True, editable=False)

    objects = BodyQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["outside_id"], condition=~Q(outside_id=""), name="body_outside_id_once"
            ),
            models.CheckConstraint(
                condition=Q(successor=None) | Q(ended_on__isnull=False),
                name="body_with_successor_has_ended",
            ),
            models.CheckConstraint(
                condition=~Q(successor=F("pk")) & ~Q(parent=F("pk")), name="body_is_not_its_own"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("body", args=[self.slug])

    def get_desk_url(self) -> str:
        return reverse("desk_body", args=[self.slug])

    @property
    def speaks_for_people(self) -> bool:
        """Whether it is no authority: it speaks for people who may not dare to."""
        return self.level == Level.COMMUNITY

    def exists(self, on: date) -> bool:
        return self.ended_on is None or on < self.ended_on

    def heir(self) -> Body:
        """The body that has its duties now: itself, or what it was merged into in the end."""
        body = self
        while body.successor is not None:
            body = body.successor
        return body

"""Posts of bodies, and who holds them from when to when."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from middleground.people.models.bodies import Body


class PostQuerySet(models.QuerySet["Post"]):
    def existing(self) -> Self:
        return self.filter(ended_on=None)


class Post(models.Model):
    """A post within a body, such as its head. What it said stays when its holder changes."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="posts")
    title = models.CharField(pgettext_lazy("post", "title"), max_length=120)
    ended_on = models.DateField(null=True, blank=True, editable=False)
    outside_id = models.CharField(max_length=200, blank=True, editable=False)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ("title", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["outside_id"], condition=~Q(outside_id=""), name="post_outside_id_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.title}, {self.body}"

    def get_desk_url(self) -> str:
        return reverse("desk_post", args=[self.pk])

    def exists(self, on: date) -> bool:
        return (self.ended_on is None or on < self.ended_on) and self.body.exists(on)


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def current(self, on: date) -> Self:
        """Those that hold on the day, at posts and bodies that exist on it."""
        post, body = Q(post__ended_on=None), Q(post__body__ended_on=None)
        return self.filter(
            Q(until=None) | Q(until__gte=on),
            post | Q(post__ended_on__gt=on),
            body | Q(post__body__ended_on__gt=on),
            since__lte=on,
        )


class Appointment(models.Model):
    """Somebody acts for a post from a day to a day, both included."""

    class Role(models.TextChoices):
        SPEAKS = "speaks", _("speaks for the post: drafts and publishes")
        DRAFTS = "drafts", _("drafts for the post, and publishes nothing")

    class Proof(models.TextChoices):
        """How the host made sure that the account belongs to the holder of the post."""

        LETTER = "letter", _("by letter")
        IN_PERSON = "in person", pgettext_lazy("how a holder was verified", "in person")
        TELEPHONE = "telephone", _("by telephone, through the number that the body publishes")
        OFFICIAL_MAIL = "official mail", _("by an official e-mail address")
        OPENID = "openid", _("by the body’s own sign-in")

    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="appointments",
    )
    # Shown to the public beside the post; empty, the post alone is shown.
    name = models.CharField(_("name shown to the public"), max_length=120, blank=True)
    role = models.CharField(max_length=6, choices=Role.choices, default=Role.SPEAKS)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)
    proof = models.CharField(max_length=13, choices=Proof.choices, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    # The host's name is public, and the member of its staff is not.
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    outside_id = models.CharField(max_length=200, blank=True, editable=False)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ("-since", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["outside_id"],
                condition=~Q(outside_id=""),
                name="appointment_outside_id_once",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="appointment_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(proof="", verified_on=None)
                | (~Q(proof="") & Q(verified_on__isnull=False)),
                name="appointment_is_verified_on_a_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name or self.post.title}: {self.role}"

    def holds(self, on: date) -> bool:
        in_term = self.since <= on and (self.until is None or on <= self.until)
        return in_term and self.post.exists(on)

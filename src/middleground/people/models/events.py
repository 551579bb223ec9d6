"""What happened to bodies: a log to which rows are only added."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from middleground.people.models.bodies import Body
from middleground.people.models.posts import Post


class AppendOnly(models.Model):
    """A row that is never changed and never deleted."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"A {type(self).__name__} is written once.")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(f"A {type(self).__name__} is never deleted.")


class BodyEvent(AppendOnly):
    """One change of a body or of one of its posts.

    ``facts`` has the values that the event's sentence needs (see ``bodies/history.py``), as they
    were then, so that the sentence stays true when names change.
    """

    class Kind(models.TextChoices):
        REGISTERED = "registered"
        RENAMED = "renamed"
        DESCRIBED = "described"
        MOVED = "moved"  # under another parent
        ABSORBED = "absorbed"  # another body
        MERGED = "merged"  # into another body
        ABOLISHED = "abolished"
        POST_MADE = "post made"
        POST_RENAMED = "post renamed"
        POST_TAKEN_OVER = "post taken over"  # from a body that was merged
        POST_ENDED = "post ended"
        APPOINTED = "appointed"
        VERIFIED = "verified"
        LEFT = "left"  # the term has an end

    body = models.ForeignKey(Body, models.PROTECT, related_name="events")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="events")
    kind = models.CharField(max_length=15, choices=Kind.choices)
    # The day from which it holds, and the day on which staff entered it.
    on = models.DateField()
    entered_on = models.DateField()
    facts = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("-on", "-pk")


class SiteChange(AppendOnly):
    """What staff changed of the site's look, and when; colleagues read it below the form."""

    class Kind(models.TextChoices):
        NAMED = "named"
        ACCENT_CHOSEN = "accent chosen"
        LOGO_STORED = "logo stored"
        LOGO_REMOVED = "logo removed"
        RESET = "reset"

    kind = models.CharField(max_length=13, choices=Kind.choices)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("-at", "-pk")

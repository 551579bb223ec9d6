"""Published opinion maps."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from middleground.dialogues.models.dialogue import Dialogue
from middleground.engine import MapFacts


class StoredMap(models.Model):
    """An opinion map as published: aggregates only, with what is needed to compute it again.

    ``data`` holds the map with its seed, options, engine version and the hash of its input. Only
    what is filtered or listed on has a column of its own.
    """

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="maps")
    made_at = models.DateTimeField()
    final = models.BooleanField(default=False)
    participants = models.PositiveIntegerField(help_text=_("In the map."))
    # All participants whose votes count, of whom a map of a sample has only some.
    counted = models.PositiveIntegerField(default=0)
    sampled = models.BooleanField(default=False)
    # Of the host's decisions about whose votes count: another hash makes a new map due.
    rules = models.CharField(max_length=64, blank=True, default="")
    tiers = models.JSONField(default=dict, help_text=_("Participants who voted, by tier."))
    # Whether each tier's figures may be shown, given those of the map before.
    tiers_apart = models.BooleanField(default=True)
    set_aside = models.PositiveIntegerField(default=0, help_text=_("Participants, by the host."))
    patterns: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        default=dict, help_text=_("Aggregates for the host; see patterns.py.")
    )
    # Hashes in the public log of the votes and, for a final map, of its exact facts. Both are
    # salted, so that nobody who knows most votes can guess the others.
    votes_seal = models.CharField(max_length=64, blank=True)
    facts_seal = models.CharField(max_length=64, blank=True)
    # The hash of the map's document in the public log.
    document_hash = models.CharField(max_length=64, blank=True)
    data = models.JSONField(help_text=_("MapFacts.to_dict()"))

    class Meta:
        get_latest_by: ClassVar[list[str]] = ["made_at", "id"]
        ordering: ClassVar[list[str]] = ["-made_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["dialogue"], condition=Q(final=True), name="one_final_map"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"

    @property
    def facts(self) -> MapFacts:
        return MapFacts.from_dict(self.data)

    @classmethod
    def facts_of(cls, pk: int) -> MapFacts:
        """The facts of a stored map, decoded from its text in one step, which is much faster."""
        text = Cast("data", models.TextField())
        return MapFacts.from_json(cls.objects.values_list(text, flat=True).get(pk=pk))


class PastMap(models.Model):
    """A map that is deleted and whose document the public log has, so that it can be cited."""

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="past_maps")
    made_at = models.DateTimeField()
    sampled = models.BooleanField(default=False)
    document_hash = models.CharField(max_length=64)
    final = False  # a final map is never deleted

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["dialogue", "document_hash"], name="one_past_map_a_document"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"

"""Responses: what a post answers to a case, in versions that are never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from middleground.answers.models.case import Case, Resolution
from middleground.answers.models.concern import Concern
from middleground.dialogues.models.dialogue import LONGEST_LANGUAGE
from middleground.evidence.models import Claim, Source
from middleground.people.models import AppendOnly, Post

SUMMARY_LETTERS = 200
DETAILS_LETTERS = 20_000


class Outcome(models.TextChoices):
    """What a response says to one concern of the case."""

    ACCEPTED = "accepted", _("accepted")
    IN_PART = "in part", _("accepted in part")
    NOT_ACCEPTED = "not accepted", _("not accepted, because")
    ALREADY_SO = "already so", _("already so")
    NOT_OURS = "not ours", _("not ours")


class Response(AppendOnly):
    """A published version, as it was signed then."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="responses")
    version = models.PositiveIntegerField()
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    # As they were called on that day.
    body_name = models.CharField(max_length=160)
    post_title = models.CharField(max_length=120)
    holder = models.CharField(max_length=120, blank=True)
    resolution = models.CharField(max_length=10, choices=Resolution.choices)
    until = models.DateField(null=True)  # of a deferral
    # Of its words, as the post said; empty: nobody said it.
    language = models.CharField(max_length=LONGEST_LANGUAGE, blank=True, default="")
    summary = models.CharField(max_length=SUMMARY_LETTERS)
    details = models.TextField(max_length=DETAILS_LETTERS, blank=True)
    correction = models.CharField(max_length=300, blank=True)  # why there is a newer version
    published_on = models.DateField()
    document = models.CharField(max_length=64)  # SHA-256 of what the public log names
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("case", "version")
        constraints = (
            models.UniqueConstraint(fields=["case", "version"], name="response_version_once"),
        )

    def get_absolute_url(self) -> str:
        return self.case.get_absolute_url()


class Disposition(AppendOnly):
    """What a response says to one concern."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="dispositions")
    concern = models.ForeignKey(Concern, models.PROTECT, related_name="dispositions")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    words = models.CharField(max_length=600, blank=True)

    class Meta:
        ordering = ("response", "concern__number")
        constraints = (
            models.UniqueConstraint(
                fields=["response", "concern"], name="disposition_once_in_a_response"
            ),
        )


class ResponseCitation(AppendOnly):
    """A claim or a source on which a response rests."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="citations")
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="+")
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("response", "pk")  # claims first, each by number
        constraints = (
            models.UniqueConstraint(fields=["response", "claim"], name="response_cites_claim_once"),
            models.UniqueConstraint(
                fields=["response", "source"], name="response_cites_source_once"
            ),
            models.CheckConstraint(
                condition=models.Q(claim__isnull=True) ^ models.Q(source__isnull=True),
                name="response_cites_claim_or_source",
            ),
        )

    @property
    def cited(self) -> Claim | Source:
        row = self.claim or self.source
        assert row is not None
        return row


class ResponseDraft(models.Model):
    """What is being written for a case. ``revision`` tells whether somebody else saved since."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="draft")
    revision = models.PositiveIntegerField(default=0)
    resolution = models.CharField(max_length=10, choices=Resolution.choices, blank=True)
    until = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=LONGEST_LANGUAGE, blank=True, default="")
    summary = models.CharField(max_length=SUMMARY_LETTERS, blank=True)
    details = models.TextField(max_length=DETAILS_LETTERS, blank=True)
    correction = models.CharField(max_length=300, blank=True)
    # By the number of the concern: outcome and words.
    dispositions = models.JSONField(default=dict)
    # What it rests on: "claim-3", "source-10".
    cites = models.JSONField(default=list)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    # Of the revision that a second person has read, where the host asks for that.
    reviewed_revision = models.PositiveIntegerField(null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

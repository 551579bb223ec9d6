"""The dialogue, its statements, who votes how, what moderation did, and the stored opinion map."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from middleground.dialogues.admission_models import Code, CodeBatch, SetAside
from middleground.dialogues.appeal import Appeal
from middleground.dialogues.exposure import StatementExposure
from middleground.dialogues.hold import APPEALED_DAYS, REJECTED_DAYS, Hold
from middleground.dialogues.log_models import (
    DialogueLog,
    ErasedSeal,
    LogEntry,
    LogState,
    VoteSeal,
    WaitingRecord,
)
from middleground.engine import MapFacts

__all__ = [
    "Appeal", "Code", "CodeBatch", "DailyCount", "Dialogue", "DialogueLog", "ErasedSeal", "Hold",
    "LogEntry", "LogState", "Participant", "SetAside", "StaffAction", "Statement",
    "StatementExposure", "StoredMap", "Vote", "VoteSeal", "WaitingRecord",
]  # fmt: skip

PHASES = ("draft", "scheduled", "open", "closed")
# Addresses below /desk/ that mean something else, so that no dialogue can have them.
RESERVED_SLUGS = frozenset({"new", "staff"})


def validate_not_reserved(slug: str) -> None:
    """Nor may it begin with a dash or underscore: the public log uses it as a label."""
    if slug[:1] in {"-", "_"}:
        raise ValidationError(_("Begin with a letter or a digit."), "beginning")
    if slug in RESERVED_SLUGS:
        raise ValidationError(
            _("“%(slug)s” is used by the desk itself. Choose another."), "reserved", {"slug": slug}
        )


class Dialogue(models.Model):
    """One question put to residents, with background, a period and a state."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft: only staff see it")
        OPEN = "open", _("open: people take part within the period")
        CLOSED = "closed", _("closed: the result is final")

    class Moderation(models.TextChoices):
        BEFORE = "before", _("before: a statement waits until staff approve it")
        AFTER = "after", _("after: a statement is shown at once and looked at later")

    slug = models.SlugField(
        _("address"), max_length=60, unique=True, validators=[validate_not_reserved]
    )
    question = models.CharField(_("question"), max_length=200)
    background = models.TextField(_("background"), blank=True, max_length=20_000)
    host_name = models.CharField(_("who hosts it"), max_length=120)
    promise = models.TextField(_("what happens with the answers"), blank=True, max_length=4_000)
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    moderation = models.CharField(
        _("moderation"), max_length=6, choices=Moderation.choices, default=Moderation.BEFORE
    )
    statement_limit = models.PositiveSmallIntegerField(
        _("longest statement, in characters"),
        default=200,
        validators=[MinValueValidator(40), MaxValueValidator(1000)],
    )
    minimum_shown = models.PositiveSmallIntegerField(
        _("smallest number of people shown"),
        default=5,
        validators=[MinValueValidator(5), MaxValueValidator(100)],
    )
    key_days = models.PositiveSmallIntegerField(
        _("days until the key is destroyed"),
        default=14,
        validators=[MaxValueValidator(90)],
        help_text=_("Counted from the final map."),
    )
    key_destroyed_on = models.DateField(null=True, blank=True, editable=False)
    open_participation = models.BooleanField(_("open to everyone, without a code"), default=True)
    # Tiers whose participants the host does not let count towards findings; see actions/counting.
    uncounted_tiers: models.JSONField[list[str], list[str]] = models.JSONField(
        default=list, editable=False
    )
    copies_count_once = models.BooleanField(default=True, editable=False)
    simulated = models.BooleanField(_("participants are simulated"), default=False, editable=False)
    imported = models.BooleanField(_("taken in from elsewhere"), default=False, editable=False)
    # Grows with every change that a running vote path has to know: statements, state, period.
    revision = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("dialogue")
        verbose_name_plural = _("dialogues")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(opens_at=None)
                | Q(closes_at=None)
                | Q(opens_at__lt=models.F("closes_at")),
                name="dialogue_opens_before_it_closes",
                violation_error_message=_("The dialogue must open before it closes."),
            ),
        ]

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return reverse("dialogue", args=[self.slug])

    def phase(self, at: datetime) -> str:
        """Draft, scheduled, open or closed: the one definition, used everywhere."""
        if self.state == self.State.DRAFT:
            return "draft"
        if self.state == self.State.CLOSED or (self.closes_at and at >= self.closes_at):
            return "closed"
        if self.opens_at and at < self.opens_at:
            return "scheduled"
        return "open"

    def is_open(self, at: datetime) -> bool:
        return self.phase(at) == "open"


class Participant(models.Model):
    """Someone who takes part, known by a pseudonym that differs in every dialogue.

    ``id`` is the pseudonym itself: 63 bits of a keyed hash (see ``pseudonym.py``), so that row
    order tells nothing. There is no name, address, device or time here, and there shall be none.
    """

    class Tier(models.TextChoices):
        """How they were admitted. Who waits has voted, but not shown yet to be no program."""

        WAITING = "waiting", _("not confirmed")
        OPEN = "open", _("open")
        INVITED = "invited", _("invited")
        IN_PERSON = "in_person", _("in person")
        IMPORTED = "imported", _("imported")

    id = models.BigIntegerField(primary_key=True)
    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="participants")
    tier = models.CharField(max_length=9, choices=Tier.choices, default=Tier.OPEN)
    simulated = models.BooleanField(default=False)

    def __str__(self) -> str:
        return "participant"


class StatementQuerySet(models.QuerySet["Statement"]):
    def votable(self) -> StatementQuerySet:
        return self.filter(status=Statement.Status.APPROVED)

    def waiting(self) -> StatementQuerySet:
        return self.filter(status=Statement.Status.PENDING)

    def removed(self) -> StatementQuerySet:
        """Those that staff removed after the final result (see ``removed.py``)."""
        acts = StaffAction.objects.filter(statement=models.OuterRef("pk"), verb="reject")
        after = models.Exists(acts.filter(details__after_result=True))
        return self.filter(after, status=Statement.Status.REJECTED)

    def published(self) -> StatementQuerySet:
        return self.votable() | self.removed()


class Statement(models.Model):
    """One short sentence that others vote on."""

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting for a moderator")
        APPROVED = "approved", _("shown")
        REJECTED = "rejected", _("not shown")
        MERGED = "merged", _("merged into another statement")

    class Origin(models.TextChoices):
        SEED = "seed", _("from the host")
        PARTICIPANT = "participant", _("from a participant")
        IMPORTED = "imported", _("imported")

    class Reason(models.TextChoices):
        """Why a statement is not shown. Its author sees this."""

        DUPLICATE = "duplicate", _("says the same as another statement")
        PERSONAL_DATA = "personal_data", _("could identify a person")
        OFF_TOPIC = "off_topic", _("is not about the question")
        SEVERAL = "several", _("says several things at once, so that one vote cannot answer it")
        UNCLEAR = "unclear", _("cannot be understood")
        ATTACK = "attack", _("attacks or threatens people")
        UNLAWFUL = "unlawful", _("is unlawful")
        SPAM = "spam", _("is advertising or spam")

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="statements")
    number = models.PositiveIntegerField(help_text=_("Counts up within the dialogue."))
    text = models.CharField(max_length=1000)
    # The normalised text's hash: the same sentence cannot stand twice in a dialogue.
    fingerprint = models.CharField(max_length=64, editable=False)
    origin = models.CharField(max_length=11, choices=Origin.choices, default=Origin.PARTICIPANT)
    author = models.ForeignKey(
        Participant, models.SET_NULL, null=True, blank=True, related_name="statements"
    )
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.PENDING)
    reason = models.CharField(max_length=13, choices=Reason.choices, blank=True)
    # Hides the words in the public log, until they are published; nothing before they are sealed.
    salt = models.BinaryField(max_length=16, null=True, editable=False)
    # Staff have looked at it; with moderation afterwards, an approved statement may still wait.
    reviewed = models.BooleanField(default=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    received_on = models.DateField(help_text=_("A day, never a time."))
    # From this day on the days are counted after which the text is deleted.
    rejected_on = models.DateField(null=True, blank=True, editable=False)

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering: ClassVar[list[str]] = ["dialogue", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dialogue", "number"], name="statement_number_once"),
            models.UniqueConstraint(
                fields=["dialogue", "fingerprint"],
                condition=Q(status__in=["pending", "approved"]),
                name="statement_text_once",
            ),
            models.CheckConstraint(
                # An import does not tell why.
                condition=~Q(status="rejected") | ~Q(reason="") | Q(origin="imported"),
                name="rejection_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status="merged") | ~Q(merged_into=None), name="merge_has_a_target"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["dialogue", "status"], name="statement_by_status"),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("statement", args=[self.dialogue.slug, self.number])

    @property
    def text_deleted(self) -> bool:
        """What is left is the number and what was decided (see ``actions.retention``)."""
        return not self.text

    @property
    def text_deleted_from(self) -> date | None:
        """The day from which on a rejected text is deleted, unless it is held.

        While its author waits for a second look, the last such day.
        """
        days = APPEALED_DAYS if self.appeal_waits else REJECTED_DAYS
        return self.rejected_on and self.rejected_on + timedelta(days=days)

    @property
    def appeal_waits(self) -> bool:
        appeal: Appeal | None = getattr(self, "appeal", None)
        return appeal is not None and not appeal.is_decided


class Vote(models.Model):
    """A participant's answer to a statement. Without time, and stored without row order.

    On SQLite the table is WITHOUT ROWID (see the first migration): a hidden row number would
    keep the order in which votes came.
    """

    pk = models.CompositePrimaryKey("participant_id", "statement_id")
    # The key already finds a participant's votes, and nothing on the hot path asks by statement.
    participant = models.ForeignKey(
        Participant, models.CASCADE, related_name="votes", db_index=False
    )
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="votes", db_index=False)
    value = models.SmallIntegerField(choices=[(1, _("agree")), (0, _("pass")), (-1, _("disagree"))])
    # Whether the server chose the statement for this participant, or they looked it up.
    dealt = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(value__in=[-1, 0, 1]), name="vote_is_a_vote"),
        ]

    def __str__(self) -> str:
        return "vote"


class DailyCount(models.Model):
    """How much happened on a day: all that is kept about when people take part.

    The day is the installation's own, by its time zone, as pages speak of it.
    """

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="days")
    day = models.DateField()
    participants = models.PositiveIntegerField(default=0)
    votes = models.PositiveIntegerField(default=0)
    statements = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["day"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dialogue", "day"], name="one_count_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class StoredMap(models.Model):
    """An opinion map as published: aggregates only, with what is needed to compute it again."""

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="maps")
    made_at = models.DateTimeField()
    final = models.BooleanField(default=False)
    participants = models.PositiveIntegerField()
    votes = models.PositiveIntegerField()
    # Of a map that was carried on: when all was last computed from all votes.
    whole_at = models.DateTimeField(null=True)
    tiers = models.JSONField(default=dict, help_text=_("Participants who voted, by tier."))
    # Whether each tier's figures may be shown beside those of the map before.
    tiers_apart = models.BooleanField(default=True)
    set_aside = models.PositiveIntegerField(default=0, help_text=_("Participants, by the host."))
    patterns: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        default=dict, help_text=_("Aggregates for the host; see patterns.py.")
    )
    seed = models.PositiveIntegerField()
    engine_version = models.CharField(max_length=40)
    input_hash = models.CharField(max_length=64)
    # What the public log says of the votes; of a final map also of its exact facts. Both hashes are
    # salted, so that nobody who knows most votes can try out the others.
    votes_seal = models.CharField(max_length=64, blank=True)
    facts_seal = models.CharField(max_length=64, blank=True)
    options = models.JSONField()
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


class StaffAction(models.Model):
    """What staff did, to be read by colleagues and, by reason code, by the public."""

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="staff_actions")
    statement = models.ForeignKey(
        Statement, models.SET_NULL, null=True, blank=True, related_name="staff_actions"
    )
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    verb = models.CharField(max_length=20)
    reason = models.CharField(max_length=13, choices=Statement.Reason.choices, blank=True)
    details: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        default=dict, blank=True
    )
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d %H:%M}"

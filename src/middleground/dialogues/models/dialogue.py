"""A dialogue: one question, its settings, its period, and daily counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from middleground.core.changes import note_until
from middleground.core.languages.offered import FIRST

LONGEST_LANGUAGE = 8  # a code, such as "zh-hans"
PHASES = ("draft", "scheduled", "open", "closed")
# What follows /desk/ at addresses that are about no dialogue. None may be added: a dialogue may
# have it already, and would lose its page. New pages of the desk stand below one of these.
RESERVED_SLUGS = frozenset({"bodies", "inbox", "new", "posts", "staff", "terms"})


def validate_not_reserved(slug: str) -> None:
    """Reject reserved slugs, and a leading - or _ because the public log uses slugs as labels."""
    if slug[:1] in {"-", "_"}:
        raise ValidationError(_("Start with a letter or a digit."), "beginning")
    if slug in RESERVED_SLUGS:
        raise ValidationError(
            _("The desk uses “%(slug)s” itself. Choose another."), "reserved", {"slug": slug}
        )


class Dialogue(models.Model):
    """One question put to residents, with background, a period and a state."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft: only staff see it")
        OPEN = "open", _("open: people take part within the period")
        CLOSED = "closed", _("closed: the result is final")

    class Moderation(models.TextChoices):
        BEFORE = "before", _("before: a statement waits for a moderator")
        AFTER = "after", _("after: a statement is shown at once and read later")

    slug = models.SlugField(
        _("address"), max_length=60, unique=True, validators=[validate_not_reserved]
    )
    question = models.CharField(_("question"), max_length=200)
    background = models.TextField(_("background"), blank=True, max_length=20_000)
    # Of the host's texts. Codes as in settings.LANGUAGES.
    language = models.CharField(max_length=LONGEST_LANGUAGE, default=FIRST)
    # Into which languages its texts are translated; see models/texts/translation.py.
    other_languages: models.JSONField[list[str], list[str]] = models.JSONField(
        default=list, editable=False
    )
    host_name = models.CharField(_("who hosts it"), max_length=120)
    promise = models.TextField(_("what happens with the answers"), blank=True, max_length=4_000)
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    moderation = models.CharField(
        _("moderation"), max_length=6, choices=Moderation.choices, default=Moderation.BEFORE
    )
    # Which texts are not shown, in the host's words; empty: the reasons that all hosts have.
    moderation_policy = models.TextField(_("what is not shown"), blank=True, max_length=2_000)
    # What ``OwnReason.stored`` gives, in the order of their codes; see texts/own_reason.py.
    own_reasons: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(
        default=list, editable=False
    )
    statement_limit = models.PositiveSmallIntegerField(
        _("longest statement, in characters"),
        default=200,
        validators=[MinValueValidator(40), MaxValueValidator(1000)],
    )
    # Dealt statements that a confirmed participant votes on before writing; 0: no such rule.
    votes_before_writing = models.PositiveSmallIntegerField(
        _("votes before writing"), default=3, validators=[MaxValueValidator(50)]
    )
    # What the card asks people for. They can stop before it, and go on after it.
    vote_goal = models.PositiveSmallIntegerField(
        _("goal, in votes"),
        default=20,
        validators=[MinValueValidator(3), MaxValueValidator(100)],
    )
    statements_an_hour = models.PositiveSmallIntegerField(
        _("new statements an hour"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
    )
    takes_comments = models.BooleanField(_("comments below statements"), default=False)
    # As ``votes_before_writing``, for comments.
    votes_before_commenting = models.PositiveSmallIntegerField(
        _("votes before commenting"), default=5, validators=[MaxValueValidator(50)]
    )
    # The hour (since 1970) in which a statement or comment was written last, and how many were; see
    # statements/who_may_write.py. Only the last such hour is known.
    writing_hour = models.PositiveIntegerField(default=0, editable=False)
    written_in_hour = models.PositiveIntegerField(default=0, editable=False)
    minimum_shown = models.PositiveSmallIntegerField(
        _("smallest number of people shown"),
        default=5,
        validators=[MinValueValidator(5), MaxValueValidator(100)],
    )
    map_minutes = models.PositiveSmallIntegerField(
        _("shortest time between maps, in minutes"),
        default=0,
        validators=[MaxValueValidator(1440)],
    )
    key_days = models.PositiveSmallIntegerField(
        _("days until the key is destroyed"),
        default=14,
        validators=[MaxValueValidator(90)],
        help_text=_("Counted from the final map."),
    )
    # Of the key file, to know it again (identity/keys.py). Empty before the key is made.
    key_check = models.CharField(max_length=32, blank=True, default="", editable=False)
    key_destroyed_on = models.DateField(null=True, blank=True, editable=False)
    open_participation = models.BooleanField(_("open to everyone, without a code"), default=True)
    # Tiers that the host does not count towards findings; see maps/eligibility_actions.py.
    uncounted_tiers: models.JSONField[list[str], list[str]] = models.JSONField(
        default=list, editable=False
    )
    copies_count_once = models.BooleanField(default=True, editable=False)
    simulated = models.BooleanField(_("participants are simulated"), default=False, editable=False)
    imported = models.BooleanField(_("taken in from elsewhere"), default=False, editable=False)
    # In the archive since this day: off the front page, at the same addresses.
    archived_on = models.DateField(null=True, blank=True, editable=False)
    # Its place among those of its phase on the front page; 0: before those that staff have ordered.
    list_place = models.PositiveIntegerField(default=0, editable=False)
    # Raised by every change that a running vote path must know: statements, state, period.
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
        """Draft, scheduled, open or closed. This is the only definition."""
        if self.state == self.State.DRAFT:
            return "draft"
        if self.state == self.State.CLOSED or (self.closes_at and at >= self.closes_at):
            return "closed"
        if self.opens_at and at < self.opens_at:
            note_until(self.opens_at)
            return "scheduled"
        note_until(self.closes_at)
        return "open"

    def is_open(self, at: datetime) -> bool:
        return self.phase(at) == "open"


class DailyCount(models.Model):
    """How much happened on a day: all that is kept about when participants take part.

    The day is in the installation's time zone, as on pages. A day's rows add up: each transaction
    counts in a part chosen at random, so that those of several processes seldom wait for each
    other.
    """

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="days")
    day = models.DateField()
    part = models.PositiveSmallIntegerField(default=0)
    participants = models.PositiveIntegerField(default=0)
    votes = models.PositiveIntegerField(default=0)
    statements = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["day"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["dialogue", "day", "part"], name="one_count_a_day_and_part"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"

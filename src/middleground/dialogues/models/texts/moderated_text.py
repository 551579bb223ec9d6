"""The fields and methods that all kinds of moderated texts share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar, Self, TypeAlias, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from middleground.dialogues.models.dialogue import LONGEST_LANGUAGE, Dialogue
from middleground.dialogues.models.participant import Participant
from middleground.dialogues.models.retention_hold import APPEALED_DAYS, REJECTED_DAYS
from middleground.dialogues.models.texts.moderation import AppealAgainst, Reason
from middleground.dialogues.models.texts.own_reason import label_of_reason, own_reason_of
from middleground.texts.moderation import TextState


class Status(models.TextChoices):
    PENDING = "pending", _("waiting for a moderator")
    APPROVED = "approved", _("shown")
    REJECTED = "rejected", _("not shown")
    MERGED = "merged", _("merged into another statement")


# How a state is stored: the status, and whether a moderator has reviewed the text.
STORED_AS: dict[TextState, tuple[Status, bool]] = {
    TextState.WAITING: (Status.PENDING, False),
    TextState.UNSEEN: (Status.APPROVED, False),
    TextState.SHOWN: (Status.APPROVED, True),
    TextState.REJECTED: (Status.REJECTED, True),
    TextState.MERGED: (Status.MERGED, True),
}
_STATES = {stored: state for state, stored in STORED_AS.items()}
_DECISION_FIELDS = ["status", "reviewed", "reason", "rejected_on"]


def in_state(*states: TextState) -> Q:
    """The condition that a text is in one of these states."""
    condition = Q()
    for state in states:
        status, reviewed = STORED_AS[state]
        condition |= Q(status=status, reviewed=reviewed)
    return condition


Text = TypeVar("Text", bound="ModeratedText")


class ModeratedTextQuerySet(models.QuerySet[Text]):
    def in_state(self, *states: TextState) -> Self:
        return self.filter(in_state(*states))


class ModeratedText(models.Model):
    """A text that somebody wrote in a dialogue, and the staff's decision about it.

    Each kind of text has its own table that inherits from this and registers itself (see
    ``text_kinds.py``), so that moderation, appeals and retention find it.
    """

    Status: TypeAlias = Status
    Reason: TypeAlias = Reason
    # Other columns with words of the text, and what is left in them when it is deleted.
    WORDS_ASIDE: ClassVar[Mapping[str, Any]] = {"language": ""}

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="%(class)ss")
    # Pages and the public log call the text by this number.
    number = models.PositiveIntegerField(help_text=_("Counts up within the dialogue."))
    text = models.CharField(max_length=1000)
    # As its writer said, where the dialogue has several; empty: nobody said it.
    language = models.CharField(max_length=LONGEST_LANGUAGE, blank=True, default="")
    # Prevents the same sentence from appearing twice in a dialogue.
    dedup_hash = models.CharField(max_length=64, editable=False)
    author = models.ForeignKey(
        Participant, models.SET_NULL, null=True, blank=True, related_name="%(class)ss"
    )
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.PENDING)
    # A ``Reason``, or the code of one of the host's own.
    reason = models.CharField(max_length=13, blank=True)
    # Hides the words in the public log until they are published; None before they are sealed.
    salt = models.BinaryField(max_length=16, null=True, editable=False)
    # Staff have reviewed it. With post-moderation, an approved text may still wait for this.
    reviewed = models.BooleanField(default=False)
    received_on = models.DateField(help_text=_("A day, never a time."))
    # The retention period of the text starts on this day.
    rejected_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dialogue", "number"], name="%(class)s_number_once"),
            models.UniqueConstraint(
                fields=["dialogue", "dedup_hash"],
                condition=Q(status__in=["pending", "approved"]),
                name="%(class)s_text_once",
            ),
            models.CheckConstraint(condition=in_state(*TextState), name="%(class)s_state_is_known"),
            models.CheckConstraint(
                condition=Q(status="rejected") | Q(reason="", rejected_on=None),
                name="%(class)s_only_rejected_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def state(self) -> TextState:
        return _STATES[Status(self.status), self.reviewed]

    def move_to(self, state: TextState, reason: str = "", **also: Any) -> None:
        """Store the state, the reason of a rejection, and the other fields given.

        Without a reason it was the author who took the text back.
        """
        self.status, self.reviewed = STORED_AS[state]
        rejected = state is TextState.REJECTED
        self.reason = str(reason) if rejected else ""
        self.rejected_on = (self.rejected_on or timezone.localdate()) if rejected else None
        for name, value in also.items():
            setattr(self, name, value)
        self.save(update_fields=[*_DECISION_FIELDS, *also])

    def get_reason_display(self) -> str:
        """The reason's label, which stands behind a colon: "says the same as another statement"."""
        return label_of_reason(self)

    @property
    def reason_explained(self) -> str:
        """What the host adds for the author, if the reason is one of the host's own."""
        found = own_reason_of(self)
        return found.explanation if found else ""

    @property
    def context(self) -> str:
        """Where it comes from or what it is about, for a moderator."""
        return ""

    @property
    def is_withdrawn(self) -> bool:
        """Whether its author took it back after it was shown: a moderator gives a reason."""
        return self.state is TextState.REJECTED and not self.reason and self.is_by_participant

    @property
    def is_by_participant(self) -> bool:
        return True

    def undo(self, state: TextState) -> None:
        """Store the state after a decision was taken back."""
        self.move_to(state)

    def same_words(self) -> ModeratedTextQuerySet[Any]:
        """The texts among which no two with the same words may wait or be shown."""
        others: ModeratedTextQuerySet[Any] = type(self)._default_manager.filter(  # type: ignore[assignment]
            dialogue_id=self.dialogue_id, dedup_hash=self.dedup_hash
        )
        return others

    @property
    def text_deleted(self) -> bool:
        """Whether only the number and the decision are left (see ``privacy.retention``)."""
        return not self.text

    @property
    def text_deleted_from(self) -> date | None:
        """The day from which a rejected text is deleted unless it is held.

        While its author waits for a second look, this is the latest possible day.
        """
        days = APPEALED_DAYS if self.appeal_waits else REJECTED_DAYS
        return self.rejected_on and self.rejected_on + timedelta(days=days)

    @property
    def appeal_waits(self) -> bool:
        appeal: AppealAgainst | None = getattr(self, "appeal", None)
        return appeal is not None and not appeal.is_decided

"""Concerns: whatever was raised in a dialogue and asks for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from middleground.dialogues.models import Dialogue, Statement
from middleground.threads.models import NUMBERS, Comment
from middleground.threads.subjects import name_of_subject, subject_rows

if TYPE_CHECKING:
    from middleground.answers.models.case import Case


class SetAside(models.TextChoices):
    """Why a concern is in no case. The public sees it."""

    SAME = "same", _("says the same as another")
    NOTHING_ASKED = "nothing asked", _("an opinion that asks nothing of anyone: noted")
    NOBODYS_DUTY = "nobody's duty", _("outside the duties of every body")


FIRST_COMMENT = NUMBERS.start  # a statement's number never gets there: they count up


class ConcernQuerySet(models.QuerySet["Concern"]):
    def with_texts(self) -> ConcernQuerySet:
        """With all that ``raised``, ``place`` and pages read of the statement or comment."""
        threads = [f"comment__thread__{row}" for row in subject_rows()]
        return self.select_related("dialogue", "statement__merged_into", "comment", *threads)


class Concern(models.Model):
    """A concern that somebody has looked at: it is in one or more cases, or set aside.

    Each shown statement is a concern; one without a row here is open, and is listed so. A comment
    is one from the moment when staff take it up. ``number`` is the statement's or the comment's,
    and stays when its row is deleted.
    """

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="concerns")
    number = models.PositiveIntegerField()
    statement = models.OneToOneField(Statement, models.SET_NULL, null=True, related_name="concern")
    comment = models.OneToOneField(Comment, models.SET_NULL, null=True, related_name="concern")
    set_aside = models.CharField(max_length=13, choices=SetAside.choices, blank=True)
    same_as = models.ForeignKey(Statement, models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    set_aside_on = models.DateField(null=True)

    cases: models.ManyToManyField[Case, Case] = models.ManyToManyField(
        "Case", through="CaseConcern", related_name="concerns"
    )

    objects = ConcernQuerySet.as_manager()

    class Meta:
        ordering = ("dialogue", "number")
        constraints = (
            models.UniqueConstraint(fields=["dialogue", "number"], name="concern_once"),
            models.CheckConstraint(
                condition=Q(set_aside="", set_aside_on=None)
                | (~Q(set_aside="") & Q(set_aside_on__isnull=False)),
                name="set_aside_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(number__lt=FIRST_COMMENT, comment=None)
                | Q(number__gte=FIRST_COMMENT, statement=None),
                name="concern_number_tells_its_kind",
            ),
        )

    def __str__(self) -> str:
        return f"{self.dialogue_id}/{self.number}"

    @property
    def is_comment(self) -> bool:
        return self.number >= FIRST_COMMENT

    @property
    def raised(self) -> Statement | Comment | None:
        """The statement or comment, unless its row was deleted."""
        return self.statement or self.comment

    @property
    def place(self) -> str:
        """Below what a comment stands; a statement stands by itself."""
        return place_of(self.comment) if self.comment else ""


def place_of(comment: Comment) -> str:
    """Reads the comment's thread and what this is about."""
    values = {"number": comment.number, "subject": name_of_subject(comment.thread)}
    return gettext("comment %(number)d below %(subject)s") % values

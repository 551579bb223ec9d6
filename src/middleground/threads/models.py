"""Threads, the comments in them, and who signed those of posts.

No row holds a time, and a comment's number is drawn by lot, so that neither numbers nor addresses
tell in which order people wrote.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from middleground.dialogues.models import (
    AppealAgainst,
    Dialogue,
    ModeratedText,
    Participant,
    SimilarText,
    StaffAction,
    Statement,
    TextMark,
    TextTranslation,
)
from middleground.dialogues.models.texts.moderated_text import ModeratedTextQuerySet, in_state
from middleground.dialogues.models.texts.translation import one_shown_and_checked
from middleground.people.models import Appointment, Body, Level, Post
from middleground.texts.moderation import TextState

COMMENTS = "comments"  # their collection in the public log
# Eight digits: the desk reads numbers of up to eight.
NUMBERS = range(10_000_000, 100_000_000)
VISIBLE = (TextState.UNSEEN, TextState.SHOWN)


class Thread(models.Model):
    """The comments on one thing. The row is made with the first comment.

    What it is about holds a one-to-one key to it: for statements ``StatementThread``; apps above
    have a key of their own, and register it (``subjects.py``).
    """

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="threads")

    def __str__(self) -> str:
        return f"thread {self.pk}"


class StatementThread(models.Model):
    """The thread below a statement."""

    statement = models.OneToOneField(
        Statement, models.CASCADE, primary_key=True, related_name="thread_link"
    )
    thread = models.OneToOneField(Thread, models.CASCADE, related_name="statement_link")

    def __str__(self) -> str:
        return f"thread of {self.statement_id}"


class CommentQuerySet(ModeratedTextQuerySet["Comment"]):
    def visible(self) -> CommentQuerySet:
        """Those whose words everybody reads; a moderator may not have seen all of them yet."""
        return self.filter(in_state(*VISIBLE))

    def placed(self) -> CommentQuerySet:
        """Those that are visible, and those of posts that staff hid: who said it stays public."""
        hidden = Q(tier="") & in_state(TextState.REJECTED)
        return self.filter(in_state(*VISIBLE) | hidden)

    def of_participants(self) -> CommentQuerySet:
        return self.exclude(tier="")

    def of_posts(self) -> CommentQuerySet:
        return self.filter(tier="")

    def with_signatures(self) -> CommentQuerySet:
        """With who signed those of posts, so that naming them costs no query."""
        return self.select_related("signature__post__body")

    def with_subjects(self) -> CommentQuerySet:
        """With what the thread of each is about, so that its name costs no query."""
        from middleground.threads.subjects import subject_rows  # it needs this module

        return self.select_related("thread", *(f"thread__{row}" for row in subject_rows()))

    def listed(self) -> CommentQuerySet:
        """Participants' top-level comments that have a place in the thread.

        One that is no longer shown keeps its place, without its words, if there are answers.
        """
        answered = Comment.objects.placed().filter(parent=models.OuterRef("pk"))
        has_place = in_state(*VISIBLE) | models.Exists(answered)
        return self.of_participants().filter(has_place, parent=None)


class Comment(ModeratedText):
    """What somebody says in a thread: an argument, or the answer to one.

    A participant says it, or a post of a body: then it has a ``PostSignature``, and no tier, no
    author and no rank.
    """

    class Stance(models.TextChoices):
        FOR = "for", gettext_lazy("for it")
        AGAINST = "against", gettext_lazy("against it")
        NEITHER = "neither", gettext_lazy("neither: a question or a remark")

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="comments")
    # Answers are one level deep: what has a parent is nobody's parent (``submit.py``).
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replies"
    )
    stance = models.CharField(max_length=7, choices=Stance.choices, default=Stance.NEITHER)
    # How its author was admitted when they wrote it. Pages must not read the participant's row.
    # Empty: it is a post's.
    tier = models.CharField(max_length=11, choices=Participant.Tier.choices, blank=True)
    # Its place by what people of different groups found worth reading, which equal ones share.
    # Empty: by lot.
    rank = models.PositiveSmallIntegerField(null=True, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta(ModeratedText.Meta):
        verbose_name = gettext_lazy("comment")
        verbose_name_plural = gettext_lazy("comments")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # The same words may be said in two threads.
            *(each for each in ModeratedText.Meta.constraints if "text_once" not in each.name),
            models.UniqueConstraint(
                fields=["thread", "dedup_hash"],
                condition=Q(status__in=["pending", "approved"]),
                name="comment_text_once",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | Q(stance="neither"), name="comment_reply_takes_no_side"
            ),
            models.CheckConstraint(condition=~Q(status="merged"), name="comment_is_never_merged"),
            models.CheckConstraint(
                condition=~Q(tier="") | Q(author=None, rank=None),
                name="comment_of_a_post_is_its_own",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["thread", "parent", "stance"], name="comment_in_thread"),
        ]

    @property
    def context(self) -> str:
        from middleground.threads.subjects import subject_of  # it needs this module

        subject = subject_of(self.thread)
        values = {"stance": self.get_stance_display(), "subject": subject.title if subject else ""}
        values["who"] = self.signature.name if self.is_of_post else ""
        if self.parent_id and self.is_of_post:
            return _("%(who)s, answer below: %(subject)s") % values
        if self.is_of_post:
            return _("%(who)s, %(stance)s: %(subject)s") % values
        if self.parent_id:
            return _("Answer below: %(subject)s") % values
        return _("%(stance)s: %(subject)s") % values

    @property
    def is_of_post(self) -> bool:
        return not self.tier

    @property
    def is_by_participant(self) -> bool:
        return not self.is_of_post

    def same_words(self) -> CommentQuerySet:
        return Comment.objects.filter(thread_id=self.thread_id, dedup_hash=self.dedup_hash)

    def get_absolute_url(self) -> str:
        return reverse("comment", args=[self.dialogue.slug, self.number])


class CommentTranslation(TextTranslation):
    """A translation of a comment. It goes when the comment's words go."""

    OF = "comment"
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="translations")

    class Meta:
        constraints = one_shown_and_checked("comment", "comment")


class PostSignature(models.Model):
    """Who says a comment in the name of which post, as they were called on that day.

    It stays when the post's holder changes, and when the body gets another name.
    """

    comment = models.OneToOneField(
        Comment, models.CASCADE, primary_key=True, related_name="signature"
    )
    post = models.ForeignKey(Post, models.PROTECT, related_name="signatures")
    body_name = models.CharField(max_length=160)
    post_title = models.CharField(max_length=120)
    level = models.CharField(max_length=9, choices=Level.choices)
    holder = models.CharField(max_length=120, blank=True)
    proof = models.CharField(max_length=13, choices=Appointment.Proof.choices)
    # A community organization says it for people who do not dare to.
    for_others = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(for_others=False) | Q(level=Level.COMMUNITY),
                name="only_communities_say_it_for_others",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.post_title}, {self.body_name}"

    @property
    def is_of_community(self) -> bool:
        """Whether it is no authority that speaks."""
        return self.level == Level.COMMUNITY


class AdmittedBody(models.Model):
    """A body whose posts may speak in a dialogue's threads, because staff let it."""

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="admitted_bodies")
    body = models.ForeignKey(Body, models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dialogue", "body"], name="body_admitted_once"),
        ]

    def __str__(self) -> str:
        return str(self.body)


class Reaction(models.Model):
    """Whether a participant found a comment worth reading (1) or not (-1). Without a time or order.

    As votes, the table is WITHOUT ROWID on SQLite. No page counts reactions: they only order
    comments (``reactions/order.py``). All are deleted when the dialogue's key is destroyed.
    """

    pk = models.CompositePrimaryKey("participant_id", "comment_id")
    participant = models.ForeignKey(
        Participant, models.CASCADE, related_name="reactions", db_index=False
    )
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="reactions", db_index=False)
    value = models.SmallIntegerField(
        choices=[(1, gettext_lazy("worth reading")), (-1, gettext_lazy("not worth reading"))]
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(value__in=[-1, 1]), name="reaction_is_one"),
        ]

    def __str__(self) -> str:
        return "reaction"


class CommentAppeal(AppealAgainst):
    """An appeal against the decision about a comment."""

    comment = models.OneToOneField(Comment, models.CASCADE, related_name="appeal")


class CommentMark(TextMark):
    """The mark of a comment's author."""

    comment = models.OneToOneField(Comment, models.CASCADE, primary_key=True, related_name="mark")


class CommentAction(StaffAction):
    """What staff did about a comment. It is part of the dialogue's one history."""

    comment = models.ForeignKey(
        Comment, models.SET_NULL, null=True, blank=True, related_name="staff_actions"
    )


class SimilarComment(SimilarText):
    """That a comment is similar to another."""

    text = models.ForeignKey(Comment, models.CASCADE, related_name="similar")
    other = models.ForeignKey(Comment, models.CASCADE, null=True, related_name="similar_to")

    class Meta(SimilarText.Meta):
        pass

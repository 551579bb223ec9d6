"""A concern as pages show it: in its people's own words, or why these are not shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from middleground.answers.models import Concern
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.statements.redaction import redacted
from middleground.threads.models import Comment
from middleground.threads.subjects import subject_of


@dataclass(frozen=True, slots=True)
class ShownConcern:
    """``gone``: "withdrawn" by its author, "hidden" by staff, or empty.

    Without an address there is nothing to read any more.
    """

    number: int
    text: str = ""
    address: str = ""
    gone: str = ""
    merged_into: int | None = None
    place: str = ""  # below what a comment stands; empty for statements


def concerns_shown(dialogue: Dialogue, concerns: Iterable[Concern]) -> list[ShownConcern]:
    """Two queries at most: the concerns come ``with_texts``."""
    found = list(concerns)
    rejected = [
        each.statement.pk
        for each in found
        if each.statement and each.statement.status == Statement.Status.REJECTED
    ]
    removed: set[int] = set()
    if rejected:  # mostly there is none
        gone = Statement.objects.removed().filter(pk__in=rejected)
        removed = set(gone.values_list("pk", flat=True))
    return [_shown(dialogue, concern, removed) for concern in found]


def _shown(dialogue: Dialogue, concern: Concern, removed: Collection[int]) -> ShownConcern:
    statement, number = concern.statement, concern.number
    if concern.comment is not None:
        return _shown_comment(dialogue, concern, concern.comment)
    if statement is None:
        return ShownConcern(number, gone="withdrawn")
    statement.dialogue = dialogue
    address = statement.get_absolute_url()
    if statement.status == Statement.Status.APPROVED or statement.pk in removed:
        return ShownConcern(number, redacted(statement).text, address)
    target = statement.merged_into
    is_merged = statement.status == Statement.Status.MERGED and not statement.text_deleted
    if is_merged and target and target.status == Statement.Status.APPROVED:
        return ShownConcern(number, statement.text, address, merged_into=target.number)
    return ShownConcern(number, gone="hidden")


def _shown_comment(dialogue: Dialogue, concern: Concern, comment: Comment) -> ShownConcern:
    comment.dialogue = comment.thread.dialogue = dialogue
    number, place = concern.number, concern.place
    subject = subject_of(comment.thread)
    if comment.status == comment.Status.APPROVED and subject and subject.is_public:
        return ShownConcern(number, comment.text, comment.get_absolute_url(), place=place)
    gone = "withdrawn" if comment.is_withdrawn else "hidden"
    return ShownConcern(number, gone=gone, place=place)

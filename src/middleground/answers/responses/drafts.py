"""Writing a response: saved as often as one likes, by several people, without losing a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from middleground.answers.models import Case, ResponseDraft
from middleground.answers.responses.refusals import ResponseRefused
from middleground.people.models import User


@dataclass(frozen=True, slots=True)
class DraftText:
    """What a form sends.

    ``dispositions``: number of the concern → [outcome, words]. ``cites``: "claim-3", "source-10".
    """

    resolution: str = ""
    until: date | None = None
    summary: str = ""
    details: str = ""
    correction: str = ""
    dispositions: dict[str, list[str]] | None = None
    cites: Sequence[str] = ()
    language: str = ""


def draft_of(case: Case) -> ResponseDraft:
    """The draft of the case, which is not stored before somebody saves it."""
    return ResponseDraft.objects.filter(case=case).first() or ResponseDraft(case=case)


@transaction.atomic
def save_draft(by: User, case: Case, text: DraftText, revision: int) -> ResponseDraft:
    """Save what was written on top of ``revision``.

    Raises ``ResponseRefused("saved_meanwhile")`` if somebody else saved since; the page then shows
    both texts.
    """
    Case.objects.select_for_update().get(pk=case.pk)
    draft = draft_of(case)
    if draft.revision != revision and _fields(draft) != _sent(text):
        raise ResponseRefused("saved_meanwhile", name=str(draft.edited_by or ""))
    if _fields(draft) == _sent(text):
        return draft
    for field, value in _sent(text).items():
        setattr(draft, field, value)
    draft.revision += 1
    draft.edited_by = by
    draft.save()
    return draft


@transaction.atomic
def review_draft(by: User, case: Case, revision: int) -> None:
    """A second person has read this revision."""
    Case.objects.select_for_update().get(pk=case.pk)
    draft = draft_of(case)
    if draft.revision != revision:
        raise ResponseRefused("saved_meanwhile", name=str(draft.edited_by or ""))
    if draft.edited_by_id == by.pk:
        raise ResponseRefused("own_review")
    draft.reviewed_revision, draft.reviewed_by = revision, by
    draft.save()


def _sent(text: DraftText) -> dict[str, Any]:
    return {
        "resolution": text.resolution,
        "until": text.until,
        "summary": text.summary,
        "details": text.details,
        "correction": text.correction,
        "dispositions": text.dispositions or {},
        "cites": list(text.cites),
        "language": text.language,
    }


def _fields(draft: ResponseDraft) -> dict[str, Any]:
    return {field: getattr(draft, field) for field in _sent(DraftText())}

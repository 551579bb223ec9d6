"""Adding, changing and withdrawing sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from middleground.core import dates
from middleground.dialogues.models import Dialogue, Verb
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.evidence.actions.refusals import EvidenceRefused
from middleground.evidence.cleaning import FIELDS, identity_of
from middleground.evidence.models import Source
from middleground.evidence.references import format_reference
from middleground.people.models import User


def add_source(
    staff: User, dialogue: Dialogue, values: Mapping[str, Any], *, proposed: bool = False
) -> Source:
    """Add a source under the next number. Raises ``EvidenceRefused``.

    ``proposed``: a participant proposed it.
    """
    source = Source(dialogue=dialogue, proposed=proposed, added_on=dates.today())
    _fill(source, values)
    source.reference = format_reference(source)
    with transaction.atomic():
        Dialogue.objects.select_for_update().get(pk=dialogue.pk)
        refuse_same(source)
        source.number = next_source_number(dialogue)
        source.save()
        log_staff_action(staff, dialogue, Verb.ADD_SOURCE, number=source.number)
    return source


def edit_source(staff: User, source: Source, values: Mapping[str, Any], revision: int) -> bool:
    """Change a source; ``revision`` is that of the page on which it was edited.

    Return False, and log nothing, if it is as given already. Raises ``EvidenceRefused``.
    """
    reference = _fill_copy(source, values)
    with transaction.atomic():
        Dialogue.objects.select_for_update().get(pk=source.dialogue_id)
        stored = Source.objects.select_related("dialogue").get(pk=source.pk)
        if all(getattr(stored, name) == values[name] for name in FIELDS):
            return False
        if stored.revision != revision:
            raise EvidenceRefused("changed_meanwhile")
        _fill(stored, values)
        stored.reference = reference
        refuse_same(stored)
        stored.revision += 1
        stored.save()
        log_staff_action(staff, stored.dialogue, Verb.EDIT_SOURCE, number=stored.number)
    return True


@transaction.atomic
def withdraw_source(staff: User, source: Source, reason: str) -> None:
    """Show the source no more, but its number and why."""
    Source.objects.filter(pk=source.pk).update(withdrawn=reason)
    log_staff_action(staff, source.dialogue, Verb.WITHDRAW_SOURCE, number=source.number)


@transaction.atomic
def restore_source(staff: User, source: Source) -> None:
    Source.objects.filter(pk=source.pk).update(withdrawn="")
    log_staff_action(staff, source.dialogue, Verb.RESTORE_SOURCE, number=source.number)


def next_source_number(dialogue: Dialogue) -> int:
    """Sources are never deleted, so no number comes twice."""
    highest: int | None = dialogue.sources.aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1


def refuse_same(source: Source) -> None:
    """Raise ``EvidenceRefused`` if the dialogue has another source that is the same."""
    same = Source.objects.filter(dialogue=source.dialogue).exclude(pk=source.pk)
    there = same.filter(Q(identity=source.identity) | Q(imported_identity=source.identity)).first()
    if there is not None:
        raise EvidenceRefused("same_source", number=there.number)


def _fill(source: Source, values: Mapping[str, Any]) -> None:
    for name in FIELDS:
        setattr(source, name, values[name])
    source.identity = identity_of(source.title, source.authors, source.published, source.doi)


def _fill_copy(source: Source, values: Mapping[str, Any]) -> str:
    """The reference of the source with these values."""
    changed = Source(dialogue_id=source.dialogue_id)
    _fill(changed, values)
    return format_reference(changed)

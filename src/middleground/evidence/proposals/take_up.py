"""Staff make a source of what a participant proposed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from middleground.dialogues.texts.decisions import mark_taken_up
from middleground.evidence.actions.sources import add_source
from middleground.evidence.models import ProposedSource, Source
from middleground.people.models import User


@transaction.atomic
def take_up(staff: User, proposal: ProposedSource, seen: str, values: Mapping[str, Any]) -> Source:
    """List the source with these values, and delete what the participant wrote.

    Raises ``EvidenceRefused`` and ``DecisionRefused``.
    """
    source = add_source(staff, proposal.dialogue, values, proposed=True)
    mark_taken_up(staff, proposal, seen)
    ProposedSource.objects.filter(pk=proposal.pk).update(source=source)
    return source

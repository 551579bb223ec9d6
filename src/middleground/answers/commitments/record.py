"""Adding an event to a commitment: folded, stored with what lists need, and put into the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from middleground.answers.commitments.document import document_of
from middleground.answers.commitments.story import CommitmentState, after, state_of
from middleground.answers.models import Commitment, CommitmentEvent
from middleground.core import dates
from middleground.ledger.records.entries import LoggedCommitment
from middleground.people.models import Body, Post, User
from middleground.publiclog.append import append


@dataclass(slots=True)
class LockedCommitment:
    """A commitment with its state, locked until the transaction ends."""

    commitment: Commitment
    state: CommitmentState = field(default_factory=CommitmentState)
    events: list[CommitmentEvent] = field(default_factory=list)

    def add(
        self,
        kind: CommitmentEvent.Kind,
        facts: Mapping[str, Any],
        *,
        by: User | None,
        body: Body | None,
        post: Post | None = None,
    ) -> CommitmentEvent:
        """Let it happen today. Raises ``CommitmentRefused`` if it is not allowed now."""
        event = CommitmentEvent(
            number=len(self.events) + 1,
            kind=kind,
            on=dates.today(),
            body=body,
            post=post,
            facts=dict(facts),
            by=by,
        )
        self.state = after(self.state, event)
        _keep(self.commitment, self.state)
        event.commitment = self.commitment
        self.events.append(event)
        self._log(event)
        return event

    def _log(self, event: CommitmentEvent) -> None:
        commitment = self.commitment
        document = document_of(commitment, self.events)
        digest = sha256(document).digest()
        event.document = digest.hex()
        event.save()
        slug, number = commitment.dialogue.slug, commitment.number
        append(LoggedCommitment(slug, number, event.number, digest), document)


def lock(commitment: Commitment) -> LockedCommitment:
    commitment = Commitment.objects.select_for_update().get(pk=commitment.pk)
    events = list(commitment.events.all())
    return LockedCommitment(commitment, state_of(events), events)


def _keep(commitment: Commitment, state: CommitmentState) -> None:
    """Store what lists show and filter by."""
    assert state.made_on is not None
    assert state.held_since is not None
    commitment.what, commitment.status = state.what, state.status
    commitment.body_id, commitment.post_id = state.body_id, state.post_id
    commitment.made_on, commitment.held_since = state.made_on, state.held_since
    commitment.first_due_on, commitment.due_on = state.first_due_on, state.due_on
    commitment.slips, commitment.ended_on = state.due_slips, state.ended_on
    commitment.save()

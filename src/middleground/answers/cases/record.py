"""Adding an event to a case: folded first, then stored with what lists need of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from middleground.answers.cases.story import CaseState, after, state_of
from middleground.answers.models import Case, CaseEvent
from middleground.core import dates
from middleground.deadlines.policy import Policy
from middleground.people.models import Body, Post, User


@dataclass(slots=True)
class LockedCase:
    """A case with its state, locked until the transaction ends."""

    case: Case
    state: CaseState

    def add(
        self,
        kind: CaseEvent.Kind,
        facts: Mapping[str, Any],
        *,
        by: User | None,
        body: Body | None = None,
        post: Post | None = None,
        other: Body | None = None,
    ) -> CaseEvent:
        """Let it happen today. Raises ``CaseRefused`` if it is not allowed now."""
        event = CaseEvent(
            case=self.case,
            kind=kind,
            on=dates.today(),
            body=body,
            post=post,
            other=other,
            facts=dict(facts),
            by=by,
        )
        self.state = after(self.state, event)
        event.save()
        _keep(self.case, self.state)
        return event


def lock(case: Case) -> LockedCase:
    case = Case.objects.select_for_update().get(pk=case.pk)
    return LockedCase(case, state_of(case.events.all()))


def _keep(case: Case, state: CaseState) -> None:
    """Store what lists show and filter by."""
    for name, value in _columns(state, case.clock_policy()).items():
        setattr(case, name, value)
    case.save()


def columns_that_differ(case: Case) -> list[str]:
    """What the row says otherwise than its events: nothing, unless it was changed past actions."""
    said = _columns(state_of(case.events.all()), case.clock_policy())
    return [name for name, value in said.items() if getattr(case, name) != value]


def _columns(state: CaseState, policy: Policy) -> dict[str, Any]:
    due = state.deadline(policy).due if state.is_waiting else None
    return {
        "title": state.title,
        "summary": state.summary,
        "status": state.status,
        "resolution": state.resolution,
        "body_id": state.body_id,
        "post_id": state.post_id,
        "offered_to_id": state.offered_to_id,
        "due_on": due,
        "answered_on": state.answered_on,
        "very_overdue_on": due + timedelta(days=policy.very_overdue_after + 1) if due else None,
    }

"""From the events of a case to how it stands. Reads no database and no clock.

``state_of`` is a fold: each event leads from one state to the next, and one that is not allowed
raises ``Refused``. Actions add an event only after they have folded it, so what is stored can
always be told, and lists, pages and checks compute from the same rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Protocol

from middleground.answers.cases.refusals import CaseRefused
from middleground.answers.models import CaseEvent, CaseStatus, Resolution
from middleground.deadlines.clock import deadline_of
from middleground.deadlines.deadline import Deadline
from middleground.deadlines.events import (
    ClockEvent,
    EventKind,
    extended,
    paused,
    restarted,
    resumed,
    started,
    stopped,
)
from middleground.deadlines.policy import Policy

Kind = CaseEvent.Kind
REFUSALS_TO_NOBODY = 2
HANDINGS = (Kind.ASSIGNED, Kind.ACCEPTED, Kind.INHERITED)  # give a case to the event's body


class Happened(Protocol):
    """An event as the fold reads it."""

    kind: str
    on: date
    body_id: int | None
    post_id: int | None
    other_id: int | None
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RefusedReferral:
    """A body that did not take the case, and why."""

    body: str
    reason: str
    on: date


@dataclass(frozen=True, slots=True)
class CaseState:
    """How a case stands. ``body_id`` and ``post_id``: who has it, and owns its clock."""

    status: CaseStatus = CaseStatus.RECEIVED
    resolution: str = ""
    title: str = ""
    summary: str = ""
    opened_on: date | None = None
    answered_on: date | None = None
    body_id: int | None = None
    post_id: int | None = None
    offered_to_id: int | None = None
    lapses_on: date | None = None
    is_paused: bool = False
    refusals: tuple[RefusedReferral, ...] = ()
    is_abandoned: bool = False
    reopened: int = 0
    versions: int = 0
    concerns: frozenset[int] = field(default_factory=frozenset)
    clock: tuple[ClockEvent, ...] = ()

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is owed."""
        return self.status not in (CaseStatus.ANSWERED, CaseStatus.CLOSED)

    @property
    def is_nobodys(self) -> bool:
        """Whether no body answers for it: its own ended, or several refused it."""
        refused = len(self.refusals) >= REFUSALS_TO_NOBODY
        return self.is_waiting and (refused or self.is_abandoned)

    def deadline(self, policy: Policy) -> Deadline:
        return deadline_of(policy, self.clock)


def state_of(events: Iterable[Happened]) -> CaseState:
    """The state after all events, in their order. Raises ``CaseRefused``."""
    state = CaseState()
    for event in events:
        state = after(state, event)
    return state


def held_since(events: Iterable[Happened]) -> date | None:
    """Since when the body that has the case has had it without a break."""
    since, body = None, None
    for event in events:
        if event.kind in HANDINGS:
            if event.body_id != body:
                since = event.on
            body = event.body_id
        elif event.kind == Kind.ABANDONED:
            since, body = None, None
    return since


def ended_body(events: Iterable[Happened]) -> str:
    """The name of the body that had the case and ended, while nobody has it after that."""
    name = ""
    for event in events:
        if event.kind == Kind.ABANDONED:
            name = event.facts["before"]
        elif event.kind in HANDINGS:
            name = ""
    return name


def after(state: CaseState, event: Happened) -> CaseState:
    """The state after one more event. Raises ``CaseRefused`` if it is not allowed now."""
    kind = Kind(event.kind)
    if (state.opened_on is None) != (kind is Kind.OPENED):
        raise CaseRefused("opened_once")
    if state.clock and event.on < state.clock[-1].day:
        raise CaseRefused("before_another")
    if kind in _WHILE_WAITING and not state.is_waiting:
        raise CaseRefused("not_waiting")
    return _STEPS[kind](state, event)


def _opened(state: CaseState, event: Happened) -> CaseState:
    facts = event.facts
    return replace(
        state,
        title=facts["title"],
        summary=facts["summary"],
        opened_on=event.on,
        concerns=frozenset(facts["concerns"]),
        clock=(started(_since(event)),),
    )


def _described(state: CaseState, event: Happened) -> CaseState:
    return replace(state, title=event.facts["title"], summary=event.facts["summary"])


def _gathered(state: CaseState, event: Happened) -> CaseState:
    """What is owed an answer for longer lets the first period start earlier."""
    state = replace(state, concerns=state.concerns | set(event.facts["concerns"]))
    was_restarted = any(each.kind is EventKind.RESTARTED for each in state.clock)
    if was_restarted or _since(event) >= state.clock[0].day:
        return state
    return replace(state, clock=(started(_since(event)), *state.clock[1:]))


def _since(event: Happened) -> date:
    """Since when an answer is owed to the concerns of the event, by rule; else its own day."""
    owed = event.facts.get("since")
    return date.fromisoformat(owed) if owed else event.on


def _released(state: CaseState, event: Happened) -> CaseState:
    left = state.concerns - set(event.facts["concerns"])
    if not left:
        raise CaseRefused("last_concern")
    return replace(state, concerns=left)


def _assigned(state: CaseState, event: Happened) -> CaseState:
    if state.offered_to_id is not None:
        raise CaseRefused("offered_already")
    return replace(
        state,
        status=CaseStatus.WITH_BODY
        if state.status is not CaseStatus.REOPENED
        else CaseStatus.REOPENED,
        body_id=event.body_id,
        post_id=event.post_id,
        is_abandoned=False,
        refusals=() if event.body_id != state.body_id else state.refusals,
    )


def _inherited(state: CaseState, event: Happened) -> CaseState:
    """Another body, or the same without this post, has the duties; the clock goes on."""
    if state.body_id is None:
        raise CaseRefused("nobody_has_it")
    state = replace(state, body_id=event.body_id, post_id=event.post_id)
    if state.offered_to_id == event.body_id:  # to what it is part of now
        return replace(state, offered_to_id=None, lapses_on=None)
    return state


def _abandoned(state: CaseState, _event: Happened) -> CaseState:
    if state.body_id is None:
        raise CaseRefused("nobody_has_it")
    return replace(
        state, body_id=None, post_id=None, offered_to_id=None, lapses_on=None, is_abandoned=True
    )


def _acknowledged(state: CaseState, _event: Happened) -> CaseState:
    if state.body_id is None:
        raise CaseRefused("nobody_has_it")
    if state.status is CaseStatus.ACKNOWLEDGED:
        raise CaseRefused("acknowledged_already")
    return replace(state, status=CaseStatus.ACKNOWLEDGED)


def _paused(state: CaseState, event: Happened) -> CaseState:
    if state.is_paused:
        raise CaseRefused("paused_already")
    reason = event.facts["reason"]
    return replace(state, is_paused=True, clock=(*state.clock, paused(event.on, reason)))


def _resumed(state: CaseState, event: Happened) -> CaseState:
    if not state.is_paused:
        raise CaseRefused("not_paused")
    return replace(state, is_paused=False, clock=(*state.clock, resumed(event.on)))


def _extended(state: CaseState, event: Happened) -> CaseState:
    days, reason = event.facts["days"], event.facts["reason"]
    return replace(state, clock=(*state.clock, extended(event.on, days, reason)))


def _offered(state: CaseState, event: Happened) -> CaseState:
    if state.body_id is None:
        raise CaseRefused("nobody_has_it")
    if state.offered_to_id is not None:
        raise CaseRefused("offered_already")
    if event.other_id == state.body_id:
        raise CaseRefused("offered_to_itself")
    lapses_on = event.on + timedelta(days=event.facts["days"])
    return replace(state, offered_to_id=event.other_id, lapses_on=lapses_on)


def _accepted(state: CaseState, event: Happened) -> CaseState:
    state = _offer_ended(state, event)
    return replace(
        state,
        status=CaseStatus.ACKNOWLEDGED,
        body_id=event.body_id,
        post_id=event.post_id,
        refusals=(),
    )


def _refused(state: CaseState, event: Happened) -> CaseState:
    """The case goes back to its sender, whose clock never stopped."""
    said = RefusedReferral(event.facts["body"], event.facts["reason"], event.on)
    state = _offer_ended(state, event)
    return replace(state, refusals=(*state.refusals, said))


def _lapsed(state: CaseState, event: Happened) -> CaseState:
    """Nobody said in time whether the body takes it, or that body ended."""
    over = state.lapses_on is None or event.on >= state.lapses_on
    if not over and not event.facts.get("ended"):
        raise CaseRefused("not_lapsed")
    return _offer_ended(state, event)


def _offer_ended(state: CaseState, event: Happened) -> CaseState:
    if state.offered_to_id is None or event.body_id != state.offered_to_id:
        raise CaseRefused("not_offered")
    return replace(state, offered_to_id=None, lapses_on=None)


def _answered(state: CaseState, event: Happened) -> CaseState:
    if event.body_id != state.body_id:
        raise CaseRefused("not_the_owner")
    return replace(
        state,
        status=CaseStatus.ANSWERED,
        resolution=event.facts["resolution"],
        answered_on=event.on,
        is_paused=False,
        offered_to_id=None,
        lapses_on=None,
        versions=state.versions + 1,
        clock=(*state.clock, stopped(event.on)),
    )


def _corrected(state: CaseState, event: Happened) -> CaseState:
    if state.status is not CaseStatus.ANSWERED:
        raise CaseRefused("not_answered")
    return replace(state, resolution=event.facts["resolution"], versions=state.versions + 1)


def _retracted(state: CaseState, event: Happened) -> CaseState:
    """Without an answer the case waits again, and its clock starts anew."""
    return replace(_reopened(state, event), reopened=state.reopened)


def _reopened(state: CaseState, event: Happened) -> CaseState:
    if state.is_waiting:
        raise CaseRefused("waiting_already")
    return replace(
        state,
        status=CaseStatus.REOPENED,
        resolution="",
        answered_on=None,
        reopened=state.reopened + 1,
        clock=(*state.clock, restarted(event.on)),
    )


def _closed(state: CaseState, event: Happened) -> CaseState:
    if state.status is CaseStatus.CLOSED:
        raise CaseRefused("closed_already")
    if not state.is_waiting:
        return replace(state, status=CaseStatus.CLOSED)
    return replace(
        state,
        status=CaseStatus.CLOSED,
        resolution=Resolution.WITHDRAWN,
        is_paused=False,
        offered_to_id=None,
        lapses_on=None,
        clock=(*state.clock, stopped(event.on)),
    )


_STEPS = {
    Kind.OPENED: _opened,
    Kind.DESCRIBED: _described,
    Kind.GATHERED: _gathered,
    Kind.RELEASED: _released,
    Kind.ASSIGNED: _assigned,
    Kind.INHERITED: _inherited,
    Kind.ABANDONED: _abandoned,
    Kind.ACKNOWLEDGED: _acknowledged,
    Kind.PAUSED: _paused,
    Kind.RESUMED: _resumed,
    Kind.EXTENDED: _extended,
    Kind.OFFERED: _offered,
    Kind.ACCEPTED: _accepted,
    Kind.REFUSED: _refused,
    Kind.LAPSED: _lapsed,
    Kind.ANSWERED: _answered,
    Kind.CORRECTED: _corrected,
    Kind.RETRACTED: _retracted,
    Kind.REOPENED: _reopened,
    Kind.CLOSED: _closed,
}
# Not allowed once an answer stands, unless the case is reopened first.
_WHILE_WAITING = {
    Kind.DESCRIBED,
    Kind.GATHERED,
    Kind.RELEASED,
    Kind.ASSIGNED,
    Kind.ACKNOWLEDGED,
    Kind.PAUSED,
    Kind.RESUMED,
    Kind.EXTENDED,
    Kind.OFFERED,
    Kind.ACCEPTED,
    Kind.REFUSED,
    Kind.LAPSED,
    Kind.ANSWERED,
}

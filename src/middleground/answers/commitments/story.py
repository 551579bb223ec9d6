"""From the events of a commitment to how it stands. Reads no database and no clock.

``state_of`` is a fold: each event leads from one state to the next, and one that is not allowed
raises ``Refused``. A day is never replaced: each one that was promised stays, with the reason of
the slip that followed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from middleground.answers.commitments.refusals import CommitmentRefused
from middleground.answers.models import CommitmentEvent, CommitmentStatus
from middleground.core import dates

Kind = CommitmentEvent.Kind
FARTHEST_YEARS = 30
_FARTHEST_DAYS = FARTHEST_YEARS * 366


class HappenedToIt(Protocol):
    """An event as the fold reads it."""

    kind: str
    on: date
    body_id: int | None
    post_id: int | None
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Slip:
    """A promised day that another one took the place of. ``milestone``: its number, or None."""

    on: date
    before: date
    after: date
    reason: str
    milestone: int | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """Where people can see that it is so."""

    words: str
    link: str


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step on the way. ``days``: each day that was promised for it, the first one first."""

    number: int
    what: str
    days: tuple[date, ...]
    reached_on: date | None = None
    proof: Proof | None = None

    @property
    def due_on(self) -> date:
        return self.days[-1]

    def is_overdue(self, today: date) -> bool:
        return self.reached_on is None and self.due_on < today


@dataclass(frozen=True, slots=True)
class CommitmentState:
    """How a commitment stands. ``days``: each due day that was promised, the first one first."""

    what: str = ""
    status: CommitmentStatus = CommitmentStatus.OPEN
    made_on: date | None = None
    last_on: date | None = None
    days: tuple[date, ...] = ()
    slips: tuple[Slip, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    body_id: int | None = None
    post_id: int | None = None
    held_since: date | None = None
    is_abandoned: bool = False
    ended_on: date | None = None
    proof: Proof | None = None
    reason: str = ""  # why it was given up
    events: int = 0

    @property
    def is_open(self) -> bool:
        return self.status is CommitmentStatus.OPEN

    @property
    def first_due_on(self) -> date:
        return self.days[0]

    @property
    def due_on(self) -> date:
        return self.days[-1]

    @property
    def due_slips(self) -> int:
        """How often the due day slipped."""
        return len(self.days) - 1

    def step(self, number: int | None) -> str:
        """What the milestone of this number is; empty for none."""
        return next((each.what for each in self.milestones if each.number == number), "")

    def is_overdue(self, today: date) -> bool:
        return self.is_open and self.due_on < today

    def days_late(self, today: date) -> int:
        """Days after the due day that was promised last; until it was kept, or until today."""
        return max(0, ((self.ended_on or today) - self.due_on).days)

    def days_after_first(self, today: date) -> int:
        """Days after the day that was promised first: slips count."""
        return max(0, ((self.ended_on or today) - self.first_due_on).days)


def state_of(events: Iterable[HappenedToIt]) -> CommitmentState:
    """The state after all events, in their order. Raises ``CommitmentRefused``."""
    state = CommitmentState()
    for event in events:
        state = after(state, event)
    return state


def after(state: CommitmentState, event: HappenedToIt) -> CommitmentState:
    """The state after one more event. Raises ``CommitmentRefused`` if it is not allowed now."""
    kind = Kind(event.kind)
    if (state.made_on is None) != (kind is Kind.MADE):
        raise CommitmentRefused("made_once")
    if state.last_on is not None and event.on < state.last_on:
        raise CommitmentRefused("before_another")
    if not state.is_open:
        raise CommitmentRefused("over")
    if state.is_abandoned:
        raise CommitmentRefused("nobody_owes_it")
    if kind in _BY_ITS_POST:
        state = _owned(state, event)
    state = _STEPS[kind](state, event)
    return replace(state, last_on=event.on, events=state.events + 1)


def _owned(state: CommitmentState, event: HappenedToIt) -> CommitmentState:
    """Only its post acts. Where that one ended, the first post of its body that acts has it."""
    if event.body_id != state.body_id or state.post_id not in (None, event.post_id):
        raise CommitmentRefused("not_the_owner")
    return replace(state, post_id=event.post_id)


def _made(state: CommitmentState, event: HappenedToIt) -> CommitmentState:
    facts = event.facts
    due = _day(facts["due"], event)
    steps = [(step["what"], _day(step["due"], event)) for step in facts["milestones"]]
    if any(day > due for _what, day in steps):
        raise CommitmentRefused("after_the_end", day=dates.day(due))
    return replace(
        state,
        what=facts["what"],
        made_on=event.on,
        days=(due,),
        milestones=tuple(
            Milestone(number, what, (day,)) for number, (what, day) in enumerate(steps, start=1)
        ),
        body_id=event.body_id,
        post_id=event.post_id,
        held_since=event.on,
    )


def _reached(state: CommitmentState, event: HappenedToIt) -> CommitmentState:
    step = _open_milestone(state, event.facts["milestone"])
    return _with(state, replace(step, reached_on=event.on, proof=_proof(event)))


def _slipped(state: CommitmentState, event: HappenedToIt) -> CommitmentState:
    number, to = event.facts.get("milestone"), _day(event.facts["to"], event)
    if number is None:
        slip = _slip(event, state.due_on, to, None)
        return replace(state, days=(*state.days, to), slips=(*state.slips, slip))
    step = _open_milestone(state, number)
    slip = _slip(event, step.due_on, to, number)
    if to > state.due_on:
        raise CommitmentRefused("after_the_end", day=dates.day(state.due_on))
    state = _with(state, replace(step, days=(*step.days, to)))
    return replace(state, slips=(*state.slips, slip))


def _kept(state: CommitmentState, event: HappenedToIt) -> CommitmentState:
    kept = CommitmentStatus.KEPT
    return replace(state, status=kept, ended_on=event.on, proof=_proof(event))


def _given_up(state: CommitmentState, event: HappenedToIt) -> CommitmentState:
    given_up, reason = CommitmentStatus.GIVEN_UP, event.facts["reason"]
    return replace(state, status=given_up, ended_on=event.on, reason=reason)


def _inherited(state: CommitmentState, event: HappenedToIt) -> CommitmentState:
    """Another body, or the same without this post, owes it; the days stay."""
    since = state.held_since if event.body_id == state.body_id else event.on
    return replace(state, body_id=event.body_id, post_id=event.post_id, held_since=since)


def _abandoned(state: CommitmentState, _event: HappenedToIt) -> CommitmentState:
    return replace(state, body_id=None, post_id=None, is_abandoned=True)


def _day(text: str, event: HappenedToIt) -> date:
    """A promised day, which is today or to come."""
    day = date.fromisoformat(text)
    if day < event.on:
        raise CommitmentRefused("day_passed")
    if (day - event.on).days > _FARTHEST_DAYS:
        raise CommitmentRefused("too_far", years=FARTHEST_YEARS)
    return day


def _slip(event: HappenedToIt, before: date, to: date, milestone: int | None) -> Slip:
    if to <= before:
        raise CommitmentRefused("not_later", day=dates.day(before))
    return Slip(event.on, before, to, event.facts["reason"], milestone)


def _open_milestone(state: CommitmentState, number: int) -> Milestone:
    if not 1 <= number <= len(state.milestones):
        raise CommitmentRefused("unknown_milestone")
    step = state.milestones[number - 1]
    if step.reached_on is not None:
        raise CommitmentRefused("reached_already")
    return step


def _with(state: CommitmentState, step: Milestone) -> CommitmentState:
    steps = [step if each.number == step.number else each for each in state.milestones]
    return replace(state, milestones=tuple(steps))


def _proof(event: HappenedToIt) -> Proof:
    return Proof(event.facts["words"], event.facts["link"])


_STEPS = {
    Kind.MADE: _made,
    Kind.REACHED: _reached,
    Kind.SLIPPED: _slipped,
    Kind.KEPT: _kept,
    Kind.GIVEN_UP: _given_up,
    Kind.INHERITED: _inherited,
    Kind.ABANDONED: _abandoned,
}
_BY_ITS_POST = {Kind.REACHED, Kind.SLIPPED, Kind.KEPT, Kind.GIVEN_UP}

"""What a moderator's decision makes of a text: one table for everything that somebody writes.

Buttons, checks and the database's constraint follow from it. A pair that is missing in the table is
no decision in that state.
"""

from __future__ import annotations

from enum import Enum


class TextState(Enum):
    """Where a text stands. Each decision names the state in which its moderator saw the text."""

    WAITING = "waiting"
    UNSEEN = "unseen"  # shown at once; a moderator still has to look at it
    SHOWN = "shown"
    REJECTED = "rejected"
    MERGED = "merged"


class Decision(Enum):
    APPROVE = "approve"
    REJECT = "reject"
    REMOVE = "remove"  # take the words out of a final result, in the open
    MERGE = "merge"
    TAKE_BACK = "take_back"
    RESTORE = "restore"  # take back a removal
    CHANGE = "change"  # an appeal leads to another decision
    STAND = "stand"  # an appeal does not


class Obstacle(Enum):
    """Why a decision that the table knows is not possible now."""

    TOO_LATE = "too_late"  # a final result gains no text on which nobody can vote any more
    IN_RESULT = "in_result"  # what stands in a final result does not leave it without a trace
    NO_RESULT = "no_result"  # there is no final result yet to remove something from


S, D = TextState, Decision
_VISIBLE = (S.UNSEEN, S.SHOWN)

TRANSITIONS: dict[tuple[TextState, Decision], TextState] = {
    (S.WAITING, D.APPROVE): S.SHOWN,
    (S.WAITING, D.REJECT): S.REJECTED,
    (S.WAITING, D.MERGE): S.MERGED,
    **{(state, D.APPROVE): S.SHOWN for state in _VISIBLE},
    **{(state, D.REJECT): S.REJECTED for state in _VISIBLE},
    **{(state, D.REMOVE): S.REJECTED for state in _VISIBLE},
    **{(state, D.MERGE): S.MERGED for state in _VISIBLE},
    **{(state, D.TAKE_BACK): S.WAITING for state in _VISIBLE},
    (S.REJECTED, D.TAKE_BACK): S.WAITING,
    (S.REJECTED, D.RESTORE): S.SHOWN,
    (S.REJECTED, D.CHANGE): S.SHOWN,
    (S.REJECTED, D.STAND): S.REJECTED,
    (S.MERGED, D.TAKE_BACK): S.WAITING,
}

# Not possible once the final result is published; everything else in the table stays so.
_ONCE_FINAL: dict[tuple[TextState, Decision], Obstacle] = {
    (S.WAITING, D.APPROVE): Obstacle.TOO_LATE,
    (S.REJECTED, D.CHANGE): Obstacle.TOO_LATE,
    **{(state, D.REJECT): Obstacle.IN_RESULT for state in _VISIBLE},
    **{(state, D.MERGE): Obstacle.IN_RESULT for state in _VISIBLE},
    **{(state, D.TAKE_BACK): Obstacle.IN_RESULT for state in _VISIBLE},
}
# Not possible before.
_UNTIL_FINAL: dict[tuple[TextState, Decision], Obstacle] = {
    **{(state, D.REMOVE): Obstacle.NO_RESULT for state in _VISIBLE},
    (S.REJECTED, D.RESTORE): Obstacle.NO_RESULT,
}


def state_after(
    state: TextState, decision: Decision, *, final: bool
) -> TextState | Obstacle | None:
    """The state that the decision leads to, or what stands in its way; None for no decision.

    ``final``: the final result of the dialogue is published.
    """
    obstacles = _ONCE_FINAL if final else _UNTIL_FINAL
    return obstacles.get((state, decision)) or TRANSITIONS.get((state, decision))


def possible_decisions(*states: TextState, final: bool) -> frozenset[Decision]:
    """What can be decided about a text in one of these states: the buttons of a page."""
    return frozenset(
        decision
        for state in states
        for decision in Decision
        if isinstance(state_after(state, decision, final=final), TextState)
    )

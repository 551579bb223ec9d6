"""How a moderator's decision changes a text: one table for all kinds of texts.

Buttons, checks and the database constraint follow from it. A pair that is missing in the table is
not a possible decision in that state.
"""

from __future__ import annotations

from enum import Enum


class TextState(Enum):
    """The state of a text. Each decision names the state in which its moderator saw the text."""

    WAITING = "waiting"
    UNSEEN = "unseen"  # shown at once; a moderator still has to review it
    SHOWN = "shown"
    REJECTED = "rejected"
    MERGED = "merged"


class Decision(Enum):
    APPROVE = "approve"
    REJECT = "reject"
    REMOVE = "remove"  # remove the words from a final result, visibly
    MERGE = "merge"
    TAKE_BACK = "take_back"
    RESTORE = "restore"  # undo a removal
    CHANGE = "change"  # an appeal changes the decision
    STAND = "stand"  # an appeal does not change the decision


class Obstacle(Enum):
    """Why a decision in the table is not possible now."""

    TOO_LATE = "too_late"  # a final result gains no text, since nobody can vote on it any more
    IN_RESULT = "in_result"  # nothing leaves a final result without a trace
    NO_RESULT = "no_result"  # there is no final result to remove anything from


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

# Not possible once the final result is published. All other decisions stay possible.
_ONCE_FINAL: dict[tuple[TextState, Decision], Obstacle] = {
    (S.WAITING, D.APPROVE): Obstacle.TOO_LATE,
    (S.REJECTED, D.CHANGE): Obstacle.TOO_LATE,
    **{(state, D.REJECT): Obstacle.IN_RESULT for state in _VISIBLE},
    **{(state, D.MERGE): Obstacle.IN_RESULT for state in _VISIBLE},
    **{(state, D.TAKE_BACK): Obstacle.IN_RESULT for state in _VISIBLE},
}
# Not possible before the final result is published.
_UNTIL_FINAL: dict[tuple[TextState, Decision], Obstacle] = {
    **{(state, D.REMOVE): Obstacle.NO_RESULT for state in _VISIBLE},
    (S.REJECTED, D.RESTORE): Obstacle.NO_RESULT,
}


def state_after(
    state: TextState, decision: Decision, *, final: bool
) -> TextState | Obstacle | None:
    """The state after the decision, or what prevents it; None if there is no such decision.

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

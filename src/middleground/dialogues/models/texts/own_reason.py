"""Reasons of a host's own for not showing a text, beside those that all hosts have.

They stand in the dialogue's ``own_reasons``. Their words never change, because authors and the
public log have read them: a reason is retired, and another one is added. A code is never given to
a second reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from middleground.dialogues.models.texts.moderation import Reason

if TYPE_CHECKING:
    from middleground.dialogues.models.dialogue import Dialogue
    from middleground.dialogues.models.staff_action import StaffAction
    from middleground.dialogues.models.texts.moderated_text import ModeratedText

CODE = "own-"  # and a number from 1 on


@dataclass(frozen=True, slots=True)
class OwnReason:
    """``label`` goes on "It is not shown, because it …"; the author also reads ``explanation``."""

    code: str
    label: str
    explanation: str
    retired: bool = False

    @property
    def number(self) -> int:
        return int(self.code.removeprefix(CODE))

    def stored(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "label": self.label,
            "explanation": self.explanation,
            "retired": self.retired,
        }


def own_reasons(dialogue: Dialogue) -> list[OwnReason]:
    """All, those that are retired among them, in the order in which they were added."""
    return [OwnReason(**each) for each in dialogue.own_reasons]


def own_reasons_in_use(dialogue: Dialogue) -> list[OwnReason]:
    return [each for each in own_reasons(dialogue) if not each.retired]


def reason_choices(dialogue: Dialogue) -> list[tuple[str, str]]:
    """The codes that moderators of the dialogue can choose, with their labels."""
    own = [(each.code, each.label) for each in own_reasons_in_use(dialogue)]
    return [*((value, str(label)) for value, label in Reason.choices), *own]


def own_reason_of(decided: ModeratedText | StaffAction) -> OwnReason | None:
    """The host's own reason that was given; None if it was another, or none."""
    if not decided.reason.startswith(CODE):  # then nothing is read from the database
        return None
    found = own_reasons(decided.dialogue)
    return next((each for each in found if each.code == decided.reason), None)


def label_of_reason(decided: ModeratedText | StaffAction) -> str:
    """The label of the reason that was given; "" for none."""
    own = own_reason_of(decided)
    if own or decided.reason not in Reason.values:
        return own.label if own else decided.reason
    return str(Reason(decided.reason).label)

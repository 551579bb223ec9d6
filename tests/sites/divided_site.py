"""The site of ``logged_site``, whose dialogue has a map with two opinion groups and shares.

A body answered two of its statements, corrected itself, and made three promises; a claim rests on
two sources. All is in the log.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from sites import logged_site

if TYPE_CHECKING:
    from middleground.dialogues.models import Dialogue
    from support.serving.asgi_client import Voter

STATEMENTS = 12


def divided_crowd(dialogue: Dialogue, participants: int) -> list[Voter]:
    """Two groups who answer most statements oppositely, each person in their own way."""
    from middleground.dialogues.participation.admission import confirm
    from support.serving.asgi_client import vote, voter

    drawn = random.Random(1)
    voters = [voter() for _ in range(participants)]
    for place, who in enumerate(voters):
        for statement in dialogue.statements.votable():
            agrees = statement.number <= 4 or (statement.number + place) % 2 == 0
            likely = ("agree", "agree", "pass") if agrees else ("disagree", "disagree", "pass")
            answer = drawn.choice(["agree", "pass", "disagree", *likely, *likely])
            assert vote(who, statement, answer).status == 200
        assert confirm(dialogue, who.token, "work")
    return voters


def answer() -> None:
    from answers.commitments.promised import promise_and_slip
    from answers.entered import make_answered_case
    from evidence.entered import make_claim
    from middleground.answers.thresholds import note_thresholds
    from middleground.dialogues.models import Dialogue
    from middleground.evidence.actions.public_log import EvidenceLog
    from middleground.publiclog.publisher import publish_log
    from support.cast import make_official, make_staff

    staff, done = make_staff(), Dialogue.objects.get(slug="done")
    chief = make_official(staff)
    promise_and_slip(make_answered_case(staff, done, chief), chief)
    make_claim(staff, done)
    note_thresholds()
    EvidenceLog().log_changes()
    publish_log()


if __name__ == "__main__":
    logged_site.main(STATEMENTS, divided_crowd)
    answer()

"""Invented people flood an open dialogue: none writes, and few come in by waiting.

Fresh cookies write, vote on what is dealt, and join the line, all at once. With each rule switched
off as a control, all of them get through. MIDDLEGROUND_TORTURE_INVENTED sets how many there are.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Dialogue, Participant, Statement, Vote
from middleground.dialogues.participation import waiting_line
from middleground.dialogues.participation.waiting_line import WaitingRefused, seconds_between
from middleground.dialogues.statements.submit import StatementRefused, submit_statement
from support.cast import make_dialogue
from torture.tools.progress import figures

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db, pytest.mark.usefixtures("keys")]
INVENTED = min(1_000, int(os.environ.get("MIDDLEGROUND_TORTURE_INVENTED", "60")))


def attack(dialogue: Dialogue, seconds: int) -> Counter[str]:
    """What the invented people have achieved after so many seconds."""
    now, done, places = timezone.now(), Counter[str](), []
    for number in range(INVENTED):
        token = new_token()
        done["written"] += writes(dialogue, token, f"Before {number}")
        person = Participant(id=pseudonym(dialogue.pk, token), dialogue=dialogue)
        Participant.objects.bulk_create(
            [Participant(id=person.pk, dialogue=dialogue, tier="unconfirmed")],
            ignore_conflicts=True,
        )
        Vote.objects.bulk_create(
            Vote(participant=person, statement=each, value=1)
            for each in dialogue.statements.filter(origin="seed")
        )
        done["written"] += writes(dialogue, token, f"After {number}")
        places.append((token, waiting_line.join_line(dialogue, token, now)))
    for token, turn in places:
        given = waiting_line.ticket(dialogue, token, turn)
        try:
            waiting_line.use_turn(dialogue, token, given, now + timedelta(seconds=seconds))
        except WaitingRefused as refusal:
            done[refusal.code] += 1
    done["admitted"] = Participant.objects.filter(tier="open").count()
    return done


def writes(dialogue: Dialogue, token: bytes, text: str) -> bool:
    try:
        submit_statement(dialogue, token, text)
    except StatementRefused as refusal:
        assert refusal.code == "not_yet"  # noqa: PT017
        return False
    return True


def through_after(seconds: int) -> int:
    """By the stated formula: how many turns have come."""
    turn, count = 30, 0
    while count < INVENTED and turn <= seconds:
        count += 1
        turn += seconds_between(count)
    return count


@pytest.mark.parametrize("seconds", [39, 600])
def test_invented_people_write_nothing_and_come_in_slowly(seconds: int) -> None:
    done = attack(make_dialogue(votes_before_writing=3), seconds)
    expected = through_after(seconds)
    assert done == Counter(written=0, admitted=expected, not_your_turn=INVENTED - expected)
    assert Statement.objects.count() == 3
    figures("invented people", seconds=seconds, came=INVENTED, admitted=expected, written=0)


def test_control_without_the_rules_all_get_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting_line, "seconds_between", lambda _waiting: 0)
    done = attack(make_dialogue(votes_before_writing=0, statement_limit=200), 39)
    # MOST_WAITING is for each participant, so two statements of each go through.
    assert done == Counter(written=2 * INVENTED, admitted=INVENTED)
    figures("invented people, control", came=INVENTED, admitted=INVENTED, written=2 * INVENTED)

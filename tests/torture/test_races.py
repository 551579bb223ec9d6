"""Two hundred simultaneous equal requests are stored once. MIDDLEGROUND_TORTURE_RACES: rounds."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import DailyCount, Dialogue, Participant, Vote, VoteSeal
from support.cast import make_dialogue
from support.serving.asgi_client import Answer, voter
from torture.tools.progress import figures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("vote_writer")]

RACES = int(os.environ.get("MIDDLEGROUND_TORTURE_RACES", "2"))
AT_ONCE = 200


def identical_votes(dialogue: Dialogue) -> None:
    """One participant's vote, sent repeatedly."""
    statement, me = dialogue.statements.get(), voter()

    async def send_all() -> list[Answer]:
        return await asyncio.gather(*(me.send(statement, "agree") for _ in range(AT_ONCE)))

    answers = asyncio.run(send_all())
    assert Counter(answer.status for answer in answers) == {200: AT_ONCE}
    row = (pseudonym(dialogue.pk, me.token), statement.pk, 1)
    assert list(Vote.objects.values_list("participant_id", "statement_id", "value")) == [row]
    assert VoteSeal.objects.count() == 1
    assert Participant.objects.count() == 1
    assert list(DailyCount.objects.values_list("participants", "votes")) == [(1, 1)]


# Each function is a race: it gets a new dialogue with one statement, and asserts its result.
KINDS: dict[str, Callable[[Any], None]] = {"identical votes": identical_votes}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_two_hundred_simultaneous_requests_are_stored_once(kind: str) -> None:
    for _ in range(RACES):
        Dialogue.objects.all().delete()
        KINDS[kind](make_dialogue(statements=1))
    figures(f"races of {AT_ONCE} {kind}", races=RACES, stored_twice=0)

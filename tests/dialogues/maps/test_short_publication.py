"""A vote waits only briefly while a large map is published: the transaction only inserts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from django.db import connection, transaction

from middleground.dialogues.maps import publish, worker
from middleground.dialogues.maps.live import LiveMaps
from middleground.dialogues.maps.prepare import PreparedMap
from middleground.dialogues.models import Dialogue, Participant, Statement, StoredMap, Vote
from middleground.dialogues.results.published import preview
from support.cast import make_dialogue

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
STATEMENTS = 4_000
VOTES_EACH = 300
LONGEST_WAIT = 0.05
# A busy machine can delay any process, so the shortest of several publications counts: each of them
# includes the cost of the transaction itself.
TIMES = 3

# Requests the write lock every few milliseconds until its input ends, in a separate process so that
# no thread of ours delays it. Prints the longest wait in seconds.
PROBE = """
import select, sqlite3, sys, time
asked = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=0)
longest = 0.0
print("ready", flush=True)
while not select.select([sys.stdin], [], [], 0.003)[0]:
    start = time.monotonic()
    while True:
        try:
            asked.execute("BEGIN IMMEDIATE")
            break
        except sqlite3.OperationalError:
            time.sleep(0.001)
    longest = max(longest, time.monotonic() - start)
    asked.execute("ROLLBACK")
print(longest)
"""


@pytest.fixture(autouse=True, scope="module")
def _end_the_process() -> Iterator[None]:
    yield
    worker.close()


@contextmanager
def probe() -> Iterator[list[float]]:
    """A list that holds the longest wait for the write lock once the block has ended."""
    command = [sys.executable, "-c", PROBE, str(connection.settings_dict["NAME"])]
    waits: list[float] = []
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "ready\n"
        yield waits
        process.stdin.close()
        waits.append(float(process.stdout.read()))


def large_dialogue() -> Dialogue:
    dialogue = make_dialogue(statements=1)
    Statement.objects.bulk_create(
        Statement(
            dialogue=dialogue,
            number=number,
            text=f"Statement {number} about the harbour",
            dedup_hash=str(number),
            status="approved",
            received_on=dialogue.statements.values_list("received_on", flat=True)[0],
        )
        for number in range(2, STATEMENTS + 1)
    )
    return dialogue


def let_people_vote(dialogue: Dialogue, participants: int, first: int) -> None:
    statements = np.array(list(dialogue.statements.values_list("pk", flat=True)))
    rng = np.random.default_rng(first)
    Participant.objects.bulk_create(
        Participant(pk=key, dialogue=dialogue) for key in range(first, first + participants)
    )
    Vote.objects.bulk_create(
        Vote(participant_id=key, statement_id=int(statement), value=1 if key % 2 else -1)
        for key in range(first, first + participants)
        for statement in rng.choice(statements, VOTES_EACH, replace=False)
    )


def longest_wait(dialogue: Dialogue, round_number: int) -> float:
    let_people_vote(dialogue, 20, first=1 + 100 * round_number)
    with probe() as waits:
        assert publish.refresh_map(dialogue.pk, LiveMaps()) is not None
    return waits[0]


def disclose_while_locked(commit: Callable[..., StoredMap | None]) -> Callable[..., object]:
    """The known-bad control: the map is disclosed inside the transaction."""

    def slow_commit(prepared: PreparedMap, **rest: bool) -> StoredMap | None:
        with transaction.atomic():
            preview(prepared.row, prepared.facts)
            return commit(prepared, **rest)

    return slow_commit


def test_publishing_four_thousand_statements_hardly_delays_votes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dialogue = large_dialogue()
    waits = [longest_wait(dialogue, number) for number in range(TIMES)]
    assert min(waits) < LONGEST_WAIT, waits
    monkeypatch.setattr(publish, "commit", disclose_while_locked(publish.commit))
    assert longest_wait(dialogue, TIMES) > 2 * LONGEST_WAIT

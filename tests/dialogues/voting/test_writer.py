"""The thread that stores votes refuses whole batches when the database fails, and recovers."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, connections
from django.db.backends.signals import connection_created

from middleground.dialogues.models import DailyCount, Participant, Statement, Vote
from middleground.dialogues.voting import store as ballot
from middleground.dialogues.voting import writer as module
from middleground.dialogues.voting.store import Ballot, Outcome, Refusal, StoredVote
from middleground.dialogues.voting.writer import NotStored, VoteWriter
from support.cast import make_dialogue
from support.serving.asgi_client import Voter, vote, voter

pytestmark = pytest.mark.django_db(transaction=True)


def ballot_of(who: Voter, statement: Statement, value: int = 1) -> Ballot:
    mark = who.form(statement)["proof"]
    return Ballot(statement.dialogue.slug, who.token, statement.number, value, mark)


def submit_all(writer: VoteWriter, ballots: list[Ballot]) -> list[Outcome | BaseException]:
    async def cast() -> list[Outcome | BaseException]:
        return await asyncio.gather(*(writer.submit(b) for b in ballots), return_exceptions=True)

    return asyncio.run(cast())


def nothing_is_stored() -> bool:
    return not any(model.objects.exists() for model in (Vote, Participant, DailyCount))


@pytest.fixture
def writer(keys: Any) -> Iterator[VoteWriter]:
    writer = VoteWriter()
    writer.start()
    yield writer
    writer.stop()


def in_its_thread(writer: VoteWriter, monkeypatch: pytest.MonkeyPatch, sql: str) -> None:
    """Run SQL on the writing thread's connection, before its next batch."""
    take = module.store_votes

    def first_run_sql(*arguments: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(sql)
        monkeypatch.setattr(module, "store_votes", take)
        return take(*arguments)

    monkeypatch.setattr(module, "store_votes", first_run_sql)


# A full disk


@pytest.mark.sqlite
@pytest.mark.usefixtures("vote_writer")
def test_a_full_disk_refuses_whole_votes_until_there_is_space(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """SQLite's page limit gives the same error as a full disk (SQLITE_FULL)."""
    from middleground.config import asgi

    dialogue, me = make_dialogue(statements=400), voter()
    one = dialogue.statements.get(number=1)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # otherwise votes fit into pages that earlier tests freed
    in_its_thread(asgi.vote_writer, monkeypatch, "PRAGMA max_page_count = 1")  # no more pages
    statuses = []
    crowd = iter([voter() for _ in range(4_000)])
    while 503 not in statuses:
        before = votes_and_counts()
        answer = vote(next(crowd), one)
        statuses.append(answer.status)
    assert set(statuses) <= {200, 503}
    assert "Your vote is not stored" in answer.text
    assert votes_and_counts() == before
    plain = vote(me, one, htmx=False)
    if plain.status == 503:
        assert "<html" in plain.text
    in_its_thread(asgi.vote_writer, monkeypatch, "PRAGMA max_page_count = 1073741823")
    assert [vote(who, one).status for who in (me, next(crowd))] == [200, 200]


def votes_and_counts() -> tuple[int, int, list[tuple[int, int]]]:
    days = list(DailyCount.objects.values_list("participants", "votes"))
    return Vote.objects.count(), Participant.objects.count(), days


# A locked database


@contextmanager
def written_by_another(seconds: float) -> Iterator[None]:
    """Hold another connection's write transaction, and let ballots wait only ``seconds`` for it."""
    options = connections["default"].settings_dict["OPTIONS"]
    usual, options["timeout"] = options["timeout"], seconds
    try:
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
    finally:
        options["timeout"] = usual


@pytest.mark.sqlite
def test_a_locked_database_refuses_votes_until_it_is_released(keys: Any) -> None:
    dialogue, me = make_dialogue(), voter()
    one = dialogue.statements.get(number=1)
    writer = VoteWriter()
    with written_by_another(0.2):
        writer.start()
        (outcome,) = submit_all(writer, [ballot_of(me, one)])
        assert isinstance(outcome, NotStored)
        assert nothing_is_stored()
    (outcome,) = submit_all(writer, [ballot_of(me, one)])
    writer.stop()
    assert isinstance(outcome, StoredVote)
    assert Vote.objects.count() == 1


@pytest.mark.sqlite
def test_a_short_lock_is_waited_for(writer: VoteWriter) -> None:
    dialogue, me = make_dialogue(), voter()
    with closing(sqlite3.connect(connection.settings_dict["NAME"], check_same_thread=False)) as o:
        o.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.3, o.rollback)
        release.start()
        (outcome,) = submit_all(writer, [ballot_of(me, dialogue.statements.get(number=1))])
        release.join()
    assert isinstance(outcome, StoredVote)


# A broken connection


@pytest.mark.postgresql
def test_a_lost_connection_is_replaced(writer: VoteWriter) -> None:
    dialogue = make_dialogue()
    one = dialogue.statements.get(number=1)
    (outcome,) = submit_all(writer, [ballot_of(voter(), one)])
    assert isinstance(outcome, StoredVote)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    (lost,) = submit_all(writer, [ballot_of(voter(), one)])
    assert isinstance(lost, NotStored)
    assert Vote.objects.count() == 1
    (outcome,) = submit_all(writer, [ballot_of(voter(), one)])
    assert isinstance(outcome, StoredVote)
    assert Vote.objects.count() == 2


# Errors in the thread


@pytest.mark.parametrize("error", [ValueError, RuntimeError, MemoryError, sqlite3.Error])
def test_the_thread_survives_any_error(
    writer: VoteWriter, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    dialogue, me = make_dialogue(), voter()
    one = dialogue.statements.get(number=1)
    take = module.store_votes

    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(module, "store_votes", fail)
    assert [type(o) for o in submit_all(writer, [ballot_of(me, one)] * 3)] == [NotStored] * 3
    monkeypatch.setattr(module, "store_votes", take)
    assert [type(o) for o in submit_all(writer, [ballot_of(me, one)] * 3)] == [StoredVote] * 3
    assert Vote.objects.count() == 1


def test_an_error_after_some_rows_stores_none(
    writer: VoteWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialogue = make_dialogue()
    one = dialogue.statements.get(number=1)
    with monkeypatch.context() as broken:
        broken.setattr(
            "middleground.dialogues.voting.store._COUNT_DAY", "INSERT INTO no_such_table"
        )
        outcomes = submit_all(writer, [ballot_of(voter(), one) for _ in range(5)])
    assert [type(outcome) for outcome in outcomes] == [NotStored] * 5
    assert nothing_is_stored()
    assert [type(o) for o in submit_all(writer, [ballot_of(voter(), one)])] == [StoredVote]
    assert votes_and_counts() == (1, 1, [(1, 1)])


def test_a_vote_is_stored_though_its_client_disconnects(
    writer: VoteWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialogue = make_dialogue()
    one = dialogue.statements.get(number=1)
    go_on, take = threading.Event(), module.store_votes

    def slowly(*arguments: Any) -> Any:
        go_on.wait(30)
        return take(*arguments)

    monkeypatch.setattr(module, "store_votes", slowly)

    async def leave() -> Outcome:
        leaving = asyncio.create_task(writer.submit(ballot_of(voter(), one)))
        staying = asyncio.create_task(writer.submit(ballot_of(voter(), one)))
        await asyncio.sleep(0)
        leaving.cancel()
        go_on.set()
        return await staying

    assert isinstance(asyncio.run(leave()), StoredVote)
    assert Vote.objects.count() == 2


# Start and stop


def test_a_stopped_writer_takes_no_votes(keys: Any) -> None:
    dialogue = make_dialogue()
    mine = ballot_of(voter(), dialogue.statements.get(number=1))
    writer = VoteWriter()
    assert [type(o) for o in submit_all(writer, [mine])] == [NotStored]
    writer.start()
    writer.stop()
    assert [type(o) for o in submit_all(writer, [mine])] == [NotStored]
    assert nothing_is_stored()


def test_a_full_queue_takes_no_more_votes(keys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    dialogue = make_dialogue()
    one = dialogue.statements.get(number=1)
    monkeypatch.setattr(module, "LONGEST_QUEUE", 3)
    writer = VoteWriter()
    writer._thread = threading.Thread()  # it seems to run, but takes no vote

    async def cast() -> list[Any]:
        tasks = [asyncio.create_task(writer.submit(ballot_of(voter(), one))) for _ in range(5)]
        await asyncio.sleep(0)
        writer.start()
        return await asyncio.gather(*tasks, return_exceptions=True)

    outcomes = asyncio.run(cast())
    writer.stop()
    assert Counter(type(outcome) for outcome in outcomes) == {StoredVote: 3, NotStored: 2}
    assert Vote.objects.count() == 3


def test_stopping_stores_submitted_votes(keys: Any) -> None:
    dialogue = make_dialogue()
    one = dialogue.statements.get(number=1)
    writer = VoteWriter()
    writer.start()

    async def hand_in_and_stop() -> list[Outcome]:
        tasks = [asyncio.create_task(writer.submit(ballot_of(voter(), one))) for _ in range(1_000)]
        await asyncio.sleep(0)
        writer.stop()
        # The thread has ended, so all votes are stored, and none was answered before.
        assert not any(task.done() for task in tasks)
        return await asyncio.gather(*tasks)

    outcomes = asyncio.run(hand_in_and_stop())
    assert [type(outcome) for outcome in outcomes] == [StoredVote] * 1_000
    assert Vote.objects.count() == 1_000


def test_the_writer_can_start_again_after_a_stop(writer: VoteWriter) -> None:
    dialogue = make_dialogue()
    one = dialogue.statements.get(number=1)
    for _ in range(2):
        assert [type(o) for o in submit_all(writer, [ballot_of(voter(), one)])] == [StoredVote]
        writer.stop()
        writer.start()
    assert Vote.objects.count() == 2


@pytest.mark.sqlite
def test_every_connection_is_durable(writer: VoteWriter) -> None:
    """The writing thread uses a write-ahead log and ``synchronous`` = FULL."""
    dialogue = make_dialogue()
    seen = []

    def look(connection: Any, **_: Any) -> None:
        with connection.cursor() as cursor:
            found = [cursor.execute(f"PRAGMA {name}").fetchone() for name in PRAGMAS]
        seen.append((threading.current_thread().name, found))

    connection_created.connect(look)
    try:
        submit_all(writer, [ballot_of(voter(), dialogue.statements.get(number=1))])
    finally:
        connection_created.disconnect(look)
    assert seen == [("vote-writer", [("wal",), (2,)])]


PRAGMAS = ("journal_mode", "synchronous")


# Many votes at once


@pytest.mark.parametrize(
    ("together", "later", "waits"),
    [
        (module.MANY, 0.0, [module.GATHER_MANY_SECONDS]),
        (module.MANY, 1.0, []),
        (module.MANY - 1, 0.0, [module.GATHER_FEW_SECONDS]),
        (module.MANY - 1, 1.0, []),
    ],
    ids=["right after many", "long after many", "right after few", "long after few"],
)
def test_right_after_others_the_writer_waits_briefly_for_more(
    monkeypatch: pytest.MonkeyPatch, together: int, later: float, waits: list[float]
) -> None:
    now, waited = [100.0], list[float]()
    clock = SimpleNamespace(monotonic=lambda: now[0], sleep=waited.append)
    monkeypatch.setattr(module, "time", clock)
    taking, go, sizes = threading.Event(), threading.Event(), list[int]()

    def take(ballots: list[Ballot], *_: Any) -> list[Outcome]:
        sizes.append(len(ballots))
        taking.set()
        go.wait(20)
        return [Refusal.NO_DIALOGUE] * len(ballots)

    monkeypatch.setattr(module, "store_votes", take)
    writer, one = VoteWriter(), Ballot("none", b"", 1, 1, "")
    writer.start()

    async def cast() -> None:
        first = asyncio.create_task(writer.submit(one))
        await asyncio.to_thread(taking.wait, 20)
        others = [asyncio.create_task(writer.submit(one)) for _ in range(together)]
        await asyncio.sleep(0)  # let them be submitted
        go.set()
        await asyncio.gather(first, *others)
        now[0] += later
        await writer.submit(one)

    asyncio.run(cast())
    writer.stop()
    assert sizes == [1, together, 1]
    # Not for the first; the others come right after it.
    assert waited == [module.GATHER_FEW_SECONDS, *waits]


# Votes deleted between the check and the write


@pytest.mark.postgresql
def test_a_vote_during_the_deletion_of_its_participant_is_stored(
    writer: VoteWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite allows one writer at a time, so this cannot happen there."""
    dialogue, me = make_dialogue(statements=2), voter()
    one, two = dialogue.statements.all()
    assert isinstance(submit_all(writer, [ballot_of(me, one)])[0], StoredVote)
    store, stored = ballot._store, []

    def delete_first(*arguments: Any) -> Any:
        if not stored:
            other = threading.Thread(target=delete_everyone)
            other.start()
            other.join()
        stored.append(len(arguments[0]))
        return store(*arguments)

    monkeypatch.setattr(ballot, "_store", delete_first)
    assert isinstance(submit_all(writer, [ballot_of(me, two, -1)])[0], StoredVote)
    assert stored == [1, 1]  # refused by the database once, then stored
    assert list(Vote.objects.values_list("statement", "value")) == [(two.pk, -1)]
    assert Participant.objects.count() == 1


def delete_everyone() -> None:
    Vote.objects.all().delete()
    Participant.objects.all().delete()
    connection.close()

"""One process of several is elected, another follows, and the one before publishes nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction

from middleground.core.processes import election
from middleground.core.processes.election import (
    Election,
    NotElected,
    Term,
    acting_as_elected,
    fence,
    require_elected,
)
from middleground.core.processes.own_connection import own_connection

SECONDS = 60
on_postgresql = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _slow_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elected threads stay elected on a machine that stands still for a while."""
    monkeypatch.setattr(election, "SILENT_SECONDS", 60.0)
    monkeypatch.setattr(election, "LEASE_SECONDS", 59.0)


class Candidate:
    """A process in the election, as a thread of this one."""

    def __init__(self) -> None:
        self.begun: list[Term] = []
        self.ended: list[Term] = []
        self.election = Election(self.begun.append, self.ended.append)

    @property
    def term(self) -> Term:
        return self.begun[-1]

    @contextmanager
    def standing(self) -> Iterator[Candidate]:
        self.election.start()
        try:
            assert self.election.wait_for_first_try(SECONDS)
            yield self
        finally:
            self.election.stop()


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.05)


def end_session(term: Term) -> None:
    """As PostgreSQL does when a process is silent for too long."""
    with own_connection("test") as other:
        other.execute("SELECT pg_terminate_backend(%s)", (term.backend,))


def test_the_only_process_needs_no_election() -> None:
    require_elected()
    fence()
    with acting_as_elected(None):
        require_elected()
        fence()


def test_a_term_ends_with_the_clock() -> None:
    term = Term(backend=1)
    with acting_as_elected(term), pytest.raises(NotElected):
        require_elected()
    term.prolong(time.monotonic())
    with acting_as_elected(term):
        require_elected()
    term.prolong(time.monotonic() - election.SILENT_SECONDS)  # as after a pause
    with acting_as_elected(term), pytest.raises(NotElected):
        require_elected()
    require_elected()  # outside of the term's work


class TestOnPostgreSQL:
    pytestmark = on_postgresql

    def test_one_of_three_is_elected_and_the_next_when_it_ends(self) -> None:
        candidates = [Candidate() for _ in range(3)]
        with candidates[0].standing():
            with candidates[1].standing(), candidates[2].standing():
                assert [len(each.begun) for each in candidates] == [1, 0, 0]
                candidates[0].election.stop()
                wait_until(lambda: len(candidates[1].begun + candidates[2].begun) == 1)
                assert candidates[0].ended == candidates[0].begun
                assert not candidates[0].term.holds()
            assert len(candidates[1].begun + candidates[2].begun) == 1 or candidates[2].ended

    def test_whoever_loses_its_session_stops_and_stands_again(self) -> None:
        with Candidate().standing() as first, Candidate().standing() as second:
            began = time.monotonic()
            end_session(first.term)
            wait_until(lambda: bool(second.begun or len(first.begun) == 2))
            assert time.monotonic() - began < SECONDS
            wait_until(lambda: first.ended == first.begun[:1])

    def test_the_elected_process_passes_the_fence_and_no_other_does(self) -> None:
        with Candidate().standing() as first:
            with acting_as_elected(first.term), transaction.atomic():
                fence()
            other = Term(first.term.backend)  # another process's number
            other.prolong(time.monotonic())
            refuse(other)

    def test_a_term_whose_session_has_ended_does_not_pass_the_fence(self) -> None:
        """The clock alone would still allow it."""
        with Candidate().standing() as first:
            old = first.term
            old_until = old._until
            end_session(old)
            wait_until(lambda: bool(first.ended))
            old._until = max(old_until, time.monotonic() + SECONDS)
            assert old.holds()
            refuse(old)

    def test_the_next_waits_for_a_transaction_behind_the_fence(self) -> None:
        first, second = Candidate(), Candidate()
        with first.standing(), acting_as_elected(first.term):
            with transaction.atomic():
                fence()
                end_session(first.term)
                wait_until(lambda: bool(first.ended))
                second.election.start()
                time.sleep(2 * election.TRY_SECONDS)
                # The first stands again, too: neither can begin.
                assert second.begun == []
                assert len(first.begun) == 1
            wait_until(lambda: bool(second.begun or len(first.begun) == 2))
        second.election.stop()

    def test_control_without_the_fence_the_next_does_not_wait(self) -> None:
        first = Candidate()
        with first.standing(), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            end_session(first.term)
            wait_until(lambda: len(first.begun) == 2)

    def test_a_process_that_is_silent_in_a_fenced_transaction_is_ended(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(election, "IDLE_TRANSACTION_SECONDS", 0.5)
        with Candidate().standing() as first:
            with acting_as_elected(first.term), pytest.raises(DatabaseError):
                be_silent_behind_the_fence()
            connection.close()

    def test_a_silent_session_is_ended_by_the_database(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(election, "SILENT_SECONDS", 1.0)
        paused, second = Candidate(), Candidate()
        go_on = threading.Event()
        paused.election = Election(lambda _: go_on.wait(SECONDS) and None, paused.ended.append)
        paused.election.start()
        try:
            with second.standing():
                wait_until(lambda: bool(second.begun))
                go_on.set()
                wait_until(lambda: len(paused.ended) == 1)
        finally:
            go_on.set()
            paused.election.stop()


def be_silent_behind_the_fence() -> None:
    with transaction.atomic():
        fence()
        time.sleep(3)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")


def refuse(term: Term) -> None:
    with acting_as_elected(term), pytest.raises(NotElected), transaction.atomic():
        fence()

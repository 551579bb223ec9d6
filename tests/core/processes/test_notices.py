"""Notices between processes: received once, and a gap is told after a lost connection."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from middleground.core.processes.notices import CHANNEL, Notices
from middleground.core.processes.own_connection import own_connection

SECONDS = 60


class Received:
    """Collects payloads, and lets a test wait for them."""

    def __init__(self) -> None:
        self.payloads: list[str] = []
        self._changed = threading.Condition()

    def __call__(self, payload: str = "") -> None:
        with self._changed:
            self.payloads.append(payload)
            self._changed.notify_all()

    def wait_for(self, wanted: Callable[[list[str]], bool]) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: wanted(self.payloads), timeout=SECONDS)


@pytest.fixture
def two(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[list[Notices]]:
    """The notices of two processes, connected."""
    pair = [Notices(), Notices()]
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        for each in pair:
            each.start()
        assert all(each.wait_until_connected(SECONDS) for each in pair)
        yield pair
        for each in pair:
            each.stop()


@pytest.mark.sqlite
def test_on_sqlite_only_the_own_handlers_are_told() -> None:
    notices, votes = Notices(), Received()
    notices.on("votes", votes)
    notices.start()
    notices.tell("votes", "7")
    notices.tell("other", "8")
    notices.stop()
    assert votes.payloads == ["7"]
    assert not notices.connected


def test_a_handler_that_fails_stops_no_other_and_its_error_is_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(payload: str) -> None:
        raise ValueError(payload)

    notices, votes = Notices(), Received()
    notices.on("votes", fail)
    notices.on("votes", votes)
    notices.tell("votes", "private")
    assert votes.payloads == ["private"]
    assert [each.getMessage() for each in caplog.records] == [
        "A handler of notices failed: ValueError."
    ]


@pytest.mark.postgresql
def test_the_other_process_is_told_once_and_this_one_too(two: list[Notices]) -> None:
    here, there = Received(), Received()
    two[0].on("votes", here)
    two[1].on("votes", there)
    two[0].tell("votes", "0")
    assert there.wait_for(lambda payloads: "0" in payloads)
    for _ in range(100):  # all within the pause between two sendings
        two[0].tell("votes", "with a space")
    two[0].tell("votes", "last")
    assert there.wait_for(lambda payloads: "last" in payloads)
    # Twice at most, should a busy machine have needed two sendings.
    assert there.payloads.count("with a space") <= 2
    assert here.payloads == ["0", *["with a space"] * 100, "last"]


@pytest.mark.postgresql
def test_other_connections_notify_too(two: list[Notices]) -> None:
    there = Received()
    two[1].on("tables", there)
    with own_connection("test") as other:
        other.execute("SELECT pg_notify(%s, 'tables dialogues_dialogue')", (CHANNEL,))
    assert there.wait_for(lambda payloads: payloads == ["dialogues_dialogue"])


@pytest.mark.postgresql
def test_what_is_told_while_the_connection_is_lost_arrives_and_the_gap_is_told(
    two: list[Notices],
) -> None:
    there, gaps_here, gaps_there = Received(), Received(), Received()
    two[0].on_gap(gaps_here)
    two[1].on_gap(gaps_there)
    two[1].on("votes", there)
    end_all_notices()
    assert gaps_here.wait_for(lambda gaps: len(gaps) == 1)
    assert gaps_there.wait_for(lambda gaps: len(gaps) == 1)
    two[0].tell("votes", "7")
    assert there.wait_for(lambda payloads: "7" in payloads)
    assert two[0].connected


def end_all_notices() -> None:
    with own_connection("test") as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name LIKE 'middleground notices %%' AND datname = %s",
            (connection.settings_dict["NAME"],),
        )


@pytest.mark.postgresql
def test_an_idle_connection_stays_connected(two: list[Notices]) -> None:
    time.sleep(6)  # longer than the pause between two probes
    assert two[0].connected

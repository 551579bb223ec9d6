"""Jobs of the apps, and the threads that run them."""

from __future__ import annotations

import threading
from contextlib import nullcontext
from time import monotonic

import pytest

from middleground.config import background
from middleground.config.background import (
    Background,
    all_jobs,
    jobs_of_each_process,
    jobs_of_the_elected,
    run,
)
from middleground.core import jobs
from middleground.core.jobs import Job, every, find_jobs
from middleground.core.processes.election import Term

SOON = 0.01


@pytest.fixture(autouse=True)
def _no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "disable_autocheckpoint", lambda: None)
    monkeypatch.setattr(background, "noted", lambda *_, **__: nullcontext())


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """A register without the jobs of the apps; what a test declares is gone after it."""
    find_jobs()
    monkeypatch.setattr(jobs, "_declared", {})


class Ran:
    """Counts the runs of a job, and lets a test wait for some of them."""

    def __init__(self, fails: bool = False) -> None:
        self.threads: list[str] = []
        self.fails = fails
        self._changed = threading.Condition()

    def __call__(self) -> None:
        with self._changed:
            self.threads.append(threading.current_thread().name)
            self._changed.notify_all()
        if self.fails:
            raise OSError("the disk is full")

    def wait_for(self, times: int) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: len(self.threads) >= times, timeout=20)


# Name → whether it has a thread of its own, and whether it is done at start and stop.
DECLARED = {
    "delete old sessions": (False, True),
    "store how often statements were dealt": (False, True),
    "delete what is due": (False, True),
    "forget destroyed keys": (False, False),
    "mark the people of hours set aside": (False, False),
    "delete what interrupted publications left": (False, True),
    "compare new texts": (True, False),
    "make due maps": (True, False),
    "renew the statement pools": (True, True),
    "load the newest maps": (True, False),
    "let the public log grow": (True, False),
    "look through the public log": (True, False),
    "look after the other jobs": (True, False),
    "empty the write-ahead log": (False, True),
    "shorten the write-ahead log": (True, False),
    "end offers that were not answered in time": (False, False),
    "note what is owed an answer, and log what is promised": (False, False),
    "compare statements for triage": (True, False),
    "tell news by e-mail": (False, False),
    "tell moderators what waits": (False, False),
    "delete addresses of followers that are no longer needed": (False, True),
    "send e-mail": (True, False),
    "ask residents whether answers answer them, and count what they say": (False, False),
    "format references": (True, False),
    "log sources and claims": (False, False),
    "delete unused copies": (False, False),
    "look at addresses of sources": (True, False),
    "compare readers of translations": (False, False),
    "translate by the host's program": (True, False),
    "write how often short addresses were opened": (False, False),
    "round how often short addresses were opened": (False, True),
    "stop sending invitations when the server stops": (False, True),
    "end old rounds of invitations": (False, False),
}


def test_every_app_declares_its_jobs() -> None:
    found = {job.name: (job.own_thread, job.at_start_and_stop) for job in all_jobs()}
    assert found == DECLARED


def test_only_what_is_in_the_memory_of_a_process_is_done_in_each() -> None:
    assert [job.name for job in jobs_of_each_process()] == [
        "store how often statements were dealt",
        "forget destroyed keys",
        "mark the people of hours set aside",
        "renew the statement pools",
        "load the newest maps",
        "compare readers of translations",
        "write how often short addresses were opened",
        "round how often short addresses were opened",
        "stop sending invitations when the server stops",
        "look after the other jobs",
    ]
    assert {*jobs_of_each_process(), *jobs_of_the_elected()} == set(all_jobs())


def test_a_job_of_a_term_that_is_over_does_not_begin(caplog: pytest.LogCaptureFixture) -> None:
    ran = Ran()
    over, goes_on = Term(1), Term(2)
    goes_on.prolong(monotonic())
    assert not run(Job("run", 1, ran), over)
    assert ran.threads == []
    assert run(Job("run", 1, ran), goes_on)
    assert [record.getMessage() for record in caplog.records] == [
        "The background job “run” is left to another process."
    ]


def test_after_the_end_of_a_term_no_job_begins() -> None:
    ran = Ran()
    threads = Background([Job("run", SOON, ran)])
    threads.stop_soon()
    threads.start()
    threads.stop()
    assert ran.threads == []


def test_the_write_ahead_log_is_emptied_after_everything_that_deletes() -> None:
    assert [job.name for job in all_jobs() if job.at_start_and_stop][-1] == (
        "empty the write-ahead log"
    )


@pytest.mark.usefixtures("declared")
def test_a_job_is_declared_once() -> None:
    @every(60, name="count", missing="Nobody counts.", own_thread=True)
    def count() -> None:
        pass

    assert find_jobs() == (Job("count", 60, count, own_thread=True, missing="Nobody counts."),)
    with pytest.raises(ValueError, match="Two jobs are called count"):
        every(5, name="count", missing="")(count)


def test_a_job_that_fails_is_told_and_stops_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    fails, works = Ran(fails=True), Ran()
    threads = Background([Job("fails", SOON, fails), Job("works", SOON, works)])
    threads.start()
    assert works.wait_for(3)
    threads.stop()
    assert len(fails.threads) == 1  # it rests longer than the other takes for three runs
    assert [record.getMessage() for record in caplog.records] == [
        "The background job “fails” failed; it is tried again."
    ]


def test_a_job_that_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "REST_SECONDS", SOON)
    fails = Ran(fails=True)
    threads = Background([Job("fails", SOON, fails)])
    threads.start()
    assert fails.wait_for(2)
    threads.stop()


def test_a_job_with_a_thread_of_its_own_holds_up_no_other() -> None:
    free = threading.Event()
    first, second = Ran(), Ran()
    slow = Job("slow", SOON, lambda: free.wait(20) and None, own_thread=True)
    threads = Background([slow, Job("first", SOON, first), Job("second", SOON, second)])
    threads.start()
    assert first.wait_for(2)
    assert second.wait_for(2)
    free.set()
    threads.stop()
    assert set(first.threads + second.threads) == {"jobs"}


def test_a_job_without_one_waits_for_the_others() -> None:
    """The control of the test above: the same slow job in the shared thread."""
    free = threading.Event()
    quick = Ran()
    slow = Job("slow", SOON, lambda: free.wait(20) and None)
    threads = Background([slow, Job("quick", SOON, quick)])
    threads.start()
    threading.Event().wait(0.2)
    assert quick.threads == []
    free.set()
    assert quick.wait_for(1)
    threads.stop()


def test_what_is_due_around_the_server_runs_in_order_also_after_a_failure() -> None:
    order: list[str] = []

    def fail() -> None:
        order.append("fail")
        raise OSError

    Background(
        [
            Job("fail", 60, fail, at_start_and_stop=True),
            Job("not around", 60, lambda: order.append("not around")),
            Job("last", 60, lambda: order.append("last"), at_start_and_stop=True),
        ]
    ).run_at_start_and_stop()
    assert order == ["fail", "last"]


def test_nothing_runs_after_the_stop() -> None:
    ran = Ran()
    threads = Background([Job("run", SOON, ran)])
    threads.start()
    assert ran.wait_for(1)
    threads.stop()
    before = len(ran.threads)
    threading.Event().wait(0.1)
    assert len(ran.threads) == before

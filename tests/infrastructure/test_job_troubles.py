"""What fails in the background is told: on public pages, at the desk, by the doctor."""

from __future__ import annotations

import errno
import sqlite3
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.test import Client
from django.utils import timezone

from middleground.config.background import all_jobs, run
from middleground.config.doctor.database import check_jobs
from middleground.core.jobs import Job, find_part, part, troubles
from middleground.core.jobs.causes import cause_of, what_to_do
from middleground.core.jobs.troubles import (
    all_troubles,
    forget_all_but,
    note_failure,
    note_success,
    note_what_is_stuck,
    noted,
)
from middleground.core.models import JobTrouble
from middleground.core.processes.election import NotElected
from middleground.dialogues.maps.schedule import FINALISE, RENEW
from support.cast import make_dialogue, make_staff
from support.serving.server_process import ServerProcess
from support.serving.servers import fill

Cause = JobTrouble.Cause
NOT_RENEWED = "The map is not being updated right now"
NO_RESULT = "We cannot compute the result right now"
AT_DESK = "Something fails in the background"


@pytest.fixture(autouse=True)
def _nothing_in_memory() -> Iterator[None]:
    yield
    troubles.reset()


def fails(name: str = "send e-mail", about: int = 0, error: Exception | None = None) -> None:
    with pytest.raises(Exception), noted(name, about):  # noqa: B017, PT011 -- whatever it is
        raise error or ValueError("Mo Smith wrote: I fear my neighbour")


def rows() -> list[tuple[str, int, int]]:
    return [(row.job, row.about, row.times) for row in all_troubles()]


@pytest.mark.django_db(transaction=True)
def test_failures_are_counted_until_it_works_again() -> None:
    fails()
    first = JobTrouble.objects.get()
    fails()
    fails()
    row = JobTrouble.objects.get()
    assert (row.times, row.since, row.last_at > first.last_at) == (3, first.since, True)
    with noted("send e-mail"):
        pass
    assert rows() == []


@pytest.mark.django_db(transaction=True)
def test_nothing_of_the_message_is_stored() -> None:
    fails()
    stored = JobTrouble.objects.values_list().get()
    assert stored[3:5] == (Cause.OTHER, "builtins.ValueError")
    assert "Mo Smith" not in str(stored)


@pytest.mark.django_db(transaction=True)
def test_each_dialogue_has_its_own_trouble_and_loses_it_when_there_is_nothing_to_do() -> None:
    for about in (1, 2, 3):
        fails(RENEW.name, about)
    fails(FINALISE.name, 4)
    note_success(RENEW.name, 1)
    forget_all_but(RENEW.name, [3])
    assert rows() == [(RENEW.name, 3, 1), (FINALISE.name, 4, 1)]


@pytest.mark.django_db(transaction=True)
def test_what_another_process_does_is_no_trouble() -> None:
    with pytest.raises(NotElected), noted("send e-mail"):
        raise NotElected
    assert rows() == []


@pytest.mark.django_db(transaction=True)
def test_one_of_several_processes_that_works_does_not_hide_one_that_fails() -> None:
    fails("load the newest maps")
    note_success("load the newest maps", quiet=timedelta(seconds=60))
    assert rows() == [("load the newest maps", 0, 1)]
    JobTrouble.objects.update(last_at=timezone.now() - timedelta(seconds=61))
    note_success("load the newest maps", quiet=timedelta(seconds=60))
    assert rows() == []


@pytest.mark.django_db(transaction=True)
def test_what_another_process_noted_is_forgotten_here_when_it_works() -> None:
    note_success("send e-mail")  # this process knows that there is nothing
    now = timezone.now()
    JobTrouble.objects.create(job="send e-mail", cause="other", times=2, since=now, last_at=now)
    note_success("send e-mail")
    assert rows() == []


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_stored_is_told_by_this_process_and_stored_later() -> None:
    """A full disk takes no row. A database that is only to be read refuses it in the same way."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        with pytest.raises(OperationalError):
            JobTrouble.objects.all().delete()
        fails(error=OSError(errno.ENOSPC, "No space left"))
        fails(error=OSError(errno.ENOSPC, "No space left"))
        assert rows() == [("send e-mail", 0, 2)]
        assert JobTrouble.objects.count() == 0
        cursor.execute("PRAGMA query_only = OFF")
    note_what_is_stuck()
    assert list(JobTrouble.objects.values_list("job", "times", "cause")) == [
        ("send e-mail", 2, Cause.DISK)
    ]
    assert rows() == [("send e-mail", 0, 2)]


@pytest.mark.django_db(transaction=True)
def test_work_that_does_not_end_is_told_until_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, ends = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        ends.wait(20)

    job = Job("send e-mail", 1, work)
    thread = threading.Thread(target=run, args=[job])
    thread.start()
    assert begun.wait(20)
    note_what_is_stuck()
    assert rows() == []  # not long enough
    monkeypatch.setattr(troubles, "LONGEST_WORK", timedelta(0))
    note_what_is_stuck()
    note_what_is_stuck()
    assert [(row.job, row.cause, row.times) for row in all_troubles()] == [
        ("send e-mail", Cause.STUCK, 1)
    ]
    ends.set()
    thread.join()
    assert rows() == []


@pytest.mark.django_db(transaction=True)
def test_a_job_of_another_version_is_forgotten_after_a_day() -> None:
    fails("count the ships")
    assert rows() == [("count the ships", 0, 1)]
    JobTrouble.objects.update(last_at=timezone.now() - timedelta(days=2))
    assert rows() == []


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (BrokenProcessPool(), Cause.KILLED),
        (MemoryError(), Cause.MEMORY),
        (OSError(errno.ENOSPC, "full"), Cause.DISK),
        (OperationalError("database or disk is full"), Cause.DISK),
        (PermissionError(errno.EACCES, "no"), Cause.FORBIDDEN),
        (IntegrityError("a row"), Cause.DATABASE),
        (ConnectionRefusedError(), Cause.NETWORK),
        (ValueError("a text"), Cause.OTHER),
    ],
)
def test_causes_are_told_apart_also_behind_another_exception(error: Exception, cause: str) -> None:
    behind = RuntimeError("it failed")
    behind.__cause__ = error
    assert (cause_of(error), cause_of(behind)) == (cause, cause)


def test_every_job_says_what_is_missing_and_every_cause_what_to_do() -> None:
    assert [job.name for job in all_jobs() if not str(job.missing).endswith(".")] == []
    assert all(what_to_do(cause).endswith(".") for cause in Cause)
    assert find_part(RENEW.name) is RENEW
    with pytest.raises(ValueError, match="Two parts of jobs are called renew the map"):
        part(RENEW.name, "", "")


@pytest.mark.django_db
def test_the_desk_says_what_fails_how_often_since_when_and_what_to_do(keys: Path) -> None:
    dialogue, other = make_dialogue(), make_dialogue("other", question="What else?")
    client = Client()
    client.force_login(make_staff())
    assert AT_DESK not in client.get("/desk/").content.decode()
    for _ in range(16):
        note_failure(RENEW.name, BrokenProcessPool(), dialogue.pk)
    home = unescape(client.get("/desk/").content.decode())
    assert AT_DESK in home
    assert "failed 16 times since" in home
    assert "a process was ended from outside" in home
    assert "Votes are kept" in home
    assert "ran out of memory" in home
    assert dialogue.question in home.partition("</section>")[0]
    assert AT_DESK in client.get("/desk/harbour/").content.decode()
    assert AT_DESK in client.get("/desk/harbour/moderation/").content.decode()
    assert AT_DESK not in client.get("/desk/other/").content.decode()
    note_failure("send e-mail", OSError())
    assert AT_DESK in client.get(f"/desk/{other.slug}/").content.decode()


@pytest.mark.django_db
def test_the_doctor_says_it_too() -> None:
    assert [found.id for found in check_jobs()] == ["middleground.I101"]
    note_failure(RENEW.name, BrokenProcessPool(), 3)
    note_failure(RENEW.name, BrokenProcessPool(), 3)
    (found,) = check_jobs()
    assert found.id == "middleground.E100"
    assert found.msg.startswith("Renewing the map of dialogue 3 failed 2 times")
    assert found.hint == what_to_do(Cause.KILLED)


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.django_db
def test_a_server_whose_map_process_is_killed_sixteen_times_says_so(tmp_path: Path) -> None:
    data = tmp_path / "data"
    fill(data, "mapped_site")
    often = {"MIDDLEGROUND_MAP_SECONDS": "0.2", "MIDDLEGROUND_MAP_BEAT_SECONDS": "0.2"}
    with closing(sqlite3.connect(data / "middleground.sqlite3")) as database:
        database.execute("UPDATE dialogues_dialogue SET state = 'closed' WHERE slug = 'town'")
        database.commit()
    server = ServerProcess(data, tmp_path / "log", settings=often)
    try:
        server.launch()
        killed, said, end = 0, False, time.monotonic() + 90
        while killed < 16 or not said:
            assert time.monotonic() < end
            killed += server.kill_map_workers()
            time.sleep(0.02)
            said = said or NO_RESULT in _page(server, "/d/town/results/")
        while "The results are being computed" in (page := _page(server, "/d/town/results/")):
            assert time.monotonic() < end  # it is tried again
            time.sleep(0.2)
        assert NO_RESULT not in page
        assert "The middle ground" in page
    finally:
        server.kill()


def _page(server: ServerProcess, path: str) -> str:
    try:
        with urllib.request.urlopen(server.address + path, timeout=20) as answer:
            return str(answer.read().decode())
    except OSError:  # it has not begun to listen
        return "The results are being computed"

"""Which jobs fail now: noted when they fail, forgotten when they work again.

A failure is a row, because the doctor and other processes must see it, and because a kept page that
read the table is made anew when it changes. Where the row cannot be stored, as on a full disk, it
waits in memory, and this process's pages say it all the same.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import Error as AnyDatabaseError
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from middleground.core import changes
from middleground.core.jobs import JobPart, find_part
from middleground.core.jobs.causes import cause_of, what_to_do
from middleground.core.models import JobTrouble
from middleground.core.processes.election import NotElected

Key = tuple[str, int]
# What is at work for longer is told. The lists of the largest dialogues take some minutes.
LONGEST_WORK = timedelta(minutes=30)
# A job of another version, which has another name now, is told for so long.
UNKNOWN_KEPT = timedelta(days=1)

_TABLES = frozenset({JobTrouble._meta.db_table})
_lock = threading.Lock()
_unstored: dict[Key, JobTrouble] = {}
_at_work: dict[Key, datetime] = {}
# The rows that are there, and the version of the table at which that was read.
_stored: tuple[int, frozenset[Key]] | None = None


@contextmanager
def noted(name: str, about: int = 0, quiet: timedelta = timedelta()) -> Iterator[None]:
    """Note whether the block fails; its exception goes on.

    ``quiet``: a failure is forgotten only so long after the last one, for what several processes
    do, of which one may fail while another does not.
    """
    key = name, about
    _at_work[key] = timezone.now()
    try:
        yield
    except NotElected:  # another process does it
        raise
    except Exception as error:
        note_failure(name, error, about)
        raise
    else:
        note_success(name, about, quiet)
    finally:
        _at_work.pop(key, None)


def note_failure(name: str, error: BaseException, about: int = 0) -> None:
    kind = type(error)
    _note(name, about, cause_of(error), f"{kind.__module__}.{kind.__qualname__}")


def note_success(name: str, about: int = 0, quiet: timedelta = timedelta()) -> None:
    """Forget that the job failed, if it did."""
    if _unstored.pop((name, about), None) is not None:
        changes.note_written(_TABLES)
    try:
        if (name, about) in _stored_keys():
            old = JobTrouble.objects.filter(job=name, about=about)
            _delete(old.filter(last_at__lte=timezone.now() - quiet))
    except AnyDatabaseError:
        pass  # it is forgotten after the next success


def forget_all_but(name: str, about: Iterable[int]) -> None:
    """Forget failures about dialogues for which the job has nothing more to do."""
    kept = set(about)
    ended = {key for key in _stored_keys() | set(_unstored) if key[0] == name} - {
        (name, each) for each in kept
    }
    for key in ended:
        note_success(*key)


def note_what_is_stuck() -> None:
    """Note what has been at work for too long, and what could not be stored before."""
    for (name, about), begun in list(_at_work.items()):
        is_told = (name, about) in _stored_keys() or (name, about) in _unstored
        if timezone.now() - begun > LONGEST_WORK and not is_told:
            _note(name, about, JobTrouble.Cause.STUCK, "", begun)
    if _unstored:
        _store()


def reset() -> None:
    """Forget what is in memory (for tests)."""
    global _stored
    with _lock:
        _unstored.clear()
        _at_work.clear()
        _stored = None


def all_troubles() -> list[JobTrouble]:
    """All that fails now, what fails longest first."""
    found = {(row.job, row.about): row for row in JobTrouble.objects.all()}
    with _lock:
        for key, row in _unstored.items():
            found[key] = _joined(found.get(key), row)
    lately = timezone.now() - UNKNOWN_KEPT
    known = [row for row in found.values() if row.last_at > lately or find_part(row.job)]
    return sorted(known, key=lambda row: row.since)


@dataclass(frozen=True, slots=True)
class TroubleReport:
    """What staff and the doctor are told of one trouble."""

    trouble: JobTrouble
    title: str
    missing: str
    to_do: str


def reports(about: Iterable[int] | None = None) -> list[TroubleReport]:
    """Reports of all that fails now, or of what fails as a whole and of these dialogues."""
    shown = None if about is None else {0, *about}
    return [_report(row) for row in all_troubles() if shown is None or row.about in shown]


def _report(row: JobTrouble) -> TroubleReport:
    found = find_part(row.job)
    title = str(found.title) if isinstance(found, JobPart) else f"“{row.job}”"
    to_do = str(found.to_do) if isinstance(found, JobPart) else ""
    return TroubleReport(
        row, title, str(found.missing) if found else "", to_do or what_to_do(row.cause)
    )


def trouble_of(*keys: Key) -> JobTrouble | None:
    """The trouble of the first of these jobs, each with what it is about, that fails now."""
    found = {(row.job, row.about): row for row in all_troubles()}
    return next((found[key] for key in keys if key in found), None)


def _note(
    name: str, about: int, cause: JobTrouble.Cause, error: str, since: datetime | None = None
) -> None:
    now = timezone.now()
    row = JobTrouble(
        job=name,
        about=about,
        cause=cause,
        error=error[:80],
        times=1,
        since=since or now,
        last_at=now,
    )
    with _lock:
        _unstored[name, about] = _joined(_unstored.get((name, about)), row)
    _store()


def _joined(before: JobTrouble | None, row: JobTrouble) -> JobTrouble:
    if before is None:
        return row
    both = copy(row)
    both.times, both.since = before.times + row.times, before.since
    return both


def _store() -> None:
    """Store what is in memory; it stays there if that fails."""
    global _stored
    with _lock:
        waiting = dict(_unstored)
        _unstored.clear()
    try:
        with transaction.atomic():
            for row in waiting.values():
                _add(row)
    except AnyDatabaseError:
        with _lock:
            for key, row in waiting.items():
                later = _unstored.get(key)
                _unstored[key] = _joined(row, later) if later else row
        changes.note_written(_TABLES)
    _stored = None


def _add(row: JobTrouble) -> None:
    there = JobTrouble.objects.filter(job=row.job, about=row.about)
    if not there.update(
        times=F("times") + row.times, cause=row.cause, error=row.error, last_at=row.last_at
    ):
        copy(row).save(force_insert=True)


def _delete(rows: QuerySet[JobTrouble]) -> None:
    global _stored
    rows.delete()
    _stored = None


def _stored_keys() -> frozenset[Key]:
    """The rows that are there, read again only if the table may have changed."""
    global _stored
    version = changes.version(_TABLES)
    if _stored is None or _stored[0] != version or not changes.are_told(_TABLES):
        rows = JobTrouble.objects.values_list("job", "about")
        _stored = version, frozenset((job, about) for job, about in rows)
    return _stored[1]

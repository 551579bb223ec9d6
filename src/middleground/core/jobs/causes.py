"""Why a job failed, as far as its exception tells, and what the host can do."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from http.client import HTTPException
from smtplib import SMTPException

from django.db import Error as AnyDatabaseError
from django.utils.translation import gettext as _

from middleground.core.models import JobTrouble

Cause = JobTrouble.Cause
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_FULL_DATABASE = ("disk is full", "no space left", "disk i/o error")


def cause_of(error: BaseException) -> Cause:
    """The first known cause among the exception and those behind it."""
    for each in _with_those_behind(error):
        if (cause := _cause(each)) is not Cause.OTHER:
            return cause
    return Cause.OTHER


def _cause(error: BaseException) -> Cause:
    if isinstance(error, BrokenProcessPool):
        return Cause.KILLED
    if isinstance(error, MemoryError):
        return Cause.MEMORY
    if isinstance(error, AnyDatabaseError):
        is_full = any(words in str(error).lower() for words in _FULL_DATABASE)
        return Cause.DISK if is_full else Cause.DATABASE
    if isinstance(error, (ConnectionError, TimeoutError, SMTPException, HTTPException)):
        return Cause.NETWORK
    if isinstance(error, OSError):
        if error.errno in _NO_ROOM:
            return Cause.DISK
        return Cause.FORBIDDEN if error.errno in _FORBIDDEN else Cause.OTHER
    return Cause.OTHER


def _with_those_behind(error: BaseException | None) -> Iterator[BaseException]:
    seen = set[int]()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def what_to_do(cause: str) -> str:
    """What the host can do, in a sentence or two."""
    return _TO_DO[Cause(cause)]()


_TO_DO: dict[Cause, Callable[[], str]] = {
    Cause.KILLED: lambda: _(
        "The machine probably ran out of memory and ended this process. The machine’s log "
        "tells. Give it more memory, or end other programs."
    ),
    Cause.MEMORY: lambda: _("Give the machine more memory, or end other programs on it."),
    Cause.DISK: lambda: _("Free some space on the disk. “middleground doctor” checks it."),
    Cause.FORBIDDEN: lambda: _(
        "Make the account that runs the server the owner of the data and key "
        "folders. “middleground doctor” names them."
    ),
    Cause.DATABASE: lambda: _(
        "Check that the database runs and has space. “middleground doctor” checks too."
    ),
    Cause.NETWORK: lambda: _("Check that the other machine runs, and that this one can reach it."),
    Cause.STUCK: lambda: _(
        "Start the server again. If it happens again, its output shows where it hangs."
    ),
    Cause.OTHER: lambda: _(
        "Send the server’s output to the makers of middleground. It names the "
        "place, and holds nothing that anybody wrote."
    ),
}

"""The doctor's messages: Django's ``CheckMessage`` with a subject, and how checks are registered.

Each message has a number, which never changes and gives its place in the doctor's list. A check
also yields what is well, as ``INFO``. Only the doctor lists that, because Django's own ``check``
would count it as an issue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.checks import (
    CRITICAL,
    ERROR,
    INFO,
    WARNING,
    CheckMessage,
    register,
)

TAG = "middleground"
LETTERS = {INFO: "I", WARNING: "W", ERROR: "E", CRITICAL: "E"}

Messages = Iterator[CheckMessage]
_lists_all = ContextVar("_lists_all", default=False)


def well(number: int, subject: str, message: str) -> CheckMessage:
    """Describe what is as it should be."""
    return _message(INFO, number, subject, message)


def advice(number: int, subject: str, message: str, hint: str | None = None) -> CheckMessage:
    """Describe what could be better. ``hint``: what to do."""
    return _message(WARNING, number, subject, message, hint)


def error(number: int, subject: str, message: str, hint: str | None = None) -> CheckMessage:
    """Describe what must be mended. ``hint``: what to do."""
    return _message(ERROR, number, subject, message, hint)


def critical(number: int, subject: str, message: str, hint: str | None = None) -> CheckMessage:
    """Describe what must be mended before any further check is possible."""
    return _message(CRITICAL, number, subject, message, hint)


def _message(
    level: int, number: int, subject: str, message: str, hint: str | None = None
) -> CheckMessage:
    name = f"{TAG}.{LETTERS[level]}{number:03}"
    return CheckMessage(level, message, hint, obj=subject, id=name)


def stops(found: CheckMessage) -> bool:
    """Whether no further check is possible."""
    return found.is_serious(CRITICAL)


@contextmanager
def listing_all() -> Iterator[None]:
    """Let checks also return what is well, until the block ends."""
    token = _lists_all.set(True)
    try:
        yield
    finally:
        _lists_all.reset(token)


def register_check(check: Callable[[], Messages], *tags: str, needs_database: bool = False) -> None:
    """Register a check of an installation that is to be deployed.

    ``needs_database``: Django runs it only where it is told which database it may open.
    """

    def messages(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
        if needs_database and not databases:
            return []
        return [found for found in check() if _lists_all.get() or found.is_serious(WARNING)]

    register(messages, TAG, *tags, deploy=True)

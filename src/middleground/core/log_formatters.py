"""How log records are written: where something went wrong, never what somebody sent."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator
from copy import copy

_FRAME = re.compile(r'^  File ".*", line \d+, in .*$')


class WithoutWords(logging.Formatter):
    """A record with the places of its traceback, and of each exception only the kind.

    What an exception says can hold what a visitor sent: PostgreSQL quotes the row that it refuses.
    """

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another formatter may have kept the words there
        try:
            return super().format(record)
        finally:
            record.exc_text = None

    def formatException(self, ei: object) -> str:  # noqa: N802 -- logging's name
        error = ei[1] if isinstance(ei, tuple) else None
        lines = ["Traceback (most recent call last):"]
        for each in reversed(list(_chain(error))):
            # A map is computed in another process, which sends its traceback as text.
            lines += _frames_in(str(each)) if type(each).__name__ == "_RemoteTraceback" else []
            lines += "".join(traceback.format_tb(each.__traceback__)).splitlines()
            lines.append(f"{type(each).__module__}.{type(each).__qualname__}")
        return "\n".join(lines)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen = set[int]()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _frames_in(text: str) -> list[str]:
    return [line for line in text.splitlines() if _FRAME.match(line)]


class WithoutRequest(WithoutWords):
    """A record of a request by its kind and status, never by its message.

    Django tells there what was sent: the path, a host that it does not know, and from which site a
    form came. None of these loggers may be left without a handler: Python's last one writes all.
    """

    def format(self, record: logging.LogRecord) -> str:
        told = copy(record)
        told.msg, told.args = _without_what_was_sent(record), ()
        return super().format(told)


class OneLine(WithoutRequest):
    """The same without a traceback.

    For what a visitor sent wrongly: our code did as it should, and has no fault to show.
    """

    def format(self, record: logging.LogRecord) -> str:
        told = copy(record)
        told.exc_info = told.stack_info = None
        return super().format(told)


def _without_what_was_sent(record: logging.LogRecord) -> str:
    status = getattr(record, "status_code", None)
    answered = f"answered with {status}" if isinstance(status, int) else "refused"
    if record.name != "django.security.csrf" or not isinstance(record.args, tuple):
        return answered
    # Behind the dash stands the site that sent the form: a referrer.
    reasons = [str(reason).partition(" - ")[0] for reason in record.args[:1]]
    return " ".join([answered, *(f"({reason})" for reason in reasons)])

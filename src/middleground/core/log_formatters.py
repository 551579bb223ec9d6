"""Log formatters that write where an error happened, but nothing that a visitor sent."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator
from copy import copy

_FRAME = re.compile(r'^  File ".*", line \d+, in .*$')


class NoMessageFormatter(logging.Formatter):
    """Formats tracebacks with the class of each exception, but without its message.

    A message can hold data that a visitor sent: PostgreSQL quotes the row that it refuses.
    """

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another formatter may have cached the text
        try:
            return super().format(record)
        finally:
            record.exc_text = None

    def formatException(self, ei: object) -> str:  # noqa: N802 -- logging's name
        error = ei[1] if isinstance(ei, tuple) else None
        lines = ["Traceback (most recent call last):"]
        for each in reversed(list(_chain(error))):
            # Maps are computed in a child process, which sends its traceback as text.
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


class NoRequestFormatter(NoMessageFormatter):
    """Formats the record of a request by kind and status, without its message.

    Django's message holds what was sent: the path, an unknown host, the site that a form came from.
    Each of these loggers needs a handler, because Python's handler of last resort writes all.
    """

    def format(self, record: logging.LogRecord) -> str:
        shown = copy(record)
        shown.msg, shown.args = _without_what_was_sent(record), ()
        return super().format(shown)


class NoTracebackFormatter(NoRequestFormatter):
    """Formats the record of a request without a traceback.

    It is used for invalid requests, which are no fault of our code.
    """

    def format(self, record: logging.LogRecord) -> str:
        shown = copy(record)
        shown.exc_info = shown.stack_info = None
        return super().format(shown)


def _without_what_was_sent(record: logging.LogRecord) -> str:
    status = getattr(record, "status_code", None)
    answered = f"answered with {status}" if isinstance(status, int) else "refused"
    if record.name != "django.security.csrf" or not isinstance(record.args, tuple):
        return answered
    # The text after the dash is the site that sent the form: a referrer.
    reasons = [str(reason).partition(" - ")[0] for reason in record.args[:1]]
    return " ".join([answered, *(f"({reason})" for reason in reasons)])

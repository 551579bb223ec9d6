"""The log has one line for a visitor's error, and no data of sign-ins or requests."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from http.client import HTTPConnection
from multiprocessing import get_context
from pathlib import Path

import pytest
from django.test import Client

from middleground.core.log_formatters import (
    NoMessageFormatter,
    NoRequestFormatter,
    NoTracebackFormatter,
)
from support.cast import make_dialogue
from support.serving.server_process import ServerProcess
from support.serving.servers import fill

TOO_BIG = b"csrfmiddlewaretoken=x&text=" + b"a" * 10_000_000


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Redirects the output of the product's handlers from stderr to a buffer."""
    written = io.StringIO()
    names = ("", "django", "django.request", "django.security")
    found = {h for name in names for h in logging.getLogger(name).handlers}
    ours = [handler for handler in found if type(handler) is logging.StreamHandler]
    before = [handler.setStream(written) for handler in ours]
    yield written
    for handler, stream in zip(ours, before, strict=True):
        handler.setStream(stream)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cookie", "line"),
    [
        # Without a cookie Django refuses the form before reading it.
        ("", "WARNING django.security.csrf: answered with 413 (CSRF cookie not set.)"),
        ("a" * 32, "ERROR django.security.RequestDataTooBig: answered with 413"),
    ],
)
def test_a_too_long_foreign_form_is_one_line_in_the_log(
    cookie: str, line: str, log: io.StringIO
) -> None:
    make_dialogue()
    client = Client(enforce_csrf_checks=True)
    if cookie:
        client.cookies["csrf"] = cookie
    form = "application/x-www-form-urlencoded"
    response = client.post("/d/harbour/write/", TOO_BIG, content_type=form)
    assert response.status_code == 413
    assert "This page cannot give it back." in response.content.decode()
    assert log.getvalue().splitlines() == [line]


def test_an_error_of_the_server_keeps_its_traceback(log: io.StringIO) -> None:
    try:
        raise ValueError("wrong")
    except ValueError:
        logging.getLogger("middleground.control").exception("failed")
    assert "Traceback" in log.getvalue()


def fault(words: str) -> logging.LogRecord:
    try:
        try:
            raise KeyError(words)
        except KeyError as error:
            raise ValueError(words) from error
    except ValueError as error:
        trace = (type(error), error, error.__traceback__)
    return logging.LogRecord("n", logging.ERROR, "f", 1, "failed", (), trace)


def test_an_error_is_logged_with_its_places_but_not_its_text() -> None:
    record = fault("203.0.113.7")
    plain = logging.Formatter("{message}", style="{").format(record)
    assert plain.count("203.0.113.7") == 2  # the control; the record now holds the formatted text
    text = NoMessageFormatter("{message}", style="{").format(record)
    assert "203.0.113.7" not in text
    assert text.splitlines()[0] == "failed"
    assert text.count(", in fault") == 2
    kinds = [line for line in text.splitlines() if line.startswith("builtins.")]
    assert kinds == ["builtins.KeyError", "builtins.ValueError"]


def test_errors_of_pages_and_map_processes_are_logged_without_their_text(log: io.StringIO) -> None:
    words = "a.person@example.org"
    for name in ("django.request", "uvicorn.error", "middleground.config.background"):
        logging.getLogger(name).handle(fault(words))
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        try:
            pool.submit(int, words).result()
        except ValueError:
            logging.getLogger("middleground").exception("The map failed.")
    assert log.getvalue().count("Traceback (most") == 4
    assert words not in log.getvalue()
    assert "process.py" in log.getvalue()  # the place in the other process


@pytest.mark.django_db
@pytest.mark.parametrize("header", ["origin", "referer"])
def test_the_origin_of_a_form_is_not_logged(header: str, log: io.StringIO) -> None:
    make_dialogue()
    client = Client(enforce_csrf_checks=True)
    headers = {header: "https://search.example/?q=how+do+I+vote"}
    client.get("/you/")
    client.cookies["csrf"] = "a" * 32
    client.post("/d/harbour/write/", {"text": "x"}, headers=headers, secure=True)
    kind = "Origin" if header == "origin" else "Referer"
    assert log.getvalue() == (
        f"WARNING django.security.csrf: answered with 403 ({kind} checking failed)\n"
    )


def test_only_one_line_is_written_unlike_by_a_plain_formatter() -> None:
    try:
        raise ValueError("wrong")
    except ValueError as error:
        record = logging.LogRecord(
            "n",
            logging.ERROR,
            "f",
            1,
            "said %s",
            ("so",),
            (type(error), error, error.__traceback__),
        )
    assert (
        NoTracebackFormatter("{levelname} {message}", style="{").format(record) == "ERROR refused"
    )
    plain = logging.Formatter("{message}", style="{").format(record)
    assert ("said so" in plain, "Traceback" in plain) == (True, True)


def test_a_failing_page_is_logged_with_its_places_but_not_its_address() -> None:
    record = fault("203.0.113.7")
    record.msg, record.args = "%s: %s", ("Internal Server Error", "/d/harbour/?from=203.0.113.7")
    record.status_code = 500
    text = NoRequestFormatter("{message}", style="{").format(record)
    assert text.splitlines()[0] == "answered with 500"
    assert ("Traceback" in text, "203.0.113.7" in text, "harbour" in text) == (True, False, False)
    assert "harbour" in NoMessageFormatter("{message}", style="{").format(record)  # the control


@pytest.mark.slow
def test_a_real_server_logs_no_requested_host_or_path(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path / "data", tmp_path / "log")
    fill(server.data)
    for command in (None, ["-c", AS_DJANGO_LOGS, str(server.port)]):
        server.log.unlink(missing_ok=True)
        with server.running(command):
            answers = {ask(server, *request) for request in SENT}
        log = server.log.read_text()
        assert answers == {400, 403, 404}
        found = [word for word in ("canary", "harbour") if word in log]
        assert found == (["canary", "harbour"] if command else []), log
        assert command or log.count("django.security.") == 3


SENT = (
    ("GET", "/canary-page/", {"Host": "canary.example"}),
    ("GET", "/canary-page/", {}),
    ("POST", "/d/harbour/write/", {"Content-Type": "text/plain"}),
    (
        "POST",
        "/d/harbour/write/",
        {"Origin": "https://canary.example", "Cookie": "csrf=" + 32 * "a"},
    ),
)
# The control: the same server with Django's own log lines.
AS_DJANGO_LOGS = """
import logging, sys
from middleground.config import server, settings
for formatter in settings.LOGGING["formatters"].values():
    formatter.update({"()": "logging.Formatter"})
server.serve(server.reserve("127.0.0.1", int(sys.argv[1])))
"""


def ask(server: ServerProcess, method: str, path: str, headers: dict[str, str]) -> int:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request(method, path, headers={"Connection": "close", **headers})
    return connection.getresponse().status


def test_no_passkey_is_logged() -> None:
    """The library logs the name of each passkey used, at level INFO."""
    assert not logging.getLogger("fido2.server").isEnabledFor(logging.INFO)
    assert logging.getLogger("fido2.server").isEnabledFor(logging.WARNING)
    assert logging.getLogger("middleground").isEnabledFor(logging.INFO)  # the control

"""Visitors who come by an address that the settings do not name, and what the host is told."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from middleground.config.doctor.database import check_other_address
from middleground.core.page.errors.site_address import (
    FILE,
    MOST_ADDRESSES,
    OtherAddress,
    other_addresses,
    told_other_address,
)
from support.cast import make_dialogue

pytestmark = pytest.mark.django_db

BROWSER = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "en"}
NOT_SET_UP = "This site is not set up for the address you used"
WRITE = "/d/harbour/write/"


@pytest.fixture(autouse=True)
def _setting(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DATA = tmp_path
    settings.ORIGIN = "https://dialogue.example.org"
    settings.ALLOWED_HOSTS = ["dialogue.example.org"]
    settings.CSRF_TRUSTED_ORIGINS = [settings.ORIGIN]
    other_addresses.forget()
    yield
    other_addresses.forget()


def look(host: str, times: int = 1, **headers: str) -> str:
    for _ in range(times):
        response = Client().get("/", headers={**BROWSER, "Host": host, **headers})
        assert response.status_code == 400
    return str(response.content.decode())


def send(host: str, origin: str, times: int = 1) -> tuple[int, str]:
    client = Client(enforce_csrf_checks=True)
    for _ in range(times):
        headers = {**BROWSER, "Host": host, "Origin": origin}
        response = client.post(WRITE, {"text": "A <park>"}, headers=headers)
    return response.status_code, response.content.decode()


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the product itself logs; what Django adds is cut by ``core/log_formatters.py``."""
    ours = [each for each in caplog.records if each.name.startswith("middleground")]
    return [each.getMessage() for each in ours if each.levelno == logging.ERROR]


def test_the_visitor_is_told_that_it_is_not_theirs_to_mend() -> None:
    page = look("www.example.org")
    assert NOT_SET_UP in page
    assert "You did nothing wrong." in page


def test_the_host_is_told_once_and_at_tens_which_setting_and_which_value(
    caplog: pytest.LogCaptureFixture,
) -> None:
    look("www.example.org", 2)
    assert (errors(caplog), told_other_address()) == ([], None)  # a program that tries names
    look("www.example.org", 7)
    (told,) = errors(caplog)
    assert told.startswith(
        "Visitors came to https://www.example.org 3 times and were refused, since"
        " MIDDLEGROUND_ORIGIN is https://dialogue.example.org. If that is your address, set"
    )
    assert "set MIDDLEGROUND_ORIGIN=https://www.example.org" in told
    look("www.example.org")
    assert len(errors(caplog)) == 2
    assert told_other_address() == OtherAddress("https://www.example.org", 10)


def test_the_doctor_tells_it_until_the_server_starts_again() -> None:
    look("www.example.org", 3)
    (found,) = check_other_address()
    assert found.id == "middleground.E102"
    assert "https://www.example.org" in found.msg
    assert "MIDDLEGROUND_ORIGIN=https://www.example.org" in str(found.hint)
    other_addresses.forget()
    assert list(check_other_address()) == []


def test_a_form_from_a_page_at_another_address_is_not_called_forged(
    caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    """The setting says http, and a proxy in front serves https: every form is refused."""
    make_dialogue()
    settings.ORIGIN = "http://dialogue.example.org"
    settings.CSRF_TRUSTED_ORIGINS = [settings.ORIGIN]
    settings.SECURE_PROXY_SSL_HEADER = None
    status, page = send("dialogue.example.org", "https://dialogue.example.org", 3)
    assert (status, NOT_SET_UP in page) == (403, True)
    assert "A &lt;park&gt;" in page  # what was written is given back
    assert "set MIDDLEGROUND_ORIGIN=https://dialogue.example.org" in errors(caplog)[0]


def test_a_visitor_without_https_is_to_be_sent_on(caplog: pytest.LogCaptureFixture) -> None:
    make_dialogue()
    assert send("dialogue.example.org", "http://dialogue.example.org", 3)[0] == 403
    assert "Let the proxy send them on to https." in errors(caplog)[0]


def test_a_proxy_that_does_not_pass_the_name_on_is_named(caplog: pytest.LogCaptureFixture) -> None:
    make_dialogue()
    look("127.0.0.1:8000", 3)
    assert "Let it send the header Host with dialogue.example.org" in errors(caplog)[0]
    status, page = send("127.0.0.1:8000", "https://dialogue.example.org")
    assert (status, NOT_SET_UP in page) == (400, True)


def test_a_form_of_another_site_is_still_called_what_it_is(
    caplog: pytest.LogCaptureFixture,
) -> None:
    make_dialogue()
    status, page = send("dialogue.example.org", "https://elsewhere.example", 5)
    assert (status, NOT_SET_UP in page) == (403, False)
    assert "This form did not come from our page" in page
    assert (errors(caplog), told_other_address()) == ([], None)


@pytest.mark.parametrize("host", ["<script>.example", "a b", "x" * 300, "mo@example.org"])
def test_what_is_no_name_is_not_repeated(host: str, caplog: pytest.LogCaptureFixture) -> None:
    look(host, 4)
    assert (errors(caplog), told_other_address()) == ([], None)


def test_programs_that_are_no_browsers_are_not_counted(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(5):
        Client().get("/", headers={"Host": "scanned.example"})
    assert (errors(caplog), told_other_address()) == ([], None)


def test_nothing_of_a_visitor_is_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    look("www.example.org", 3, **{"X-Forwarded-For": "203.0.113.7", "User-Agent": "Mo's phone"})
    kept = (tmp_path / FILE).read_text()
    assert json.loads(kept) == {"seen": "https://www.example.org", "times": 3}
    assert not {"203.0.113.7", "127.0.0.1", "Mo's"} & {
        *kept.split(),
        *" ".join(errors(caplog)).split(),
    }


@pytest.mark.parametrize(
    "origin",
    [
        "https://www.example.org/\x1b]0;hello\x07",
        "javascript://www.example.org",
        "https://www.example.org?set=this",
        "//www.example.org",
        "https://mo@www.example.org",
    ],
)
def test_what_is_no_origin_is_not_repeated(origin: str, caplog: pytest.LogCaptureFixture) -> None:
    make_dialogue()
    send("www.example.org", origin, 4)
    assert (errors(caplog), told_other_address()) == ([], None)
    send("www.example.org", "http://www.example.org", 3)  # the control
    assert told_other_address() == OtherAddress("http://www.example.org", 3)


def test_invented_names_do_not_hide_the_true_one() -> None:
    for number in range(MOST_ADDRESSES + 10):
        look(f"a{number}.example.org", 3)
    look("b.example.org", 5)
    assert told_other_address() == OtherAddress("https://b.example.org", 3)


def test_the_rarest_is_forgotten_for_a_new_name(caplog: pytest.LogCaptureFixture) -> None:
    look("www.example.org", 2)
    for number in range(MOST_ADDRESSES + 10):
        look(f"a{number}.example.org")
    assert errors(caplog) == []
    look("www.example.org")
    (told,) = errors(caplog)
    assert told.startswith("Visitors came to https://www.example.org 3 times")


def test_the_doctor_does_not_say_that_a_name_is_the_host_s() -> None:
    look("theirs.example", 3)
    (found,) = check_other_address()
    assert found.msg == (
        "Visitors came to https://theirs.example 3 times and were refused: the setting says"
        " https://dialogue.example.org."
    )
    assert str(found.hint).startswith("If that is your address, set MIDDLEGROUND_ORIGIN=")
    assert "If it is not, set nothing: anybody can ask by any name." in str(found.hint)

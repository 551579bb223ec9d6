"""Seize a machine that sends invitations, and search every byte of it for who was invited.

A list is sent over HTTP, longer than what a body may have in memory elsewhere; the server is killed
in the middle, as by a power cut, searched, started again and given the same list. A real mail
server on this machine counts what comes.
"""

from __future__ import annotations

import re
import sqlite3
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from middleground.outreach.invitations.desk_paths import has_address_list
from seizure.searching import contained
from support.cast import PASSWORD
from support.serving.mail_server import MailServer, mail_server
from support.serving.server_process import ServerProcess
from support.serving.servers import fill, run

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]

PEOPLE = [f"canary-{number}-invited@mail.example" for number in range(30)]
# Lines that are no address are in nobody's way, and make the list longer than 100,000 bytes.
LIST = "\n".join(
    [*PEOPLE, *(f"canary-{number}-broken-line-of-the-list" for number in range(3_000))]
)
PAGE = "/desk/harbour/outreach/invitations/"


class Desk:
    """A facilitator's browser."""

    def __init__(self, server: ServerProcess) -> None:
        self._address = server.address
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._browser = urllib.request.build_opener(cookies)
        self.post("/accounts/login/", login="staff@example.org", password=PASSWORD)

    def get(self, path: str) -> str:
        return str(self._browser.open(self._address + path).read().decode())

    def post(self, path: str, **fields: str) -> str:
        mark = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path))
        assert mark
        sent = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": mark[1]}).encode()
        request = urllib.request.Request(self._address + path, sent)
        request.add_header("Origin", self._address)
        return str(self._browser.open(request).read().decode())


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory, mail: MailServer) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("invited")
    settings = {
        "MIDDLEGROUND_MAIL": f"smtp://127.0.0.1:{mail.port}",
        "MIDDLEGROUND_MAIL_FROM": "news@port.example",
    }
    server = ServerProcess(folder / "data", folder / "server.log", settings=settings)
    fill(server.data)
    server.start()
    text = {
        "kind": "invitation",
        "language": "en",
        "words": "The port invites.",
        "per_minute": "600",
    }
    try:
        desk = Desk(server)
        assert "30 addresses get this e-mail" in desk.post(PAGE, **text, addresses=LIST)
        desk.post(PAGE, **text, addresses=LIST, send="1", form="a-form")
        _until(lambda: len(mail.messages) >= 10)
        server.kill()
        yield server
    finally:
        server.kill()


def _files(server: ServerProcess) -> dict[Path, bytes]:
    found = server.data.parent.rglob("*")
    return {path: path.read_bytes() for path in found if path.is_file()}


def _forms() -> list[bytes]:
    lines = [*PEOPLE, "canary-17-broken-line-of-the-list"]
    return [
        form.encode()
        for line in lines
        for form in (line, line.upper(), urllib.parse.quote(line), line[::-1])
    ]


def test_no_byte_of_the_machine_has_an_address(killed: ServerProcess) -> None:
    files = _files(killed)
    assert killed.data / "keys/invitations-2.key" in files
    assert [path for path, data in files.items() if contained(data, _forms())] == []
    # The control: the search finds one that is written down.
    assert contained(b"x" + _forms()[0], _forms()) == {_forms()[0]}


def test_what_was_sent_has_no_order_and_no_time(killed: ServerProcess) -> None:
    with closing(sqlite3.connect(killed.data / "middleground.sqlite3")) as connection:
        rows = connection.execute("SELECT * FROM outreach_sentmark").fetchall()
        [schema] = connection.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'outreach_sentmark'"
        ).fetchone()
    assert schema.endswith("WITHOUT ROWID")
    assert 10 <= len(rows) < len(PEOPLE)
    assert all(re.fullmatch("[0-9a-f]{32}", mark) for mark, *_rest in rows)


def test_the_same_list_again_goes_to_the_rest_and_to_nobody_twice(
    killed: ServerProcess, mail: MailServer
) -> None:
    killed.start()
    desk = Desk(killed)
    page = f"{PAGE}2/"  # the example site has a round already
    _until(lambda: "Go on with the same list" in _after_its_silence(killed, desk, page))
    desk.post(page, addresses=LIST, do="go on")
    _until(lambda: "Everybody on the list was written to" in desk.get(page))
    times = Counter(mail.to())
    assert set(times.values()) == {1}
    # One may have been in the hands of the process that was killed: it counts as uncertain.
    lost = len(PEOPLE) - len(times)
    uncertain = int(re.findall(r"<dt>Uncertain</dt><dd>(\d+)</dd>", desk.get(page))[0])
    assert 0 <= lost <= uncertain <= 1
    codes = {
        re.findall(r"code/#([0-9A-Z]{16})", str(each.get_content()))[0] for each in mail.messages
    }
    assert len(codes) == len(times)
    desk.post(page, do="end")
    assert not (killed.data / "keys/invitations-2.key").exists()
    killed.kill()
    assert [path for path, data in _files(killed).items() if contained(data, _forms())] == []


def _after_its_silence(server: ServerProcess, desk: Desk, page: str) -> str:
    """The page, as it is some minutes after the process was killed."""
    run(["-c", LONG_AGO], server.data)
    return desk.get(page)


LONG_AGO = """
import os, sqlite3
path = os.path.join(os.environ["MIDDLEGROUND_DATA"], "middleground.sqlite3")
with sqlite3.connect(path, timeout=20) as connection:
    change = "UPDATE outreach_invitationround SET beat_at = '2020-01-01' WHERE sender != ''"
    connection.execute(change)
"""


def test_every_address_of_invitations_keeps_its_bodies_in_memory() -> None:
    assert has_address_list(PAGE)
    assert has_address_list(f"/es{PAGE}12/")
    assert not has_address_list("/desk/harbour/sources/import/")

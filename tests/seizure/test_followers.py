"""Seize a machine on which people follow cases by e-mail, and search every byte of it for them.

The addresses come by the form, over HTTP; the mail server is away, so that mail waits; the server
is killed as by a power cut. What database and key give together, the last test says plainly.
"""

from __future__ import annotations

import json
import re
import sqlite3
import urllib.parse
import urllib.request
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from seizure.searching import contained
from support.serving.server_process import ServerProcess
from support.serving.servers import fill, free_port, run

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]

ADDRESSES = [f"canary-{number}-reader@mail.example" for number in range(12)]
SET_UP = """
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
import django; django.setup()
from middleground.notices.models import EmailChoice, Follower
"""
SWITCH_ON = """
from middleground.dialogues.models import Dialogue
EmailChoice.objects.update_or_create(
    dialogue=Dialogue.objects.get(slug="harbour"), defaults={"on": True}
)
"""
READ = """
from middleground.notices.addresses import recipient_of
found = [[recipient_of(each).address, each.case.number] for each in Follower.objects.all()]
print(json.dumps(sorted(found)))
"""


@pytest.fixture(scope="module")
def seized(tmp_path_factory: pytest.TempPathFactory) -> ServerProcess:
    folder = tmp_path_factory.mktemp("followed")
    settings = {
        "MIDDLEGROUND_MAIL": f"smtp://127.0.0.1:{free_port()}",
        "MIDDLEGROUND_MAIL_FROM": "news@port.example",
    }
    server = ServerProcess(folder / "data", folder / "server.log", settings=settings)
    fill(server.data)
    run(["-c", SET_UP + SWITCH_ON], server.data)
    server.start()
    try:
        for number, address in enumerate(ADDRESSES):
            _follow(f"{server.address}/d/harbour/answers/{number % 2 + 1}/follow/", address)
    finally:
        server.kill()
    return server


def _follow(page: str, address: str) -> None:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    found = re.search(
        r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.open(page).read().decode()
    )
    assert found
    form = {"address": address, "csrfmiddlewaretoken": found[1]}
    request = urllib.request.Request(page, urllib.parse.urlencode(form).encode())
    request.add_header("Origin", page.split("/d/")[0])
    assert browser.open(request).url == f"{page}asked/"


def test_no_byte_of_the_machine_has_an_address(seized: ServerProcess) -> None:
    files = {path: path.read_bytes() for path in seized.data.parent.rglob("*") if path.is_file()}
    assert seized.data / "keys/notices.key" in files
    forms = [
        form.encode()
        for address in ADDRESSES
        for form in (address, address.upper(), urllib.parse.quote(address), address[::-1])
    ]
    assert [path for path, data in files.items() if contained(data, forms)] == []
    # The control: the search finds one that is written down.
    assert contained(b"x" + forms[0], forms) == {forms[0]}


def test_rows_of_the_database_have_no_time_no_order_and_nothing_in_common(
    seized: ServerProcess,
) -> None:
    with closing(sqlite3.connect(seized.data / "middleground.sqlite3")) as connection:
        rows = connection.execute("SELECT sealed, mark, asked_on FROM notices_follower").fetchall()
        for table in ("notices_follower", "notices_mail"):
            [schema] = connection.execute(
                "SELECT sql FROM sqlite_master WHERE name = ?", [table]
            ).fetchone()
            assert schema.endswith("WITHOUT ROWID")
    assert len(rows) == len({mark for _sealed, mark, _on in rows}) == len(ADDRESSES)
    assert {len(sealed) for sealed, _mark, _on in rows} == {300}  # also of short addresses
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", on) for _sealed, _mark, on in rows)


def test_database_and_key_give_each_address_and_its_case(seized: ServerProcess) -> None:
    """And no more than that: there is no other column."""
    found = json.loads(run(["-c", SET_UP + READ], seized.data))
    expected = [[address, number % 2 + 1] for number, address in enumerate(ADDRESSES)]
    assert found == sorted(expected)


def test_another_key_gives_nothing(seized: ServerProcess, tmp_path: Path) -> None:
    (tmp_path / "notices.key").write_bytes(bytes(32))
    with pytest.raises(AssertionError, match="is not the key of the addresses"):
        run(["-c", SET_UP + READ], seized.data, MIDDLEGROUND_KEYS=str(tmp_path))

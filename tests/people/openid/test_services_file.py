"""The file of sign-in services: what is read, what is refused, and what it switches on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from django.db import connection

from addresses.walking import routes
from middleground.people.openid.services import BadServices, Service, read_services
from support.serving.officials import OfficialsSite
from support.serving.servers import free_port, outside_environment

pytestmark = pytest.mark.sqlite
GOOD = """[[service]]
id = "city"
name = "City of Example"
server_url = "https://login.city.example/"
client_id = "middleground"
secret_file = "city.secret"
bodies = ["police", "parks"]
domains = ["city.example", "parks.city.example"]
"""


def written(folder: Path, content: str, mode: int = 0o600, secret: str = "hidden\n") -> Path:
    (folder / "city.secret").write_text(secret)
    (folder / "city.secret").chmod(mode)
    (folder / "services.toml").write_text(content)
    return folder / "services.toml"


def test_a_service_as_it_is_read(tmp_path: Path) -> None:
    (service,) = read_services(written(tmp_path, GOOD))
    assert service == Service(
        "city",
        "City of Example",
        "https://login.city.example",
        "middleground",
        "hidden",
        frozenset({"police", "parks"}),
        frozenset({"city.example", "parks.city.example"}),
    )
    assert "hidden" not in repr(service)
    told = {mail: service.speaks_for(mail) for mail in ("a@City.Example", "a@x.city.example", "a")}
    assert told == {"a@City.Example": True, "a@x.city.example": False, "a": False}


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("[[service]]", "service = 1\n[other]", "must have a [[service]]"),
        ('id = "city"', "id = ", "is not TOML"),
        ('id = "city"', 'id = "City"', "service 1: id has “City”"),
        ('name = "City of Example"', "name = 7", "service 1: name must be a text"),
        ("client_id", "clientid", "service 1: clientid: no such key."),
        ("https://login", "http://login", "server_url must be like https://"),
        ("https://login.city.example/", "https://[", "server_url must be like https://"),
        ("https://login.city.example/", "https://login.city.example/?a=b", "server_url must be"),
        ('["police", "parks"]', "[]", "bodies must be a list of texts"),
        ('"police"', '"the police"', "bodies has “the police”"),
        ('"city.example"', '"@city.example"', "domains has “@city.example”"),
        ('"city.example"', '"example"', "domains has “example”"),
        ("city.secret", "none.secret", "none.secret cannot be read: No such file"),
        (GOOD, GOOD + GOOD, "two services have the same id"),
    ],
)
def test_what_is_refused(tmp_path: Path, before: str, after: str, words: str) -> None:
    with pytest.raises(BadServices) as trouble:
        read_services(written(tmp_path, GOOD.replace(before, after)))
    assert words in str(trouble.value)


def test_a_secret_that_others_can_read_or_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(BadServices, match=r"others may open .* Run: chmod 600"):
        read_services(written(tmp_path, GOOD, mode=0o640))
    for secret in ("", " \n", "two\nlines"):
        with pytest.raises(BadServices, match="must hold the secret, in one line"):
            read_services(written(tmp_path, GOOD, secret=secret))
    with pytest.raises(BadServices, match=r"away\.toml cannot be read: No such file"):
        read_services(tmp_path / "away.toml")


def test_a_wrong_file_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD, mode=0o644)
    for command in (["serve", "--port", str(free_port())], ["doctor"]):
        done = subprocess.run(
            [sys.executable, "-m", "middleground", *command],
            env=outside_environment(
                tmp_path / "data", MIDDLEGROUND_OPENID=str(file), COLUMNS="500"
            ),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 1
        said = done.stdout + done.stderr
        assert "MIDDLEGROUND_OPENID" in said
        assert f"others may open {tmp_path / 'city.secret'}" in said
        assert "Traceback" not in said


INSIDE = """
import json, django
django.setup()
from django.db import connection
from addresses.walking import routes
from middleground.core.stored_data import data_register
with connection.cursor() as cursor:
    held = {
        (table, column.name)
        for table in connection.introspection.table_names(cursor)
        for column in connection.introspection.get_table_description(cursor, table)
        if table.startswith("socialaccount_")
    }
said = {(table, name) for table, name in data_register().columns() if table.startswith("social")}
cookies = [cookie.name for cookie in data_register().cookies]
print(json.dumps([list(routes()), sorted(held ^ said), len(held), cookies]))
"""


def test_what_the_setting_switches_on(site: OfficialsSite) -> None:
    """Two addresses, three tables of which each column has its fact, and a cookie."""
    done = subprocess.run(
        [sys.executable, "-c", INSIDE],
        env=outside_environment(
            site.server.data,
            MIDDLEGROUND_OPENID=str(site.file),
            DJANGO_SETTINGS_MODULE="middleground.config.settings",
        ),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    with_services, undescribed, held, cookies = json.loads(done.stdout)
    mine = {
        "accounts/openid/<slug:service_id>/",
        "accounts/openid/<slug:service_id>/return/",
    }
    assert set(with_services) - set(routes()) == mine
    assert set(routes()) - set(with_services) == set()
    assert (undescribed, held) == ([], 21)
    assert "signing-in" in cookies
    assert not any("openid" in route for route in routes())
    assert not [t for t in connection.introspection.django_table_names() if "social" in t]
    page = requests.get(f"{site.address}/what-we-know/", timeout=20)
    assert (page.status_code, "sign-in service" in page.text) == (200, True)


def test_the_doctor_misses_bodies_and_no_table_that_is_switched_off(
    site: OfficialsSite, tmp_path: Path
) -> None:
    file = written(tmp_path, GOOD.replace('"police"', '"city-of-example"'))
    for setting, found in ((str(file), True), ("", False)):
        done = subprocess.run(
            [sys.executable, "-m", "middleground", "doctor"],
            env=outside_environment(site.server.data, MIDDLEGROUND_OPENID=setting, COLUMNS="500"),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        missing = "“city” names bodies that do not exist: parks."
        assert (missing in done.stdout, "newer" in done.stdout) == (found, False)

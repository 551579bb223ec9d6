"""``middleground doctor`` as a process has a finding for each possible fault."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.core.checks import CRITICAL, ERROR, INFO

from middleground.config.doctor.disk import MOUNTS
from middleground.config.doctor.folders import LEAST_FREE_BYTES, judge_free_disk
from middleground.config.doctor.postgres import judge_connections, judge_postgres
from middleground.config.doctor.sqlite import judge_sqlite_version
from middleground.ledger.notes.keys import COSIGNATURE, SigningKey
from on_postgres import postgres
from support.serving.servers import fill, make_site, outside_environment, run

WITNESS = SigningKey("paper.example", COSIGNATURE, bytes(range(32))).verifier
HOSTING = {
    "MIDDLEGROUND_WITNESSES": f"https://paper.example/witness {WITNESS}",
    "MIDDLEGROUND_ORIGIN": "https://dialogue.example.org",
    "MIDDLEGROUND_HOST_NAME": "Port City",
    "MIDDLEGROUND_CONTACT": "questions@example.org",
    "MIDDLEGROUND_SECURITY_CONTACT": "safe@example.org",
}
SECOND_FACTOR = """
import django
django.setup()
from allauth.mfa.models import Authenticator
from middleground.people.models import User
for user in User.objects.all():
    Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {}})
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a database, static files and one member of staff."""
    data = tmp_path_factory.mktemp("filled")
    fill(data)
    return data


@pytest.fixture
def data(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "data"))


def doctor(data: Path, *options: str, **settings: str) -> tuple[int, list[str]]:
    """The exit code, and the rows ``level subject: message`` that are not ok."""
    code, rows = all_rows(data, *options, **settings)
    return code, [row for row in rows if row.startswith(("mend ", "advice "))]


def all_rows(data: Path, *options: str, **settings: str) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, "-m", "middleground", "doctor", *options],
        env=outside_environment(data, COLUMNS="1000", **{**HOSTING, **settings}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in done.stdout.splitlines()]
    return done.returncode, [f"{row[0]} {row[1]}: {row[2]}" for row in cells if row]


def subjects(rows: list[str]) -> list[str]:
    return [row.partition(":")[0] for row in rows]


def give_everyone_a_second_factor(data: Path) -> None:
    run(["-c", SECOND_FACTOR], data, DJANGO_SETTINGS_MODULE="middleground.config.settings")


def test_a_complete_installation_has_no_finding(data: Path, tmp_path: Path) -> None:
    give_everyone_a_second_factor(data)
    keys = tmp_path / "keys"
    (data / "keys").rename(keys)
    assert doctor(data, MIDDLEGROUND_KEYS=str(keys)) == (0, [])


def test_a_trial_installation_has_only_advice(data: Path) -> None:
    code, rows = doctor(data, "--local", MIDDLEGROUND_ORIGIN="http://127.0.0.1:8000")
    assert (code, subjects(rows)) == (0, ["advice Keys", "advice Staff"])


def test_all_checks_are_listed_in_order(data: Path) -> None:
    _, rows = all_rows(data, "--local", MIDDLEGROUND_ORIGIN="http://127.0.0.1:8000")
    assert subjects(rows) == [
        "ok MIDDLEGROUND_ORIGIN",
        "ok MIDDLEGROUND_DEBUG",
        "ok MIDDLEGROUND_TIME_ZONE",
        "ok MIDDLEGROUND_MAP_SECONDS",
        "ok MIDDLEGROUND_DATABASE_URL",
        "ok Names of settings",
        "ok Who hosts it",
        "ok Data folder",
        "ok Disk",
        "ok MIDDLEGROUND_WITNESSES",
        "advice Keys",
        *(["ok Storage"] if MOUNTS.is_file() else []),
        "ok Database",
        "ok SQLite",
        "ok Static files",
        "ok Public log",
        "advice Staff",
        "ok Open files",
        "ok MIDDLEGROUND_MAIL",
        "ok MIDDLEGROUND_SECURITY_CONTACT",
        "ok Background jobs",
        "ok MIDDLEGROUND_EXIT",
    ]
    assert rows[0].endswith(": http://127.0.0.1:8000 can be reached from this machine only.")


def test_before_the_first_start_the_advice_is_to_start(tmp_path: Path) -> None:
    code, rows = doctor(tmp_path / "nothing")
    assert code == 1
    assert rows[0].startswith("mend Data folder: ")
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MIDDLEGROUND_ORIGIN", "dialogue.example.org"),
        ("MIDDLEGROUND_ORIGIN", "http://[broken"),
        ("MIDDLEGROUND_ORIGIN", "https://dialogue.example.org/below"),
        ("MIDDLEGROUND_ORIGIN", "http://dialogue.example.org"),
        ("MIDDLEGROUND_ORIGIN", "https://localhost"),
        ("MIDDLEGROUND_DEBUG", "1"),
        ("MIDDLEGROUND_DEBUG", "yes"),
        ("MIDDLEGROUND_TIME_ZONE", "Atlantis/Capital"),
        ("MIDDLEGROUND_MAP_SECONDS", "soon"),
        ("MIDDLEGROUND_MAP_SECONDS", "-1"),
        ("MIDDLEGROUND_DATABASE_URL", "mysql://localhost/x"),
        ("MIDDLEGROUND_SOURCE_LOOKS", "yes"),
        ("MIDDLEGROUND_SOURCE_LOOK_DAYS", "0"),
        ("MIDDLEGROUND_SOURCE_LOOK_DAYS", "weekly"),
        ("MIDDLEGROUND_MAIL", "smtp://mail.example.org"),  # addresses, unencrypted
        ("MIDDLEGROUND_TRANSLATOR", "http://translate.example.org/"),  # texts, unencrypted
        ("MIDDLEGROUND_TRANSLATOR", "https://127.0.0.1:9/translate"),  # nobody answers
    ],
)
def test_a_bad_setting_is_an_error(data: Path, name: str, value: str) -> None:
    code, rows = doctor(data, **{name: value})
    assert code == 1
    assert f"mend {name}" in subjects(rows)


def test_a_misspelt_setting_is_named(data: Path) -> None:
    _, rows = doctor(data, MIDDLEGROUND_TIMEZONE="UTC")
    assert [row for row in rows if "MIDDLEGROUND_TIMEZONE" in row] != []


def test_keys_readable_by_others_are_an_error(data: Path) -> None:
    (data / "keys" / "secret.key").chmod(0o644)
    code, rows = doctor(data)
    assert code == 1
    assert [row for row in rows if row.startswith("mend Keys:")] == [
        f"mend Keys: Others on this machine may open {data}/keys/secret.key. "
        f"Run: chmod 600 '{data}/keys/secret.key'"
    ]


def test_an_unwritable_data_folder_is_an_error(data: Path) -> None:
    (data / "here").write_text("")
    blocked = data / "here" / "data"  # below a file no folder can be
    code, rows = doctor(blocked)
    assert (code, subjects(rows)[0]) == (1, "mend Data folder")


def test_a_missing_or_outdated_database_is_an_error(data: Path) -> None:
    file = data / "middleground.sqlite3"
    with sqlite3.connect(file) as connection:
        connection.execute("DELETE FROM django_migrations WHERE app = 'dialogues'")
    connection.close()
    code, rows = doctor(data)
    assert (code, subjects(rows)[-1]) == (1, "mend Database")
    file.unlink()
    code, rows = doctor(data)
    assert (code, subjects(rows)[-1]) == (1, "mend Database")
    assert not file.exists()


def test_missing_static_files_are_an_error(data: Path) -> None:
    shutil.rmtree(data / "static")
    code, rows = doctor(data)
    assert code == 1
    assert "mend Static files" in subjects(rows)


def test_staff_without_second_factors_and_no_staff_are_found(data: Path) -> None:
    assert "3 of 5 sign in with a password alone" in doctor(data)[1][-1]
    with sqlite3.connect(data / "middleground.sqlite3") as connection:
        connection.execute("UPDATE people_user SET is_active = 0")
    connection.close()
    assert "Run: middleground create-admin" in doctor(data)[1][-1]


def test_a_nearly_full_disk_is_an_error() -> None:
    assert judge_free_disk(LEAST_FREE_BYTES).level == INFO
    assert judge_free_disk(LEAST_FREE_BYTES - 1).level == ERROR


def test_an_old_sqlite_is_an_error() -> None:
    assert list(judge_sqlite_version((3, 34, 0))) == []
    (finding,) = judge_sqlite_version((3, 33, 9))
    assert (finding.level, finding.id) == (CRITICAL, "middleground.E037")
    assert finding.msg == "Version 3.33.9 is older than 3.34.0: it cannot index texts."
    assert finding.hint == "Use a Python with a newer SQLite, or PostgreSQL: docs/hosting.md."


def test_unsafe_durability_or_logging_of_postgres_is_found() -> None:
    good = {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "log_statement": "none",
        "log_min_duration_statement": "-1",
        "log_min_duration_sample": "-1",
        "track_commit_timestamp": "off",
    }
    bad = {
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
        "log_statement": "mod",
        "log_min_duration_statement": "0",
        "log_min_duration_sample": "100",
        "track_commit_timestamp": "on",
    }
    assert list(judge_postgres(good)) == []
    for name, value in bad.items():
        (finding,) = judge_postgres({**good, name: value})
        assert finding.level == ERROR
        assert finding.msg.startswith(f"{name} is {value}: ")


def test_too_few_connections_for_the_server_processes_are_an_error() -> None:
    assert judge_connections(97, 5).level == INFO
    assert judge_connections(97, 5).msg == (
        "97 connections at once are allowed, enough for 5 server processes; 5 now run."
    )
    finding = judge_connections(97, 6)
    assert (finding.level, finding.id) == (ERROR, "middleground.E073")
    assert finding.hint == "Raise max_connections: 19 for each process, and some more."
    assert judge_connections(19, 0).level == INFO
    assert judge_connections(18, 0).level == ERROR


def test_a_real_postgres_is_checked(tmp_path: Path) -> None:
    with postgres(tables=True) as address, psycopg.connect(address, autocommit=True) as database:
        settings = {"MIDDLEGROUND_DATABASE_URL": address}
        make_site("example_site", tmp_path, **settings)
        give = {**settings, "DJANGO_SETTINGS_MODULE": "middleground.config.settings"}
        run(["-c", SECOND_FACTOR], tmp_path, **give)
        with psycopg.connect(address, application_name="middleground election 7"):
            _, rows = all_rows(tmp_path, **settings)
        allowed = 100 - 3  # PostgreSQL's own standard
        words = f"{allowed} connections at once are allowed, enough for 5 server processes"
        assert f"ok PostgreSQL: {words}; 1 now run." in rows
        assert [row for row in subjects(rows) if not row.startswith("ok ")] == ["advice Keys"]
        run(["-c", PUBLISH], tmp_path, **give)
        # A folder that no other machine shares, a limit, and a file from before a move.
        settings["MIDDLEGROUND_LEDGER"] = str(tmp_path / "own")
        (tmp_path / "own").mkdir()
        database.execute("ALTER DATABASE postgres CONNECTION LIMIT 15")
        (tmp_path / "middleground.sqlite3").touch()
        _, log, old_file, limit = doctor(tmp_path, **settings)[1]
        assert log.startswith("mend Public log: It cannot grow: the folder has 0 signed entries, ")
        assert log.endswith("All machines must share one folder: MIDDLEGROUND_LEDGER.")
        assert old_file.startswith("advice PostgreSQL: ")
        assert limit == (
            "mend PostgreSQL: 15 connections at once are allowed, enough for 0 server processes;"
            " 0 now run. Raise max_connections: 19 for each process, and some more."
        )
    code, rows = doctor(tmp_path, **settings)
    assert (code, subjects(rows)) == (1, ["advice Keys", "mend Database"])


@pytest.mark.parametrize(
    ("settings", "row"),
    [
        (
            {"MIDDLEGROUND_WITNESSES": ""},
            "advice MIDDLEGROUND_WITNESSES: Nobody else signs the public log. Ask a newsroom or a "
            "critic: docs/ledger.md.",
        ),
        (
            {"MIDDLEGROUND_WITNESSES": "https://paper.example/"},
            "mend MIDDLEGROUND_WITNESSES: MIDDLEGROUND_WITNESSES must be an address and a verifier "
            "key, for each witness.",
        ),
        (
            {"MIDDLEGROUND_WITNESSES": f"https://paper.example/ {WITNESS}x"},
            "mend MIDDLEGROUND_WITNESSES: a verifier key ends in base64",
        ),
        (
            {"MIDDLEGROUND_LEDGER_SECONDS": "soon"},
            "mend MIDDLEGROUND_LEDGER_SECONDS: 'soon' is not a number of seconds above 0.",
        ),
    ],
)
def test_settings_of_the_public_log(data: Path, settings: dict[str, str], row: str) -> None:
    give_everyone_a_second_factor(data)
    code, rows = doctor(data, **settings)
    assert row in rows
    assert code == (row.startswith("mend"))


PUBLISH = """
import django
django.setup()
from middleground.publiclog.publisher import publish_log
from middleground.publiclog.models import PendingRecord
from middleground.ledger.records.entries import Erasures
from middleground.ledger.records.kinds import write_entry
PendingRecord.objects.create(entry=write_entry(Erasures("harbour", 1)))
print(publish_log().size)
"""


def test_a_stuck_log_and_an_unreachable_witness_are_found(data: Path) -> None:
    give_everyone_a_second_factor(data)
    run(["-c", PUBLISH], data, DJANGO_SETTINGS_MODULE="middleground.config.settings")
    code, rows = doctor(data)
    away = "paper.example has not signed the newest checkpoint. Does the witness run?"
    assert (code, [row for row in rows if "Public log" in row]) == (
        0,
        [f"advice Public log: {away}"],
    )
    shutil.rmtree(data / "ledger" / "checkpoints")
    (data / "ledger" / "checkpoint").unlink()
    assert [row for row in doctor(data)[1] if "Public log" in row] != []


SETTINGS = "middleground.config.settings"
OWN_SETTINGS = f"""
from {SETTINGS} import *
SILENCED_SYSTEM_CHECKS = ["middleground.E059", "middleground.W029"]
"""


def django_check(data: Path, *options: str) -> list[str]:
    """The lines of Django's own command that are the doctor's messages."""
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", *options],
        env=outside_environment(data, **HOSTING, DJANGO_SETTINGS_MODULE=SETTINGS),
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stderr.splitlines()
    return [line + lines[place + 1] for place, line in enumerate(lines) if "(middleground." in line]


def test_djangos_deployment_check_has_the_same_findings(data: Path) -> None:
    assert django_check(data) == []
    keys = (
        "Keys: (middleground.W029) They lie inside the data folder. Whoever gets a backup of it "
        f"could link cookies to votes.\tHINT: Leave {data}/keys out of backups of the data, or set "
        "MIDDLEGROUND_KEYS."
    )
    staff = (
        "Staff: (middleground.E059) 3 of 5 sign in with a password alone.\tHINT: Let them add a "
        "passkey or an authenticator app, under Account on the desk."
    )
    assert django_check(data, "--deploy") == [keys]
    # It opens a database only if one is named.
    assert django_check(data, "--deploy", "--database", "default") == [staff, keys]


def test_silenced_findings_are_shown_but_do_not_count(data: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "own_settings.py").write_text(OWN_SETTINGS)
    path = os.pathsep.join([outside_environment(data)["PYTHONPATH"], str(own)])
    own_settings = {"PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "own_settings"}
    assert doctor(data)[0] == 1
    code, rows = all_rows(data, **own_settings)
    assert (code, [row for row in subjects(rows) if not row.startswith("ok ")]) == (
        0,
        ["silenced Keys", "silenced Staff"],
    )
    # If Django cannot load the settings, the silenced checks are unknown.
    broken = {
        "MIDDLEGROUND_TIME_ZONE": "Atlantis/Capital",
        "DJANGO_SETTINGS_MODULE": "own_settings",
    }
    code, rows = doctor(data, PYTHONPATH=path, **broken)
    assert (code, subjects(rows)) == (1, ["mend MIDDLEGROUND_TIME_ZONE", "advice Keys"])

"""``middleground backup`` and ``restore`` bring all data back, and include no key."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from ledger import town
from middleground.config import backup as backups
from middleground.config.backup import CannotBackUp, back_up, unfinished
from middleground.config.doctor.folders import check_data_folder
from on_postgres import postgres
from support.serving.server_process import ServerProcess
from support.serving.servers import fill, give_static_files, outside_environment
from torture.tools.voting_load import Noted, load

DAY = date(2026, 11, 25)
FILE = "middleground.sqlite3"


def middleground(data: Path, *arguments: object, **settings: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "middleground", *map(str, arguments)],
        env=outside_environment(data, **settings),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with dialogues, keys and a published log."""
    data = tmp_path_factory.mktemp("filled") / "data"
    fill(data)
    town.build(data / "ledger")
    return data


@pytest.fixture
def data(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "data"))


@pytest.fixture
def made(data: Path, tmp_path: Path) -> Path:
    return back_up(data, tmp_path / "a.tar", DAY).file


def votes(data: Path) -> list[tuple[int, ...]]:
    with closing(sqlite3.connect(data / FILE)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return database.execute("SELECT * FROM dialogues_vote ORDER BY 1, 2").fetchall()


def ledger_of(data: Path) -> dict[str, bytes]:
    folder = data / "ledger"
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_backup_under_load_has_every_earlier_vote(tmp_path: Path, filled: Path) -> None:
    data = Path(shutil.copytree(filled, tmp_path / "data"))
    server, noted = ServerProcess(data, tmp_path / "log"), Noted()

    async def vote_and_back_up() -> int:
        stop = asyncio.Event()
        voting = asyncio.create_task(load(server.port, "harbour", noted, stop, connections=8))
        while len(noted.acknowledged) < 100:
            await asyncio.sleep(0.02)
        before = len(noted.acknowledged)
        code, output = await asyncio.to_thread(middleground, data, "backup", tmp_path / "a.tar")
        assert (code, "looked through" in output) == (0, True)
        stop.set()
        await voting
        return before

    with server.running():
        before = asyncio.run(vote_and_back_up())
        code, output = middleground(data, "restore", tmp_path / "a.tar", "--replace")
        assert (code, "already (process" in output) == (1, True)  # not beside a server
    new = tmp_path / "new"
    code, output = middleground(new, "restore", tmp_path / "a.tar")
    assert code == 0
    assert "No key for: harbour" in output
    assert "The public log ends at entry" in output
    assert before <= len(votes(new)) <= len(noted.acknowledged)
    assert set(votes(new)) <= set(votes(data))
    assert ledger_of(new) == ledger_of(data)
    give_static_files(new)
    with ServerProcess(new, tmp_path / "log").running():
        pass


def test_archived_copies_of_sources_come_back(data: Path, tmp_path: Path) -> None:
    content = b"What the source says."
    (data / "copies").mkdir(exist_ok=True)
    (data / "copies" / hashlib.sha256(content).hexdigest()).write_bytes(content)
    made, new = back_up(data, tmp_path / "a.tar", DAY).file, tmp_path / "new"
    assert middleground(new, "restore", made)[0] == 0
    (file,) = (new / "copies").iterdir()
    assert file.read_bytes() == content
    assert (file.name, file.stat().st_mode & 0o077) == (hashlib.sha256(content).hexdigest(), 0)


def secrets_in(file: Path, data: Path) -> list[str]:
    content = file.read_bytes()
    return [key.name for key in sorted((data / "keys").iterdir()) if key.read_bytes() in content]


def test_a_backup_contains_no_key(data: Path, made: Path, tmp_path: Path) -> None:
    assert secrets_in(made, data) == []
    assert made.stat().st_mode & 0o077 == 0
    with tarfile.open(tmp_path / "control.tar", "w") as tar:  # a copy of the whole folder
        tar.add(data, "data")
    assert secrets_in(tmp_path / "control.tar", data) == sorted(
        path.name for path in (data / "keys").iterdir()
    )


def test_a_backup_in_a_folder_is_named_by_day_and_overwrites_nothing(data: Path) -> None:
    target = data.parent / "backups"
    target.mkdir()
    names = [back_up(data, target, DAY).file.name for _ in range(2)]
    assert names == ["middleground-2026-11-25.tar", "middleground-2026-11-25-2.tar"]
    with pytest.raises(CannotBackUp, match="exists already"):
        back_up(data, target / names[0], DAY)
    assert sorted(path.name for path in target.iterdir()) == sorted(names)


STOPS_IN_THE_MIDDLE = """
import sys, time
from datetime import date
from pathlib import Path
from middleground.config import backup
backup._write_tar = lambda *_: print("half", flush=True) or time.sleep(600)
backup.back_up(Path(sys.argv[1]), Path(sys.argv[2]), date(2026, 11, 25))
"""


def half_a_backup(data: Path, target: Path) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(
        [sys.executable, "-c", STOPS_IN_THE_MIDDLE, str(data), str(target)],
        env=outside_environment(data),
        stdout=subprocess.PIPE,
    )
    assert child.stdout
    assert child.stdout.readline() == b"half\n"
    return child


def test_what_a_killed_backup_left_is_deleted_and_nothing_else(data: Path, tmp_path: Path) -> None:
    """A child is killed in the middle, twice: the second lives until the next backup has begun."""
    target, other = tmp_path / "backups", tmp_path / "other"
    for folder in (target, other / "ledger", target / ".backup-mine", target / ".backup-empty"):
        folder.mkdir(parents=True)
    for file in (other / FILE, target / ".backup-mine" / FILE, target / ".backup-mine" / "notes"):
        file.write_bytes(b"kept")
    (target / ".backup-link").symlink_to(other)
    with half_a_backup(data, target) as killed:
        killed.kill()
    (left,) = unfinished(target)
    (left / "ledger" / "away").symlink_to(other)
    with half_a_backup(data, target) as running:
        assert not left.exists()
        (busy,) = unfinished(target)
        back_up(data, target, DAY)
        assert busy.is_dir()  # the control: another one writes it
        running.kill()
    back_up(data, target, DAY)
    names = [".backup-empty", ".backup-link", ".backup-mine"]
    assert sorted(path.name for path in target.glob(".*")) == names
    assert (other / FILE).read_bytes() == b"kept"
    (data / ".backup-x").mkdir()
    (data / ".backup-x" / FILE).touch()
    assert ".backup-x is a backup that" in str([each.msg for each in check_data_folder(data)])


def test_a_relative_target_is_of_the_current_folder(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path)
    for target in ("here", "here/b.tar", "c.tar"):
        code, output = middleground(data, "backup", target)
        assert (code, "looked through" in output) == (0, True)
    assert middleground(tmp_path / "new", "restore", "c.tar")[0] == 0


def test_the_sealed_votes_of_final_maps_come_back(data: Path, tmp_path: Path) -> None:
    sealed = data / "sealed"
    (sealed / "boxes").mkdir(parents=True, exist_ok=True)
    (sealed / "park.votes").write_bytes(b"sealed")
    (sealed / "boxes" / "park.1.box").write_bytes(b"made anew in an hour")
    made = back_up(data, tmp_path / "a.tar", DAY).file
    new = tmp_path / "new"
    interrupted = new / ".restore-abc"
    interrupted.mkdir(parents=True)
    assert middleground(new, "restore", made)[0] == 0
    kept = [path.relative_to(new / "sealed") for path in (new / "sealed").rglob("*")]
    assert sorted(map(str, kept)) == sorted(path.name for path in sealed.glob("*.votes"))
    assert (new / "sealed" / "park.votes").read_bytes() == b"sealed"
    assert (new / "sealed" / "park.votes").stat().st_mode & 0o777 == 0o600
    assert not interrupted.exists()


def test_no_backup_among_the_keys_and_none_without_data(data: Path, tmp_path: Path) -> None:
    code, output = middleground(data, "backup", data / "keys" / "a.tar")
    assert (code, "Votes and keys must not lie together" in output) == (1, True)
    code, output = middleground(tmp_path / "empty", "backup", tmp_path / "b.tar")
    assert (code, "There is no database" in output) == (1, True)
    assert not (tmp_path / "b.tar").exists()


def test_a_log_that_grew_during_the_copy_is_copied_again(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, times = backups._copy_database, []

    def always_grow(source: Path, target: Path) -> None:
        times.append(1)
        (data / "ledger" / "checkpoint").write_text(f"grown {len(times)}")

    def grow_then_copy(source: Path, target: Path) -> None:
        copy(source, target)
        times.append(1)
        if len(times) < 3:
            (data / "ledger" / "checkpoint").write_text(f"grown {len(times)}")

    monkeypatch.setattr(backups, "_copy_database", grow_then_copy)
    made = back_up(data, tmp_path / "a.tar", DAY)
    assert len(times) == 3
    with tarfile.open(made.file) as tar:
        checkpoint = tar.extractfile("ledger/checkpoint")
        assert checkpoint
        assert checkpoint.read() == b"grown 2"
    times.clear()
    monkeypatch.setattr(backups, "_copy_database", always_grow)
    with pytest.raises(CannotBackUp, match="grows too fast"):
        back_up(data, tmp_path / "b.tar", DAY)
    assert not (tmp_path / "b.tar").exists()


def test_replacing_a_database_needs_an_option(data: Path, made: Path) -> None:
    with closing(sqlite3.connect(data / FILE)) as database:
        database.execute("UPDATE dialogues_dialogue SET question = 'Changed'")
        database.commit()
    code, output = middleground(data, "restore", made)
    assert (code, "use --replace" in output) == (1, True)
    assert middleground(data, "restore", made, "--replace")[0] == 0
    with closing(sqlite3.connect(data / FILE)) as database:
        sql = "SELECT count(*) FROM dialogues_dialogue WHERE question = 'Changed'"
        assert database.execute(sql).fetchone() == (0,)


def changed(made: Path, name: str, content: bytes, kind: bytes = tarfile.REGTYPE) -> Path:
    """The backup with a further member, or another content of one, and a matching list."""
    with tarfile.open(made) as tar:
        files = {m.name: tar.extractfile(m).read() for m in tar if m.isfile()}  # type: ignore[union-attr]
    contents = json.loads(files.pop("contents.json"))
    files[name] = content
    contents["files"][name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    target = made.with_name("changed.tar")
    with tarfile.open(target, "w") as tar:
        for each, data in {"contents.json": json.dumps(contents).encode(), **files}.items():
            member = tarfile.TarInfo(each)
            member.size, member.type = len(data), kind if each == name else tarfile.REGTYPE
            member.linkname = "/etc/passwd" if member.issym() else ""
            tar.addfile(member, io.BytesIO(data))
    return target


def refused(file: Path, tmp_path: Path) -> str:
    new = tmp_path / "new"
    code, output = middleground(new, "restore", file)
    assert code == 1
    assert output.startswith("Nothing was restored.")
    assert {path.name for path in new.iterdir()} <= {"writer.lock", "keys"}
    return output


def test_a_damaged_backup_is_refused(made: Path, tmp_path: Path) -> None:
    whole = made.read_bytes()
    place = whole.index(b"SQLite format 3") + 5000
    made.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    assert "middleground.sqlite3 in" in refused(made, tmp_path)
    made.write_bytes(whole[: len(whole) // 2])
    assert "cannot be read" in refused(made, tmp_path)
    made.write_bytes(b"letters " * 900)
    assert "cannot be read" in refused(made, tmp_path)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../evil", tarfile.REGTYPE),
        ("ledger/../../evil", tarfile.REGTYPE),
        ("keys/secret.key", tarfile.REGTYPE),
        ("/evil", tarfile.REGTYPE),
        ("ledger/link", tarfile.SYMTYPE),
    ],
)
def test_a_backup_with_unexpected_members_is_refused(
    made: Path, tmp_path: Path, name: str, kind: bytes
) -> None:
    assert "does not belong" in refused(changed(made, name, b"x", kind), tmp_path)
    assert not (tmp_path / "evil").exists()


def test_a_backup_of_a_newer_version_is_refused(data: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(data / FILE)) as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('dialogues', '9999_later', '2030-01-01')"
        )
        database.commit()
    made = back_up(data, tmp_path / "a.tar", DAY).file
    assert "newer middleground" in refused(made, tmp_path)


def test_a_damaged_database_is_not_backed_up(data: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(data / FILE)) as database:
        database.execute("PRAGMA foreign_keys=OFF")
        database.execute(
            "INSERT INTO dialogues_vote VALUES (1, 1, 1, 1)"
        )  # of no participant, on no statement
        database.commit()
    with pytest.raises(CannotBackUp, match="damaged"):
        back_up(data, tmp_path / "a.tar", DAY)
    assert list(tmp_path.iterdir()) == [data]


def test_on_postgresql_its_own_tools_are_named(tmp_path: Path) -> None:
    with postgres() as address:
        for command in (["backup", tmp_path / "a.tar"], ["restore", __file__]):
            code, output = middleground(tmp_path, *command, MIDDLEGROUND_DATABASE_URL=address)
            assert (code, "pg_dump" in output) == (1, True)
    assert not (tmp_path / "a.tar").exists()

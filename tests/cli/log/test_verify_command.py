"""``middleground verify`` as a process, over a web server and on folders."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ledger.keyring import log_key
from ledger.town import KEY, LA, WITNESS, Town, build, some, vote_of
from middleground.cli.log.http_source import CannotCopy, HttpSource
from middleground.cli.log.log_copy import copy_log
from middleground.ledger import verify
from middleground.ledger.files.publishing import publish_file
from middleground.ledger.notes.checkpoint import Checkpoint, sign_checkpoint
from middleground.ledger.notes.keys import SigningKey
from middleground.ledger.records.entries import Moderation

SIZE = 377


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Town:
    town = build(tmp_path_factory.mktemp("verify") / "published")
    assert len(town.entries) == SIZE
    return town


@pytest.fixture
def town(whole: Town, tmp_path: Path) -> Town:
    shutil.copytree(whole.folder, tmp_path / "published")
    return Town(tmp_path / "published", list(whole.entries), dict(whole.boxes))


class Host(ThreadingHTTPServer):
    """A folder on a web server, whose answers can be set and whose requests are recorded."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[str] = []
        self.answers: dict[str, list[tuple[int, dict[str, str]]]] = {}
        host = self

        class Handler(SimpleHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def __init__(self, *args: Any) -> None:
                super().__init__(*args, directory=str(folder))

            def do_GET(self) -> None:
                path = self.path.removeprefix("/ledger/")
                host.asked.append(path)
                if host.answers.get(path):
                    status, headers = host.answers[path].pop(0)
                    self.send_response(status)
                    for name, value in {**headers, "Content-Length": "0"}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    return
                self.path = f"/{path}"
                super().do_GET()

            def log_message(self, *_: Any) -> None: ...

        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/ledger/"


@pytest.fixture
def host(town: Town) -> Iterator[Host]:
    with Host(town.folder) as host:
        thread = threading.Thread(target=host.serve_forever)
        thread.start()
        yield host
        host.shutdown()
        thread.join()


def run(*words: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "middleground", "verify", *words],
        capture_output=True,
        text=True,
        check=False,
        env={"COLUMNS": "300", "PATH": ""},
    )
    return done.returncode, done.stdout, done.stderr


def copied(host: Host, folder: Path) -> list[str]:
    with HttpSource(host.address, 10**9) as source:
        return copy_log(source, folder / "copy", lambda *_: None)


def get(host: Host, most: int, limit: int, pauses: list[float]) -> bytes | None:
    with HttpSource(host.address, most, pauses.append) as source:
        return source.get("keys", limit)


KEYS = ("--key", str(KEY.verifier), "--witness-key", str(WITNESS.verifier))
GREEN = "This log is as its host signed it, and every total that is opened is the sum of its votes."


def test_checking_an_address_prints_one_sentence(host: Host) -> None:
    code, out, _ = run(host.address, *KEYS)
    assert code == 0
    assert out.splitlines()[0] == GREEN
    assert "Compare it with" not in out
    code, out, _ = run(host.address.rstrip("/"))
    assert code == 0
    assert str(KEY.verifier) in out


def test_a_folder_with_details(town: Town) -> None:
    code, out, _ = run(str(town.folder), "-v", *KEYS)
    assert code == 0
    assert f"holds All {SIZE} entries are records that can be read." in out


def test_own_receipts_and_promises_are_always_reported(town: Town) -> None:
    """One promise was kept; one digit of the other differs from the signed one."""
    text = (town.folder / "promises/mine").read_text("utf-8")
    publish_file(town.folder, "promises/damaged", text.replace("statement 1", "statement 2"))
    code, out, _ = run(str(town.folder), *KEYS)
    assert code == 0
    assert out.splitlines()[0] == GREEN
    assert "open  Promises that this log did not sign: 1." in out
    assert "promises/damaged: the signature in the name of host.example/ledger is forged." in out
    assert "holds Promises that were kept: 1." in out


def test_a_failure_is_named_and_sets_the_exit_code(town: Town) -> None:
    text = (town.folder / f"texts/{LA}/statements").read_text("utf-8")
    text = text.replace("2; -in words", "2; -in others")
    publish_file(town.folder, f"texts/{LA}/statements", text)
    code, out, _ = run(str(town.folder), *KEYS)
    assert code == 1
    assert out.splitlines()[0] == (
        "Do not rely on this log: texts are not shown as they were logged."
    )
    assert f"texts/{LA}/statements: text 2 is not what was logged." in out


def test_as_json(town: Town) -> None:
    code, out, _ = run(str(town.folder), "--json", "--key", str(log_key("other").verifier))
    told = json.loads(out)
    assert (code, told["green"]) == (1, False)
    assert {each["subject"] for each in told["findings"] if each["state"] == "fails"} == {
        "signature",
        "history",
    }


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["nowhere"], "There is no folder nowhere."),
        (["ftp://host.example/"], "ftp://host.example/ is no web address"),
        (["http://127.0.0.1:9/"], "http://127.0.0.1:9 cannot be reached"),
        ([".", "--key", "nonsense"], "three parts"),
        ([".", "--keep", "x"], "--keep is for a log that is copied"),
    ],
)
def test_an_unreachable_log_is_reported(words: list[str], problem: str) -> None:
    code, out, told = run(*words)
    assert (code, out) == (2, "")
    assert problem in told


def test_a_copy_is_complete_and_requests_no_file_twice(
    town: Town, host: Host, tmp_path: Path
) -> None:
    assert run(host.address, *KEYS, "--keep", str(tmp_path / "copy"))[0] == 0
    copied = {p.relative_to(tmp_path / "copy").as_posix() for p in (tmp_path / "copy").rglob("*")}
    published = {f"documents/{path.name}" for path in (town.folder / "documents").iterdir()}
    assert len(published) > 6
    assert {*published, f"texts/{LA}/statements", "sizes", f"checkpoints/{SIZE:012}"} <= copied
    assert len(host.asked) == len(set(host.asked))
    before = len(host.asked)
    town.log(7_000, town.box([vote_of(1, 1, dialogue="riverside")], "riverside"))
    host.asked.clear()
    assert run(host.address, *KEYS, "--keep", str(tmp_path / "copy"))[0] == 0
    assert "tile/entries/000" not in host.asked
    assert f"checkpoints/{SIZE:012}" not in host.asked
    assert {f"tile/entries/001.p/{SIZE + 1 - 256}", f"checkpoints/{SIZE + 1:012}"} <= set(
        host.asked
    )
    assert len(host.asked) < before


def test_an_interrupted_copy_continues(host: Host, tmp_path: Path) -> None:
    host.answers[f"tile/0/001.p/{SIZE - 256}"] = [(500, {})]
    with pytest.raises(CannotCopy, match="answered 500"):
        copied(host, tmp_path)
    assert not (tmp_path / "copy/checkpoint").exists()
    assert copied(host, tmp_path) == []
    assert host.asked.count("tile/entries/000") == 1
    assert verify(tmp_path / "copy", KEY.verifier, [WITNESS.verifier]).holds


def test_a_kept_checkpoint_proves_a_fork(town: Town, host: Host, tmp_path: Path) -> None:
    """The host rewrites its last batch later; an earlier copy then proves two signed histories."""
    assert run(host.address, *KEYS, "--keep", str(tmp_path / "copy"))[0] == 0
    root = some(32, "another root")
    note = sign_checkpoint(Checkpoint(KEY.name, len(town.entries), root), KEY)
    publish_file(town.folder, "checkpoint", str(note))
    publish_file(town.folder, f"checkpoints/{SIZE:012}", str(note))
    code, out, _ = run(host.address, *KEYS, "--keep", str(tmp_path / "copy"))
    assert code == 1
    assert out.startswith("Do not rely on this log: its key signed two logs that contradict")
    # Known bad: without the earlier copy the log is only inconsistent.
    assert "contradict" not in run(host.address, *KEYS)[1]


def test_files_changed_or_removed_since_the_last_copy_are_reported(
    town: Town, host: Host, tmp_path: Path
) -> None:
    assert run(host.address, *KEYS, "--keep", str(tmp_path / "copy"))[0] == 0
    (town.folder / f"texts/{LA}/statements").unlink()
    (town.folder / "texts/riverside").mkdir(exist_ok=True)
    (town.folder / "texts/riverside/statements").write_text("other\n", "utf-8")
    _, out, _ = run(host.address, *KEYS, "--keep", str(tmp_path / "copy"))
    assert f"texts/{LA}/statements is not published any more; the copy keeps it." in out
    (town.folder / "texts/riverside/statements").write_text("another\n", "utf-8")
    _, out, _ = run(host.address, *KEYS, "--keep", str(tmp_path / "copy"))
    assert "texts/riverside/statements is not what it was in your earlier copy." in out


def test_the_command_waits_for_a_busy_host(host: Host) -> None:
    pauses: list[float] = []
    host.answers["keys"] = [(503, {"Retry-After": "7"}), (429, {}), (503, {"Retry-After": "9999"})]
    assert get(host, 10**9, 1_000, pauses) is not None
    assert pauses == [7.0, 2.0, 60.0]
    host.answers["keys"] = [(503, {})] * 4
    with pytest.raises(CannotCopy, match="too busy"):
        get(host, 10**9, 1_000, pauses)


def test_no_other_host_is_asked(host: Host) -> None:
    host.answers["keys"] = [(302, {"Location": "http://elsewhere.example/keys"})]
    with pytest.raises(CannotCopy, match=r"said to be at http://elsewhere\.example/keys"):
        get(host, 10**9, 1_000, [])


def test_sizes_are_limited(host: Host) -> None:
    with pytest.raises(CannotCopy, match="more than 10 bytes"):
        get(host, 10**9, 10, [])
    with pytest.raises(CannotCopy, match="larger than you allowed"):
        get(host, 10, 1_000, [])


def test_an_endless_log_is_not_copied(town: Town, host: Host, tmp_path: Path) -> None:
    endless = sign_checkpoint(Checkpoint(KEY.name, 10**18, bytes(32)), KEY)
    publish_file(town.folder, "checkpoint", str(endless))
    code, _, told = run(host.address, "--keep", str(tmp_path / "copy"))
    assert code == 2
    assert "The log says that it has 1000000000000000000 leaves" in told
    assert host.asked == ["sizes", "checkpoint"]


def test_a_full_tile_replaces_a_removed_partial_one(town: Town, host: Host, tmp_path: Path) -> None:
    """After the checkpoint was read, the log grew and its host removed the covered tiles."""
    earlier = (town.folder / "checkpoint").read_bytes()
    town.log(7_000, *[Moderation("riverside", 1, "approve", "none")] * 200)
    for name in ("tile/0/001.p", "tile/entries/001.p"):
        shutil.rmtree(town.folder / name)
    (town.folder / "checkpoint").write_bytes(earlier)
    copied(host, tmp_path)
    states = {
        each.subject: each.state
        for each in verify(tmp_path / "copy", KEY.verifier, [WITNESS.verifier]).findings
    }
    assert states["list"] == states["record"] == "holds"


def test_another_key_of_the_same_name_is_refused(host: Host) -> None:
    impostor = SigningKey(KEY.name, KEY.kind, b"i" * 32).verifier
    assert run(host.address, "--key", str(impostor))[0] == 1

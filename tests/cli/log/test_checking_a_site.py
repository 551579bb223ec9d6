"""Outsiders witness, copy and recount a whole site with programs of their own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from middleground.ledger import verify
from support.serving.servers import Server, free_port, make_site, serving

TESTS = Path(__file__).resolve().parents[2]
GOOD = "This log is as its host signed it, and every total that is opened is the sum of its votes."
OPEN = "Votes of dialogues that are open are sealed until their result."
UNCHECKED = (
    "Not checked: receipts, for none is here; promises, for none is here; groups, places and "
    "shares on maps, which follow from single votes; the pages of the site and its Parquet files; "
    "whether participants are people."
)
BAD = "Do not rely on this log: nothing proves that each of its listed votes is one."
LIST = b"vote-list/v1\ndialogue done\nstatement 1\n"


def test_outsiders_witness_and_recount_a_log(tmp_path: Path) -> None:
    port = free_port()
    origin = {"MIDDLEGROUND_ORIGIN": f"http://127.0.0.1:{port}"}
    data = tmp_path / "site"
    make_site("logged_site", data, **origin)
    log_key = (data / "ledger/keys").read_text().splitlines()[0]
    with witnessing(tmp_path / "newsroom", log_key) as (address, witness_key):
        witnesses = {"MIDDLEGROUND_WITNESSES": f"{address} {witness_key}"}
        with serving(data, port, **origin, **witnesses, MIDDLEGROUND_LEDGER_SECONDS="1") as server:
            wait_until_signed(server, witness_key.split("+")[0])
            keys = ["--key", log_key, "--witness-key", witness_key]
            assert verdicts(server, tmp_path / "first", keys) == [
                (0, f"{GOOD} · {OPEN} · {UNCHECKED}"),
                (0, f"{GOOD} {OPEN} {UNCHECKED}"),
            ]
            copied = tmp_path / "first/site/done"
            assert sorted(path.name for path in copied.iterdir()) == ["map.json", "statements.csv"]
            shown = (copied / "map.json").read_bytes()
            (copied / "map.json").write_bytes(shown.replace(b"agree", b"disagree"))
            report = verify(tmp_path / "first")
            assert {each.subject for each in report.findings if each.state == "fails"} == {"site"}
            documents = (data / "ledger/documents").iterdir()
            listed = next(path for path in documents if path.read_bytes().startswith(LIST))
            listed.write_bytes(listed.read_bytes().replace(b" counted ", b" beside ", 1))
            assert verdicts(server, tmp_path / "second", keys) == [
                (1, f"{BAD} · {OPEN} · {UNCHECKED}"),
                (1, f"{BAD} {OPEN} {UNCHECKED}"),
            ]


@contextmanager
def witnessing(folder: Path, log_key: str) -> Iterator[tuple[str, str]]:
    """The one-file witness as a running process: its address and its key."""
    script = TESTS.parent / "src/middleground/witness.py"
    command = [sys.executable, "-I", str(script), "--folder", str(folder)]
    key = subprocess.check_output([*command, "key", "newsroom.example"], text=True).split()[-1]
    subprocess.run([*command, "trust", log_key], check=True, stdout=subprocess.DEVNULL)
    process = subprocess.Popen(
        [*command, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        process.stdout.readline()
        address = process.stdout.readline().split(" at ")[1].strip()
        yield address.removesuffix("/add-checkpoint"), key
    finally:
        process.kill()
        process.communicate()


def read(server: Server, path: str) -> bytes:
    with urllib.request.urlopen(f"{server.address}/ledger/{path}", timeout=20) as answer:
        data: bytes = answer.read()
    return data


def wait_until_signed(server: Server, name: str) -> None:
    end = time.monotonic() + 60
    while f"— {name} " not in read(server, "checkpoint").decode():
        assert time.monotonic() < end, "the witness has not signed within a minute"
        time.sleep(0.2)


def verdicts(server: Server, copy: Path, keys: list[str]) -> list[tuple[int, str]]:
    """The verdicts of the command, and of the site's second verifier on the command's copy."""
    node = shutil.which("node") or pytest.skip("No Node found; the second verifier needs it.")
    address = f"{server.address}/ledger/"
    command = [sys.executable, "-m", "middleground", "verify", address, "--keep", str(copy), *keys]
    saved = copy.parent / "verify.mjs"
    saved.write_bytes(read(server, "verify/verify.mjs"))
    return [told(command), told([node, str(saved), str(copy), *keys])]


def told(command: list[str]) -> tuple[int, str]:
    """The exit code and the sentence, whose line breaks depend on the terminal."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, " ".join(done.stdout.split("\n\n")[0].split())

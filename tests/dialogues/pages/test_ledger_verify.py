"""The page that checks the log, as served, and the two programs at their addresses."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import middleground
from support.serving.servers import run

PACKAGE = Path(middleground.__file__).parent
pytestmark = pytest.mark.django_db


def test_without_scripts_the_page_gives_commands_and_programs(
    client: Client, settings: Any
) -> None:
    page = client.get("/ledger/verify/")
    assert f"middleground verify {settings.ORIGIN}/ledger/ --keep copy" in page.text
    assert "node verify.mjs copy" in page.text
    assert f"python witness.py watch {settings.ORIGIN}/ledger/" in page.text
    assert "<noscript>" in page.text
    for name in ("verify.mjs", "witness.py"):
        assert f'href="/ledger/verify/{name}"' in page.text
        assert hashlib.sha256(client.get(f"/ledger/verify/{name}").content).hexdigest() in page.text


@pytest.mark.parametrize(
    ("name", "file", "kind"),
    [
        ("verify.mjs", PACKAGE / "ledger/verify.mjs", "text/javascript; charset=utf-8"),
        ("witness.py", PACKAGE / "witness.py", "text/plain; charset=utf-8"),
    ],
)
def test_a_program_is_served_unchanged(client: Client, name: str, file: Path, kind: str) -> None:
    answer = client.get(f"/ledger/verify/{name}")
    assert answer.content == file.read_bytes()
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers


def test_the_downloaded_witness_runs_alone(client: Client, tmp_path: Path) -> None:
    saved = tmp_path / "witness.py"
    saved.write_bytes(client.get("/ledger/verify/witness.py").content)
    # -I ignores the current folder and PYTHONPATH, so that our package cannot be imported.
    printed = run(["-I", str(saved), "--help"], tmp_path)
    assert "watch" in printed


@pytest.mark.parametrize("name", ["verify.py", "../ledger/verify.mjs", "__init__.py", "nothing"])
def test_no_other_file_is_served(client: Client, name: str) -> None:
    assert client.get(f"/ledger/verify/{name}").status_code == 404


def test_the_page_accepts_get_only(client: Client) -> None:
    """The browser reads a receipt itself, so the server must not accept one."""
    assert client.post("/ledger/verify/", {"receipt": "x"}).status_code == 405
    assert client.post("/ledger/verify/verify.mjs").status_code == 405

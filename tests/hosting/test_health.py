"""``/healthz`` tells whether votes can be stored, to whoever asks, and nothing else."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from middleground.config.health import probe
from middleground.dialogues.identity.keys import forget_key, make_key
from middleground.publiclog.publisher import publish_log
from middleground.publiclog.upkeep.lateness import is_log_late
from support.cast import make_dialogue
from support.serving.asgi_client import ask

pytestmark = pytest.mark.django_db

WELL = {"status": "ok", "database": "ok", "keys": "ok", "disk": "ok", "log": "ok", "jobs": "ok"}


@pytest.fixture(autouse=True)
def _folders(keys: Path, settings: Any, tmp_path: Path) -> None:
    settings.LEDGER = tmp_path / "ledger"
    settings.SEALED = tmp_path / "sealed"


def asked() -> tuple[int, dict[str, str]]:
    response = Client().get(probe.PATH)
    assert "no-store" in response.headers["Cache-Control"]
    return response.status_code, response.json()


def test_all_is_well() -> None:
    assert asked() == (200, WELL)
    make_key(make_dialogue(statements=1).pk)
    publish_log()
    assert asked() == (200, WELL)


def test_a_missing_key_of_an_open_dialogue_fails(keys: Path) -> None:
    dialogue = make_dialogue(statements=1)
    make_key(dialogue.pk)
    (keys / f"dialogue-{dialogue.pk}.key").unlink()
    forget_key(dialogue.pk)
    assert asked() == (503, {**WELL, "status": "failing", "keys": "missing"})
    dialogue.state = dialogue.State.CLOSED
    dialogue.save()
    assert asked() == (200, WELL)


def test_a_full_disk_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    for free, status in ((99_999_999, 503), (100_000_000, 200)):
        monkeypatch.setattr(probe.shutil, "disk_usage", lambda _, n=free: usage(n, 0, n))  # type: ignore[attr-defined]
        assert asked()[0] == status


@pytest.mark.sqlite
def test_a_database_that_cannot_be_read_fails() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE dialogues_dialogue RENAME TO elsewhere")
    lost = {**WELL, "status": "failing", "database": "no answer", "keys": "unknown"}
    assert asked() == (503, lost)


def test_a_late_log_is_told_on_pages_and_fails_nothing(settings: Any, client: Client) -> None:
    dialogue = make_dialogue(statements=1)
    publish_log()
    page = f"/d/{dialogue.slug}/take-part/"
    assert (is_log_late(), b"The public log is late" in client.get(page).content) == (False, False)
    for rounds, late in ((2.9, False), (3.1, True)):
        at = time.time() - rounds * settings.LEDGER_SECONDS
        os.utime(settings.LEDGER / ".round", (at, at))
        assert is_log_late() is late
    assert asked() == (200, {**WELL, "log": "late"})
    assert b"The public log is late" in client.get(page).content
    publish_log()
    assert is_log_late() is False


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vote_writer")
def test_a_probe_may_name_any_host_and_nobody_else() -> None:
    host = [(b"host", b"10.0.0.7:8000")]
    answer = asyncio.run(ask("/healthz", headers=host, method="GET"))
    assert (answer.status, json.loads(answer.text)["status"]) == (200, "ok")
    assert asyncio.run(ask("/accounts/login/", headers=host, method="GET")).status == 400

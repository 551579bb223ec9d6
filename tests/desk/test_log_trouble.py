"""The desk warns when the public log cannot go on."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from middleground.ledger.records.entries import Erasures
from middleground.ledger.records.kinds import write_entry
from middleground.publiclog.models import LogState, PendingRecord
from middleground.publiclog.publisher import publish_log

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
SENTENCE = "The public log cannot go on"


def test_damage_that_the_server_found_is_shown(desk: Client, folder: Path) -> None:
    PendingRecord.objects.create(entry=write_entry(Erasures("harbour", 1)))
    publish_log()
    assert folder.exists()
    assert "A file of the public log is damaged" not in desk.get("/desk/").content.decode()
    LogState.objects.update(damage="tile/entries/000 is not what was signed")
    page = desk.get("/desk/").content.decode()
    assert "A file of the public log is damaged" in page
    assert "tile/entries/000 is not what was signed" in page


def test_an_older_copy_of_the_log_files_is_reported(desk: Client, folder: Path) -> None:
    PendingRecord.objects.create(entry=write_entry(Erasures("harbour", 1)))
    publish_log()
    assert SENTENCE not in desk.get("/desk/").content.decode()
    (folder / "checkpoint").unlink()
    page = desk.get("/desk/").content.decode()
    assert SENTENCE in page
    assert "the folder has 0 signed entries, the database 1 to 1" in page

"""A public log for one test, and what an outsider reads in it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from ledger.checking import check_with
from middleground.dialogues.lifecycle.actions import close_dialogue
from middleground.dialogues.maps.publish import finalise
from middleground.dialogues.models import Dialogue
from middleground.dialogues.participation.admission import confirm
from middleground.ledger import Report, read_entry, verify
from middleground.ledger.checks.site.paths import site_path
from middleground.ledger.checks.site.shown_kinds import SHOWN_FILES
from middleground.ledger.commitments.commitment import VoteTotals
from middleground.ledger.files.totals import read_totals
from middleground.ledger.files.vote_list import VoteList, read_vote_list
from middleground.ledger.merkle.tile_folder import TileFolder
from middleground.ledger.records.entries import ClosedDialogue, LoggedBox, LoggedList
from middleground.publiclog.log_key import signing_key
from middleground.publiclog.models import LogState
from support.cast import make_staff
from support.serving.asgi_client import Voter, vote, voter


@pytest.fixture
def folder(tmp_path: Path, settings: Any, keys: Path) -> Path:
    """A fresh log with a key of its own, because a key remembers what it signed."""
    assert keys == settings.KEYS
    settings.LEDGER, settings.SEALED = tmp_path / "ledger", tmp_path / "sealed"
    return settings.LEDGER


def crowd(dialogue: Dialogue, participants: int) -> list[Voter]:
    """Participants who answer every statement, in each of the three ways, and confirm."""
    voters = [voter() for _ in range(participants)]
    for number, who in enumerate(voters):
        for statement in dialogue.statements.votable():
            answer = ("agree", "disagree", "pass")[(number + statement.number) % 3]
            assert vote(who, statement, answer).status == 200
        assert confirm(dialogue, who.token, "work")
    return voters


def entries(folder: Path) -> list[Any]:
    size = LogState.objects.get().signed
    log = TileFolder(folder, size)
    found = [entry for index in range(-(-size // 256)) for entry in log.entries(index)]
    return [read_entry(entry) for entry in found]


def recounted(folder: Path) -> Report:
    return verify(folder, signing_key().verifier)


def boxes_in(folder: Path) -> list[LoggedBox]:
    return [entry for entry in entries(folder) if isinstance(entry, LoggedBox)]


def closed(dialogue: Dialogue) -> Dialogue:
    dialogue = close_dialogue(make_staff(email=f"{dialogue.slug}@example.org"), dialogue)
    finalise(dialogue.pk)
    return dialogue


def totals_in(folder: Path) -> dict[int, VoteTotals | None]:
    end = next(entry for entry in entries(folder) if isinstance(entry, ClosedDialogue))
    data = (folder / "documents" / end.document.hex()).read_bytes()
    opened = read_totals(data, end.dialogue).statements
    return {number: total.votes if total else None for number, total in opened.items()}


def lists_in(folder: Path) -> dict[int, VoteList]:
    return {
        entry.statement: read_vote_list(
            (folder / "documents" / entry.document.hex()).read_bytes(),
            entry.dialogue,
            entry.statement,
        )
        for entry in entries(folder)
        if isinstance(entry, LoggedList)
    }


def number_of_votes(total: VoteTotals | None) -> int:
    assert total
    return total.agree + total.passed + total.disagree


def seen(folder: Path, dialogue: Dialogue, now: datetime | None = None) -> Report:
    """What both verifiers say of the log and the files that the site shows now."""
    cache.clear()
    for address, name in SHOWN_FILES.items():
        shown = Client().get(f"/d/{dialogue.slug}/{address}")
        assert shown.status_code == 200
        place = folder / site_path(dialogue.slug, name)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(shown.content)
    return check_with(folder, signing_key().verifier, [], now)

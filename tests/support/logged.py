"""A public log for one test, and what an outsider reads in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from middleground.dialogues.lifecycle.actions import close_dialogue
from middleground.dialogues.maps.publish import finalise
from middleground.dialogues.models import Dialogue
from middleground.dialogues.participation.admission import confirm
from middleground.ledger import Report, read_entry, verify
from middleground.ledger.merkle.tile_folder import TileFolder
from middleground.ledger.records.entries import SealedVote
from middleground.publiclog.log_key import signing_key
from middleground.publiclog.models import LogState
from support.cast import make_staff
from support.serving.asgi_client import Voter, vote, voter


@pytest.fixture
def folder(tmp_path: Path, settings: Any, keys: Path) -> Path:
    """A fresh log with a key of its own, because a key remembers what it signed."""
    assert keys == settings.KEYS
    settings.LEDGER = tmp_path / "ledger"
    return settings.LEDGER


def crowd(dialogue: Dialogue, participants: int) -> list[Voter]:
    """Participants who answer every statement, in each of the three ways, and confirm."""
    voters = [voter() for _ in range(participants)]
    for number, who in enumerate(voters):
        for statement in dialogue.statements.votable():
            answer = ("agree", "disagree", "pass")[(number + statement.number) % 3]
            assert vote(who, statement, answer).status == 200
        assert confirm(dialogue, who.token)
    return voters


def entries(folder: Path) -> list[Any]:
    size = LogState.objects.get().signed
    log = TileFolder(folder, size)
    found = [entry for index in range(-(-size // 256)) for entry in log.entries(index)]
    return [read_entry(entry) for entry in found]


def recounted(folder: Path) -> Report:
    return verify(folder, signing_key().verifier)


def votes_in(folder: Path) -> int:
    return sum(isinstance(entry, SealedVote) for entry in entries(folder))


def closed(dialogue: Dialogue) -> Dialogue:
    dialogue = close_dialogue(make_staff(), dialogue)
    finalise(dialogue.pk)
    return dialogue

"""What a move compares between the public log's folder and a database, each part spoiled once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from middleground.config.move.log import compare_log
from middleground.dialogues.log_kinds import Moderation
from middleground.dialogues.maps.log_record import matrix_path
from middleground.dialogues.models import Dialogue, VoteSeal
from middleground.ledger import write_entry
from middleground.publiclog.models import LogEntry, LogState
from middleground.publiclog.publisher import publish_log
from support.cast import make_dialogue
from support.logged import closed, crowd

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("vote_writer", "keys"),
]


@pytest.fixture
def logged(folder: Path) -> Dialogue:
    dialogue = make_dialogue(statements=2)
    crowd(dialogue, 20)
    publish_log()
    return dialogue


def set_state(placed: int, signed: int) -> None:
    state = LogState.objects.get()
    LogState.objects.update(placed=state.placed + placed, signed=state.signed + signed)


def change_a_nonce(folder: Path) -> None:
    seal = VoteSeal.objects.order_by("pk")[7]
    VoteSeal.objects.filter(pk=seal.pk).update(server_nonce=bytes(16))


def misplace_a_seal(folder: Path) -> None:
    seal = VoteSeal.objects.order_by("pk")[7]
    VoteSeal.objects.filter(pk=seal.pk).update(leaf=LogState.objects.get().placed)


def lose_an_entry(folder: Path) -> None:
    set_state(placed=1, signed=0)


def forget_a_signature(folder: Path) -> None:
    set_state(placed=1, signed=1)


def rewrite_an_entry(folder: Path) -> None:
    """As after a power cut between the folder's signature and the database's, but another entry."""
    set_state(placed=0, signed=-1)
    entry = write_entry(Moderation("harbour", 1, "approve", "none"))
    LogEntry.objects.create(index=LogState.objects.get().signed, entry=entry)


def lose_the_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def damage_a_bundle(folder: Path) -> None:
    for bundle in (folder / "tile/entries").rglob("*"):
        if bundle.is_file():
            bundle.write_bytes(bundle.read_bytes()[:-5])


def test_a_log_and_its_database_agree(logged: Dialogue, folder: Path) -> None:
    found = compare_log("default")
    assert (found.seals, found.maps, found.trouble) == (40, 0, "")
    assert found.entries == LogState.objects.get().signed > 40


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (change_a_nonce, "does not open its entry"),
        (misplace_a_seal, "names a place that the log does not have"),
        (lose_an_entry, "entries that wait for a signature are missing"),
        (forget_a_signature, "signed entries, the database"),
        (rewrite_an_entry, "is another one in the database"),
        (lose_the_folder, "has 0 signed entries"),
        (damage_a_bundle, "cannot be read"),
    ],
)
def test_a_disagreement_is_named(
    logged: Dialogue, folder: Path, spoil: Callable[[Path], None], words: str
) -> None:
    spoil(folder)
    assert words in compare_log("default").trouble


def test_a_missing_key_is_named_and_not_made(logged: Dialogue, keys: Path) -> None:
    (keys / "ledger.key").unlink()
    assert "has no ledger.key" in compare_log("default").trouble
    assert not (keys / "ledger.key").exists()


def test_the_file_of_a_final_maps_votes_is_compared(
    logged: Dialogue, tmp_path: Path, settings: Any
) -> None:
    settings.SEALED = tmp_path
    closed(logged)
    publish_log()
    found = compare_log("default")
    assert (found.maps, found.trouble) == (1, "")
    path = matrix_path(logged)
    path.write_bytes(path.read_bytes() + b"\n")
    assert "is not the file of votes" in compare_log("default").trouble

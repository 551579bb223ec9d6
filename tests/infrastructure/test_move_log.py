"""What a move compares between the public log's folder and a database, each part spoiled once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from middleground.config.move.log import compare_log
from middleground.dialogues.maps.log_record import matrix_path
from middleground.dialogues.models import Dialogue, DialogueLog, VoteSeal
from middleground.ledger import write_entry
from middleground.ledger.records.entries import Moderation
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
    """A closed dialogue in the log, beside an open one."""
    dialogue = make_dialogue(statements=2)
    crowd(dialogue, 20)
    crowd(make_dialogue(slug="park", statements=2), 3)
    closed(dialogue)
    publish_log()
    return dialogue


def set_state(placed: int, signed: int) -> None:
    state = LogState.objects.get()
    LogState.objects.update(placed=state.placed + placed, signed=state.signed + signed)


def change_a_nonce(folder: Path) -> None:
    seal = VoteSeal.objects.filter(statement__dialogue__slug="harbour").order_by("pk")[7]
    VoteSeal.objects.filter(pk=seal.pk).update(server_nonce=bytes(16))


def lose_a_list(folder: Path) -> None:
    log = DialogueLog.objects.exclude(totals_hash="").get()
    for document in (folder / "documents").iterdir():
        if document.name != log.totals_hash and b"vote-list/v1" in document.read_bytes()[:20]:
            document.unlink()


def restore_an_older_box(folder: Path) -> None:
    """The folder of boxes is older than the log, with the newer box's name."""
    for box in (Path(settings.SEALED) / "boxes").glob("park.*.box"):
        data = bytearray(box.read_bytes())
        data[-1] ^= 1
        box.write_bytes(data)


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
    assert (found.seals, found.maps, found.trouble) == (40, 1, "")
    assert found.entries == LogState.objects.get().signed > 8


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (change_a_nonce, "has no line in the log's lists"),
        (lose_a_list, "cannot be read"),
        (restore_an_older_box, "is not the one in the log"),
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


def test_the_file_of_a_final_maps_votes_is_compared(logged: Dialogue) -> None:
    path = matrix_path(logged)
    path.write_bytes(path.read_bytes() + b"\n")
    assert "is not the file of votes" in compare_log("default").trouble

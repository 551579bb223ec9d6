"""Publishing writes tiles before checkpoints, signs one root per size, and survives power cuts."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from ledger.keyring import log_key, witness_key
from middleground.ledger.files.publishing import (
    add_cosignatures,
    publish,
    publish_document,
    published,
)
from middleground.ledger.files.signed_before import Diverged
from middleground.ledger.merkle import tile_folder
from middleground.ledger.merkle.compact_range import root_of
from middleground.ledger.merkle.hashing import leaf_hash
from middleground.ledger.notes.checkpoint import BadCheckpoint, open_checkpoint
from middleground.ledger.notes.cosignature import cosign, cosigned_at

KEY = log_key()
FIRST = [f"entry {number}".encode() for number in range(300)]
SECOND = [f"entry {number}".encode() for number in range(300, 340)]


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_two_batches(tmp_path: Path) -> None:
    assert published(tmp_path, KEY.verifier).size == 0
    publish(tmp_path, KEY, 0, FIRST)
    newest = publish(tmp_path, KEY, 300, SECOND)
    assert newest == published(tmp_path, KEY.verifier)
    assert (newest.size, newest.root) == (340, root_of(map(leaf_hash, FIRST + SECOND)))
    kept = {name for name in content(tmp_path) if name.startswith("checkpoint")}
    assert kept == {"checkpoint", "checkpoints/000000000300", "checkpoints/000000000340"}


def test_repeating_a_publication_changes_nothing(tmp_path: Path) -> None:
    publish(tmp_path, KEY, 0, FIRST)
    publish(tmp_path, KEY, 300, SECOND)
    before = content(tmp_path)
    assert publish(tmp_path, KEY, 300, SECOND).size == 340
    assert content(tmp_path) == before


def test_repeating_the_call_completes_a_publication_after_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was written before the cut, the checkpoint never needs a missing file."""
    whole = tmp_path / "whole"
    publish(whole, KEY, 0, FIRST)
    publish(whole, KEY, 300, SECOND)
    replace = Path.replace
    for cut in range(1, 7):
        folder = tmp_path / str(cut)
        publish(folder, KEY, 0, FIRST)
        left = iter(range(cut - 1))

        def fail_after(path: Path, target: Path, left: object = left) -> Path:
            if next(left, None) is None:
                raise OSError("power cut")
            return replace(path, target)

        with monkeypatch.context() as patch:
            patch.setattr(tile_folder.Path, "replace", fail_after)
            try:
                publish(folder, KEY, 300, SECOND)
            except OSError:
                # The list of sizes is written after the checkpoint.
                assert published(folder, KEY.verifier).size == (300 if cut < 5 else 340)
            else:
                assert cut > 5  # a bundle, a tile, the checkpoint's two files, the list
        publish(folder, KEY, 300, SECOND)
        assert content(folder) == content(whole)


@pytest.mark.parametrize(
    ("start", "entries"),
    [
        (300, SECOND[:-1]),  # the database lost a published entry
        (300, [b"other", *SECOND[1:]]),
        (341, [b"more"]),  # the folder is from an old backup
        (0, FIRST),
    ],
)
def test_another_history_is_never_signed(tmp_path: Path, start: int, entries: list[bytes]) -> None:
    publish(tmp_path, KEY, 0, FIRST)
    publish(tmp_path, KEY, 300, SECOND)
    before = content(tmp_path)
    with pytest.raises(Diverged):
        publish(tmp_path, KEY, start, entries)
    assert publish(tmp_path, KEY, 340, []).size == 340  # nothing to add
    assert content(tmp_path) == before


def test_a_signed_size_is_not_signed_with_another_root(tmp_path: Path) -> None:
    """The power failed after the numbered copy, and the database now has other entries."""
    publish(tmp_path, KEY, 0, FIRST)
    older = (tmp_path / "checkpoint").read_bytes()
    publish(tmp_path, KEY, 300, SECOND)
    (tmp_path / "checkpoint").write_bytes(older)
    with pytest.raises(Diverged, match="another log of 340 leaves was signed already"):
        publish(tmp_path, KEY, 300, SECOND[::-1])
    assert published(tmp_path, KEY.verifier).size == 300


def test_another_key_does_not_extend_the_log(tmp_path: Path) -> None:
    publish(tmp_path, KEY, 0, FIRST)
    with pytest.raises(BadCheckpoint):
        publish(tmp_path, log_key("other.example"), 300, SECOND)


def test_cosignatures_are_added_once_to_both_copies(tmp_path: Path) -> None:
    publish(tmp_path, KEY, 0, FIRST)
    _, note = open_checkpoint((tmp_path / "checkpoint").read_bytes(), KEY.verifier)
    signature = cosign(note, witness_key(), 77)
    for _ in range(2):
        add_cosignatures(tmp_path, KEY.verifier, [signature])
    for name in ("checkpoint", "checkpoints/000000000300"):
        _, note = open_checkpoint((tmp_path / name).read_bytes(), KEY.verifier)
        assert len(note.signatures) == 2
        assert cosigned_at(note, witness_key().verifier) == 77


def test_a_document_is_stored_under_its_hash(tmp_path: Path) -> None:
    digest = publish_document(tmp_path, b"settings\n")
    assert digest == hashlib.sha256(b"settings\n").digest()
    assert (tmp_path / "documents" / digest.hex()).read_bytes() == b"settings\n"


def test_the_sizes_of_checkpoints_are_listed(tmp_path: Path) -> None:
    publish(tmp_path, KEY, 0, FIRST)
    publish(tmp_path, KEY, 300, SECOND)
    assert (tmp_path / "sizes").read_text("utf-8") == "300\n340\n"
    (tmp_path / "sizes").unlink()
    publish(tmp_path, KEY, 300, SECOND)  # as after a power cut
    assert (tmp_path / "sizes").read_text("utf-8") == "300\n340\n"


def test_a_checkpoint_beyond_the_newest_is_not_listed(tmp_path: Path) -> None:
    """It was written before a power cut, and its tiles may be incomplete."""
    publish(tmp_path, KEY, 0, FIRST)
    publish(tmp_path, KEY, 300, SECOND)
    older = (tmp_path / "checkpoints/000000000300").read_bytes()
    (tmp_path / "checkpoint").write_bytes(older)
    publish(tmp_path, KEY, 300, [])
    assert (tmp_path / "sizes").read_text("utf-8") == "300\n"

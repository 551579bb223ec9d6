"""A log's key signs one history, whatever becomes of the log's folder and of its caller."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ledger.keyring import log_key
from middleground.ledger.files import publishing
from middleground.ledger.files.publishing import publish, published
from middleground.ledger.files.signed_before import Diverged, SignedBefore, SignedTree

KEY = log_key()
FIRST = [f"entry {number}".encode() for number in range(300)]
SECOND = [f"entry {number}".encode() for number in range(300, 340)]
OTHER = [f"other {number}".encode() for number in range(300, 340)]


@pytest.fixture
def before(tmp_path: Path) -> SignedBefore:
    (tmp_path / "keys").mkdir()
    return SignedBefore(tmp_path / "keys")


@pytest.fixture
def old(tmp_path: Path, before: SignedBefore) -> Path:
    """A copy of the log's folder, after which the key signed a larger log."""
    folder, old = tmp_path / "log", tmp_path / "old"
    publish(folder, KEY, 0, FIRST, before=before)
    shutil.copytree(folder, old)
    publish(folder, KEY, 300, SECOND, before=before)
    return old


def test_the_size_and_root_that_were_signed_last_lie_beside_the_key(
    old: Path, before: SignedBefore, tmp_path: Path
) -> None:
    newest = published(tmp_path / "log", KEY.verifier)
    assert before.largest() == SignedTree(340, newest.root)
    assert [path.name for path in before.folder.iterdir()] == ["ledger.signed-000000000340"]
    assert (before.folder / "ledger.signed-000000000340").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        (OTHER[:3], "340 entries were signed before, and the log has only 303"),
        (OTHER, "another log of 340 entries was signed before"),
        ([*OTHER, b"one more"], "another log of 340 entries was signed before"),
        (SECOND[:3], "340 entries were signed before, and the log has only 303"),
    ],
)
def test_from_an_old_copy_only_the_same_log_is_signed(
    old: Path, before: SignedBefore, entries: list[bytes], reason: str
) -> None:
    checkpoint = (old / "checkpoint").read_bytes()
    with pytest.raises(Diverged, match=reason):
        publish(old, KEY, 300, entries, before=before)
    assert (old / "checkpoint").read_bytes() == checkpoint
    assert [path.name for path in (old / "checkpoints").iterdir()] == ["000000000300"]


def test_control_without_it_the_fork_is_signed(old: Path, tmp_path: Path) -> None:
    forked = publish(old, KEY, 300, OTHER)
    newest = published(tmp_path / "log", KEY.verifier)
    assert forked.size == newest.size
    assert forked.root != newest.root


def test_from_an_old_copy_the_same_entries_go_on(old: Path, before: SignedBefore) -> None:
    assert publish(old, KEY, 300, [*SECOND, b"one more"], before=before).size == 341
    assert [path.name for path in before.folder.iterdir()] == ["ledger.signed-000000000341"]


def test_a_power_cut_between_the_note_and_the_signature(
    tmp_path: Path, before: SignedBefore, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "log"
    publish(folder, KEY, 0, FIRST, before=before)

    def power_cut(*_: object) -> None:
        raise OSError("power cut")

    with monkeypatch.context() as cut:
        cut.setattr(publishing, "_write_checkpoint", power_cut)
        with pytest.raises(OSError, match="power cut"):
            publish(folder, KEY, 300, SECOND, before=before)
    largest = before.largest()
    assert largest is not None
    assert largest.size == 340
    assert published(folder, KEY.verifier).size == 300
    with pytest.raises(Diverged):
        publish(folder, KEY, 300, OTHER, before=before)
    assert publish(folder, KEY, 300, [*SECOND, b"more"], before=before).size == 341


def test_a_process_that_was_paused_does_not_put_it_back(before: SignedBefore) -> None:
    before.note(SignedTree(9, bytes(range(32))))
    before.note(SignedTree(5, bytes(32)))
    assert before.largest() == SignedTree(9, bytes(range(32)))
    with pytest.raises(Diverged, match="another log of 9 entries"):
        before.note(SignedTree(9, bytes(32)))


def test_a_damaged_note_signs_nothing(old: Path, before: SignedBefore) -> None:
    (before.folder / "ledger.signed-000000000340").write_bytes(b"0\n")
    with pytest.raises(Diverged, match="is damaged"):
        publish(old, KEY, 300, SECOND, before=before)

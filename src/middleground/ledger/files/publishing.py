"""Appending to a published log: tiles first, then the signed checkpoint that needs them.

::

    checkpoint                    the newest checkpoint (tlog-tiles)
    checkpoints/000000000120      every checkpoint that was ever published, by size
    sizes                         those sizes, one per line
    tile/…                        tiles and bundles (tlog-tiles)
    keys                          the log's verifier key, then its witnesses', one per line
    documents/<SHA-256>           settings, maps, vote lists, totals: all that is logged by its hash
    texts/<dialogue>/<collection> words and salts of texts that are shown
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from middleground.core.durable import write_whole
from middleground.ledger.files.signed_before import Diverged, SignedBefore, SignedTree
from middleground.ledger.merkle.hashing import EMPTY_ROOT
from middleground.ledger.merkle.tile_folder import TileFolder
from middleground.ledger.merkle.tiles import WIDTH
from middleground.ledger.notes.checkpoint import (
    BadCheckpoint,
    Checkpoint,
    open_checkpoint,
    sign_checkpoint,
)
from middleground.ledger.notes.keys import SigningKey, VerifierKey
from middleground.ledger.notes.note import Note, Signature

_NUMBERED = re.compile(r"[0-9]{12}")
_LIST = re.compile(r"(?:[0-9]{1,19}\n)+")


def checkpoint_path(size: int) -> str:
    return f"checkpoints/{size:012d}"


def published(folder: Path, key: VerifierKey) -> Checkpoint:
    """Return the newest checkpoint of a folder; size 0 if nothing was published yet.

    Raises ``BadCheckpoint``.
    """
    path = folder / "checkpoint"
    if not path.is_file():
        return Checkpoint(key.name, 0, EMPTY_ROOT)
    return open_checkpoint(path.read_bytes(), key)[0]


def restore_newest(folder: Path, key: VerifierKey, size: int) -> bool:
    """Replace an older ``checkpoint`` by the numbered one of this size, if there is one.

    A process that was paused for long before it wrote its checkpoint can write it over a newer one.
    Both are of the same log, and every checkpoint has a numbered copy. Returns whether there was
    one. Raises ``BadCheckpoint``.
    """
    copy = folder / checkpoint_path(size)
    if not copy.is_file():
        return False
    checkpoint, note = open_checkpoint(copy.read_bytes(), key)
    if checkpoint.size != size:
        raise BadCheckpoint(f"the checkpoint of {size} leaves says {checkpoint.size}")
    write_whole(folder / "checkpoint", str(note).encode())
    _write_sizes(folder, size)
    return True


def publish(
    folder: Path,
    key: SigningKey,
    start: int,
    entries: Sequence[bytes],
    may_sign: Callable[[], None] = lambda: None,
    before: SignedBefore | None = None,
) -> Checkpoint:
    """Append entries after the first ``start`` ones, and sign the new checkpoint.

    The caller must have stored ``start`` and the order of the entries in its database before. The
    call is idempotent: repeated after a power cut, it finishes the work or finds it done. Raises
    ``Diverged``, and signs nothing, if the folder has another history, for example because an old
    backup of the folder or the database was restored.

    ``may_sign`` is called before each file that is not the same for every caller, and raises if
    another process signs by now. ``before`` knows the largest tree that the key signed: no other
    tree is signed, whatever folder and caller say.
    """
    newest = published(folder, key.verifier)
    log = TileFolder(folder, newest.size)
    if log.compact_range().root() != newest.root:
        raise Diverged("the tiles do not give the newest checkpoint's root")
    end = start + len(entries)
    if newest.size == end and _holds(log, start, entries):
        may_sign()
        _write_sizes(folder, newest.size)
        return newest
    if newest.size != start:
        raise Diverged(f"{newest.size} leaves are published, not {start}")
    may_sign()
    log.append(entries)
    checkpoint = Checkpoint(key.name, log.size, log.compact_range().root())
    copy = folder / checkpoint_path(log.size)
    if copy.is_file() and open_checkpoint(copy.read_bytes(), key.verifier)[0] != checkpoint:
        raise Diverged(f"another log of {log.size} leaves was signed already")
    may_sign()
    if before is not None:
        before.require_continued(log)
        before.note(SignedTree(checkpoint.size, checkpoint.root))
    _write_checkpoint(folder, checkpoint, sign_checkpoint(checkpoint, key), may_sign)
    may_sign()
    _write_sizes(folder, checkpoint.size)
    return checkpoint


def add_cosignatures(
    folder: Path,
    key: VerifierKey,
    signatures: Iterable[Signature],
    may_sign: Callable[[], None] = lambda: None,
) -> None:
    """Add witnesses' signatures to the newest checkpoint. ``may_sign``: see ``publish``."""
    checkpoint, note = open_checkpoint((folder / "checkpoint").read_bytes(), key)
    new = [signature for signature in signatures if signature not in note.signatures]
    may_sign()
    _write_checkpoint(folder, checkpoint, note.with_signatures(new), may_sign)


def write_keys(folder: Path, log: VerifierKey, witnesses: Iterable[VerifierKey] = ()) -> None:
    lines = "".join(f"{key}\n" for key in (log, *witnesses))
    write_whole(folder / "keys", lines.encode())


def publish_document(folder: Path, data: bytes) -> bytes:
    """Write a document under its SHA-256; return the hash for the log's record."""
    digest = hashlib.sha256(data).digest()
    write_whole(folder / "documents" / digest.hex(), data)
    return digest


def publish_file(folder: Path, path: str, text: str) -> None:
    """Write a file of texts atomically."""
    write_whole(folder / path, text.encode())


def _write_checkpoint(
    folder: Path, checkpoint: Checkpoint, note: Note, may_sign: Callable[[], None]
) -> None:
    # The numbered copy first: a reader who has seen a checkpoint must find it there later.
    write_whole(folder / checkpoint_path(checkpoint.size), str(note).encode())
    may_sign()
    write_whole(folder / "checkpoint", str(note).encode())


def _write_sizes(folder: Path, newest: int) -> None:
    """List the numbered checkpoints, because HTTP cannot list a folder.

    The list is written after all other files and ends with the newest checkpoint, so that a reader
    who copies the list first finds nothing in it that is not signed. The new size is appended;
    the folder is scanned only if there is no list or the list cannot be right.
    """
    place = folder / "sizes"
    listed = place.read_text("utf-8") if place.is_file() else ""
    if not _LIST.fullmatch(listed) or int(listed.split()[-1]) > newest:
        numbered = (folder / "checkpoints").glob("[0-9]*")
        sizes = sorted(int(path.name) for path in numbered if _NUMBERED.fullmatch(path.name))
        write_whole(place, "".join(f"{size}\n" for size in sizes if size <= newest).encode())
    elif int(listed.split()[-1]) < newest:
        write_whole(place, f"{listed}{newest}\n".encode())


def _holds(log: TileFolder, start: int, entries: Sequence[bytes]) -> bool:
    """Whether the log ends with these entries."""
    found: list[bytes] = []
    for index in range(start // WIDTH, -(-log.size // WIDTH)):
        found += log.entries(index)
    return found[start % WIDTH :] == list(entries)

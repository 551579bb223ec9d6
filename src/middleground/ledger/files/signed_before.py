"""The largest tree that a log's key has signed, kept in a file beside the key.

The log's folder and the database can be replaced by an older backup of themselves. A log that goes
on from there signs a second history, which anyone can prove. So the size and the root are written
beside the key before the signature is, and no other tree is signed afterwards.

Each tree has a file of its own, which is created once and never changed: of two processes that
sign, none can put the other's back. Whoever writes a larger one deletes the smaller ones.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from middleground.core.durable import create_once
from middleground.ledger.merkle.hashing import HASH_BYTES
from middleground.ledger.merkle.nodes import range_root
from middleground.ledger.merkle.tile_folder import TileFolder

PATTERN = "ledger.signed-*"
_NAME = re.compile(r"ledger\.signed-([0-9]{12})")
_TEXT = re.compile(rb"[0-9a-f]{%d}\n" % (2 * HASH_BYTES))


class Diverged(Exception):
    """What is there is not what was signed before; signing would fork the log."""


@dataclass(frozen=True, slots=True)
class SignedTree:
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class SignedBefore:
    """The trees signed by the log key that lies in ``folder``."""

    folder: Path

    def largest(self) -> SignedTree | None:
        """None if nothing is known to be signed. Raises ``Diverged`` if the file is damaged."""
        while sizes := self._sizes():
            file = self._file(max(sizes))
            with suppress(FileNotFoundError):  # a larger one came, and this one was deleted
                text = file.read_bytes()
                if not _TEXT.fullmatch(text):
                    raise Diverged(f"{file} is damaged")
                return SignedTree(max(sizes), bytes.fromhex(text.decode()))
        return None

    def require_continued(self, log: TileFolder) -> None:
        """Raise ``Diverged`` unless the log begins with all that was signed before."""
        largest = self.largest()
        if largest is None:
            return
        if log.size < largest.size:
            raise Diverged(
                f"{largest.size} entries were signed before, and the log has only {log.size}"
            )
        if range_root(log, 0, largest.size) != largest.root:
            raise Diverged(f"another log of {largest.size} entries was signed before")

    def note(self, tree: SignedTree) -> None:
        """Record the tree durably, before its signature exists. Raises ``Diverged``."""
        text = f"{tree.root.hex()}\n".encode()
        create_once(self._file(tree.size), text)
        if self._file(tree.size).read_bytes() != text:
            raise Diverged(f"another log of {tree.size} entries was signed before")
        for size in self._sizes():
            if size < tree.size:
                with suppress(FileNotFoundError):
                    self._file(size).unlink()

    def _sizes(self) -> list[int]:
        names = (_NAME.fullmatch(path.name) for path in self.folder.glob(PATTERN))
        return [int(name[1]) for name in names if name]

    def _file(self, size: int) -> Path:
        return self.folder / f"ledger.signed-{size:012d}"

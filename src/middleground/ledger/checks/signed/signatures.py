"""Did the log's key sign every checkpoint in the folder?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from middleground.ledger.checks.files import files_in
from middleground.ledger.checks.findings import CheckFinding, fails, holds
from middleground.ledger.notes.checkpoint import BadCheckpoint, Checkpoint, open_checkpoint
from middleground.ledger.notes.keys import VerifierKey
from middleground.ledger.notes.note import Note


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint with a valid signature, and its file."""

    path: str
    checkpoint: Checkpoint
    note: Note


def check_signatures(
    folder: Path, key: VerifierKey
) -> tuple[list[SignedCheckpoint], list[CheckFinding]]:
    """Return the signed checkpoints, smallest first, and findings about the others.

    File names do not matter: a reader may add checkpoints that other readers received.
    """
    signed: list[SignedCheckpoint] = []
    wrong: list[str] = []
    for pattern in ("checkpoint", "checkpoints/*"):
        for name, path in files_in(folder, pattern):
            try:
                checkpoint, note = open_checkpoint(path.read_bytes(), key)
            except BadCheckpoint as problem:
                wrong.append(f"{name}: {problem}.")
            else:
                signed.append(SignedCheckpoint(name, checkpoint, note))
    signed.sort(key=lambda each: each.checkpoint.size)
    if wrong:
        found = [fails("signature", "Not every checkpoint is signed by the log.", wrong)]
    else:
        found = [holds("signature", f"The log's key signed all {len(signed)} checkpoints.")]
    return signed, found + _about_newest(signed)


def _about_newest(signed: list[SignedCheckpoint]) -> list[CheckFinding]:
    newest = [each.checkpoint.size for each in signed if each.path == "checkpoint"]
    if not newest:
        return [fails("history", "The newest checkpoint, a file of this name, cannot be used.")]
    if newest[0] < signed[-1].checkpoint.size:
        sentence = f"The log was set back to {newest[0]} leaves; {signed[-1].path} is newer."
        return [fails("history", sentence)]
    return []

"""Every parser of untrusted input, each as a function of bytes.

A target may raise its parser's documented errors and must pass its assertions; anything else is
a fault. Used by ``fuzz.py`` (a million executions each) and ``test_parsers.py`` (some hundreds).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.codecs.line_codec import decode, encode
from middleground.ledger.files.texts import read_texts, write_texts
from middleground.ledger.files.totals import read_totals, write_totals
from middleground.ledger.files.vote_list import read_vote_list, write_vote_list
from middleground.ledger.merkle.entry_bundle import BadBundle, read_bundle, write_bundle
from middleground.ledger.notes.note import BadNote, read_note
from middleground.ledger.records.kinds import read_entry, write_entry
from middleground.ledger.records.proof_file import BadProof, read_proof, write_proof
from middleground.ledger.records.receipt import BoxedVote
from middleground.polis import InvalidExport, read_export
from middleground.texts.normalise import deceptive_in, normalise
from middleground.texts.sameness import dedup_hash

# Separates the files of a folder in one input.
NEXT_FILE = b"\n====\n"
POLIS_FILES = ("comments.csv", "votes.csv", "participants-votes.csv", "summary.csv")
DIALOGUE, COLLECTION = "los-angeles", "statements"


@dataclass(frozen=True)
class Parser:
    """``try_one`` accepts any bytes; ``samples`` are valid inputs to start from."""

    try_one: Callable[[bytes], None]
    samples: tuple[bytes, ...]


def as_text(data: bytes) -> str:
    """Any text, also with lone surrogates, which JSON can contain."""
    return data.decode("utf-8", "surrogatepass" if data[:1] < b"\x80" else "replace")


def text_normaliser(data: bytes) -> None:
    try:
        text = as_text(data)
    except UnicodeDecodeError:
        text = data.decode("utf-16-le", "replace")
    tidied = normalise(text)
    assert normalise(tidied) == tidied
    assert tidied == tidied.strip()
    assert "  " not in tidied
    assert "\n" not in tidied
    assert not deceptive_in(tidied)
    tidied.encode()  # can be stored
    assert len(dedup_hash(text)) == 64
    assert dedup_hash(text) == dedup_hash(tidied)


def signed_note(data: bytes) -> None:
    with suppress(BadNote):
        note = read_note(data)
        assert str(note).encode() == data


def proof_file(data: bytes) -> None:
    with suppress(BadProof):
        proof = read_proof(data)
        assert read_proof(write_proof(proof)) == proof


def entry_bundle(data: bytes) -> None:
    with suppress(BadBundle):
        assert write_bundle(read_bundle(data)) == data


def log_entry(data: bytes) -> None:
    with suppress(BadRecord):
        assert write_entry(read_entry(data)) == data


def vote_list(data: bytes) -> None:
    with suppress(BadRecord):
        votes = read_vote_list(data, DIALOGUE, 12).votes
        assert write_vote_list(DIALOGUE, 12, votes) == data


def receipt_lines(data: bytes) -> None:
    with suppress(BadRecord, BadProof):
        boxed = decode(BoxedVote, data)
        assert encode(boxed) == data
        boxed.entry()


def texts_file(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    with suppress(BadRecord):
        assert write_texts(DIALOGUE, COLLECTION, read_texts(text, DIALOGUE, COLLECTION)) == text


def totals_file(data: bytes) -> None:
    with suppress(BadRecord):
        assert write_totals(read_totals(data, DIALOGUE)) == data


@dataclass(frozen=True)
class PolisImport:
    """The concatenated files of a folder in one input; some may be missing."""

    folder: Path

    def __call__(self, data: bytes) -> None:
        parts = data.split(NEXT_FILE)
        for k, name in enumerate(POLIS_FILES):
            if k < len(parts) and parts[k]:
                (self.folder / name).write_bytes(parts[k])
            else:
                (self.folder / name).unlink(missing_ok=True)
        with suppress(InvalidExport):
            export = read_export(self.folder)
            known = {statement.id for statement in export.statements}
            assert set(export.votes.statement.tolist()) <= known
            assert set(export.votes.value.tolist()) <= {-1, 0, 1}


NAMES = (
    "polis", "text", "note", "proof", "bundle", "entry", "list", "receipt", "texts", "totals",
)  # fmt: skip


def parser_of(name: str, folder: Path) -> Parser:
    """``folder``: an empty folder for parsers that read files."""
    from torture.tools import samples

    return {
        "polis": Parser(PolisImport(folder), samples.polis_folders()),
        "text": Parser(text_normaliser, samples.texts()),
        "note": Parser(signed_note, samples.notes()),
        "proof": Parser(proof_file, samples.proofs()),
        "bundle": Parser(entry_bundle, samples.bundles()),
        "entry": Parser(log_entry, samples.entries()),
        "list": Parser(vote_list, samples.vote_lists()),
        "receipt": Parser(receipt_lines, samples.receipts()),
        "texts": Parser(texts_file, samples.texts_in_a_file()),
        "totals": Parser(totals_file, samples.totals()),
    }[name]

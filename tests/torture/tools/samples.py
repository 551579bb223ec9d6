"""Valid inputs of each parser, from which a fuzzer starts, because it would not find any itself."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from ledger import town
from middleground.ledger.merkle.entry_bundle import read_bundle
from polis import folders

Inputs = tuple[bytes, ...]


@cache
def published() -> dict[str, bytes]:
    """The files of a log with two dialogues, by path."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        town.build(folder)
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }


def polis_folders() -> Inputs:
    from torture.tools.parsers import NEXT_FILE

    comments, votes = folders.COMMENTS.encode(), folders.VOTES.encode()
    participants, summary = folders.PARTICIPANTS.encode(), folders.SUMMARY.encode()
    semicolons = comments.replace(b",", b";")
    utf16 = folders.COMMENTS.encode("utf-16")
    return (
        NEXT_FILE.join([comments, votes, participants, summary]),
        NEXT_FILE.join([comments, votes]),
        NEXT_FILE.join([comments, b"", participants, summary]),
        NEXT_FILE.join([semicolons, votes, b"", summary]),
        NEXT_FILE.join([utf16, votes]),
    )


def texts() -> Inputs:
    return (
        b"Keep the harbour open to everyone.",
        " é e\u0301 \u200b \u202e \u2066x\u2069 \ufb01 ".encode(),
        "مرحبا بالعالم، שלום".encode(),
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 한국어".encode(),
        "x\ud800y".encode("utf-8", "surrogatepass"),
    )


def notes() -> Inputs:
    files = published()
    return files["checkpoint"], files["promises/mine"]


def proofs() -> Inputs:
    from ledger.records.test_proof_file import proof_of
    from middleground.ledger.records.proof_file import write_proof

    return write_proof(proof_of(3, b"abc")), write_proof(proof_of(49))


def bundles() -> Inputs:
    return tuple(
        data[:2000] if len(read_bundle(data)) < 3 else data
        for path, data in published().items()
        if path.startswith("tile/entries/") and len(data) < 20_000
    )


def entries() -> Inputs:
    kinds = {}
    for path, data in published().items():
        if path.startswith("tile/entries/"):
            kinds.update({entry.partition(b"\n")[0]: entry for entry in read_bundle(data)})
    return tuple(kinds.values())


def vote_lists() -> Inputs:
    """A list with counted lines and one beside, and a withheld one."""
    lists = [
        b"".join([b"vote-list/v1\ndialogue los-angeles\nstatement 12\n", *lines[3:][-3:]])
        for lines in (
            data.splitlines(keepends=True)
            for path, data in published().items()
            if path.startswith("documents/") and data.startswith(b"vote-list/v1\n")
        )
    ]
    return tuple(lists)


def receipts() -> Inputs:
    from middleground.ledger.codecs.line_codec import encode
    from middleground.ledger.records.receipt import boxed_vote

    path = [bytes([level]) * 32 for level in range(32)]
    return (encode(boxed_vote(town.vote_of(1, 1), 77, path)),)


def texts_in_a_file() -> Inputs:
    return (published()[f"texts/{town.LA}/statements"],)


def totals() -> Inputs:
    return tuple(
        data
        for path, data in published().items()
        if path.startswith("documents/") and data.startswith(b"vote-totals/v1\n")
    )

"""Verifiers leave entries of unknown kinds open, but compare the documents that these name.

``check`` runs both verifiers, so each test is a comparison of the two as well.
"""

from __future__ import annotations

import pytest

from ledger.checking import check, failing
from ledger.town import LA, Town, some
from middleground.ledger import Report
from middleground.ledger.files.publishing import publish_document
from middleground.ledger.records.manifest import read_manifest

ODD = [
    b"",
    b"\xff\xfe\n",
    b"new/v1",
    b"new/v1\n\n",
    b"new/v1\ndialogue los-angeles\ndialogue los-angeles\n",
    b"new/v1\ndialogue not a label\n",
    b"new/v0\ndialogue los-angeles\n",
    b"vote/v2\ndialogue los-angeles\nseal 00\n",
    b"\xef\xbb\xbfnew/v1\ndialogue los-angeles\n",
    b"new/v1\r\ndialogue los-angeles\n",
    b"toString/v1\nconstructor x\n__proto__ y\n",
]


def answer(document: bytes, dialogue: bytes = b"dialogue los-angeles\n") -> bytes:
    return b"answer/v1\n" + dialogue + b"case 7\ndocument " + document.hex().encode() + b"\n"


def details_of(report: Report, subject: str, state: str) -> list[tuple[str, ...]]:
    found = [each for each in report.findings if (each.subject, each.state) == (subject, state)]
    return [each.details for each in found]


@pytest.mark.parametrize("entry", ODD)
def test_no_content_of_an_unknown_entry_fails_the_check(town: Town, entry: bytes) -> None:
    town.append(4_000, [entry])
    report = check(town)
    assert report.holds
    (about,) = [each for each in report.findings if each.subject == "record"]
    assert about.state == "open"
    assert about.sentence == "Entries of kinds that this program does not know: 1."


def test_a_known_kind_that_is_misspelled_does_fail(town: Town) -> None:
    """The control: only entries of unknown kinds are left open."""
    town.append(4_000, [b"merge/v1\ndialogue los-angeles\nstatement 1\ninto 02\n"])
    assert set(failing(check(town))) == {"record"}


def test_a_document_of_an_unknown_kind_is_compared(town: Town) -> None:
    digest = publish_document(town.folder, b"The answer.\n")
    before = details_of(check(town), "document", "open")
    assert (f"documents/{digest.hex()}.",) in before  # never logged
    town.append(4_000, [answer(digest)])
    assert digest.hex() in read_manifest(town.folder, len(town.entries)).documents
    report = check(town)
    assert report.holds
    assert (f"documents/{digest.hex()}.",) not in details_of(report, "document", "open")
    (town.folder / "documents" / digest.hex()).write_bytes(b"Another answer.\n")
    assert failing(check(town))["document"].details == (
        f"documents/{digest.hex()} (answer of {LA}, entry 377): it was altered.",
    )


@pytest.mark.parametrize(("dialogue", "owner"), [(b"", ""), (b"dialogue north\n", " of north")])
def test_a_missing_document_of_an_unknown_kind_is_named(
    town: Town, dialogue: bytes, owner: str
) -> None:
    digest = some(32, "an answer")
    town.append(4_000, [answer(digest, dialogue)])
    (missing,) = details_of(check(town), "document", "open")
    assert missing[-1] == f"answer{owner}, entry 377: documents/{digest.hex()}."
    named = read_manifest(town.folder, len(town.entries)).document_files
    assert f"documents/{digest.hex()}" in named

"""A receipt shows that a vote is in the log, and whether it was counted."""

from __future__ import annotations

import pytest

from ledger.checking import check_with
from ledger.keyring import log_key
from ledger.town import DELETED, KEY, LA, WITHHELD, WITNESS, Town, vote_of
from middleground.ledger.leaf import VoteOpening
from middleground.ledger.openings_file import write_openings
from middleground.ledger.proof_file import BadProof, ProofFile, read_proof, write_proof
from middleground.ledger.publishing import publish_file
from middleground.ledger.receipt import open_receipt, write_receipt
from middleground.ledger.tile_folder import TileFolder


def receipt(town: Town, vote: VoteOpening) -> bytes:
    size = len(town.entries)
    note = (town.folder / "checkpoint").read_bytes()
    place = town.entries.index(vote.entry())
    return write_receipt(vote, place, TileFolder(town.folder, size), size, note)


def judged(town: Town, vote: VoteOpening) -> tuple[str, tuple[str, ...]]:
    (town.folder / "receipts").mkdir()
    (town.folder / "receipts/mine").write_bytes(receipt(town, vote))
    report = check_with(town.folder, KEY.verifier, [WITNESS.verifier])
    found = [each for each in report.findings if each.subject == "receipt"]
    assert report.holds == (found[0].state != "fails")
    return found[0].state, found[0].details


def test_a_receipt_opens_with_the_log_s_key(town: Town) -> None:
    vote = vote_of(3, 1)
    opened = open_receipt(receipt(town, vote), KEY.verifier)
    assert (opened.opening, opened.checkpoint.size) == (vote, len(town.entries))
    with pytest.raises(BadProof):
        open_receipt(receipt(town, vote), log_key("other.example").verifier)


def test_a_receipt_for_another_vote_does_not_open(town: Town) -> None:
    proof = read_proof(receipt(town, vote_of(3, 1)))
    other = read_proof(receipt(town, vote_of(4, 1)))
    for extra in (other.extra, None, b"words"):
        forged = ProofFile(proof.index, proof.hashes, proof.checkpoint, extra)
        with pytest.raises(BadProof):
            open_receipt(write_proof(forged), KEY.verifier)


def test_a_vote_that_was_counted(town: Town) -> None:
    assert judged(town, vote_of(30, 1)) == ("holds", ())


def test_a_vote_that_another_replaced(town: Town) -> None:
    """By the participant, or by a host who votes in somebody's name: the holder sees it."""
    later = town.entries.index(vote_of(3, 1, turn=1).entry())
    assert judged(town, vote_of(3, 1)) == (
        "open",
        (f"receipts/mine: leaf {later} replaced the vote; if its holder did not, the host did.",),
    )


def test_the_vote_that_replaced_another(town: Town) -> None:
    assert judged(town, vote_of(3, 1, turn=1)) == ("holds", ())


def test_a_vote_that_was_kept_back(town: Town) -> None:
    rest = [pair for pair in town.opened(2) if pair[1] != vote_of(3, 2)]
    publish_file(town.folder, f"openings/{LA}/2", write_openings(LA, 2, rest))
    assert judged(town, vote_of(3, 2)) == (
        "fails",
        (
            "receipts/mine: the vote is in the log and was not opened: it was deleted, or kept "
            "back.",
        ),
    )


def test_a_vote_that_was_deleted_looks_the_same_to_whoever_kept_its_receipt(town: Town) -> None:
    assert judged(town, DELETED)[0] == "fails"


def test_a_vote_on_a_withheld_statement(town: Town) -> None:
    assert judged(town, vote_of(1, WITHHELD)) == (
        "open",
        ("receipts/mine: the vote is in the log; its statement had too few people to show.",),
    )


def test_a_vote_in_a_dialogue_that_is_open(town: Town) -> None:
    assert judged(town, vote_of(3, 1, dialogue="riverside")) == (
        "open",
        ("receipts/mine: the vote is in the log, sealed until the result.",),
    )


def test_a_receipt_of_a_log_that_was_forked(town: Town) -> None:
    """The host signed the receipt's checkpoint, and published another log."""
    other = Town(town.folder.parent / "other")
    other.batch(1_000, [], [vote_of(500, 1)])
    data = receipt(other, vote_of(500, 1))
    (town.folder / "receipts").mkdir()
    (town.folder / "receipts/mine").write_bytes(data)
    report = check_with(town.folder, KEY.verifier, [WITNESS.verifier])
    assert [each.details for each in report.findings if each.state == "fails"] == [
        ("receipts/mine: leaf 0 is not the vote, though the log signed that it is: a fork.",)
    ]

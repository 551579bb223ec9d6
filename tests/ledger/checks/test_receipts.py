"""A receipt proves that a vote is in the log, and shows whether the vote was counted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.checking import check_with, failing
from ledger.keyring import log_key
from ledger.town import DELETED, KEY, LA, WITHHELD, WITNESS, Town, vote_of
from middleground.ledger import CheckFinding
from middleground.ledger.codecs.line_codec import encode
from middleground.ledger.files.openings import write_openings
from middleground.ledger.files.publishing import publish_file
from middleground.ledger.merkle.tile_folder import TileFolder
from middleground.ledger.records.proof_file import BadProof, ProofFile, read_proof, write_proof
from middleground.ledger.records.receipt import open_receipt, write_receipt
from middleground.ledger.records.vote_opening import VoteOpening


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
    assert judged(town, vote_of(30, 1)) == (
        "holds",
        ("receipts/mine: the vote is in the log and was counted.",),
    )


def test_a_replaced_vote(town: Town) -> None:
    """The holder sees a replacement, by the participant or by a host who votes in their name."""
    later = town.entries.index(vote_of(3, 1, turn=1).entry())
    assert judged(town, vote_of(3, 1)) == (
        "open",
        (f"receipts/mine: leaf {later} replaced the vote; if its holder did not, the host did.",),
    )


def test_a_replacing_vote(town: Town) -> None:
    assert judged(town, vote_of(3, 1, turn=1))[0] == "holds"


def test_a_vote_that_was_not_opened(town: Town) -> None:
    rest = [pair for pair in town.opened(2) if pair[1] != vote_of(3, 2)]
    publish_file(town.folder, f"openings/{LA}/2", write_openings(LA, 2, rest))
    assert judged(town, vote_of(3, 2)) == (
        "fails",
        (
            "receipts/mine: the vote is in the log and was not opened: it was deleted, or kept "
            "back.",
        ),
    )


def test_a_deleted_vote_is_judged_like_one_not_opened(town: Town) -> None:
    assert judged(town, DELETED)[0] == "fails"


def test_a_vote_on_a_withheld_statement(town: Town) -> None:
    assert judged(town, vote_of(1, WITHHELD)) == (
        "open",
        (
            f"receipts/mine: the vote is leaf {place_of(town, vote_of(1, WITHHELD))} of the log; "
            "its statement stays shut, because too few people gave one of its answers, or because "
            "it was taken out or merged.",
        ),
    )


def test_a_vote_in_an_open_dialogue(town: Town) -> None:
    vote = vote_of(3, 1, dialogue="riverside")
    words = f"the vote is leaf {place_of(town, vote)} of the log, sealed until the result."
    assert judged(town, vote) == ("open", (f"receipts/mine: {words}",))


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("index ", "index 1", 1),
        lambda text: text.replace("— host.example/ledger ", "— host.example/ledger A", 1),
        lambda text: text.replace("extra ", "extra A", 1),
        lambda text: text.replace("\n377\n", "\n378\n"),
        lambda _: "c2sp.org/tlog-proof@v1\n",
        lambda _: "vote-opening/v1\nclient 1\n",
        lambda _: "something else\n",
    ],
)
def test_a_damaged_receipt_accuses_nobody(town: Town, damage: Callable[[str], str]) -> None:
    text = receipt(town, vote_of(30, 1)).decode()
    assert damage(text) != text
    found = held(town, damage(text).encode())
    assert [(each.subject, each.state) for each in found] == [("foreign", "open")]
    assert found[0].details[0].startswith("receipts/mine: ")


def test_an_opening_of_a_seal_is_judged_as_a_receipt(town: Town) -> None:
    lost = [pair for pair in town.opened(2) if pair[1] != vote_of(3, 2)]
    publish_file(town.folder, f"openings/{LA}/2", write_openings(LA, 2, lost))
    for vote, state in [
        (vote_of(30, 1), "holds"),
        (vote_of(3, 2), "fails"),
        (vote_of(1, WITHHELD), "open"),
        (vote_of(3, 1, dialogue="riverside"), "open"),
    ]:
        alone, proven = held(town, encode(vote)), held(town, receipt(town, vote))
        assert alone == proven
        assert [each.state for each in alone if each.subject == "receipt"] == [state]


def test_a_seal_that_is_not_in_the_log_accuses_nobody(town: Town) -> None:
    """The lines are not signed, so anybody can write them."""
    vote = vote_of(99, 1)
    (found,) = held(town, encode(vote))
    assert (found.subject, found.state) == ("receipt", "open")
    assert found.details == (f"receipts/mine: its seal {vote.seal().hex()} is not in this log.",)


def test_an_unreadable_result_is_a_fault_of_the_log(town: Town) -> None:
    publish_file(town.folder, f"totals/{LA}", "nonsense\n")
    (found,) = held(town, receipt(town, vote_of(30, 1)))
    assert (found.subject, found.state) == ("receipt", "fails")


def place_of(town: Town, vote: VoteOpening) -> int:
    return town.entries.index(vote.entry())


def held(town: Town, data: bytes) -> list[CheckFinding]:
    """The judgement of both verifiers on one file of the reader's own."""
    publish_file(town.folder, "receipts/mine", data.decode())
    keys = (town.folder, KEY.verifier, [WITNESS.verifier])
    report = check_with(*keys)
    return [each for each in report.findings if each.subject in ("receipt", "foreign")]


def test_a_receipt_of_a_forked_log(town: Town) -> None:
    """The host signed the receipt's checkpoint but published another log."""
    other = Town(town.folder.parent / "other")
    other.batch(1_000, [], [vote_of(500, 1)])
    data = receipt(other, vote_of(500, 1))
    (town.folder / "receipts").mkdir()
    (town.folder / "receipts/mine").write_bytes(data)
    report = check_with(town.folder, KEY.verifier, [WITNESS.verifier])
    assert [each.details for each in report.findings if each.state == "fails"] == [
        ("receipts/mine: leaf 0 is not the vote, though the log signed that it is: a fork.",)
    ]


def test_a_receipt_of_a_forked_log_whose_dialogue_is_open(town: Town) -> None:
    """There is no result yet that could contradict the receipt."""
    vote = vote_of(500, 1, dialogue="riverside")
    other = Town(town.folder.parent / "other")
    other.batch(1_000, [], [vote])
    publish_file(town.folder, "receipts/mine", receipt(other, vote).decode())
    found = failing(check_with(town.folder, KEY.verifier, [WITNESS.verifier]))
    assert found["receipt"].details == (
        "receipts/mine: leaf 0 is not the vote, though the log signed that it is: a fork.",
    )

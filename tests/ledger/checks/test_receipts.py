"""A receipt proves that a vote lay in a box, and shows whether the list has its tag."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace

import pytest

from ledger.checking import check_with, failing
from ledger.keyring import log_key
from ledger.town import (
    DELETED,
    FIRST_BOX,
    KEY,
    LA,
    LOOKED_UP,
    SECOND_BOX,
    WITHHELD,
    WITNESS,
    Close,
    Town,
    some,
    vote_of,
)
from middleground.ledger import CheckFinding
from middleground.ledger.codecs.line_codec import decode, encode
from middleground.ledger.files.publishing import publish_file
from middleground.ledger.files.vote_list import ListedVote
from middleground.ledger.merkle.ballot_box import DEPTH
from middleground.ledger.records.entries import LoggedBox
from middleground.ledger.records.proof_file import BadProof, read_proof, write_proof
from middleground.ledger.records.receipt import BoxedVote, open_receipt
from middleground.ledger.records.vote_opening import VoteOpening

RIVERSIDE_BOX = FIRST_BOX + 1


def judged(town: Town, vote: VoteOpening, entry: int = FIRST_BOX) -> tuple[str, tuple[str, ...]]:
    town.receipt("mine", vote, entry)
    found = told(town)
    assert [each.subject for each in found] == ["receipt"]
    return found[0].state, found[0].details


def held(town: Town, data: bytes) -> list[CheckFinding]:
    """The judgement of both verifiers on one file of the reader's own."""
    publish_file(town.folder, "receipts/mine", data.decode())
    return told(town)


def told(town: Town) -> list[CheckFinding]:
    report = check_with(town.folder, KEY.verifier, [WITNESS.verifier])
    found = [each for each in report.findings if each.subject in ("receipt", "foreign")]
    assert report.holds == all(each.state != "fails" for each in found)
    return found


def changed(data: bytes, **fields: object) -> bytes:
    """A receipt with other values in its extra line."""
    proof = read_proof(data)
    boxed = decode(BoxedVote, proof.extra or b"")
    return write_proof(replace(proof, extra=encode(replace(boxed, **fields))))


def test_a_receipt_opens_with_the_log_s_key(town: Town) -> None:
    vote = vote_of(3, 1)
    data = town.receipt("mine", vote, FIRST_BOX)
    opened = open_receipt(data, KEY.verifier)
    assert (opened.opening, opened.index) == (vote, FIRST_BOX)
    assert opened.checkpoint.size == len(town.entries)
    with pytest.raises(BadProof):
        open_receipt(data, log_key("other.example").verifier)


def test_a_vote_that_is_counted(town: Town) -> None:
    words = "receipts/mine: the list of statement 1 holds its tag."
    assert judged(town, vote_of(3, 1)) == ("holds", (words,))
    assert judged(town, vote_of(3, 1), SECOND_BOX) == ("holds", (words,))


def test_a_changed_vote_has_receipts_of_both_boxes(town: Town) -> None:
    """Neither says how the vote counts: only whoever holds it can ask, after the close."""
    first, second = vote_of(1, 1), vote_of(1, 1, change=1)
    assert first.tag == second.tag
    assert first.vote != second.vote
    assert first.seal() != second.seal()
    assert judged(town, first) == judged(town, second, SECOND_BOX)


def test_a_vote_that_stands_beside_the_total(town: Town) -> None:
    for vote, statement in ((LOOKED_UP, 3), (DELETED, 2)):
        state, (words,) = judged(town, vote)
        assert state == "open"
        assert words.startswith(f"receipts/mine: the list of statement {statement} holds its tag ")


def test_a_vote_on_a_withheld_statement(town: Town) -> None:
    """Its list says no more than that the tag is in it."""
    words = f"receipts/mine: the list of statement {WITHHELD} holds its tag."
    assert judged(town, vote_of(1, WITHHELD)) == ("open", (words,))


def test_a_vote_whose_tag_is_not_listed(open_town: Town) -> None:
    close = Close(open_town)
    at = [line.tag for line in close.lists[WITHHELD]].index(vote_of(1, WITHHELD).tag)
    del close.lists[WITHHELD][at]
    close.publish()
    assert judged(open_town, vote_of(1, WITHHELD)) == (
        "fails",
        (
            f"receipts/mine: the vote was in the box of entry {FIRST_BOX}, and the list of "
            "statement 4 lacks its tag.",
        ),
    )


def test_a_tag_in_another_statement_s_list(open_town: Town) -> None:
    close, vote = Close(open_town), vote_of(1, WITHHELD)
    close.lists[WITHHELD] = [line for line in close.lists[WITHHELD] if line.tag != vote.tag]
    close.lists[1].append(ListedVote(vote.tag, "beside"))
    close.publish()
    assert judged(open_town, vote)[0] == "fails"


def test_a_vote_in_an_open_dialogue(town: Town) -> None:
    words = f"receipts/mine: the vote is in the box of entry {RIVERSIDE_BOX}."
    vote = vote_of(3, 1, dialogue="riverside")
    assert judged(town, vote, RIVERSIDE_BOX) == ("open", (words,))


def test_an_unreadable_list_is_a_fault_of_the_log(town: Town) -> None:
    town.receipt("mine", vote_of(3, 1), FIRST_BOX)
    tag = vote_of(3, 1).tag.hex()
    for path in (town.folder / "documents").iterdir():
        if tag in (text := path.read_text("utf-8")):
            path.write_text(text.replace("statement", "Statement"), "utf-8")
    found = failing(check_with(town.folder, KEY.verifier, [WITNESS.verifier]))
    assert set(found) == {"document", "list", "promise", "receipt", "total"}


OTHERS = {
    "client": bytes(16),
    "server": bytes(16),
    "salt": bytes(16),
    "dialogue": "riverside",
    "statement": 2,
    "vote": -vote_of(3, 1).vote or 1,
    "slot": 2**32,
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_receipt_proves_each_of_its_fields(town: Town, name: str) -> None:
    data = town.receipt("mine", vote_of(3, 1), FIRST_BOX)
    (found,) = held(town, changed(data, **{name: OTHERS[name]}))
    assert (found.subject, found.state) == ("foreign", "open")


def path_of(data: bytes) -> bytes:
    return base64.b64decode(decode(BoxedVote, read_proof(data).extra or b"").path)


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path[:-32],
        lambda path: path + bytes(32),
        lambda path: path[:-1],
        lambda _: b"",
        lambda path: path[32:] + path[:32],
        lambda path: bytes([path[0] ^ 1]) + path[1:],
        lambda path: path[:-1] + bytes([path[-1] ^ 128]),
    ],
)
def test_a_path_that_leads_elsewhere(town: Town, change: Callable[[bytes], bytes]) -> None:
    data = town.receipt("mine", vote_of(3, 1), FIRST_BOX)
    assert len(path_of(data)) == 32 * DEPTH
    path = base64.b64encode(change(path_of(data))).decode()
    (found,) = held(town, changed(data, path=path))
    assert (found.subject, found.state) == ("foreign", "open")


@pytest.mark.parametrize("odd", ["", "!", " ", "=", "\u00e9"])
def test_a_path_in_another_spelling(town: Town, odd: str) -> None:
    data = town.receipt("mine", vote_of(3, 1), FIRST_BOX)
    path = base64.b64encode(path_of(data)).decode()
    (found,) = held(town, changed(data, path=path.rstrip("=") + odd))
    assert (found.subject, found.state) == ("foreign", "open")


def test_another_place_in_the_same_box_does_not_hold_the_vote(town: Town) -> None:
    mine, other = (town.receipt("mine", vote_of(person, 1), FIRST_BOX) for person in (3, 2))
    theirs = decode(BoxedVote, read_proof(other).extra or b"")
    with pytest.raises(BadProof):
        open_receipt(changed(mine, slot=theirs.slot, path=theirs.path), KEY.verifier)


def test_a_receipt_of_another_box_s_entry(town: Town) -> None:
    """Its place is in the first box, and its proof is for the second box's entry."""
    first = town.receipt("mine", vote_of(3, 1), FIRST_BOX)
    second = town.receipt("mine", vote_of(3, 1), SECOND_BOX)
    forged = write_proof(replace(read_proof(second), extra=read_proof(first).extra))
    (found,) = held(town, forged)
    assert (found.subject, found.state) == ("foreign", "open")


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("index ", "index 1", 1),
        lambda text: text.replace("— host.example/ledger ", "— host.example/ledger A", 1),
        lambda text: text.replace("extra ", "extra A", 1),
        lambda text: text.replace("\n377\n", "\n378\n"),
        lambda text: text.replace(text.split("\n")[1] + "\n", ""),
        lambda _: "c2sp.org/tlog-proof@v1\n",
        lambda _: "receipt/v1\nclient 1\n",
        lambda _: "something else\n",
        lambda _: "",
    ],
)
def test_a_damaged_receipt_accuses_nobody(town: Town, damage: Callable[[str], str]) -> None:
    text = town.receipt("mine", vote_of(3, 1), FIRST_BOX).decode()
    assert damage(text) != text
    found = held(town, damage(text).encode())
    assert [(each.subject, each.state) for each in found] == [("foreign", "open")]
    assert found[0].details[0].startswith("receipts/mine: ")


def test_the_lines_of_a_vote_alone_prove_nothing(town: Town) -> None:
    """Anybody can write them: without a signed box nothing says that the host had them."""
    data = town.receipt("mine", vote_of(3, 1), FIRST_BOX)
    extra = read_proof(data).extra or b""
    for lines in (extra, encode(vote_of(3, 1))):
        (found,) = held(town, lines)
        assert (found.subject, found.state) == ("foreign", "open")


@pytest.mark.parametrize("dialogue", [LA, "riverside"])
def test_a_receipt_of_a_forked_log(town: Town, dialogue: str) -> None:
    """The host signed the receipt's checkpoint but published another log."""
    vote = vote_of(500, 1, dialogue=dialogue)
    other = Town(town.folder.parent / "other" / "published")
    other.log(1_000, other.box([vote], dialogue))
    found = held(town, other.receipt("mine", vote, 0))
    assert [(each.state, each.details) for each in found] == [
        (
            "fails",
            ("receipts/mine: entry 0 is not its box, though the log signed that it is: a fork.",),
        )
    ]


def test_a_receipt_of_a_box_that_the_log_dropped(town: Town) -> None:
    """The host signed a larger log with one more box, and went back."""
    larger = Town(town.folder.parent / "larger" / "published")
    larger.append(1_000, list(town.entries))
    vote = vote_of(501, 1, dialogue="riverside")
    larger.log(6_000, larger.box([vote], "riverside"), LoggedBox(LA, some(32, "one more")))
    (found,) = held(town, larger.receipt("mine", vote, len(town.entries)))
    assert found.state == "fails"
    assert found.details == (
        "receipts/mine: entry 377 is not its box, though the log signed that it is: a fork.",
    )


def test_receipts_are_told_by_outcome(open_town: Town) -> None:
    """One of each kind; no finding of one hides the others."""
    close = Close(open_town)
    close.lists[WITHHELD] = close.lists[WITHHELD][:0]
    close.publish()
    for name, vote, entry in [
        ("counted", vote_of(3, 1), FIRST_BOX),
        ("again", vote_of(2, 2), FIRST_BOX),
        ("beside", LOOKED_UP, FIRST_BOX),
        ("lost", vote_of(1, WITHHELD), FIRST_BOX),
        ("sealed", vote_of(1, 1, dialogue="riverside"), RIVERSIDE_BOX),
    ]:
        open_town.receipt(name, vote, entry)
    publish_file(open_town.folder, "receipts/foreign", "words\n")
    found = told(open_town)
    assert sorted((each.subject, each.state, len(each.details)) for each in found) == [
        ("foreign", "open", 1),
        ("receipt", "fails", 1),
        ("receipt", "holds", 2),
        ("receipt", "open", 1),
        ("receipt", "open", 1),
    ]

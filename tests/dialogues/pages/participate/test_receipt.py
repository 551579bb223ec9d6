"""A participant can download a receipt of their own vote on request, and nobody else's."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import Dialogue, Vote, VoteSeal
from middleground.dialogues.participation.admission import confirm
from middleground.ledger.notes.promise import open_promise
from middleground.ledger.records.receipt import open_receipt
from middleground.publiclog.log_key import signing_key
from middleground.publiclog.publisher import publish_log
from support.cast import carry, make_dialogue, make_statement
from support.logged import closed, crowd, recounted
from support.serving.asgi_client import Voter, vote, voter

pytestmark = [
    pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("vote_writer", "folder"),
]  # fmt: skip
PAGE = "/d/harbour/s/1/receipt/"
NONCE = "00112233445566778899aabbccddeeff"


@pytest.fixture
def me() -> Voter:
    return voter()


@pytest.fixture
def mine(client: Client, me: Voter) -> Client:
    carry(client, me.token)
    return client


def voted(me: Voter, **fields: str) -> Dialogue:
    """My vote on the first statement, which counts."""
    dialogue = make_dialogue(statements=2)
    assert vote(me, dialogue.statements.get(number=1), "agree", **fields).status == 200
    assert confirm(dialogue, me.token, "work")
    return dialogue


def put(folder: Path, kind: str, file: bytes) -> None:
    (folder / kind).mkdir(exist_ok=True)
    (folder / kind / "mine").write_bytes(file)


def told(folder: Path, subject: str) -> dict[str, str]:
    """The sentences about a subject by state."""
    return {f.state: f.sentence for f in recounted(folder).findings if f.subject == subject}


def test_a_promise_is_open_until_the_close_and_then_kept(
    mine: Client, me: Voter, folder: Path
) -> None:
    dialogue = voted(me)
    assert "will be in the next box" in mine.get(PAGE).text
    answer = mine.post(PAGE, {"file": "promise"})
    assert answer.headers["Content-Disposition"].endswith('"harbour-1-promise.txt"')
    promise = open_promise(answer.content, signing_key().verifier)
    assert (promise.dialogue, promise.statement) == ("harbour", 1)
    crowd(dialogue, 20)
    publish_log()
    put(folder, "promises", answer.content)
    assert set(told(folder, "promise")) == {"open"}
    closed(dialogue)
    publish_log()
    assert recounted(folder).holds
    assert set(told(folder, "promise")) == {"holds"}


def test_a_broken_promise_is_detected(mine: Client, me: Voter, folder: Path) -> None:
    """The control: the host loses the vote."""
    dialogue = voted(me)
    answer = mine.post(PAGE, {"file": "promise"})
    VoteSeal.objects.all().delete()
    crowd(dialogue, 20)
    closed(dialogue)
    publish_log()
    assert recounted(folder).holds
    put(folder, "promises", answer.content)
    assert not recounted(folder).holds


def test_the_promise_for_a_vote_taken_back_is_kept(mine: Client, me: Voter, folder: Path) -> None:
    dialogue = voted(me)
    answer = mine.post(PAGE, {"file": "promise"})
    assert vote(me, dialogue.statements.get(number=1), "withdraw").status == 200
    crowd(dialogue, 20)
    closed(dialogue)
    publish_log()
    put(folder, "promises", answer.content)
    assert recounted(folder).holds
    assert set(told(folder, "promise")) == {"open"}  # beside the total


def test_a_receipt_of_a_vote_in_a_box_can_be_verified(
    mine: Client, me: Voter, folder: Path
) -> None:
    dialogue = voted(me, nonce=NONCE)
    crowd(dialogue, 20)
    publish_log()
    page = mine.get(PAGE).text
    assert "Your vote is in box" in page
    answer = mine.post(PAGE, {"file": "receipt"})
    receipt = open_receipt(answer.content, signing_key().verifier)
    assert (receipt.opening.statement, receipt.opening.vote) == (1, 1)
    assert receipt.opening.client.hex() == NONCE
    # The picture shows the box and the hashes of the receipt.
    assert f"The path of entry {receipt.index} to the signed root of" in page
    hashes = answer.content.split(b"\n\n")[0].split(b"\n")[3:]
    assert f"needed to compute the root: {len(hashes)}." in page
    put(folder, "receipts", answer.content)
    assert set(told(folder, "receipt")) == {"open"}  # sealed until the result
    closed(dialogue)
    publish_log()
    assert recounted(folder).holds
    assert set(told(folder, "receipt")) == {"holds"}
    assert "Your vote is in the final list" in mine.get(PAGE).text


def test_a_changed_vote_is_in_the_next_box_only(mine: Client, me: Voter, folder: Path) -> None:
    dialogue = voted(me)
    publish_log()
    assert vote(me, dialogue.statements.get(number=1), "disagree").status == 200
    assert "will be in the next box" in mine.get(PAGE).text
    publish_log()
    answer = mine.post(PAGE, {"file": "receipt"})
    assert open_receipt(answer.content, signing_key().verifier).opening.vote == -1


def test_a_vote_that_does_not_count_is_beside_the_sum(
    mine: Client, me: Voter, folder: Path
) -> None:
    """Its holder sees that the vote was recorded, and not counted."""
    dialogue = voted(me)
    crowd(dialogue, 20)
    publish_log()
    put(folder, "receipts", mine.post(PAGE, {"file": "receipt"}).content)
    Vote.objects.filter(participant=pseudonym(dialogue.pk, me.token)).update(dealt=False)
    closed(dialogue)
    publish_log()
    assert "listed and not counted" in told(folder, "receipt")["open"]


def test_who_did_not_confirm_before_the_close_is_told_that_the_vote_does_not_count(
    mine: Client, me: Voter
) -> None:
    dialogue = make_dialogue(statements=2)
    assert vote(me, dialogue.statements.get(number=1), "agree").status == 200
    assert "Confirm first" in mine.get(PAGE).text
    closed(dialogue)
    page = mine.get(PAGE).text
    assert "This vote does not count" in page
    assert "next box" not in page
    assert "Confirm first" not in page


def test_who_has_not_confirmed_gets_no_file(mine: Client, me: Voter, folder: Path) -> None:
    vote(me, make_dialogue(statements=2).statements.get(number=1))
    publish_log()
    for name in ("receipt", "promise"):
        answer = mine.post(PAGE, {"file": name})
        assert "Confirm first" in answer.text
        assert "Content-Disposition" not in answer.headers


def test_a_receipt_of_a_vote_that_was_kept_back_is_detected(
    mine: Client, me: Voter, folder: Path
) -> None:
    """The control: the host withholds one vote."""
    dialogue = voted(me)
    crowd(dialogue, 20)
    publish_log()
    answer = mine.post(PAGE, {"file": "receipt"})
    mine_only = {"participant_id": pseudonym(dialogue.pk, me.token)}
    VoteSeal.objects.filter(**mine_only).delete()
    closed(dialogue)
    publish_log()
    assert recounted(folder).holds
    put(folder, "receipts", answer.content)
    assert not recounted(folder).holds


def test_a_participants_nonce_is_sealed_and_a_damaged_one_refused(me: Voter) -> None:
    dialogue = make_dialogue()
    one = dialogue.statements.get(number=1)
    for damaged in ("xyz", NONCE.upper(), NONCE[:-1], f"{NONCE} "):
        assert vote(me, one, nonce=damaged).status == 400
    assert not VoteSeal.objects.exists()
    assert vote(me, one, nonce=NONCE).status == 200
    assert bytes(VoteSeal.objects.get().client_nonce).hex() == NONCE


def test_an_outsider_gets_no_receipt(client: Client, me: Voter) -> None:
    dialogue = voted(me)
    crowd(dialogue, 20)
    publish_log()
    for outsider in (None, voter().token):
        if outsider:
            carry(client, outsider)
        for answer in (client.get(PAGE), client.post(PAGE, {"file": "receipt"})):
            assert answer.status_code == 404
            assert "There is no receipt" in answer.text


def test_an_unavailable_file_gives_the_page(mine: Client, me: Voter) -> None:
    voted(me)
    for name in ("receipt", "nonsense", ""):
        answer = mine.post(PAGE, {"file": name})
        assert answer.status_code == 200
        assert "will be in the next box" in answer.text


def test_an_unreadable_log_is_reported(mine: Client, me: Voter, folder: Path) -> None:
    voted(me)
    publish_log()
    (folder / "checkpoint").write_bytes(b"of somebody else\n")
    answer = mine.get(PAGE)
    assert answer.status_code == 503
    assert "We cannot read the public log right now" in answer.text
    assert "Your vote is stored and counts." in answer.text
    assert 'href="/d/harbour/s/1/"' in answer.text


@pytest.mark.parametrize("status", ["pending", "rejected"])
@pytest.mark.parametrize("known", [False, True])
def test_a_withheld_statement_answers_as_one_that_is_not_there(
    client: Client, status: str, known: bool
) -> None:
    """Who asks for the next number must not see at once that somebody has written."""
    dialogue = make_dialogue()
    reason = "spam" if status == "rejected" else ""
    make_statement(dialogue, 9, "Secret words.", status=status, reason=reason)
    if known:
        carry(client, voter().token)
    assert "Statement number 1." in client.get(PAGE).text
    for address in ("/d/harbour/s/{}/receipt/", "/d/harbour/s/{}/", "/d/harbour/mine/{}/appeal/"):
        first, second = (address.format(number) for number in (9, 10))
        withheld, missing = client.get(first), client.get(second)
        assert withheld.status_code == missing.status_code == 404
        assert "Secret words." not in withheld.text
        # The same page, but for its own address in the list of languages.
        assert withheld.text.replace(first, second) == missing.text

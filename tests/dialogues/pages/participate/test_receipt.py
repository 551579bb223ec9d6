"""A participant can download a receipt of their own vote on request, and nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from middleground.dialogues.models import Dialogue, DialogueLog, VoteSeal
from middleground.dialogues.sealing.receipts import promised_by
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
    dialogue = make_dialogue(statements=2)
    assert vote(me, dialogue.statements.get(number=1), "agree", **fields).status == 200
    return dialogue


def test_the_promise_for_a_waiting_vote_is_kept(mine: Client, me: Voter, folder: Path) -> None:
    dialogue = voted(me)
    page = mine.get(PAGE)
    assert "waits for its batch" in page.text
    answer = mine.post(PAGE, {"file": "promise"})
    assert answer.headers["Content-Disposition"].endswith('"harbour-1-promise.txt"')
    promise = open_promise(answer.content, signing_key().verifier)
    assert DialogueLog.objects.get().promised_by == datetime.fromtimestamp(promise.by, UTC)
    crowd(dialogue, 20)
    publish_log()
    (folder / "promises").mkdir()
    (folder / "promises/mine").write_bytes(answer.content)
    report = recounted(folder)
    assert report.holds
    assert {f.state for f in report.findings if f.subject == "promise"} == {"holds"}


def test_an_opening_finds_the_vote_once_it_is_logged(mine: Client, me: Voter, folder: Path) -> None:
    dialogue = voted(me)
    publish_log()
    assert "Check these files" in mine.get(PAGE).text
    (folder / "receipts").mkdir()
    (folder / "receipts/mine").write_bytes(mine.post(PAGE, {"file": "opening"}).content)
    told = [f for f in recounted(folder).findings if f.subject == "receipt"]
    assert ["is not in this log" in each.details[0] for each in told] == [True]
    crowd(dialogue, 20)
    publish_log()
    told = [f for f in recounted(folder).findings if f.subject == "receipt"]
    assert ["sealed until the result" in each.details[0] for each in told] == [True]


def test_a_broken_promise_is_detected(mine: Client, me: Voter, folder: Path) -> None:
    """The control: the host loses the vote."""
    from middleground.ledger import verify

    dialogue = voted(me)
    answer = mine.post(PAGE, {"file": "promise"})
    VoteSeal.objects.all().delete()
    crowd(dialogue, 20)
    publish_log()
    (folder / "promises").mkdir()
    (folder / "promises/mine").write_bytes(answer.content)
    late = int(timezone.now().timestamp()) + 500 * 86_400
    assert not verify(folder, signing_key().verifier, now=late).holds


def test_a_receipt_of_a_logged_vote_can_be_verified(mine: Client, me: Voter, folder: Path) -> None:
    dialogue = voted(me, nonce=NONCE)
    crowd(dialogue, 20)
    publish_log()
    page = mine.get(PAGE).text
    assert "of the public log" in page
    answer = mine.post(PAGE, {"file": "receipt"})
    receipt = open_receipt(answer.content, signing_key().verifier)
    assert (receipt.opening.statement, receipt.opening.vote) == (1, 1)
    assert receipt.opening.client.hex() == NONCE
    # The picture shows the entry and the hashes of the receipt.
    assert f"The way of entry {receipt.index} to the signed root of" in page
    hashes = answer.content.split(b"\n\n")[0].split(b"\n")[3:]
    assert f"needed to compute the root: {len(hashes)}." in page
    closed(dialogue)
    publish_log()
    (folder / "receipts").mkdir()
    (folder / "receipts/mine").write_bytes(answer.content)
    assert recounted(folder).holds


def test_a_receipt_of_an_uncounted_vote_is_detected(mine: Client, me: Voter, folder: Path) -> None:
    """The control: the host withholds one vote and claims that its owner deleted it."""
    from middleground.dialogues.sealing.records import erase_votes

    dialogue = voted(me)
    crowd(dialogue, 20)
    publish_log()
    answer = mine.post(PAGE, {"file": "receipt"})
    erase_votes(dialogue, VoteSeal.objects.exclude(client_nonce=None).order_by().filter(
        leaf=open_receipt(answer.content, signing_key().verifier).index
    ))  # fmt: skip
    closed(dialogue)
    publish_log()
    (folder / "receipts").mkdir()
    (folder / "receipts/mine").write_bytes(answer.content)
    report = recounted(folder)
    found = [f for f in report.findings if f.subject == "receipt"]
    assert found
    assert "holds" not in {f.state for f in found}


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
        assert "waits for its batch" in answer.text


@pytest.mark.parametrize(
    ("closes", "by"),
    [
        (datetime(2026, 12, 1, 18, tzinfo=UTC), datetime(2026, 12, 4, tzinfo=UTC)),
        (None, datetime(2027, 12, 1, tzinfo=UTC)),
    ],
)
def test_the_promised_time_is_the_same_for_everyone(closes: datetime | None, by: datetime) -> None:
    dialogue = Dialogue(closes_at=closes)
    for seconds in range(0, 86_400, 7_000):
        now = datetime(2026, 11, 25, tzinfo=UTC) + timedelta(seconds=seconds)
        assert promised_by(dialogue, now) == by


def test_an_unreadable_log_is_reported(mine: Client, me: Voter, folder: Path) -> None:
    voted(me)
    publish_log()
    (folder / "checkpoint").write_bytes(b"of somebody else\n")
    answer = mine.get(PAGE)
    assert answer.status_code == 503
    assert "The public log cannot be read right now" in answer.text
    assert "Your vote is stored and counts." in answer.text
    assert 'href="/d/harbour/s/1/"' in answer.text


@pytest.mark.parametrize("status", ["pending", "rejected"])
def test_withheld_texts_are_not_shown_by_number(client: Client, status: str) -> None:
    dialogue = make_dialogue()
    reason = "spam" if status == "rejected" else ""
    make_statement(dialogue, 9, "Secret words.", status=status, reason=reason)
    assert "Statement number 1." in client.get(PAGE).text
    answer = client.get("/d/harbour/s/9/receipt/")
    assert answer.status_code == 404
    assert "Secret words." not in answer.text

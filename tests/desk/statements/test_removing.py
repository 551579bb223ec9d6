"""Removing a text from a final result is confirmed first, public, and can be taken back."""

from __future__ import annotations

import csv
import io
import json

import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.utils import timezone

from dialogues.pages.results.test_results import with_results
from middleground.core import dates
from middleground.dialogues.models import Appeal, Dialogue, StaffAction, Statement
from middleground.dialogues.privacy.retention import delete_texts
from middleground.dialogues.results import picture_files
from middleground.dialogues.statements.merging import merge
from middleground.dialogues.texts import decisions as actions
from middleground.people.models import User
from support.cast import carry, make_participant, make_statement, make_vote
from support.refused import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
QUEUE = "/desk/harbour/moderation/?tab=shown"
RESULTS = "/d/harbour/results/"
WORDS = "Statement number 1."


@pytest.fixture
def dialogue(db: None) -> Dialogue:
    return with_results()


def note() -> str:
    return f"Removed by staff on {dates.day(timezone.localdate())}: could identify a person"


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def table(client: Client) -> list[dict[str, str]]:
    text = client.get(f"{RESULTS}statements.csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def remove(staff: Client) -> None:
    fields = {"chosen": "1", "seen-1": "unseen", "reason": "personal_data"}
    assert staff.post(QUEUE, {"decide": "remove", **fields}).status_code == 302


def test_removing_needs_confirmation(moderation: Client, dialogue: Dialogue) -> None:
    fields = {"decide": "reject:1", "seen-1": "unseen", "reason-1": "personal_data"}
    asked = moderation.post(QUEUE, fields).content.decode()
    assert "Remove from the final result?" in asked
    assert "could identify a person" in asked
    assert '<input type="hidden" name="seen-1" value="unseen">' in asked
    assert not StaffAction.objects.exists()
    assert dialogue.statements.get(number=1).status == "approved"
    many = {"decide": "reject", "chosen": ["1", "2"], "reason": "spam"}
    asked = moderation.post(QUEUE, many).content.decode()
    assert [f'name="chosen" value="{n}"' in asked for n in (1, 2)] == [True, True]
    remove(moderation)
    assert dialogue.statements.get(number=1).status == "rejected"
    log = read(moderation, "/desk/harbour/")
    assert "removed the words of number 1 from the final result" in log


def test_removing_redacts_the_text_and_keeps_the_figures(
    client: Client, moderation: Client, dialogue: Dialogue
) -> None:
    pages = [RESULTS, *(f"/d/harbour/map/{view}" for view in ("", "middle-ground/", "divisive/"))]
    pages += ["/d/harbour/map/group/A/", "/d/harbour/s/1/"]
    before, data = table(client), json.loads(read(client, f"{RESULTS}map.json"))
    assert all(WORDS in read(client, address) for address in pages)
    assert "Staff removed the words" not in read(client, RESULTS)
    remove(moderation)
    for address in pages:
        assert WORDS not in read(client, address), address
        assert note() in read(client, address), address
    assert "Staff removed the words of 1 statement" in read(client, RESULTS)
    assert 'href="/d/harbour/moderation/#removed"' in read(client, RESULTS)
    log = read(client, "/d/harbour/moderation/")
    assert "Removed after the final result: the words of 1 statement." in log
    after = table(client)
    assert {row["text"] for row in after if row["statement"] == "1"} == {note()}
    assert [{**row, "text": ""} for row in after] == [{**row, "text": ""} for row in before]
    new = json.loads(read(client, f"{RESULTS}map.json"))
    assert new["statements"][0].pop("text") == note()
    data["statements"][0].pop("text")
    assert new == data
    parquet = client.get(f"{RESULTS}statements.parquet").content
    assert pq.read_table(io.BytesIO(parquet)).column("text")[0].as_py() == note()


def test_a_shared_link_shows_no_removed_statement_as_what_all_agree_with(
    client: Client, moderation: Client, dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []

    def draw(svg: str, *_: object) -> bytes:
        drawn.append(svg)
        return b"a picture"

    monkeypatch.setattr(picture_files, "png", draw)
    client.get("/d/harbour/preview.png")
    remove(moderation)
    client.get("/d/harbour/preview.png")
    before, after = drawn
    assert f"Every group agrees: {WORDS}" in before  # the control
    assert "Every group agrees" not in after
    assert "Removed by staff" not in after


def test_taking_it_back_restores_the_text(
    client: Client, moderation: Client, dialogue: Dialogue
) -> None:
    before = table(client)
    remove(moderation)
    back = {"decide": "take_back:1", "seen-1": "rejected"}
    page = moderation.post("/desk/harbour/moderation/?tab=rejected", back, follow=True)
    assert "1 statement is shown." in page.content.decode()
    assert table(client) == before
    assert "removed by staff" not in read(client, RESULTS)
    assert "Removed after the final result" not in read(client, "/d/harbour/moderation/")


def test_the_note_remains_after_the_text_is_deleted(
    client: Client, moderator: User, moderation: Client, dialogue: Dialogue
) -> None:
    remove(moderation)
    delete_texts(dialogue, dialogue.statements.filter(number=1))
    assert note() in read(client, RESULTS)
    statement = dialogue.statements.get(number=1)
    with refused(actions.DecisionRefused, "text_deleted"):
        actions.take_back(moderator, statement, "rejected")


def test_no_other_decision_changes_a_final_result(moderator: User, dialogue: Dialogue) -> None:
    one, two = dialogue.statements.order_by("number")
    with refused(actions.DecisionRefused, "in_result"):
        actions.reject(moderator, one, "unseen", "spam")
    with refused(actions.DecisionRefused, "in_result"):
        merge(moderator, one, "unseen", two)
    with refused(actions.DecisionRefused, "in_result"):
        actions.take_back(moderator, one, "unseen")
    one.refresh_from_db()
    assert one.status == "approved"


def test_statements_rejected_before_the_result_stay_unknown(
    client: Client, moderation: Client, dialogue: Dialogue
) -> None:
    make_statement(dialogue, 9, "Secret words.", status="rejected", reason="spam", reviewed=True)
    make_statement(dialogue, 10, "Late words.", status="pending")
    late = {"decide": "reject:10", "seen-10": "waiting", "reason-10": "spam"}
    assert moderation.post("/desk/harbour/moderation/", late).status_code == 302
    assert {row["statement"] for row in table(client)} == {"1", "2"}
    assert client.get("/d/harbour/s/9/").status_code == 404
    assert "removed by staff" not in read(client, RESULTS)
    moderation.post(QUEUE, {"decide": "take_back:9", "seen-9": "rejected"})
    assert Statement.objects.get(number=9).status == "pending"


def test_a_voter_reads_that_the_vote_on_it_counts(
    client: Client, moderation: Client, dialogue: Dialogue
) -> None:
    token, participant = make_participant(dialogue)
    make_vote(participant, dialogue.statements.get(number=1), 1)
    carry(client, token)
    remove(moderation)
    page = read(client, "/d/harbour/mine/")
    assert note() in page
    assert WORDS not in page
    assert "Votes on it count there" in page


def test_an_open_dialogue_needs_no_confirmation(moderation: Client, dialogue: Dialogue) -> None:
    Dialogue.objects.update(state="open")
    dialogue.maps.all().delete()
    fields = {"decide": "reject:1", "seen-1": "unseen", "reason-1": "spam"}
    assert moderation.post(QUEUE, fields).status_code == 302
    fields = {"chosen": "2", "seen-2": "unseen", "reason": "spam", "decide": "remove"}
    moderation.post(QUEUE, fields)
    assert dialogue.statements.get(number=2).status == "approved"


def test_a_final_result_gains_no_statement(
    moderation: Client, moderator: User, client: Client, dialogue: Dialogue
) -> None:
    _, author = make_participant(dialogue)
    make_statement(dialogue, 10, "Late words.", status="pending", author=author)
    appealed = make_statement(
        dialogue, 11, "Other words.", status="rejected", reason="spam", reviewed=True
    )
    Appeal.objects.create(statement=appealed, text="Why not?")
    page = read(moderation, "/desk/harbour/moderation/")
    assert "what still waits cannot be shown. You need not decide" in page
    assert 'value="approve' not in page
    assert 'value="change:11"' not in read(moderation, "/desk/harbour/appeals/")
    late = {"decide": "approve:10", "seen-10": "waiting"}
    answer = moderation.post("/desk/harbour/moderation/", late, follow=True).content.decode()
    assert "published without number 10" in answer
    change = {"decide": "change:11"}
    answer = moderation.post("/desk/harbour/appeals/", change, follow=True).content.decode()
    assert "published without number 11" in answer
    assert dialogue.statements.votable().count() == 2

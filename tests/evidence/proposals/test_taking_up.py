"""Proposed sources at the desk: taking up, refusing, appeals, own data, retention, the log."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from evidence.entered import make_source
from evidence.proposals.proposing import REPORT, WHOLE, WRITE, make_proposal
from middleground.dialogues.models import Dialogue
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.participation.own_data import (
    Deleted,
    delete_own_votes,
    take_text_back,
)
from middleground.dialogues.privacy import retention
from middleground.dialogues.texts import decisions
from middleground.evidence.actions.public_log import EvidenceLog, source_content
from middleground.evidence.models import ProposedSource, ProposedSourceAction, Source
from middleground.evidence.proposals.take_up import take_up
from middleground.ledger.records.entries import SealedText, TextModeration
from middleground.people.models import User
from middleground.publiclog.publisher import publish_log
from support.cast import carry, make_member, make_participant
from support.logged import entries, recounted
from support.reading import words
from support.refused import refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("keys")]
QUEUE = "/desk/harbour/moderation/proposed-sources/"
APPEALS = "/desk/harbour/appeals/proposed-sources/"
TAKE_UP = "/desk/harbour/sources/proposed/1/"
FIELDS = {
    "kind": "report", "title": "Noise at the quay", "authors": "Port Institute",
    "publisher": "Example Press", "published": "2021", "address": "https://example.org/quay",
    "evidence": "other",
}  # fmt: skip


@pytest.fixture(autouse=True)
def without_votes(dialogue: Dialogue) -> None:
    Dialogue.objects.update(votes_before_commenting=0)
    dialogue.refresh_from_db()


def _values(**more: str) -> dict[str, str]:
    names = ("appeared_in", "volume", "issue", "pages", "doi", "language", "funding")
    return {**dict.fromkeys(names, ""), **FIELDS, **more}


def test_staff_mend_a_proposal_and_list_it_with_one_click(
    client: Client, desk: Client, dialogue: Dialogue, moderator: User
) -> None:
    token, _author = make_participant(dialogue)
    proposal = make_proposal(dialogue, token)
    assert "Proposed sources 1 waiting" in words(desk, "/desk/harbour/")
    assert f'href="{TAKE_UP}"' in desk.get(QUEUE).content.decode()
    page = desk.get(TAKE_UP).content.decode()
    assert WHOLE in page
    assert 'value="Example Press"' in page
    assert 'value="https://example.org/quay"' in page
    answer = desk.post(TAKE_UP, {**FIELDS, "title": "Noise at the east quay"})
    assert answer["Location"] == "/desk/harbour/sources/1/"
    source = dialogue.sources.get()
    assert (source.title, source.publisher, source.proposed) == (
        "Noise at the east quay", "Example Press", True,
    )  # fmt: skip
    proposal.refresh_from_db()
    assert (proposal.status, proposal.reviewed, proposal.source) == ("approved", True, source)
    # What the participant wrote is gone; what is shown is what staff made of it.
    assert (proposal.text, proposal.parts, proposal.dedup_hash) == ("", {}, "")
    acts = ProposedSourceAction.objects.values_list("verb", "staff")
    assert list(acts) == [("approve", moderator.pk)]
    public = words(client, "/d/harbour/sources/1/")
    assert "; proposed by a participant" in public
    assert REPORT["shows"] not in client.get("/d/harbour/sources/1/").content.decode()
    carry(client, token)
    own = words(client, "/d/harbour/mine/")
    assert "Its text is deleted. taken up as source 1 taken up See it in its place" in own
    assert 'href="/d/harbour/sources/1/"' in client.get("/d/harbour/mine/").content.decode()


def test_a_source_of_staff_says_nothing_of_participants(
    client: Client, dialogue: Dialogue, moderator: User
) -> None:
    source = make_source(moderator, dialogue)
    assert "proposed by" not in words(client, source.get_absolute_url())
    assert "proposed_by" not in source_content(source)


def test_two_can_be_taken_up_although_both_lose_their_words(
    dialogue: Dialogue, moderator: User
) -> None:
    for title in ("One", "Two"):
        take_up(moderator, make_proposal(dialogue, title=title), "waiting", _values(title=title))
    assert list(ProposedSource.objects.values_list("text", "source__number")) == [
        ("", 1), ("", 2),
    ]  # fmt: skip


def test_nothing_else_shows_a_proposal_or_undoes_that(
    desk: Client, dialogue: Dialogue, moderator: User
) -> None:
    proposal = make_proposal(dialogue)
    desk.post(QUEUE, {"decide": "approve:1", "seen-1": "waiting"})
    proposal.refresh_from_db()
    assert (proposal.status, proposal.text) == ("pending", WHOLE)
    with refused(decisions.DecisionRefused, "not_by_a_click"):
        decisions.approve(moderator, proposal, "waiting")
    take_up(moderator, proposal, "waiting", _values())
    for undo in (
        lambda: decisions.reject(moderator, proposal, "shown", "spam"),
        lambda: decisions.take_back(moderator, proposal, "shown"),
        lambda: decisions.approve(moderator, proposal, "shown"),
    ):
        with refused(decisions.DecisionRefused, "taken_up"):
            undo()
    for decide in ("take_back:1", "reject:1"):
        desk.post(QUEUE, {"decide": decide, "seen-1": "shown", "reason-1": "spam"})
    proposal.refresh_from_db()
    assert (proposal.status, dialogue.sources.count()) == ("approved", 1)
    page = desk.get(f"{QUEUE}?tab=shown").content.decode()
    assert ("take_back" in page, "taken up as source 1" in page) == (False, True)


def test_a_colleague_who_was_slower_adds_nothing(
    desk: Client, dialogue: Dialogue, moderator: User
) -> None:
    proposal = make_proposal(dialogue)
    decisions.reject(moderator, proposal, "waiting", "spam")
    assert desk.post(TAKE_UP, FIELDS)["Location"] == QUEUE
    assert desk.get(TAKE_UP)["Location"] == QUEUE
    with refused(decisions.DecisionRefused, "decided_already"):
        take_up(moderator, proposal, "waiting", _values())
    assert dialogue.sources.count() == 0


def test_what_is_listed_already_or_lacks_a_title_is_told(
    desk: Client, dialogue: Dialogue, moderator: User
) -> None:
    make_source(moderator, dialogue, **FIELDS)
    make_proposal(dialogue)
    assert "This address, DOI or title is already listed:" in words(desk, TAKE_UP)
    answer = desk.post(TAKE_UP, FIELDS).content.decode()
    assert "This dialogue already has this source, as number 1." in answer
    answer = desk.post(TAKE_UP, {**FIELDS, "title": ""}).content.decode()
    assert ("Nothing was saved" in answer, "Port Institute" in answer) == (True, True)
    assert ProposedSource.objects.get().status == "pending"


def test_who_may_not_take_up(
    client: Client, outsider: Client, dialogue: Dialogue, moderator: User
) -> None:
    make_proposal(dialogue)
    elsewhere = Client()
    carry(client, make_participant(dialogue)[0])
    for who, status in ((client, 302), (outsider, 403), (elsewhere, 302)):
        assert who.get(TAKE_UP).status_code == status
        assert who.post(TAKE_UP, FIELDS).status_code == 403  # what was written is given back
    assert Source.objects.count() == 0
    there = Client()
    there.force_login(moderator)
    assert there.get("/desk/harbour/sources/proposed/2/").status_code == 404


def test_refused_with_a_reason_its_author_appeals_and_it_waits_again(
    client: Client, desk: Client, dialogue: Dialogue, folder: Path
) -> None:
    token, _author = make_participant(dialogue)
    proposal = make_proposal(dialogue, token)
    publish_log()
    desk.post(QUEUE, {"decide": "reject:1", "seen-1": "waiting"})
    proposal.refresh_from_db()
    assert proposal.status == "pending"  # without a reason nothing happens
    desk.post(QUEUE, {"decide": "reject:1", "seen-1": "waiting", "reason-1": "unclear"})
    carry(client, token)
    assert "decided this: cannot be understood" in words(client, "/d/harbour/mine/")
    where = "/d/harbour/mine/proposed-sources/1/appeal/"
    assert Client().get(where).status_code == 404  # somebody else's
    client.post(where, {"text": "It is clear."})
    second = Client()
    second.force_login(make_member(dialogue, "moderator", "second@example.org"))
    assert "Let it wait again" in words(second, APPEALS)
    second.post(APPEALS, {"decide": "change:1"})
    proposal.refresh_from_db()
    assert (proposal.status, proposal.text) == ("pending", WHOLE)
    publish_log()
    told = [each for each in entries(folder) if isinstance(each, TextModeration)]
    assert [(each.action, each.reason) for each in told] == [
        ("reject", "unclear"), ("take_back", "none"),
    ]  # fmt: skip
    assert second.post(TAKE_UP, FIELDS)["Location"] == "/desk/harbour/sources/1/"


def test_only_its_author_takes_a_proposal_back_and_only_while_it_waits(
    client: Client, dialogue: Dialogue, moderator: User
) -> None:
    token, _author = make_participant(dialogue)
    kind = kind_of(ProposedSource)
    make_proposal(dialogue, token)
    other = make_participant(dialogue)[0]
    assert not take_text_back(dialogue, other, 1, kind)
    carry(client, token)
    back = "/d/harbour/mine/proposed-sources/1/take-back/"
    assert client.post(back)["Location"] == "/d/harbour/mine/?taken-back=yes"
    assert ProposedSource.objects.count() == 0
    again = make_proposal(dialogue, token)
    take_up(moderator, again, "waiting", _values())
    assert not take_text_back(dialogue, token, again.number, kind)


def test_own_data_and_retention_reach_all_words(dialogue: Dialogue, moderator: User) -> None:
    token, _author = make_participant(dialogue)
    for title in ("waits", "is refused", "is taken up"):
        make_proposal(dialogue, token, title=title)
    waits, gone, taken = ProposedSource.objects.order_by("number")
    decisions.reject(moderator, gone, "waiting", "spam")
    take_up(moderator, taken, "waiting", _values())
    now = timezone.now()
    assert retention.delete_rejected_texts(now + timedelta(days=6)) == 0
    gone.refresh_from_db()
    assert gone.parts["title"] == "is refused"  # the control
    assert retention.delete_rejected_texts(now + timedelta(days=8)) == 1
    gone.refresh_from_db()
    assert (gone.text, gone.parts, gone.dedup_hash) == ("", {}, "")
    assert delete_own_votes(dialogue, token, texts_too=True) == Deleted(0, 1, 2)
    left = ProposedSource.objects.values_list("number", "author", "text")
    assert set(left) == {(gone.number, None, ""), (taken.number, None, "")}
    make_proposal(dialogue)
    retention.destroy_key(dialogue)  # what still waits is deleted with it
    assert set(ProposedSource.objects.values_list("pk", flat=True)) == {gone.pk, taken.pk}
    assert waits.pk not in {gone.pk, taken.pk}


def test_a_hold_keeps_the_words_and_still_nobody_reads_them(
    folder: Path, dialogue: Dialogue, moderator: User
) -> None:
    retention.set_hold(moderator, dialogue, "texts", "a court")
    proposal = make_proposal(dialogue)
    publish_log()
    take_up(moderator, proposal, "waiting", _values())
    publish_log()
    proposal.refresh_from_db()
    assert (proposal.text, proposal.salt is not None) == (WHOLE, True)
    assert not (folder / "texts/harbour/proposed-sources").exists()
    assert recounted(folder).holds


@pytest.mark.parametrize(("held", "status"), [(True, 422), (False, 302)])
def test_what_was_taken_up_is_not_proposed_again_while_its_words_are_kept(
    client: Client, dialogue: Dialogue, moderator: User, *, held: bool, status: int
) -> None:
    if held:
        retention.set_hold(moderator, dialogue, "texts", "a court")
    take_up(
        moderator, make_proposal(dialogue), "waiting", _values(title="Noise by night", address="")
    )
    carry(client, make_participant(dialogue)[0])
    answer = client.post(WRITE, REPORT)
    page = answer.content.decode()
    assert answer.status_code == status
    assert ("This was proposed before. Nothing was sent." in page) is held
    assert (REPORT["shows"] in page) is held
    assert ProposedSource.objects.count() == (1 if held else 2)


def test_the_log_seals_proposals_and_tells_of_the_source_only(
    folder: Path, dialogue: Dialogue, moderator: User
) -> None:
    proposal = make_proposal(dialogue)
    publish_log()
    take_up(moderator, proposal, "waiting", _values())
    assert EvidenceLog().log_changes() == 1
    publish_log()
    found = entries(folder)
    sealed = [each for each in found if isinstance(each, SealedText)]
    assert [each.number for each in sealed if each.collection == "proposed-sources"] == [1]
    told = TextModeration("harbour", "proposed-sources", 1, "approve", "none")
    assert [each for each in found if isinstance(each, TextModeration)] == [told]
    document = source_content(dialogue.sources.get())
    assert document["proposed_by"] == "a participant"
    whole = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert (b"Example Press" in whole, b"generators" in whole) == (True, False)
    assert recounted(folder).holds

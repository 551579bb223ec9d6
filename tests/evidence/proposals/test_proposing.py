"""Proposing a source: what is asked first, what is refused, what is stored, who sees it."""

from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from evidence.entered import STUDY, make_source
from evidence.proposals.proposing import REPORT, WHOLE, WRITE, make_proposal
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Dialogue, Participant, Vote
from middleground.dialogues.texts.submission import MOST_WAITING
from middleground.evidence.actions.sources import withdraw_source
from middleground.evidence.models import ProposedSource
from middleground.evidence.proposals.listed import listed_alike
from middleground.evidence.proposals.submit import ProposalRefused, propose_source
from middleground.people.models import User
from support.cast import carry, make_participant, make_vote
from support.reading import words
from support.refused import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]


@pytest.fixture(autouse=True)
def without_votes(dialogue: Dialogue) -> None:
    Dialogue.objects.update(votes_before_commenting=0, moderation="after")
    dialogue.refresh_from_db()


def _sent(client: Client, **fields: str) -> dict[str, str]:
    """What is found on the page that asks once more, and the answer's status."""
    answer = client.post(WRITE, {**REPORT, **fields})
    mark = re.search(r'name="checked" value="([^"]*)"', answer.content.decode())
    return {"status": str(answer.status_code), "checked": mark[1] if mark else ""}


def test_a_proposal_is_stored_and_waits_also_where_others_are_shown_at_once(
    client: Client, dialogue: Dialogue
) -> None:
    token, author = make_participant(dialogue)
    carry(client, token)
    answer = client.post(WRITE, {**REPORT, "title": "  Noise at\nthe quay "})
    assert answer["Location"] == "/d/harbour/mine/?commented=1#proposed-sources"
    stored = ProposedSource.objects.get()
    assert (stored.text, stored.status, stored.reviewed) == (WHOLE, "pending", False)
    assert stored.parts == {**REPORT, "doi": ""}
    assert (stored.author, stored.received_on) == (author, timezone.localdate())
    own = words(client, answer["Location"].split("#")[0])
    assert "Thank you. It waits for a moderator." in own
    assert f"{WHOLE} a source that somebody proposes waiting for a moderator" in own
    assert "1 other text" in words(client, "/you/")


def test_nobody_else_sees_a_proposal(client: Client, dialogue: Dialogue, desk: Client) -> None:
    make_proposal(dialogue)
    for path in ("sources/", "", "moderation/", "sources/propose/", "mine/", "s/1/"):
        assert "Noise" not in client.get(f"/d/harbour/{path}").content.decode()
    queue = "/desk/harbour/moderation/proposed-sources/"
    assert WHOLE in words(desk, queue)  # the control: the same search finds it at the desk


@pytest.mark.parametrize(
    ("change", "code"),
    [({"state": "closed"}, "not_open"), ({"votes_before_commenting": 2}, "not_yet")],
)
def test_who_may_not_propose(dialogue: Dialogue, change: dict[str, object], code: str) -> None:
    Dialogue.objects.update(**change)
    with refused(ProposalRefused, code):
        propose_source(dialogue, new_token(), REPORT)
    assert (ProposedSource.objects.count(), Participant.objects.count()) == (0, 0)


def test_votes_come_first_and_nothing_that_was_typed_is_lost(
    client: Client, dialogue: Dialogue
) -> None:
    Dialogue.objects.update(votes_before_commenting=1)
    token, author = make_participant(dialogue)
    carry(client, token)
    assert "Vote on 1 more statement" in words(client, WRITE)
    answer = client.post(WRITE, REPORT)
    page = answer.content.decode()
    assert (answer.status_code, REPORT["shows"] in page) == (403, True)
    assert f'value="{REPORT["address"]}"' in page
    make_vote(author, dialogue.statements.get(number=1), 1)
    Vote.objects.update(dealt=True)
    assert client.post(WRITE, REPORT).status_code == 302


def test_a_closed_dialogue_gives_back_what_was_typed(client: Client, dialogue: Dialogue) -> None:
    link = f'href="{WRITE}"'
    assert link in client.get("/d/harbour/sources/").content.decode()
    Dialogue.objects.update(state="closed")
    answer = client.post(WRITE, REPORT)
    assert (answer.status_code, REPORT["shows"] in answer.content.decode()) == (409, True)
    assert "You can propose sources only while it is open." in words(client, WRITE)
    assert link not in client.get("/d/harbour/sources/").content.decode()
    assert ProposedSource.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"address": "", "title": " "}, "Give its address or title"),
        ({"address": "javascript:alert(1)"}, "Write an address that starts with"),
        ({"address": "https://me:secret@example.org/"}, "Write an address that starts with"),
        ({"address": "https://[example"}, "Write an address that starts with"),
        ({"published": "2021-13"}, "Write a year, a month or a day"),
        ({"shows": " \u200b "}, "Say what it shows in one sentence."),
        ({"shows": ""}, "Say what it shows in one sentence."),
        ({"shows": "x" * 401}, "at most 400 characters"),
        ({"kind": "rumour"}, "Select a valid choice."),
    ],
)
def test_bad_input_is_told_and_kept(client: Client, fields: dict[str, str], told: str) -> None:
    answer = client.post(WRITE, {**REPORT, **fields})
    page = answer.content.decode()
    assert (answer.status_code, told in page, REPORT["authors"] in page) == (422, True, True)
    assert ProposedSource.objects.count() == 0


def test_an_address_or_a_title_is_enough(dialogue: Dialogue, client: Client) -> None:
    carry(client, make_participant(dialogue)[0])
    least = {"kind": "law", "shows": "It forbids it."}
    for given, text, doi in (
        ({"title": "Harbour Act"}, "Harbour Act · It forbids it.", ""),
        ({"address": "http://example.org/act"}, "http://example.org/act · It forbids it.", ""),
        ({"address": "10.1000/182"}, "10.1000/182 · It forbids it.", "10.1000/182"),
        ({"address": "https://doi.org/10.1000/183"}, "10.1000/183 · It forbids it.", "10.1000/183"),
    ):
        assert client.post(WRITE, {**least, **given}).status_code == 302
        stored = ProposedSource.objects.latest("pk")
        assert (stored.text, stored.parts["doi"]) == (text, doi)


def test_it_warns_of_what_names_somebody_and_sends_on_a_second_click(
    client: Client, dialogue: Dialogue
) -> None:
    carry(client, make_participant(dialogue)[0])
    named = "My neighbor Carlos lives at 12 Mason Street."
    assert _sent(client) == {"status": "302", "checked": ""}  # the control: nothing to warn of
    answer = client.post(WRITE, {**REPORT, "shows": named})
    page = answer.content.decode()
    assert (answer.status_code, "<mark>12 Mason Street</mark>" in page) == (200, True)
    assert ProposedSource.objects.count() == 1
    checked = _sent(client, shows=named)["checked"]
    assert _sent(client, shows=f"{named} He knows.", checked=checked)["status"] == "200"
    assert _sent(client, shows=named, checked=checked)["status"] == "302"


def test_it_tells_what_is_listed_already(
    client: Client, dialogue: Dialogue, moderator: User
) -> None:
    carry(client, make_participant(dialogue)[0])
    listed = make_source(moderator, dialogue, **STUDY)
    told = "This address, DOI or title is already listed:"
    same = ({"address": "http://www.example.org/noise/#top"}, {"address": "doi:10.1000/EXAMPLE"},
            {"title": "NOISE behind closed quays!"})  # fmt: skip
    for fields in same:
        page = client.post(WRITE, {**REPORT, **fields}).content.decode()
        assert (told in page, listed.get_absolute_url() in page) == (True, True)
    checked = _sent(client, **same[0])["checked"]
    assert _sent(client, **same[0], checked=checked)["status"] == "302"
    withdraw_source(moderator, listed, "It was retracted.")
    assert listed_alike(dialogue, {"title": STUDY["title"]}) == []


def test_the_same_proposal_waits_once_and_nobody_fills_the_queue(dialogue: Dialogue) -> None:
    token, _author = make_participant(dialogue)
    first = make_proposal(dialogue, token)
    with refused(ProposalRefused, "proposed_already"):
        make_proposal(dialogue, title="noise at the quay")
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposedSource.objects.create(
            dialogue=dialogue, number=99, text="x", dedup_hash=first.dedup_hash,
            received_on=timezone.localdate(),
        )  # fmt: skip
    for n in range(MOST_WAITING - 1):
        make_proposal(dialogue, token, title=f"Volume {n}")
    with refused(ProposalRefused, "too_many_waiting"):
        make_proposal(dialogue, token, title="One more")


def test_somebody_new_is_a_participant_who_is_not_confirmed(dialogue: Dialogue) -> None:
    token = new_token()
    propose_source(dialogue, token, REPORT)
    assert Participant.objects.get(pk=pseudonym(dialogue.pk, token)).tier == "unconfirmed"
    assert [each.participants for each in dialogue.days.all()] == [1]


def test_a_draft_has_no_such_page(client: Client, dialogue: Dialogue) -> None:
    Dialogue.objects.update(state="draft")
    assert client.get(WRITE).status_code == client.post(WRITE, REPORT).status_code == 404

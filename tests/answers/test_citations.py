"""What an answer rests on: signed, shown on both sides, and never what staff withdrew."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache
from django.test import Client

from answers.entered import answer_case
from evidence.entered import make_claim
from middleground.answers.cases.endings import close
from middleground.answers.models import Case, Response, ResponseCitation
from middleground.answers.responses.citations import cases_citing
from middleground.answers.responses.publish import retract_response
from middleground.answers.responses.refusals import ResponseRefused
from middleground.dialogues.models import Dialogue
from middleground.evidence.actions.claims import add_claim, withdraw_claim
from middleground.evidence.actions.sources import withdraw_source
from middleground.evidence.models import Claim
from middleground.people.models import Appointment, User
from middleground.publiclog.models import PendingRecord
from support.cast import make_dialogue
from support.reading import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(staff: User, harbour: Dialogue) -> Claim:
    """Claim 1, which sources 1 and 2 speak about."""
    return make_claim(staff, harbour)


def document_of_newest() -> dict[str, object]:
    pending = PendingRecord.objects.filter(document__isnull=False).last()
    assert pending
    assert pending.document
    found: dict[str, object] = json.loads(pending.document)
    return found


def test_what_an_answer_rests_on_is_signed_and_shown(
    with_police: Case, chief: Appointment, claim: Claim
) -> None:
    answer_case(with_police, chief, cites=["claim-1", "source-2"])
    assert document_of_newest()["cites"] == {"claims": [1], "sources": [2]}
    page = words(Client(), with_police.get_absolute_url())
    assert "It rests on: Claim 1: It got quieter. Source 2: Figures of the port" in page
    for path in (claim.get_absolute_url(), "/d/harbour/sources/2/"):
        shown = words(Client(), path)
        assert "Answers that rest on it Case 1: Patrols at the quay ( Police )" in shown
    assert "Answers that rest on it" not in words(Client(), "/d/harbour/sources/1/")


def test_an_answer_that_cites_nothing_has_the_document_that_it_always_had(
    with_police: Case, chief: Appointment
) -> None:
    answer_case(with_police, chief)
    assert "cites" not in document_of_newest()
    assert "It rests on" not in words(Client(), with_police.get_absolute_url())


def test_only_the_newest_answer_counts(with_police: Case, chief: Appointment, claim: Claim) -> None:
    answer_case(with_police, chief, cites=["claim-1"])
    answer_case(with_police, chief, cites=["source-1"], correction="The study itself.")
    assert cases_citing(claim) == []
    source = claim.dialogue.sources.get(number=1)
    assert [each.number for each in cases_citing(source)] == [1]
    assert ResponseCitation.objects.count() == 2  # the earlier version keeps what it said


def test_a_case_that_was_closed_after_its_answer_was_withdrawn_rests_on_nothing(
    staff: User, with_police: Case, chief: Appointment, claim: Claim
) -> None:
    assert chief.user
    answer_case(with_police, chief, cites=["claim-1"])
    retract_response(chief.user, with_police, chief.post, "A wrong plan.")
    close(staff, with_police, "Nobody asks any more.")
    assert cases_citing(claim) == []


def test_nothing_is_published_that_rests_on_what_was_withdrawn(
    staff: User, with_police: Case, chief: Appointment, claim: Claim
) -> None:
    withdraw_source(staff, claim.dialogue.sources.get(number=2), "A wrong table.")
    withdraw_claim(staff, claim, "Nobody says so.")
    with pytest.raises(ResponseRefused) as caught:
        answer_case(with_police, chief, cites=["claim-1", "source-1", "source-2"])
    after = "meanwhile. Check the sources you cite, then save."
    assert [each.message for each in caught.value.reasons] == [
        f"Staff withdrew claim 1 {after}",
        f"Staff withdrew source 2 {after}",
    ]
    assert not Response.objects.exists()


def test_what_is_withdrawn_later_says_so_below_the_answer(
    staff: User, with_police: Case, chief: Appointment, claim: Claim
) -> None:
    answer_case(with_police, chief, cites=["claim-1"])
    withdraw_claim(staff, claim, "Nobody says so.")
    cache.clear()
    assert "Claim 1: withdrawn by staff" in words(Client(), with_police.get_absolute_url())
    assert "Answers that rest on it" in words(Client(), claim.get_absolute_url())


def test_what_belongs_to_another_dialogue_cannot_be_cited(
    staff: User, with_police: Case, chief: Appointment
) -> None:
    add_claim(staff, make_dialogue("other"), "Elsewhere.", in_background=False, cited_by=())
    answer_case(with_police, chief, cites=["claim-1"])
    assert not ResponseCitation.objects.exists()
    assert "cites" not in document_of_newest()


def test_the_form_lists_what_can_be_cited_and_keeps_what_was_ticked(
    staff: User, with_police: Case, chief: Appointment, claim: Claim
) -> None:
    assert chief.user
    office, path = Client(), f"/desk/inbox/{with_police.pk}/"
    office.force_login(chief.user)
    sent = {"revision": "0", "do": "save", "summary": "Two patrols.", "cites": ["claim-1"]}
    office.post(path, sent)
    html = office.get(path).content.decode()
    assert html.count('name="cites"') == 3
    assert html.count("checked") == 1
    withdraw_claim(staff, claim, "Nobody says so.")
    html = office.get(path).content.decode()
    assert "Claim 1: It got quieter. (withdrawn)" in html
    stale = {**sent, "revision": "0", "summary": "Three.", "cites": ["source-1", "claim-9"]}
    html = office.post(path, stale).content.decode()
    assert "claim-9 is not one of the available choices" in html
    assert 'value="source-1"' in html

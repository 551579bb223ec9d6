"""The desk of a closed dialogue offers no action that would be refused."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from dialogues.pages.results.test_results import with_results
from middleground.dialogues.models import CodeBatch
from middleground.dialogues.statements.seeds import SeedsRefused, add_statements
from middleground.people.models import User
from support.cast import make_dialogue, make_participant, make_statement
from support.refused import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
CODES = "/desk/harbour/codes/"
PRINT = {"what": "print", "tier": "invited", "size": "3", "form": "a-form"}
MEETING = {"what": "meeting", "participants": "3", "hours": "1", "form": "another"}


def read(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


@pytest.mark.parametrize("fields", [PRINT, MEETING])
def test_a_closed_dialogue_makes_no_codes(desk: Client, fields: dict[str, str]) -> None:
    dialogue = make_dialogue()
    assert "Make the codes" in read(desk, CODES)
    dialogue.state = "closed"
    dialogue.save()
    page = read(desk, CODES)
    assert [words in page for words in ("Make the code", "Everyone may take part")] == [False] * 2
    assert "New codes would let nobody in" in page
    answer = desk.post(CODES, fields, follow=True).content.decode()
    assert "so a code would let nobody in. Nothing was made." in answer
    assert not CodeBatch.objects.exists()
    assert not dialogue.staff_actions.exists()


@pytest.mark.parametrize("archived", [False, True])
def test_nothing_waits_in_a_closed_dialogue(desk: Client, *, archived: bool) -> None:
    dialogue = make_dialogue()
    make_statement(dialogue, 8, "Ferries.", status="pending")
    badge = '<span class="count">1<span class="visually-hidden"> waiting</span></span>'
    page = read(desk, "/desk/harbour/")
    assert (badge in page, "1 statement waits" in read(desk, "/desk/")) == (True, True)
    dialogue.state = "closed"
    dialogue.archived_on = date(2026, 1, 1) if archived else None
    dialogue.save()
    for address in ("/desk/harbour/", "/desk/harbour/moderation/", "/desk/?state=closed"):
        assert badge not in read(desk, address)
    assert "1 statement waits" not in read(desk, f"/desk/?state={'archived' if archived else ''}")
    page = read(desk, "/desk/harbour/")
    assert "<dt>Not decided before the close</dt>" in page
    assert "<dt>Waiting</dt>" not in page
    assert ">Not decided <span" in read(desk, "/desk/harbour/moderation/")


def test_a_closed_dialogue_takes_no_statements(desk: Client, facilitator: User) -> None:
    dialogue = make_dialogue(state="closed")
    page = read(desk, "/desk/harbour/statements/")
    assert "nobody could vote on new statements" in page
    assert "Look at them" not in page
    fields = {"lines": "Build a pier.", "add": "1"}
    answer = desk.post("/desk/harbour/statements/", fields).content.decode()
    assert "Nothing was added." in answer
    with refused(SeedsRefused, "closed"):
        add_statements(facilitator, dialogue, ["Build a pier."])
    assert dialogue.statements.count() == 3


def test_editing_says_what_can_still_be_changed(desk: Client) -> None:
    dialogue = make_dialogue()
    public = "The dialogue is public. Changes show at once"
    assert public in read(desk, "/desk/harbour/edit/")
    dialogue.state = "closed"
    dialogue.save()
    page = read(desk, "/desk/harbour/edit/")
    assert public not in page
    assert "matter only if you open it again" in page


def test_editing_names_the_fields_fixed_by_the_final_map(desk: Client) -> None:
    with_results()
    page = read(desk, "/desk/harbour/edit/")
    assert "its result is final" in page
    assert "You can change background, promise and host name" in page


def test_the_choice_of_tiers_is_only_shown_after_the_final_map(desk: Client) -> None:
    make_participant(with_results())
    page = read(desk, CODES)
    assert "The final result is published, so this is fixed." in page
    assert "/desk/harbour/tiers/" not in page
    assert ": counts" in page


def test_the_choice_of_tiers_is_offered_until_the_final_map(desk: Client) -> None:
    make_participant(make_dialogue(state="closed"))
    assert "/desk/harbour/tiers/" in read(desk, CODES)


def test_the_queue_says_that_nothing_must_be_decided_any_more(desk: Client) -> None:
    dialogue = make_dialogue()
    told = "You can still decide, but need not: authors read that nothing was decided."
    page = "/desk/harbour/moderation/"
    make_statement(dialogue, 9, "Build a pier.", status="pending")
    assert told not in read(desk, page)  # known bad: who waits in an open dialogue must be decided
    dialogue.state = "closed"
    dialogue.save()
    assert told in read(desk, page)
    assert told not in read(desk, f"{page}?tab=shown")

"""Staff gather concerns into cases, and tell the public what they set aside."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from middleground.answers.models import AnswerRules, Case, Concern
from middleground.dialogues.models import Dialogue
from middleground.people.models import Appointment, User
from support.cast import make_member
from support.reading import words, words_of

pytestmark = pytest.mark.django_db
TRIAGE = "/desk/harbour/cases/"


@pytest.fixture
def desk(staff: User) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def answer(client: Client, address: str, **sent: Any) -> str:
    return words_of(client.post(address, sent, follow=True))


def test_what_is_ticked_becomes_a_case_and_is_no_longer_open(
    desk: Client, harbour: Dialogue, chief: Appointment
) -> None:
    assert "Open concerns 3" in words(desk, TRIAGE)
    said = answer(desk, TRIAGE, decide="open", chosen=["1", "3"], title="")
    assert "Give the case a neutral title" in said
    assert "Open concerns 3" in said
    html = desk.post(TRIAGE, {"decide": "open", "chosen": ["3"], "title": ""}).content.decode()
    assert 'value="3" checked' in " ".join(html.split())  # what was ticked is kept
    said = answer(desk, TRIAGE, decide="open", chosen=["1", "3"], title="The quay")
    assert "Case 1: The quay is open." in said
    assert "Open concerns 1" in said
    said = answer(desk, TRIAGE, decide="gather", chosen=["2"], case="1")
    assert "Nothing is open" in said
    case = Case.objects.get()
    assert "No body has it yet." in words(desk, f"{TRIAGE}1/")
    said = answer(desk, f"{TRIAGE}1/assign/", to=f"post-{chief.post_id}")
    assert "It is with Chief, Police." in said
    said = answer(desk, f"{TRIAGE}1/concerns/2/release/")
    assert "It is no longer part of the case." in said
    case.refresh_from_db()
    assert case.post == chief.post
    assert "Open concerns 1" in words(desk, TRIAGE)
    for verb, sent, said in (
        ("describe", {"title": "The old quay", "summary": ""}, "The old quay"),
        ("close", {"reason": "They withdrew it."}, "Closed: They withdrew it."),
        ("reopen", {"reason": "They came back."}, "Reopened: They came back."),
    ):
        assert said in answer(desk, f"{TRIAGE}1/{verb}/", **sent)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"decide": "aside", "chosen": ["1"]}, "Say why."),
        ({"decide": "aside", "chosen": ["1"], "reason": "same"}, "Enter the number of the"),
        (
            {"decide": "aside", "chosen": ["1"], "reason": "same", "same_as": "1"},
            "Enter the number of the",
        ),
        ({"decide": "gather", "chosen": ["1"], "case": "7"}, "Choose the case."),
        ({"decide": "gather", "chosen": ["1"], "case": "x" * 30}, "Choose the case."),
        ({"decide": "open", "chosen": [], "title": "X"}, "Choose at least one concern."),
        ({"decide": "open", "chosen": ["99"], "title": "X"}, "Number 99 is not a concern"),
        ({"decide": "open", "chosen": ["9" * 40], "title": "X"}, "Choose at least one concern."),
        ({"decide": "banana"}, "Give the case a neutral title"),
    ],
)
def test_a_wrong_choice_is_explained(
    desk: Client, harbour: Dialogue, sent: dict[str, Any], said: str
) -> None:
    assert said in answer(desk, TRIAGE, **sent)
    assert not Case.objects.exists()
    assert not Concern.objects.exclude(set_aside="").exists()


def test_a_concern_is_set_aside_in_public_and_opened_again(desk: Client, harbour: Dialogue) -> None:
    said = answer(
        desk, TRIAGE, decide="aside", chosen=["2"], reason="same", same_as="1", note="Nearly."
    )
    assert "says the same as another (1): Nearly." in said
    assert "Open concerns 2" in said
    assert "Open concerns 3" in answer(desk, "/desk/harbour/concerns/2/take-up/")


def test_bundles_choose_from_what_is_open(desk: Client, harbour: Dialogue) -> None:
    harbour.statements.filter(number=2).update(received_on=date(2026, 5, 1))
    harbour.statements.exclude(number=2).update(received_on=date(2026, 4, 27))
    assert "Open concerns 2" in words(desk, f"{TRIAGE}?bundle=unseen")
    # Before there is a map nothing is known of groups.
    assert "Nothing open here." in words(desk, f"{TRIAGE}?bundle=middle-ground")
    assert "Nothing open here." in words(desk, f"{TRIAGE}?bundle=smallest-group")
    assert "Open concerns 3" in words(desk, f"{TRIAGE}?bundle=banana")


def test_rules_are_set_before_people_take_part_and_only_get_stricter(
    desk: Client, harbour: Dialogue
) -> None:
    sent = {
        "days": "10", "counting": "working_days", "country": "US", "subdivision": "",
        "very_overdue_after": "30", "middle_ground": "on", "check_days": "28",
        "check_percent": "50", "check_least": "5",
    }  # fmt: skip
    address = f"{TRIAGE}rules/"
    for change, said in (
        ({"days": "11"}, "only make them stricter"),
        ({"middle_ground": ""}, "only make them stricter"),
        ({"very_overdue_after": "31"}, "only make them stricter"),
        ({"closing": "2026-12-24"}, "only make them stricter"),
        ({"check_days": "29"}, "only make them stricter"),
        ({"check_percent": "51"}, "only make them stricter"),
        ({"check_least": "6"}, "only make them stricter"),
        ({"check_percent": "100"}, "less than or equal to 99"),
        ({"check_days": "366"}, "less than or equal to 365"),
        ({"country": "DE"}, "only make them stricter"),
        ({"country": "XX"}, "We have no calendar for it."),
        ({"subdivision": "ZZ"}, "a state’s letters"),
        ({"closing": "Christmas"}, "Write each day as 2026-12-24"),
        ({"days": "0"}, "Choose 1 to 3,650 days."),
        ({"days": "9999"}, "Choose 1 to 3,650 days."),
        ({"very_overdue_after": "0"}, "Choose 1 to 3,650 days."),
    ):
        assert said in answer(desk, address, **{**sent, **change}), change
    rules = AnswerRules.objects.get()
    assert (rules.days, rules.middle_ground, rules.closing_days) == (10, True, [])
    answer(desk, address, **{**sent, "days": "8", "agreed_by": "100", "counting": "calendar_days"})
    rules.refresh_from_db()
    assert (rules.days, rules.agreed_by, rules.counting) == (8, 100, "calendar_days")
    assert "only make them stricter" in answer(desk, address, **{**sent, "days": "8"})
    harbour.state = Dialogue.State.DRAFT
    harbour.save()
    answer(desk, address, **{**sent, "days": "40", "closing": "2026-12-31 2026-12-24"})
    rules.refresh_from_db()
    assert (rules.days, rules.agreed_by) == (40, None)
    assert rules.closing_days == ["2026-12-24", "2026-12-31"]


def test_a_dialogue_without_rules_opens_no_case(desk: Client, harbour: Dialogue) -> None:
    AnswerRules.objects.all().delete()
    assert "First say how quickly" in words(desk, TRIAGE)
    assert "First say how quickly" in answer(
        desk, TRIAGE, decide="open", chosen=["1"], title="The quay"
    )


def test_who_handles_cases(harbour: Dialogue, case: Case, chief: Appointment) -> None:
    here = make_member(harbour, "moderator", "mo@example.org")
    assert chief.user
    for user, statuses in ((here, (200, 200, 403)), (chief.user, (403, 403, 403))):
        client = Client()
        client.force_login(user)
        found = tuple(client.get(f"{TRIAGE}{path}").status_code for path in ("", "1/", "rules/"))
        assert found == statuses

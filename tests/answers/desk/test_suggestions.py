"""What says nearly the same is compared in the background, and the desk says as of when."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from middleground.answers.models import AnswerRules, Suggestions
from middleground.answers.triage import suggestions
from middleground.answers.triage.suggestions import compare_statements
from middleground.dialogues.models import Dialogue
from middleground.people.models import User
from support.cast import make_dialogue, make_statement
from support.reading import words

pytestmark = pytest.mark.django_db
TRIAGE = "/desk/harbour/cases/"


@pytest.fixture
def alike(harbour: Dialogue) -> Dialogue:
    """Statements 4 and 5 say nearly the same; 1 to 3 say other things."""
    for number, text in enumerate(("Fewer cars", "Night buses", "Clean water"), start=1):
        harbour.statements.filter(number=number).update(text=text)
    make_statement(harbour, 4, "More patrols at the old quay, please")
    make_statement(harbour, 5, "More patrols at the quay")
    return harbour


@pytest.fixture
def desk(staff: User) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def test_a_comparison_is_kept_until_a_statement_changes(alike: Dialogue, today: list[date]) -> None:
    make_dialogue("elsewhere")  # promises no answers
    assert (compare_statements(), compare_statements()) == (1, 0)
    kept = Suggestions.objects.get()
    assert (kept.dialogue, kept.statements, kept.compared_on) == (alike, 5, today[0])
    assert kept.similar == {"1": [], "2": [], "3": [], "4": [[5, 87.2]], "5": [[4, 87.2]]}
    alike.statements.filter(number=5).update(text="A swimming pool")
    today[0] = date(2026, 5, 5)
    assert compare_statements() == 1
    kept.refresh_from_db()
    assert (kept.similar["4"], kept.compared_on) == ([], today[0])
    alike.statements.filter(number=4).delete()
    assert compare_statements() == 1
    kept.refresh_from_db()
    assert (kept.statements, "4" in kept.similar) == (4, False)


def test_the_desk_says_the_same_with_and_without_a_comparison(
    desk: Client, alike: Dialogue
) -> None:
    before = words(desk, TRIAGE)
    assert before.count("Says nearly the same as number") == 2
    compare_statements()
    said = words(desk, TRIAGE)
    as_of = "5 statements were compared on May 4, 2026;"
    assert (as_of in said, as_of in before) == (True, False)
    assert said.count("Says nearly the same as number") == 2
    make_statement(alike, 6, "Patrols at the old quay")  # newer than the comparison
    assert "Says nearly the same as number 6" not in words(desk, TRIAGE).split("Number 6")[0]
    assert "Says nearly the same as number 4" in words(desk, TRIAGE).split("Number 6")[1]


def test_what_was_hidden_since_is_not_told(desk: Client, alike: Dialogue) -> None:
    compare_statements()
    hidden = alike.statements.filter(number=5)
    hidden.update(status="rejected", reason="spam", reviewed=True)
    assert Suggestions.objects.get().similar["4"] == [[5, 87.2]]  # it would be told
    assert "Says nearly the same" not in words(desk, TRIAGE)


def test_too_many_statements_are_compared_by_pages(
    alike: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suggestions, "MOST", 4)
    assert (compare_statements(), Suggestions.objects.count()) == (0, 0)
    AnswerRules.objects.filter(dialogue=alike).delete()
    monkeypatch.setattr(suggestions, "MOST", 5)
    assert compare_statements() == 0  # nothing is promised


def test_a_comparison_that_is_kept_takes_as_many_queries_for_any_number(
    desk: Client, alike: Dialogue
) -> None:
    taken = []
    for number in (6, 7, 8):
        make_statement(alike, number, f"More patrols at quay {number}")
        compare_statements()
        desk.get(TRIAGE)
        with CaptureQueriesContext(connection) as captured:
            desk.get(TRIAGE)
        taken.append(len(captured))
    assert taken == [taken[0]] * 3

"""Many are decided at once: exactly those that were confirmed, and none is dropped in silence."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from middleground.dialogues.desk.statements import chosen as module
from middleground.dialogues.desk.statements.chosen import packed, unpacked
from middleground.dialogues.models import Dialogue, SimilarStatement, Statement
from middleground.dialogues.texts import decisions
from middleground.people.models import User
from support.cast import make_dialogue, make_statement

pytestmark = pytest.mark.django_db
QUEUE = "/desk/harbour/moderation/"


@pytest.fixture
def dialogue() -> Dialogue:
    """45 wait, number 11 to 55; every second one is about fish."""
    dialogue = make_dialogue()
    for number in range(11, 56):
        about = "Fish" if number % 2 else "Piers"
        make_statement(dialogue, number, f"{about} {number}.", status="pending")
    return dialogue


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", page).split())


def fields(page: str) -> dict[str, object]:
    """What the form of the confirmation sends."""
    return {
        name: re.findall(rf'name="{name}" value="([^"]*)"', page)
        for name in ("of", "reason", "before")
    }


def numbers(**where: object) -> list[int]:
    return list(Statement.objects.filter(number__gt=10, **where).values_list("number", flat=True))


def test_all_that_match_a_search_are_counted_and_then_decided(
    moderation: Client, dialogue: Dialogue
) -> None:
    place = f"{QUEUE}?q=fish"
    assert "All 23 that match the search" in words(moderation.get(place).content.decode())
    asked = moderation.post(place, {"decide": "reject:all", "reason": "off_topic"})
    page = asked.content.decode()
    assert "Don’t show 23 texts?" in words(page)
    assert "it is not about the question" in words(page)
    assert numbers(status="rejected") == []  # nothing is decided yet
    answer = moderation.post(place, {"decide": "reject", **fields(page)})
    assert numbers(status="rejected", reason="off_topic") == list(range(11, 56, 2))
    assert len(numbers(status="pending")) == 22
    undo = moderation.get(answer["Location"]).content.decode()
    assert "Take the 23 decisions back" in words(undo)
    sent = {"decide": "take_back", "of": re.findall(r'name="of" value="([^"]*)"', undo)}
    moderation.post(place, sent)
    assert len(numbers(status="pending")) == 45


def test_what_came_or_was_decided_after_the_question_is_left_alone(
    moderation: Client, dialogue: Dialogue, moderator: User
) -> None:
    page = moderation.post(QUEUE, {"decide": "approve:all"}).content.decode()
    assert "Show 45 texts to everyone?" in words(page)
    make_statement(dialogue, 56, "Just came.", status="pending")
    decisions.reject(moderator, Statement.objects.get(number=12), "waiting", "spam")
    Statement.objects.get(number=13).delete()
    sent = {"decide": "approve", **fields(page)}
    after = words(moderation.post(QUEUE, sent, follow=True).content.decode())
    assert numbers(status="approved") == [11, *range(14, 56)]
    assert (numbers(status="pending"), numbers(status="rejected")) == ([56], [12])
    assert "43 statements are shown." in after
    assert "decided number 12 meanwhile" in after
    assert "Not there any more: 13." in after


def test_more_than_fit_into_one_step_go_on_with_the_next(
    moderation: Client, dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("chosen", "moderation"):
        monkeypatch.setattr(f"middleground.dialogues.desk.statements.{place}.MOST_AT_ONCE", 20)
    ticked = {"chosen": [str(number) for number in range(11, 56)]}
    seen = {f"seen-{number}": "waiting" for number in range(11, 56)}
    page = moderation.post(QUEUE, {"decide": "approve", **ticked, **seen}).content.decode()
    assert numbers(status="approved") == list(range(11, 31))
    assert "20 are decided at a time. 25 are left." in words(page)
    page = moderation.post(QUEUE, {"decide": "approve", **fields(page)}).content.decode()
    assert "20 are decided at a time. 5 are left." in words(page)
    answer = moderation.post(QUEUE, {"decide": "approve", **fields(page)})
    assert answer.status_code == 302
    assert numbers(status="approved") == list(range(11, 56))
    # All three steps are one action, so all of it is taken back, in steps again.
    page = moderation.get(answer["Location"]).content.decode()
    assert "Take the 45 decisions back" in words(page)
    sent = {"decide": "take_back", "of": re.findall(r'name="of" value="([^"]*)"', page)}
    for left in (25, 5):
        page = moderation.post(QUEUE, sent).content.decode()
        assert f"{left} are left." in words(page)
        sent = {"decide": "take_back", **fields(page)}
    moderation.post(QUEUE, sent)
    assert numbers(status="pending") == list(range(11, 56))


def test_who_leaves_the_rest_can_take_back_what_was_done(
    moderation: Client, dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("chosen", "moderation"):
        monkeypatch.setattr(f"middleground.dialogues.desk.statements.{place}.MOST_AT_ONCE", 20)
    page = moderation.post(QUEUE, {"decide": "approve:all"}).content.decode()
    page = moderation.post(QUEUE, {"decide": "approve", **fields(page)}).content.decode()
    leave = html.unescape(re.findall(r'class="button button-plain" href="([^"]*)"', page)[0])
    page = moderation.get(f"{QUEUE}{leave}").content.decode()
    assert "Take the 20 decisions back" in words(page)


def test_what_is_shown_already_is_not_shown_again(moderation: Client, dialogue: Dialogue) -> None:
    """In a list of both, nothing is decided about texts that are shown and were looked at."""
    for number in range(100, 125):
        make_statement(dialogue, number, f"Quays {number}.", status="approved", reviewed=True)
        shown = Statement.objects.get(number=number)
        waits = make_statement(dialogue, number + 100, f"New quays {number}.", status="pending")
        SimilarStatement.objects.create(text=waits, other=shown, score=90)
        SimilarStatement.objects.create(text=shown, other=waits, score=90)
    place = f"{QUEUE}?tab=alike"
    page = words(moderation.get(place).content.decode())
    assert ("Show all 25 to everyone…" in page, "Don’t show all 50…" in page) == (True, True)
    asked = words(moderation.post(place, {"decide": "approve:all"}).content.decode())
    assert "Show 25 texts to everyone?" in asked
    again = {"decide": "approve", "chosen": "100", "seen-100": "shown"}
    assert "Shown already." in moderation.post(place, again).content.decode()
    assert not dialogue.staff_actions.exists()


def test_of_250_numbers_none_is_dropped(moderation: Client, dialogue: Dialogue) -> None:
    for number in range(56, 261):
        make_statement(dialogue, number, status="pending")
    ticked = {"chosen": [str(number) for number in range(11, 261)]}
    seen = {f"seen-{number}": "waiting" for number in range(11, 261)}
    moderation.post(QUEUE, {"decide": "approve", **ticked, **seen})
    assert numbers(status="approved") == list(range(11, 261))


def test_refusals_of_many_are_summed_up(
    moderation: Client, dialogue: Dialogue, moderator: User
) -> None:
    page = moderation.post(QUEUE, {"decide": "approve:all"}).content.decode()
    for statement in Statement.objects.filter(number__gt=10):
        decisions.approve(moderator, statement, "waiting")
    after = moderation.post(QUEUE, {"decide": "approve", **fields(page)}, follow=True)
    assert "40 more are unchanged" in words(after.content.decode())


def test_all_without_a_reason_or_without_a_match_changes_nothing(
    moderation: Client, dialogue: Dialogue
) -> None:
    page = moderation.post(QUEUE, {"decide": "reject:all"}).content.decode()
    assert "Choose a reason: the author will read it." in page
    page = moderation.post(f"{QUEUE}?q=whales", {"decide": "approve:all"}).content.decode()
    assert "Choose at least one." in page
    assert len(numbers(status="pending")) == 45


def test_all_on_the_page_are_ticked_by_a_link(moderation: Client, dialogue: Dialogue) -> None:
    page = moderation.get(QUEUE).content.decode()
    assert "Tick all 20 on this page" in page
    assert len(re.findall(r"\bchecked\b", page)) == 0
    page = moderation.get(f"{QUEUE}?tick=page").content.decode()
    assert len(re.findall(r"\bchecked\b", page)) == 20
    assert "Untick all on this page" in page


@given(st.dictionaries(st.integers(0, 400), st.sampled_from(["waiting", "unseen", "shown"])))
def test_numbers_travel_in_ranges_and_come_back(chosen: dict[int, str]) -> None:
    assert unpacked(packed(chosen)) == chosen


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("waiting:1-3,7", {1, 2, 3, 7}),
        ("waiting:", set()),
        ("", set()),
        ("waiting:x,-,3-,-4,5-4,٣,9", {3, 9}),
        ("waiting:1-99999999", set(range(1, module.MOST_LISTED + 1))),
        ("waiting:1-999999999", set()),
    ],
)
def test_what_is_no_range_is_ignored(value: str, found: set[int]) -> None:
    assert set(unpacked([value])) == found

"""Unusual patterns are shown as aggregates; the host's exclusions are logged and reversible."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from django.test import Client

from middleground.dialogues.maps import anomalies, publish
from middleground.dialogues.maps.eligibility import counted_votes
from middleground.dialogues.models import DailyCount, Dialogue, ExclusionRule, Vote
from middleground.engine import Votes
from support.cast import make_dialogue, make_participant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]

PAGE = "/desk/harbour/patterns/"
DECIDE = "/desk/harbour/patterns/decide/"


def with_a_brigade(followers: int = 40) -> Dialogue:
    """Sixty participants who were dealt six statements, and a brigade that looked number 3 up."""
    dialogue = make_dialogue(statements=6)
    statements = list(dialogue.statements.order_by("number"))
    rows = []
    for place in range(60 + followers):
        _, person = make_participant(dialogue)
        follows = place >= 60
        for at, statement in enumerate(statements):
            value = (1 if (place // 7 + at * place) % 3 else -1) if not (follows and at == 2) else 1
            rows.append(
                Vote(
                    participant=person,
                    statement=statement,
                    value=value,
                    dealt=not (follows and at == 2),
                )
            )
    Vote.objects.bulk_create(rows)
    return dialogue


def words(response: object) -> str:
    return " ".join(response.content.decode().split())  # type: ignore[attr-defined]


def test_an_empty_dialogue_shows_nothing_unusual(desk: Client) -> None:
    make_dialogue()
    page = words(desk.get(PAGE))
    for said in (
        "No day stands out.",
        "No statement stands out.",
        "None, as far as many equal answers can show.",
    ):
        assert said in page


def test_a_pattern_can_be_excluded_and_included_again(desk: Client, client: Client) -> None:
    dialogue = with_a_brigade()
    publish.refresh_map(dialogue.pk)
    page = words(desk.get(PAGE))
    assert "Statement number 3." in page
    assert "at least 40 people" in page
    before = counted_votes(dialogue)
    sent = {"statement": "3", "value": "agree"}
    desk.post(DECIDE, {**sent, "verb": "exclude_pattern"})
    after = counted_votes(dialogue)
    assert (before.set_aside, after.set_aside) == (0, 40)
    assert len(np.unique(after.votes.participant)) == 60
    assert len(after.everyone) == len(before.everyone) == Vote.objects.count()  # no vote is deleted
    publish.refresh_map(dialogue.pk)
    public = words(client.get("/d/harbour/moderation/"))
    assert "Set aside: people who looked this statement up and agreed." in public
    assert "People set aside for a pattern: at least 40" in public
    assert "including those taken back: 1</p>" in public
    desk.post(DECIDE, {**sent, "verb": "include_pattern"})
    assert counted_votes(dialogue).set_aside == 0
    assert [action.verb for action in dialogue.staff_actions.order_by("pk")] == [
        "exclude_pattern", "include_pattern",
    ]  # fmt: skip


def test_too_few_participants_cannot_be_excluded(desk: Client) -> None:
    """Otherwise the change of the map would reveal how one participant voted."""
    dialogue = with_a_brigade(followers=4)
    page = words(desk.post(DECIDE, {"statement": "3", "value": "agree", "verb": "exclude_pattern"},
                           follow=True))  # fmt: skip
    assert "Too few to protect each person." in page
    assert ExclusionRule.objects.count() == dialogue.staff_actions.count() == 0


@pytest.mark.parametrize(
    "sent",
    [
        {"statement": "99", "value": "agree", "verb": "exclude_pattern"},
        {"statement": "1", "value": "often", "verb": "exclude_pattern"},
        {"statement": "1", "value": "agree", "verb": "delete"},
        {"statement": "²", "value": "agree", "verb": "exclude_pattern"},
        {"statement": "9" * 40, "value": "agree", "verb": "exclude_pattern"},
        {},
    ],
)
def test_an_invalid_pattern_is_not_found(desk: Client, sent: dict[str, str]) -> None:
    make_dialogue()
    assert desk.post(DECIDE, sent).status_code == 404


def test_the_host_can_count_near_duplicates_each(desk: Client, client: Client) -> None:
    dialogue = make_dialogue()
    desk.post(DECIDE, {"verb": "copies_each"})
    dialogue.refresh_from_db()
    assert not dialogue.copies_count_once
    assert "nearly the same votes all count." in words(client.get("/d/harbour/moderation/"))
    desk.post(DECIDE, {"verb": "copies_once"})
    dialogue.refresh_from_db()
    assert dialogue.copies_count_once
    assert dialogue.staff_actions.count() == 2


def test_a_day_with_many_more_newcomers_is_listed(desk: Client) -> None:
    dialogue = make_dialogue()
    for day, participants in enumerate((8, 11, 9, 412, 10), start=1):
        DailyCount.objects.create(
            dialogue=dialogue, day=date(2026, 5, day), participants=participants
        )
    page = words(desk.get(PAGE))
    assert "at least 410 new people" in page
    assert "412" not in page
    assert page.count("new people; half of the other days") == 1


def test_a_moderator_sees_patterns_but_cannot_decide(moderation: Client) -> None:
    dialogue = with_a_brigade()
    publish.refresh_map(dialogue.pk)
    page = words(moderation.get(PAGE))
    assert "Statement number 3." in page
    assert DECIDE not in page


def test_a_burst_is_four_times_the_usual_and_well_above_it() -> None:
    start = date(2026, 5, 1)

    def days(*counts: int) -> list[tuple[date, int]]:
        return [(start + timedelta(days=at), count) for at, count in enumerate(counts)]

    assert anomalies.find_bursts(days()) == anomalies.find_bursts(days(500)) == []
    assert anomalies.find_bursts(days(10, 39, 10)) == []  # fewer than four times the usual
    assert anomalies.find_bursts(days(1, 20, 1)) == []  # less than 20 above the usual
    assert anomalies.find_bursts(days(10, 40, 10)) == [anomalies.Burst(date(2026, 5, 2), 40, 10)]


def test_a_statement_looked_up_far_more_often_is_listed() -> None:
    """Twelve looked up statement 2, one looked up statement 1, and nobody statement 3."""
    votes = Votes(
        participant=np.arange(30),
        statement=np.array([1] * 9 + [2] * 12 + [3] * 9),
        value=np.array([1] * 9 + [1] * 10 + [0, -1] + [1] * 9, dtype=np.int8),
        dealt=np.array([True] * 8 + [False] * 13 + [True] * 9),
    )
    assert anomalies.looked_up_outliers(votes) == [
        {"statement": 2, "agree": 10, "pass": 1, "disagree": 1, "usual": 1}
    ]
    unknown = Votes(votes.participant, votes.statement, votes.value)
    assert anomalies.looked_up_outliers(unknown) == []

"""The one line in which people without scripts wait: its pace, its order and its tickets."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from middleground.dialogues.models import Dialogue, Participant, Vote, WaitingPlace
from middleground.dialogues.participation import waiting_line
from middleground.dialogues.participation.waiting_line import (
    WaitingRefused,
    join_line,
    seconds_between,
    ticket,
    use_turn,
)
from support.cast import carry, make_crowd, make_dialogue
from support.refused import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
BEGIN = datetime(2026, 5, 1, 12, tzinfo=UTC)
CROWD = 250


def at(seconds: int) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


def turns_of(dialogue: Dialogue, tokens: list[bytes]) -> list[int]:
    return [join_line(dialogue, token, BEGIN) - int(BEGIN.timestamp()) for token in tokens]


def admitted(dialogue: Dialogue, tokens: list[bytes], turns: list[int], now: datetime) -> int:
    """How many of them are confirmed when all send their tickets."""
    for token, turn in zip(tokens, turns, strict=True):
        try:
            use_turn(dialogue, token, ticket(dialogue, token, int(at(turn).timestamp())), now)
        except WaitingRefused as refusal:
            assert refusal.code in {"not_your_turn", "no_place"}  # noqa: PT017
    return Participant.objects.filter(tier="open").count()


def test_250_at_once_are_admitted_at_the_stated_pace() -> None:
    dialogue = make_dialogue()
    tokens = make_crowd(dialogue, CROWD)
    turns = turns_of(dialogue, tokens)
    assert turns[:12] == [*range(30, 40), 41, 43]
    assert turns[-1] == 30 + sum(seconds_between(place) for place in range(1, CROWD)) == 3279
    assert admitted(dialogue, tokens, turns, at(29)) == 0
    assert admitted(dialogue, tokens, turns, at(39)) == 10  # 250 were before there was a line
    assert admitted(dialogue, tokens, turns, at(3278)) == CROWD - 1
    assert admitted(dialogue, tokens, turns, at(3279)) == CROWD
    assert WaitingPlace.objects.count() == 0


def test_control_without_the_line_all_250_get_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting_line, "seconds_between", lambda _waiting: 0)
    dialogue = make_dialogue()
    tokens = make_crowd(dialogue, CROWD)
    turns = turns_of(dialogue, tokens)
    assert admitted(dialogue, tokens, turns, at(39)) == CROWD


def test_the_thousandth_waits_fourteen_hours_and_nobody_comes_behind_it() -> None:
    dialogue = make_dialogue()
    last = BEGIN.timestamp() + 30 + sum(seconds_between(place) for place in range(1, 999))
    places = [WaitingPlace(mark=f"{place}", turn=int(last) - 998 + place) for place in range(999)]
    WaitingPlace.objects.bulk_create(places)
    thousandth, next_one = make_crowd(dialogue, 2)
    assert turns_of(dialogue, [thousandth]) == [50_529]
    assert 14 < 50_529 / 3600 < 14.1
    with refused(WaitingRefused, "line_is_full"):
        join_line(dialogue, next_one, BEGIN)


def test_one_line_for_all_dialogues_and_a_lone_person_waits_half_a_minute() -> None:
    first, second = make_dialogue(), make_dialogue("bridge")
    assert turns_of(first, make_crowd(first, 1)) == [30]
    assert turns_of(second, make_crowd(second, 1)) == [31]
    (late,) = make_crowd(second, 1)
    assert join_line(second, late, at(60)) == int(at(90).timestamp())


@pytest.mark.parametrize(("votes", "dealt"), [(2, True), (2, False), (0, True)])
def test_only_who_voted_on_dealt_statements_may_wait(votes: int, dealt: bool) -> None:
    dialogue = make_dialogue(statements=6)
    (token,) = make_crowd(dialogue, 1, votes, dealt=dealt)
    with refused(WaitingRefused, "vote_first"):
        join_line(dialogue, token, BEGIN)
    assert WaitingPlace.objects.count() == 0


def test_a_second_visit_keeps_the_place() -> None:
    dialogue = make_dialogue()
    (token,) = make_crowd(dialogue, 1)
    turn = join_line(dialogue, token, BEGIN)
    assert join_line(dialogue, token, at(20)) == turn
    assert WaitingPlace.objects.count() == 1


def test_a_ticket_holds_for_its_participant_its_place_and_an_hour() -> None:
    dialogue = make_dialogue()
    mine, others = make_crowd(dialogue, 2)
    turn, later = join_line(dialogue, mine, BEGIN), join_line(dialogue, others, BEGIN)
    for given in (
        ticket(dialogue, others, turn),  # another's signature
        ticket(dialogue, mine, turn - 5),  # not the place
        ticket(dialogue, mine, turn).replace(":", ";"),
        "",
    ):
        with refused(WaitingRefused, "no_place"):
            use_turn(dialogue, mine, given, at(40))
    with refused(WaitingRefused, "no_place"):
        use_turn(dialogue, others, ticket(dialogue, others, later), at(32 + 3600))
    use_turn(dialogue, mine, ticket(dialogue, mine, turn), at(30))
    with refused(WaitingRefused, "no_place"):
        use_turn(dialogue, mine, ticket(dialogue, mine, turn), at(31))
    assert WaitingPlace.objects.count() == 1
    waiting_line.delete_old_places(at(32 + 3600))
    assert WaitingPlace.objects.count() == 0


def test_the_pages_of_somebody_who_waits(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [timezone.now()]
    monkeypatch.setattr(timezone, "now", lambda: clock[0])
    dialogue = make_dialogue(statements=5)
    (token,) = make_crowd(dialogue, 1, 1)
    carry(client, token)
    address = "/d/harbour/confirm/"
    assert "Vote on 2 more statements" in client.get(address).content.decode()
    assert client.post(address, {"join": ""}).status_code == 409
    for statement in dialogue.statements.filter(number__in=[2, 3]):
        Vote.objects.create(participant=Participant.objects.get(), statement=statement, value=0)
    assert "Join the line" in client.get(address).content.decode()
    assert WaitingPlace.objects.count() == 0  # reading the page takes no place
    assert client.post(address, {"join": ""}).status_code == 302
    page = client.get(address).content.decode()
    assert "Your turn comes in 30 seconds." in page
    form = {"ticket": page.partition('name="ticket" value="')[2].partition('"')[0]}
    early = client.post(address, form)
    assert early.status_code == 422
    assert 'role="alert"' in early.content.decode()
    clock[0] += timedelta(seconds=30)
    assert "It is your turn." in client.get(address).content.decode()
    assert client.post(address, form)["Location"] == "/d/harbour/take-part/?confirmed"
    assert Participant.objects.get().tier == "open"


@pytest.mark.django_db(transaction=True)
def test_places_that_are_taken_at_once_are_one_behind_the_other() -> None:
    dialogue = make_dialogue()

    def join(token: bytes) -> int:
        try:
            return join_line(dialogue, token, BEGIN)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        turns = sorted(threads.map(join, make_crowd(dialogue, 24)))
    begin = int(BEGIN.timestamp())
    expected = [30]
    for place in range(1, 24):
        expected.append(expected[-1] + seconds_between(place))
    assert [turn - begin for turn in turns] == expected

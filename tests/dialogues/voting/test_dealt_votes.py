"""Votes on looked-up statements are stored and shown to their participant, but do not count."""

from __future__ import annotations

import pytest

from middleground.dialogues.maps import publish
from middleground.dialogues.maps.live import LiveMaps
from middleground.dialogues.maps.load_votes import load_votes, tiers_by_participant, tiers_of
from middleground.dialogues.models import Dialogue, Participant, Vote
from middleground.engine import analyse
from support.camps import add_voters, publish_after_newcomers
from support.cast import make_dialogue

pytestmark = pytest.mark.django_db


def brigade(
    dialogue: Dialogue, size: int, *, dealt: bool, numbers: tuple[int, ...] = (3,)
) -> list[int]:
    """Participants who vote on a few statements only, because somebody sent them there."""
    targets = list(dialogue.statements.filter(number__in=numbers))
    ids = list(range(dialogue.pk * 1_000_000 + 500, dialogue.pk * 1_000_000 + 500 + size))
    Participant.objects.bulk_create(Participant(id=n, dialogue=dialogue) for n in ids)
    Vote.objects.bulk_create(
        Vote(participant_id=n, statement=target, value=1, dealt=dealt)
        for n in ids
        for target in targets
    )
    return ids


def test_dealt_and_looked_up_votes_are_loaded() -> None:
    dialogue = make_dialogue(statements=8)
    person = Participant.objects.create(pk=5, dialogue=dialogue)
    for number, (value, dealt) in enumerate(
        [(1, True), (0, True), (-1, True), (1, False), (0, False), (-1, False)], start=1
    ):
        statement = dialogue.statements.get(number=number)
        Vote.objects.create(participant=person, statement=statement, value=value, dealt=dealt)
    votes = load_votes(dialogue.pk)
    assert votes.dealt is not None
    found = sorted(
        zip(votes.statement.tolist(), votes.value.tolist(), votes.dealt.tolist(), strict=True)
    )
    assert [row[1:] for row in found] == [
        (1, True), (0, True), (-1, True), (1, False), (0, False), (-1, False)
    ]  # fmt: skip


def test_a_brigade_changes_no_published_figure() -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    brigade(dialogue, 30, dealt=False)
    stored = publish.refresh_map(dialogue.pk, LiveMaps())
    assert stored is not None
    target = dialogue.statements.get(number=3).pk
    tally = next(s.everyone.tally for s in stored.facts.statements if s.statement == target)
    assert tally.seen == 20
    assert stored.participants == 20
    assert stored.tiers == {"open": 20}
    assert stored.facts.integrity.looked_up == 30
    # The known-bad control: as dealt votes they would count.
    Vote.objects.filter(dealt=False).update(dealt=True)
    dealt = analyse(load_votes(dialogue.pk))
    tally = next(s.everyone.tally for s in dealt.statements if s.statement == target)
    assert tally.seen == 50


@pytest.mark.parametrize(("dealt", "maps_made"), [(False, 1), (True, 2)])
def test_looked_up_votes_make_no_map_due(dealt: bool, maps_made: int) -> None:
    """Otherwise seven of them would publish the difference made by one other participant."""
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    maps = LiveMaps()
    publish.refresh_map(dialogue.pk, maps)
    brigade(dialogue, 7, dealt=dealt, numbers=(1, 2, 3, 4, 5))
    publish_after_newcomers(dialogue, maps)
    assert dialogue.maps.count() == maps_made


def test_looked_up_votes_alone_make_no_map() -> None:
    dialogue = make_dialogue(statements=8)
    brigade(dialogue, 30, dealt=False)
    assert publish.refresh_map(dialogue.pk, LiveMaps()) is None


def test_the_engine_gets_the_tiers() -> None:
    dialogue = make_dialogue(statements=8)
    participants = add_voters(dialogue, 24)
    Participant.objects.filter(pk__in=participants[:8]).update(tier="imported")
    stored = publish.refresh_map(dialogue.pk, LiveMaps())
    assert stored is not None
    assert stored.tiers == {"imported": 8, "open": 16}
    assert [(c.name, c.eligible) for c in stored.facts.integrity.tiers] == [
        ("imported", 8),
        ("open", 16),
    ]
    assert tiers_of(tiers_by_participant(dialogue.pk), load_votes(dialogue.pk)) == stored.tiers

"""Statements, rules and other servers that change something while a map is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db.models import F

from middleground.dialogues.maps import publish, worker
from middleground.dialogues.maps.live import LiveMaps
from middleground.dialogues.maps.prepare import PreparedMap, ReadState, prepare
from middleground.dialogues.models import (
    Dialogue,
    ExclusionRule,
    Statement,
)
from support.camps import add_voters
from support.cast import make_dialogue

pytestmark = pytest.mark.django_db


@pytest.fixture
def maps() -> LiveMaps:
    """What a process knows just after its start."""
    return LiveMaps()


@pytest.fixture(autouse=True, scope="module")
def _end_the_process() -> Iterator[None]:
    yield
    worker.close()


def approve(dialogue: Dialogue) -> None:
    Statement.objects.filter(dialogue=dialogue, number=8).update(status="approved")
    Dialogue.objects.filter(pk=dialogue.pk).update(revision=F("revision") + 1)


def remove(dialogue: Dialogue) -> None:
    shown = Statement.objects.votable().filter(dialogue=dialogue).first()
    assert shown is not None
    Statement.objects.filter(pk=shown.pk).update(status="rejected", reviewed=True, reason="unclear")
    Dialogue.objects.filter(pk=dialogue.pk).update(revision=F("revision") + 1)


def leave_a_tier_out(dialogue: Dialogue) -> None:
    Dialogue.objects.filter(pk=dialogue.pk).update(uncounted_tiers=["invited"])


def exclude_a_pattern(dialogue: Dialogue) -> None:
    ExclusionRule.objects.create(dialogue=dialogue, statement=dialogue.statements.first(), value=1)


def another_server_publishes(dialogue: Dialogue) -> None:
    publish.refresh_map(dialogue.pk, LiveMaps())


Happening = Callable[[Dialogue], None]


def meanwhile(happens: Happening, monkeypatch: pytest.MonkeyPatch, times: int = 1) -> list[int]:
    """Let something happen after a map is prepared and before it is stored; counts the times."""
    prepared_for: list[int] = []

    def prepare_slowly(read: ReadState, *rest: Any, **more: Any) -> PreparedMap:
        done = prepare(read, *rest, **more)
        prepared_for.append(read.dialogue.pk)
        if len(prepared_for) <= times:
            happens(read.dialogue)
        return done

    monkeypatch.setattr(publish, "prepare", prepare_slowly)
    return prepared_for


@pytest.mark.parametrize("happens", [approve, remove, leave_a_tier_out, exclude_a_pattern])
def test_what_changes_while_a_map_is_made_is_in_it(
    happens: Happening, maps: LiveMaps, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    Statement.objects.filter(dialogue=dialogue, number=8).update(status="pending")
    prepared = meanwhile(happens, monkeypatch)
    stored = publish.refresh_map(dialogue.pk, maps)
    assert stored is not None
    assert prepared == [dialogue.pk] * 2
    assert dialogue.maps.count() == 1
    shown = set(Statement.objects.votable().filter(dialogue=dialogue).values_list("pk", flat=True))
    assert {each.statement for each in stored.facts.statements} == shown


def test_without_changes_a_map_is_made_once(
    maps: LiveMaps, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    prepared = meanwhile(lambda _: None, monkeypatch)
    assert publish.refresh_map(dialogue.pk, maps) is not None
    assert prepared == [dialogue.pk]


def test_of_two_servers_one_publishes(maps: LiveMaps, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other's map would tell the difference that fewer people than the minimum make."""
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    publish.refresh_map(dialogue.pk, maps)
    add_voters(dialogue, 5, first=101)
    with monkeypatch.context() as patched:
        once = meanwhile(another_server_publishes, patched)
        assert publish.refresh_map(dialogue.pk, maps) is None
    assert (len(once), dialogue.maps.count()) == (2, 2)


@pytest.mark.parametrize(("happens", "published"), [(approve, True), (remove, False)])
def test_statements_that_keep_coming_do_not_keep_a_map_back(
    happens: Happening, published: bool, maps: LiveMaps, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    prepared = meanwhile(happens, monkeypatch, times=99)
    assert (publish.refresh_map(dialogue.pk, maps) is not None) == published
    assert len(prepared) == publish.ATTEMPTS

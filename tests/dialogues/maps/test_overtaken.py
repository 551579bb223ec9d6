"""Statements, counting rules or another server may change something while a map is computed."""

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
    """The state of a process that has just started."""
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
    """Run ``happens`` between preparing and storing a map; lists the dialogue of each attempt."""
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
def test_a_map_includes_changes_made_while_it_was_computed(
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


def test_without_changes_a_map_is_prepared_once(
    maps: LiveMaps, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    prepared = meanwhile(lambda _: None, monkeypatch)
    assert publish.refresh_map(dialogue.pk, maps) is not None
    assert prepared == [dialogue.pk]


def test_only_one_of_two_servers_publishes_a_map(
    maps: LiveMaps, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two maps would reveal the difference made by fewer participants than the minimum."""
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    publish.refresh_map(dialogue.pk, maps)
    add_voters(dialogue, 7, first=101)
    assert publish.refresh_map(dialogue.pk, maps) is None  # newcomers are seen
    with monkeypatch.context() as patched:
        once = meanwhile(another_server_publishes, patched)
        assert publish.refresh_map(dialogue.pk, maps) is None
    assert (len(once), dialogue.maps.count()) == (2, 2)


@pytest.mark.parametrize(("happens", "published"), [(approve, True), (remove, False)])
def test_repeated_approvals_delay_no_map_but_removals_do(
    happens: Happening, published: bool, maps: LiveMaps, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    prepared = meanwhile(happens, monkeypatch, times=99)
    assert (publish.refresh_map(dialogue.pk, maps) is not None) == published
    assert len(prepared) == publish.ATTEMPTS

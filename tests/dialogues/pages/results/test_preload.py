"""The newest maps are in memory before visitors ask for them, and loaded again when they change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dialogues.pages.results.test_map_page import store
from disclosure.made_facts import made_facts
from middleground.core import changes
from middleground.dialogues.models import Dialogue
from middleground.dialogues.results import preload, published
from middleground.dialogues.results.cache import Cache
from middleground.dialogues.results.preload import Preload
from support.cast import make_dialogue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a start."""
    monkeypatch.setattr(published, "_contents", Cache(4))
    monkeypatch.setattr(published, "_facts", Cache(4))


def with_map(slug: str, days_ago: int = 0, **fields: Any) -> Dialogue:
    dialogue = make_dialogue(slug, statements=2, **fields)
    counts = {"A": (40, 3, 7), "B": (33, 6, 8)}
    facts = made_facts(dict.fromkeys(dialogue.statements.values_list("pk", flat=True), counts))
    store(dialogue, facts, made_at=timezone.now() - timedelta(days=days_ago))
    return dialogue


@pytest.mark.parametrize("loaded", [True, False])
def test_after_a_start_no_visitor_waits_for_a_map(
    client: Client, loaded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_map("harbour")
    if loaded:
        Preload().load_newest_maps()

    def refuse(*_: object) -> None:
        raise AssertionError("disclosed for a visitor")

    monkeypatch.setattr(published, "disclose", refuse)
    if loaded:
        assert "Group A" in client.get("/d/harbour/map/").text
    else:  # the control
        with pytest.raises(AssertionError, match="disclosed for a visitor"):
            client.get("/d/harbour/map/")


def loaded_by(maps: Preload, monkeypatch: pytest.MonkeyPatch, broken: str = "") -> list[str]:
    """The dialogues whose maps are loaded, in order."""
    found = []

    def note(dialogue: Dialogue) -> None:
        found.append(dialogue.slug)
        if dialogue.slug == broken:
            raise ValueError("unreadable")

    monkeypatch.setattr(preload, "newest_map", note)
    maps.load_newest_maps()
    return found


def test_the_newest_come_first_and_no_more_than_have_room(monkeypatch: pytest.MonkeyPatch) -> None:
    for slug, days_ago in (("old", 3), ("new", 0), ("older", 9), ("recent", 1)):
        with_map(slug, days_ago, state="closed" if slug == "recent" else "open")
    with_map("draft", state="draft")
    make_dialogue("without", statements=1)
    assert loaded_by(Preload(), monkeypatch) == ["new", "recent", "old", "older"]
    monkeypatch.setattr(preload, "MOST", 2)
    assert loaded_by(Preload(), monkeypatch) == ["new", "recent"]
    assert preload.MOST < published.KEPT_FACTS


def test_a_map_that_cannot_be_read_keeps_no_other_from_being_loaded(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with_map("old", 1)
    with_map("new")
    assert loaded_by(Preload(), monkeypatch, broken="new") == ["new", "old"]
    assert [record.getMessage() for record in caplog.records] == [
        "The map of the dialogue new could not be loaded."
    ]


@pytest.mark.parametrize("table", ["dialogues_dialogue", "dialogues_storedmap"])
def test_the_database_is_asked_only_after_a_change(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_map("harbour")
    maps = Preload()
    assert loaded_by(maps, monkeypatch) == ["harbour"]
    with CaptureQueriesContext(connection) as asked:
        assert loaded_by(maps, monkeypatch) == []
    assert len(asked) == 0
    changes.note_written([table])
    assert loaded_by(maps, monkeypatch) == ["harbour"]
    assert loaded_by(maps, monkeypatch) == []

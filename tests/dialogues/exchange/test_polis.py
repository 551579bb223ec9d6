"""Conversations are imported and exported without loss; a second import changes nothing."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from middleground.dialogues.exchange.polis import (
    Imported,
    ImportRefused,
    export_conversation,
    import_conversation,
)
from middleground.dialogues.models import Dialogue, Participant, Statement, Vote
from middleground.engine import Votes
from middleground.polis import PolisExport, PolisStatement, read_export, write_export
from support.cast import make_dialogue, make_participant
from support.real_conversations import REAL_NAMES, real_folder

pytestmark = pytest.mark.django_db


def small_export() -> PolisExport:
    """Three participants, three statements (two with the same words), a re-vote and a rejection."""
    statements = (
        PolisStatement(0, "More trees.", author=7, status="accepted", created=1_500_000_000_000),
        PolisStatement(1, "More trees.", status="unmoderated"),
        PolisStatement(4, "Buy my shoes.", author=9, status="rejected"),
    )
    votes = Votes([7, 7, 7, 8, 8], [0, 0, 4, 0, 1], [-1, 1, 1, 0, -1])
    return PolisExport("Trees?", "", "About trees.", statements, votes)


def stored_votes(dialogue: Dialogue) -> Counter[tuple[int, int]]:
    rows = Vote.objects.filter(participant__dialogue=dialogue)
    return Counter(rows.values_list("statement__number", "value"))


def test_an_import_stores_statements_participants_and_last_votes() -> None:
    result = import_conversation(small_export(), "trees")
    assert result == Imported(result.dialogue, True, 3, 3, 4)
    dialogue = result.dialogue
    assert (dialogue.question, dialogue.background, dialogue.state) == (
        "Trees?", "About trees.", "closed",
    )  # fmt: skip
    assert list(dialogue.statements.values_list("number", "status", "reviewed", "origin")) == [
        (0, "approved", True, "imported"),
        (1, "approved", False, "imported"),
        (4, "rejected", True, "imported"),
    ]
    assert stored_votes(dialogue) == {(0, 1): 1, (4, 1): 1, (0, 0): 1, (1, -1): 1}
    assert set(dialogue.participants.values_list("tier", flat=True)) == {"imported"}
    authors = dict(dialogue.statements.values_list("number", "author_id"))
    assert authors[1] is None
    # The author of statement 0 agrees with it: participant 7 of the export.
    author_votes = Vote.objects.filter(participant_id=authors[0])
    assert sorted(author_votes.values_list("statement__number", "value")) == [(0, 1), (4, 1)]


def test_importing_twice_changes_nothing() -> None:
    first = import_conversation(small_export(), "trees")
    before = list(Vote.objects.order_by("pk").values_list()), list(Statement.objects.values_list())
    revision = Dialogue.objects.get(slug="trees").revision
    again = import_conversation(small_export(), "trees")
    assert again == Imported(first.dialogue, False, 0, 0, 0)
    after = list(Vote.objects.order_by("pk").values_list()), list(Statement.objects.values_list())
    assert before == after
    assert Dialogue.objects.get(slug="trees").revision == revision


def test_a_grown_export_adds_only_new_data() -> None:
    import_conversation(small_export(), "trees")
    old = small_export()
    votes = Votes(
        np.append(old.votes.participant, [8, 10]),
        np.append(old.votes.statement, [0, 1]),
        np.append(old.votes.value, [1, 1]),
    )
    grown = PolisExport(old.topic, "", old.description, old.statements, votes)
    result = import_conversation(grown, "trees")
    assert (result.statements, result.participants, result.votes) == (0, 1, 2)
    assert stored_votes(result.dialogue) == {(0, 1): 2, (4, 1): 1, (1, -1): 1, (1, 1): 1}


def test_an_import_never_mixes_with_participants_of_ours() -> None:
    dialogue = make_dialogue("trees")
    make_participant(dialogue)
    with pytest.raises(ImportRefused, match="--slug"):
        import_conversation(small_export(), "trees")
    assert Participant.objects.count() == 1


def test_an_import_with_too_long_a_text_stores_nothing() -> None:
    long = PolisExport("T", "", "", (PolisStatement(3, "x" * 1001),), Votes([], [], []))
    with pytest.raises(ImportRefused, match="Statement 3 has 1001 characters"):
        import_conversation(long, "long")
    assert not Dialogue.objects.exists()


def test_an_export_can_be_imported_unchanged(tmp_path: Path) -> None:
    first = import_conversation(small_export(), "trees").dialogue
    out = export_conversation(first)
    write_export(out, tmp_path)
    back = read_export(tmp_path, strict=True)
    assert back == out
    second = import_conversation(back, "trees-again").dialogue
    assert stored_votes(second) == stored_votes(first)
    # Participants get new numbers in every dialogue; everything else is the same.
    again = export_conversation(second).statements
    assert [replace(item, author=None) for item in again] == [
        replace(item, author=None) for item in out.statements
    ]
    assert [item.author is None for item in again] == [False, True, False]
    ours, theirs = (set(d.participants.values_list("pk", flat=True)) for d in (first, second))
    assert not ours & theirs


@pytest.mark.parametrize("name", REAL_NAMES)
def test_a_real_conversation_has_the_counts_of_its_votes_file(name: str) -> None:
    folder = real_folder(name)
    result = import_conversation(read_export(folder), f"real-{len(name)}")
    last: dict[tuple[str, str], str] = {}
    with (folder / "votes.csv").open(newline="") as file:
        rows = sorted(
            enumerate(csv.DictReader(file)), key=lambda row: (int(row[1]["timestamp"]), row[0])
        )
    for _, row in rows:
        last[row["voter-id"], row["comment-id"]] = row["vote"]
    counts = Counter((int(statement), int(value)) for (_, statement), value in last.items())
    assert stored_votes(result.dialogue) == counts

"""Whoever changes a source or a claim in the database is found out by both verifiers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations import RunPython
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evidence.entered import make_claim, make_source
from ledger.checking import failing
from middleground.dialogues.models import Dialogue
from middleground.evidence.actions.public_log import (
    EvidenceLog,
    shown_claim,
    shown_source,
    whole_claims,
)
from middleground.evidence.actions.sources import withdraw_source
from middleground.evidence.models import Claim, ClaimData, Passage, Source, StatementCitation
from middleground.people.models import User
from middleground.publiclog.publisher import publish_log
from support.logged import seen

pytestmark = pytest.mark.django_db
DAYS_LATER = datetime(2026, 5, 12, tzinfo=UTC)


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    days = [date(2026, 5, 4)]
    monkeypatch.setattr(timezone, "localdate", lambda *_: days[0])
    return days


@pytest.fixture
def entered(folder: Path, dialogue: Dialogue, moderator: User, today: list[date]) -> Claim:
    """A claim with two sources, and a source that is withdrawn; all is logged."""
    assert folder
    claim = make_claim(moderator, dialogue, cited_by=(1,))
    withdraw_source(moderator, make_source(moderator, dialogue, title="A rumour"), "Nobody has it.")
    EvidenceLog().log_changes()
    publish_log()
    today[0] = date(2026, 5, 12)
    return claim


def forge(dialogue: Dialogue) -> None:
    """Let all rows say that the log has them as they stand, so that no job logs them."""
    for source in Source.objects.filter(dialogue=dialogue):
        _say_logged(source, shown_source(source))
    for claim in whole_claims().filter(dialogue=dialogue):
        _say_logged(claim, shown_claim(claim))


def _say_logged(row: Source | Claim, content: dict[str, Any]) -> None:
    content.pop("changed_on")
    document = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()
    type(row).objects.filter(pk=row.pk).update(logged=sha256(document).hexdigest())


@pytest.mark.usefixtures("entered")
def test_all_is_shown_as_it_was_logged_last(folder: Path, dialogue: Dialogue) -> None:
    report = seen(folder, dialogue, DAYS_LATER)
    assert not failing(report)
    told = [each.sentence for each in report.findings if each.subject == "evidence"]
    assert told == [
        "Sources that are shown as they were logged: 3.",
        "Claims that are shown as they were logged: 1.",
    ]
    shown = json.loads((folder / f"site/{dialogue.slug}/evidence.json").read_bytes())
    assert [each["changed_on"] for each in shown["sources"]] == ["2026-05-04"] * 3
    assert shown["sources"][2]["withdrawn"] == "Nobody has it."
    assert "title" not in shown["sources"][2]


OTHER, UNSHOWN = "it is not what was logged", "it is not shown"
SILENT: dict[str, tuple[Callable[[], object], list[str]]] = {
    "a title": (
        lambda: Source.objects.filter(number=1).update(title="Noise"), [f"source 1: {OTHER}"],
    ),
    "who paid for it": (
        lambda: Source.objects.filter(number=1).update(funding=""), [f"source 1: {OTHER}"],
    ),
    "the hash of its copy": (
        lambda: Source.objects.filter(number=2).update(copy_hash="0" * 64), [f"source 2: {OTHER}"],
    ),
    "that it was withdrawn": (
        lambda: Source.objects.filter(number=3).update(withdrawn=""), [f"source 3: {OTHER}"],
    ),
    "a whole source": (
        lambda: Source.objects.filter(number=3).delete(), [f"source 3: {UNSHOWN}"],
    ),
    "words of a claim": (
        lambda: Claim.objects.update(text="It got louder."), [f"claim 1: {OTHER}"],
    ),
    "a quote": (
        lambda: Passage.objects.filter(number=1).update(quote="It fell by 8 dB."),
        [f"claim 1: {OTHER}"],
    ),
    "on which side a source is": (
        lambda: Passage.objects.filter(side="disputes").update(side="supports"),
        [f"claim 1: {OTHER}"],
    ),
    "a figure": (
        lambda: ClaimData.objects.update(rows=[["2019", 41, 39, 43]]), [f"claim 1: {OTHER}"],
    ),
    "who cites it": (
        lambda: StatementCitation.objects.all().delete(), [f"claim 1: {OTHER}"],
    ),
    "a whole claim": (
        lambda: Claim.objects.all().delete(), [f"claim 1: {UNSHOWN}"],
    ),
}  # fmt: skip


@pytest.mark.usefixtures("entered")
@pytest.mark.parametrize(("silently", "said"), SILENT.values(), ids=SILENT)
def test_a_silent_change_is_caught_by_both(
    silently: Callable[[], object], said: list[str], folder: Path, dialogue: Dialogue
) -> None:
    silently()
    forge(dialogue)
    assert EvidenceLog().log_changes() == 0
    found = failing(seen(folder, dialogue, DAYS_LATER))
    assert list(found) == ["evidence"]
    assert found["evidence"].details == tuple(f"{dialogue.slug}, {each}." for each in said)


@pytest.mark.usefixtures("entered")
def test_a_change_that_is_not_forged_is_logged_and_so_in_public(
    folder: Path, dialogue: Dialogue
) -> None:
    """The control: until the job has run it is no failure, and afterwards the log has both."""
    Source.objects.filter(number=1).update(title="Noise")
    assert not failing(seen(folder, dialogue, DAYS_LATER))
    assert EvidenceLog().log_changes() == 1
    publish_log()
    assert not failing(seen(folder, dialogue, DAYS_LATER))


@pytest.mark.usefixtures("entered")
def test_what_was_logged_before_days_were_kept_gets_that_of_the_migration(
    folder: Path, dialogue: Dialogue, today: list[date]
) -> None:
    Source.objects.filter(number=1).update(title="Noise", logged_on=None)
    Claim.objects.update(logged_on=None)
    EvidenceLog().log_changes()
    Source.objects.update(logged_on=None)
    forge(dialogue)
    assert "evidence" in failing(seen(folder, dialogue, DAYS_LATER))  # the control: no day
    migration = import_module("middleground.evidence.migrations.0007_logged_on")
    for operation in migration.Migration.operations:
        if isinstance(operation, RunPython):
            operation.code(apps, connection.schema_editor())
    assert not failing(seen(folder, dialogue, DAYS_LATER))
    assert {*Source.objects.values_list("logged_on", flat=True)} == {today[0]}
    assert {*Claim.objects.values_list("logged_on", flat=True)} == {today[0]}


def test_so_many_queries_for_one_and_for_three(
    client: Client, dialogue: Dialogue, moderator: User
) -> None:
    counts = []
    for number in range(3):
        claim = f"Claim {number}."
        if number:
            make_source(moderator, dialogue, title=claim)
            Claim.objects.create(
                dialogue=dialogue, number=number + 1, text=claim, added_on=date(2026, 5, 4)
            )
        else:
            make_claim(moderator, dialogue, claim)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/d/{dialogue.slug}/sources/evidence.json").status_code == 200
        counts.append(len(captured))
    assert counts == [counts[0]] * 3

"""Whoever changes the rules for answers in the database is found out by both verifiers."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations import RunPython

from ledger.checking import failing
from middleground.answers.cases.rules import log_rules, rules_of, set_rules, shown_rules
from middleground.answers.models import AnswerRules
from middleground.answers.thresholds import note_thresholds
from middleground.dialogues.models import Dialogue
from middleground.publiclog.publisher import publish_log
from support.cast import make_dialogue
from support.logged import seen

pytestmark = pytest.mark.django_db
DAYS_LATER = datetime(2026, 5, 12, tzinfo=UTC)


@pytest.fixture
def ruled(folder: Path, harbour: Dialogue, today: list[date]) -> AnswerRules:
    """Rules that were made stricter, both times logged; the last time on May 6."""
    assert folder
    rules = rules_of(harbour)
    log_rules(rules)
    today[0] = date(2026, 5, 6)
    rules.days = 8
    set_rules(rules)
    publish_log()
    return rules


def forge(rules: AnswerRules) -> None:
    """Let the row say that the log has it as it stands, so that no job logs it."""
    content = shown_rules(rules)
    content.pop("changed_on")
    document = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()
    AnswerRules.objects.filter(pk=rules.pk).update(logged=sha256(document).hexdigest())


@pytest.mark.usefixtures("ruled")
def test_the_rules_are_shown_as_they_were_logged_last(folder: Path, harbour: Dialogue) -> None:
    report = seen(folder, harbour, DAYS_LATER)
    assert not failing(report)
    sentence = "Rules for answers that are shown as they were logged: 1."
    assert sentence in [each.sentence for each in report.findings]
    shown = json.loads((folder / f"site/{harbour.slug}/rules.json").read_bytes())["rules"]
    assert [(each["days"], each["changed_on"]) for each in shown] == [(8, "2026-05-06")]


def test_a_silent_change_is_caught_by_both(
    ruled: AnswerRules, folder: Path, harbour: Dialogue, today: list[date]
) -> None:
    AnswerRules.objects.filter(pk=ruled.pk).update(days=30)
    forge(AnswerRules.objects.get(pk=ruled.pk))
    today[0] = date(2026, 5, 12)
    note_thresholds()
    publish_log()
    found = failing(seen(folder, harbour, DAYS_LATER))
    assert list(found) == ["rules"]
    line = f"{harbour.slug}, rules for answers: it is not what was logged."
    assert found["rules"].details == (line,)


def test_a_change_that_is_not_forged_is_logged_and_so_in_public(
    ruled: AnswerRules, folder: Path, harbour: Dialogue, today: list[date]
) -> None:
    """The control: until the job has run it is no failure, and afterwards the log has both."""
    AnswerRules.objects.filter(pk=ruled.pk).update(days=30)
    today[0] = date(2026, 5, 12)
    assert not failing(seen(folder, harbour, DAYS_LATER))
    before = len(list((folder / "documents").iterdir()))
    note_thresholds()
    publish_log()
    assert not failing(seen(folder, harbour, DAYS_LATER))
    assert len(list((folder / "documents").iterdir())) == before + 1


def test_rules_that_are_gone_are_missed(
    ruled: AnswerRules, folder: Path, harbour: Dialogue
) -> None:
    ruled.delete()
    found = failing(seen(folder, harbour, DAYS_LATER))
    assert found["rules"].details == (f"{harbour.slug}, rules for answers: it is not shown.",)


def test_rules_logged_before_days_were_kept_get_that_of_the_migration(
    ruled: AnswerRules, folder: Path, harbour: Dialogue, today: list[date]
) -> None:
    """The copy has the log as of before: the rules count as new for two days, and no longer."""
    AnswerRules.objects.filter(pk=ruled.pk).update(days=7)
    forge(AnswerRules.objects.get(pk=ruled.pk))
    AnswerRules.objects.filter(pk=ruled.pk).update(logged_on=None)
    today[0] = date(2026, 5, 12)
    assert "rules" in failing(seen(folder, harbour, DAYS_LATER))  # the control: no day
    other = AnswerRules.objects.create(dialogue=make_dialogue("elsewhere"))
    migration = import_module("middleground.answers.migrations.0008_logged_on")
    for operation in migration.Migration.operations:
        if isinstance(operation, RunPython):
            operation.code(apps, connection.schema_editor())
    assert not failing(seen(folder, harbour, DAYS_LATER))
    ruled.refresh_from_db()
    other.refresh_from_db()
    assert (ruled.logged_on, other.logged_on) == (date(2026, 5, 12), None)
    assert "rules" in failing(seen(folder, harbour, datetime(2026, 5, 15, tzinfo=UTC)))

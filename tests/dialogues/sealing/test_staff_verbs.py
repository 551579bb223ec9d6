"""Every staff verb has a rule for the public log, and no other verb can be stored."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from middleground.dialogues.models import Dialogue, LoggedAs, StaffAction, Verb
from support.cast import make_dialogue

EXPECTED = {
    LoggedAs.SETTINGS: {
        "edit", "add_reason", "retire_reason", "schedule", "open", "withdraw", "close",
        "reopen", "destroy_key",
        "count_tiers", "copies_once", "copies_each", "exclude_pattern", "include_pattern",
        "exclude_hour", "include_hour", "exclude_batch", "include_batch", "open_batch",
        "close_batch", "reopen_batch", "archive", "unarchive",
    },
    LoggedAs.MODERATION: {"approve", "reject", "merge", "take_back", "appeal_changed"},
    LoggedAs.NOTHING: {
        "create", "move", "make_codes", "withdraw_codes", "make_preview", "withdraw_preview",
        "add_statements", "remove_statement",
        "appeal_stands", "delete_texts", "set_hold", "lift_hold",
        "grant_role", "withdraw_role", "admit_body", "dismiss_body",
        # Of sources and claims.
        "add_source", "edit_source", "withdraw_source", "restore_source", "import_sources",
        "store_copy", "remove_copy", "add_claim", "edit_claim", "withdraw_claim",
        "restore_claim", "add_passage", "remove_passage", "attach_data", "remove_data",
        # Of topics.
        "add_topic", "rename_topic", "delete_topic", "merge_topics", "order_topics",
        "sort_statements",
        # Of translations.
        "set_languages", "translate", "show_translation", "refuse_translation",
        "hide_translation",
        # Of outreach.
        "add_campaign", "edit_campaign", "end_campaign", "resume_campaign",
        "start_invitations", "stop_invitations", "end_invitations",
        "add_partner", "edit_partner", "end_partner",
        "keep_translation",
    },
}  # fmt: skip


def _store(dialogue: Dialogue, verb: str) -> None:
    StaffAction.objects.create(dialogue=dialogue, verb=verb, at=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("logged_as", LoggedAs)
def test_every_verb_has_the_expected_rule_for_the_log(logged_as: LoggedAs) -> None:
    assert {verb.value for verb in Verb if verb.logged_as is logged_as} == EXPECTED[logged_as]


@pytest.mark.django_db
def test_an_unknown_verb_cannot_be_stored() -> None:
    dialogue = make_dialogue(statements=0)
    for verb in Verb:
        _store(dialogue, verb)
    with pytest.raises(IntegrityError), transaction.atomic():
        _store(dialogue, "publish")
    with pytest.raises(IntegrityError), transaction.atomic():
        _store(dialogue, "")
    assert StaffAction.objects.count() == len(Verb)

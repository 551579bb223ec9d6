"""Conditions for the destruction of a dialogue's key, and its immediate effect."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from dialogues.privacy.test_retention import TEXT, close, reject
from middleground.dialogues.identity.keys import key_file_exists
from middleground.dialogues.models import Dialogue, Statement, StoredMap
from middleground.dialogues.privacy import retention
from support.cast import make_dialogue, make_participant, make_staff, make_statement
from support.refused import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]


def with_key(slug: str = "harbour") -> Dialogue:
    dialogue = make_dialogue(slug)
    make_participant(dialogue)
    assert key_file_exists(dialogue.pk)
    return dialogue


def test_destroying_at_once_deletes_the_key_file(keys: Path) -> None:
    dialogue = with_key()
    close(dialogue, 1)
    retention.destroy_key_at_once(make_staff(), dialogue)
    assert not key_file_exists(dialogue.pk)
    assert list(keys.glob("*.key")) == []


def test_a_hold_prevents_destroying_at_once() -> None:
    staff, dialogue = make_staff(), with_key()
    close(dialogue, 20)
    retention.set_hold(staff, dialogue, "key", "Court order 7")
    with refused(retention.HoldRefused, "key_is_kept"):
        retention.destroy_key_at_once(staff, dialogue)
    assert not retention.destroy_key(dialogue)
    assert key_file_exists(dialogue.pk)
    dialogue.refresh_from_db()
    assert dialogue.key_destroyed_on is None


def test_an_open_dialogue_keeps_its_key() -> None:
    dialogue = with_key()
    close(dialogue, 20)
    Dialogue.objects.update(state="open")
    retention.keep_retention(timezone.now() + timedelta(days=400))
    assert key_file_exists(dialogue.pk)
    Dialogue.objects.update(state="closed")  # the control
    retention.keep_retention(timezone.now())
    assert not key_file_exists(dialogue.pk)


def test_the_days_count_from_the_final_map() -> None:
    """Maps of the time when the dialogue was open do not bring the date forward."""
    dialogue = with_key()
    close(dialogue, 1)
    final = StoredMap.objects.get()
    for days in (0, 30):
        StoredMap.objects.create(
            dialogue=dialogue, made_at=timezone.now() - timedelta(days=days), final=False,
            participants=9, data={},
        )  # fmt: skip
    assert retention.key_state(dialogue).due_at == final.made_at + timedelta(days=14)
    retention.keep_retention(timezone.now())
    assert key_file_exists(dialogue.pk)


def test_a_hold_of_one_kind_delays_nothing_of_the_other() -> None:
    staff, dialogue, other = make_staff(), with_key(), with_key("airport")
    for each, what in ((dialogue, "texts"), (other, "key")):
        close(each, 20)
        reject(make_statement(each, 9, TEXT), 8)
        retention.set_hold(staff, each, what, "Court order 7")
    retention.keep_retention(timezone.now())
    assert not key_file_exists(dialogue.pk)
    assert key_file_exists(other.pk)
    texts = Statement.objects.filter(number=9).order_by("dialogue")
    assert list(texts.values_list("text", flat=True)) == [TEXT, ""]


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_hold_needs_a_reason(reason: str) -> None:
    staff, dialogue = make_staff(), with_key()
    with pytest.raises(ValidationError):
        retention.set_hold(staff, dialogue, "key", reason)
    assert not dialogue.holds.exists()

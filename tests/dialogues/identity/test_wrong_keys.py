"""A key that is missing or another one is never made anew: otherwise people vote twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from middleground.dialogues.identity import keys as key_store
from middleground.dialogues.identity.keys import (
    WrongKey,
    check_value,
    forget_key,
    is_key_at_hand,
    key_bytes,
)
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.lifecycle.actions import LifecycleRefused, open_dialogue
from middleground.dialogues.models import CodeBatch, Dialogue, Participant, Vote
from middleground.dialogues.participation.admission import make_codes
from middleground.ledger import Diverged
from middleground.ledger.records.entries import Erasures
from middleground.publiclog.append import append
from middleground.publiclog.log_key import LogKeyMissing, signing_key
from middleground.publiclog.publisher import publish_log, why_stuck
from support.cast import carry, make_staff, make_statement
from support.serving.asgi_client import post, vote, voter

PAUSED = "Taking part is paused here"
PARTICIPANTS_PAGES = ["/d/harbour/take-part/", "/d/harbour/mine/", "/you/"]


def remove(file: Path) -> None:
    file.unlink()


def replace(file: Path) -> None:
    file.write_bytes(bytes(32))


CHANGES = pytest.mark.parametrize("change", [remove, replace])
Change = Callable[[Path], None]


def change_while_off(dialogue: Dialogue, keys: Path, change: Change) -> Path:
    """Change the key's file as if the server had been off meanwhile."""
    file = keys / f"dialogue-{dialogue.pk}.key"
    change(file)
    forget_key(dialogue.pk)
    return file


def draft() -> Dialogue:
    dialogue = Dialogue.objects.create(
        slug="harbour", question="What should the harbour be?", host_name="Port City"
    )
    make_statement(dialogue, 1)
    make_statement(dialogue, 2)
    return dialogue


def opened() -> Dialogue:
    return open_dialogue(make_staff(), draft())


@pytest.mark.django_db
def test_a_dialogue_that_opens_has_a_key_and_a_check_value(keys: Path) -> None:
    dialogue = draft()
    assert list(keys.glob("dialogue-*")) == []
    dialogue = open_dialogue(make_staff(), dialogue)
    dialogue.refresh_from_db()
    key = (keys / f"dialogue-{dialogue.pk}.key").read_bytes()
    assert dialogue.key_check == check_value(key)
    assert re.fullmatch("[0-9a-f]{32}", dialogue.key_check)
    assert dialogue.key_check not in {key.hex(), key.hex()[:32]}
    assert check_value(bytes(32)) != check_value(bytes(31) + b"\1")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vote_writer")
@CHANGES
def test_nobody_votes_twice(keys: Path, change: Change) -> None:
    dialogue, who = opened(), voter()
    statement = dialogue.statements.get(number=1)
    assert vote(who, statement).status == 200
    form = who.form(statement, "agree")
    file = keys / f"dialogue-{dialogue.pk}.key"
    key = file.read_bytes()
    change_while_off(dialogue, keys, change)
    there = file.exists()
    answer = post(f"/d/{dialogue.slug}/vote", form, who.headers())
    assert (answer.status, PAUSED in answer.text) == (503, True)
    assert answer.header("retry-after") == "600"
    assert (Participant.objects.count(), Vote.objects.count()) == (1, 1)
    assert file.exists() is there  # none was made
    file.write_bytes(key)
    assert post(f"/d/{dialogue.slug}/vote", form, who.headers()).status == 200
    assert (Participant.objects.count(), Vote.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vote_writer")
def test_control_without_the_check_the_same_person_votes_twice(
    keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialogue, who = opened(), voter()
    statement = dialogue.statements.get(number=1)
    assert vote(who, statement).status == 200
    change_while_off(dialogue, keys, remove)
    monkeypatch.setattr(
        key_store,
        "_read_or_make",
        lambda file, _: key_store.read_or_create(file, lambda: b"k" * 32),
    )
    assert vote(who, statement).status == 200
    assert (Participant.objects.count(), Vote.objects.count()) == (2, 2)


@pytest.mark.django_db
@CHANGES
def test_pages_that_need_the_key_say_so_and_others_go_on(
    client: Client, keys: Path, change: Change
) -> None:
    dialogue = opened()
    carry(client, new_token())
    change_while_off(dialogue, keys, change)
    for page in PARTICIPANTS_PAGES:
        answer = client.get(page)
        assert (page, answer.status_code) == (page, 503)
        assert PAUSED in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
    for page in ("", "results/", "s/1/"):
        assert client.get(f"/d/{dialogue.slug}/{page}").status_code == 200


@pytest.mark.django_db
def test_control_with_the_key_the_pages_are_shown(client: Client, keys: Path) -> None:
    opened()
    assert list(keys.glob("dialogue-*.key"))
    carry(client, new_token())
    for page in PARTICIPANTS_PAGES:
        answer = client.get(page)
        assert (page, answer.status_code) == (page, 200)


@pytest.mark.django_db
@pytest.mark.usefixtures("keys")
def test_a_key_from_before_check_values_is_taken_over() -> None:
    dialogue = opened()
    key = key_bytes(dialogue.pk)
    Dialogue.objects.update(key_check="")
    forget_key(dialogue.pk)
    assert key_bytes(dialogue.pk) == key
    assert Dialogue.objects.get().key_check == check_value(key)


@pytest.mark.django_db
def test_before_check_values_participants_tell_that_there_was_a_key(keys: Path) -> None:
    dialogue = opened()
    Participant.objects.create(id=5, dialogue=dialogue)
    Dialogue.objects.update(key_check="")
    change_while_off(dialogue, keys, remove)
    with pytest.raises(WrongKey, match="is missing"):
        key_bytes(dialogue.pk)
    assert not is_key_at_hand(Dialogue.objects.get())


@pytest.mark.django_db
@CHANGES
def test_a_draft_with_codes_does_not_open_without_its_key(keys: Path, change: Change) -> None:
    dialogue, staff = draft(), make_staff()
    make_codes(staff, dialogue, "invited", 3, "one")
    assert CodeBatch.objects.count() == 1
    change_while_off(dialogue, keys, change)
    dialogue.refresh_from_db()
    with pytest.raises(LifecycleRefused, match="Put this dialogue’s key back"):
        open_dialogue(staff, dialogue)


@pytest.mark.django_db
def test_two_folders_of_keys_on_one_database_are_noticed(
    keys: Path, tmp_path: Path, settings: Any
) -> None:
    dialogue = opened()
    settings.KEYS = tmp_path / "another"
    with pytest.raises(WrongKey):
        key_bytes(dialogue.pk)
    assert not (tmp_path / "another").exists()
    settings.KEYS = keys
    assert is_key_at_hand(Dialogue.objects.get())


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["ledger.key", "ledger.name"])
def test_the_key_of_a_signed_log_is_not_made_anew(folder: Path, keys: Path, name: str) -> None:
    append(Erasures("first", 1))
    publish_log()
    checkpoint, content = (folder / "checkpoint").read_bytes(), (keys / name).read_bytes()
    (keys / name).unlink()
    with pytest.raises(LogKeyMissing, match=f"{name} is missing"):
        signing_key()
    assert f"{name} is missing" in why_stuck()
    assert not (keys / name).exists()
    (keys / name).write_bytes(content[::-1])
    append(Erasures("second", 1))
    with pytest.raises(Diverged, match="is not the one that signed before"):
        publish_log()
    assert (folder / "checkpoint").read_bytes() == checkpoint
    (keys / name).write_bytes(content)
    assert publish_log() is not None


@pytest.mark.django_db
def test_without_the_logs_key_its_page_says_so(client: Client, folder: Path, keys: Path) -> None:
    append(Erasures("first", 1))
    publish_log()
    assert folder.exists()
    (keys / "ledger.key").unlink()
    page = client.get("/ledger/")
    assert page.status_code == 200
    assert "ledger.key is missing" in page.text

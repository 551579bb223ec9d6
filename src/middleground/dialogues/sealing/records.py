"""Writes records and seals for the public log, and erases what opens them.

Everything here runs in the transaction of the action it belongs to. The log itself grows later, in
batches (``publiclog/publisher.py``).
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import F, QuerySet

from middleground.dialogues.log_kinds import Invitations, Merge
from middleground.dialogues.models import (
    Dialogue,
    DialogueLog,
    EntryBatch,
    LoggedAs,
    ModeratedText,
    Statement,
    Verb,
    Vote,
    VoteSeal,
    WithdrawnTag,
)
from middleground.dialogues.models.texts.text_kinds import TextKind, find_text_kinds, kind_of
from middleground.disclosure.rounding import floor_to_step
from middleground.ledger import TextOpening, VoteOpening, write_entry
from middleground.ledger.codecs import field_codecs
from middleground.ledger.records.entries import (
    STATEMENTS,
    Erasures,
    Moderation,
    Settings,
    TextModeration,
)
from middleground.ledger.records.vote_opening import NONCE_BYTES, tag_of
from middleground.publiclog.append import append
from middleground.texts.normalise import normalise

ROWS_AT_ONCE = 5_000
FIRST_SEAL = (
    f"INSERT INTO {VoteSeal._meta.db_table}"  # noqa: S608
    " (participant_id, statement_id, client_nonce, server_nonce, salt, promised)"
    " VALUES (%s, %s, %s, %s, %s, %s)"
)
_SEALED_VOTES = (
    "SELECT s.participant_id, s.statement_id, st.number, v.value,"  # noqa: S608
    " s.client_nonce, s.server_nonce, s.salt, s.promised"
    f" FROM {VoteSeal._meta.db_table} s"
    f" JOIN {Vote._meta.db_table} v"
    " ON v.participant_id = s.participant_id AND v.statement_id = s.statement_id"
    f" JOIN {Statement._meta.db_table} st ON st.id = s.statement_id"
    " WHERE st.dialogue_id = %s"
)
_SET_SALT = "UPDATE {table} SET salt = %s WHERE id = %s"
VALUES: dict[int, field_codecs.Vote] = {1: 1, 0: 0, -1: -1}
# The settings that the log publishes. A new field is named here or is not published.
_PUBLISHED = (
    "slug", "question", "background", "host_name", "promise", "state", "opens_at", "closes_at",
    "moderation", "moderation_policy", "own_reasons", "statement_limit", "votes_before_writing",
    "statements_an_hour", "takes_comments",
    "votes_before_commenting", "vote_goal", "minimum_shown", "map_minutes", "key_days", "key_check",
    "key_destroyed_on", "open_participation", "uncounted_tiers", "copies_count_once", "simulated",
    "imported", "archived_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """What staff did: verb, the text it is about, reason and further details."""

    verb: Verb
    text: ModeratedText | None
    reason: str
    details: Mapping[str, Any]


def is_logged(dialogue: Dialogue) -> bool:
    """Imported votes are not logged: their participants were never promised it."""
    return not dialogue.imported


def opening_of(dialogue: Dialogue, number: int, seal: VoteSeal, value: int) -> VoteOpening:
    """What opens the seal of this vote on the statement with this number."""
    return VoteOpening(
        client=bytes(seal.client_nonce),
        server=bytes(seal.server_nonce),
        salt=bytes(seal.salt),
        dialogue=dialogue.slug,
        statement=number,
        vote=VALUES[value],
    )


@dataclass(frozen=True, slots=True)
class SealedVote:
    """A stored vote, and what opens its seal."""

    participant: int
    statement: int
    number: int
    answer: field_codecs.Vote
    client: bytes
    server: bytes
    salt: bytes
    promised: bool

    @property
    def tag(self) -> bytes:
        return tag_of(self.client, self.server)


def sealed_votes(dialogue: Dialogue) -> Iterator[SealedVote]:
    """All votes of the dialogue that have a seal, read in parts."""
    with connection.cursor() as cursor:
        cursor.execute(_SEALED_VOTES, [dialogue.pk])
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            for participant, statement, number, value, *nonces, promised in rows:
                client, server, salt = map(bytes, nonces)
                yield SealedVote(
                    participant,
                    statement,
                    number,
                    VALUES[value],
                    client,
                    server,
                    salt,
                    bool(promised),
                )


def erase_seals(dialogue: Dialogue, seals: QuerySet[VoteSeal]) -> None:
    """Delete what opens these votes, and keep the tags of those that were promised."""
    promised = seals.filter(promised=True).values_list(
        "client_nonce", "server_nonce", "statement__number"
    )
    WithdrawnTag.objects.bulk_create(
        WithdrawnTag(tag=tag_of(bytes(client), bytes(server)).hex(), dialogue=dialogue, number=own)
        for client, server, own in promised
    )
    seals.delete()


def unsealed_texts(kind: TextKind) -> QuerySet[ModeratedText]:
    """Texts of this kind that are to be in the log and are not."""
    texts = kind.ready(kind.texts) if kind.ready else kind.texts
    unsealed = texts.filter(salt=None, dialogue__imported=False).exclude(text="")
    return unsealed.exclude(dialogue__state=Dialogue.State.DRAFT)


def count_unsealed_texts() -> int:
    return sum(unsealed_texts(kind).count() for kind in find_text_kinds())


def seal_texts(most: int | None = None) -> list[bytes]:
    """Salt the texts that are not logged yet; returns the entries that seal them.

    A draft's texts are sealed when it opens, all others with the next batch. ``most``: not more
    than so many; None: all.
    """
    sealed: list[bytes] = []
    for kind in find_text_kinds():
        sealed += _seal(kind, None if most is None else most - len(sealed))
    return sealed


def _seal(kind: TextKind, most: int | None) -> list[bytes]:
    ordered = unsealed_texts(kind).select_related("dialogue").order_by("dialogue", "number")
    new = list(ordered[:most])
    for text in new:
        text.salt = secrets.token_bytes(NONCE_BYTES)
    set_salt = _SET_SALT.format(table=kind.model._meta.db_table)
    with connection.cursor() as cursor:  # of hundreds, ten times as fast as ``bulk_update``
        cursor.executemany(set_salt, [(bytes(each.salt or b""), each.pk) for each in new])
    return [write_entry(text_opening_of(each.dialogue, each).sealed()) for each in new]


def text_opening_of(dialogue: Dialogue, text: ModeratedText) -> TextOpening:
    """What opens the leaf of a sealed text."""
    collection, words = kind_of(type(text)).collection, normalise(text.text)
    return TextOpening(bytes(text.salt or b""), dialogue.slug, collection, text.number, words)


def count_erased_texts(dialogue: Dialogue, count: int) -> None:
    """Log texts whose salt was erased, so that nobody can test guesses on their leaves."""
    if not count or not is_logged(dialogue):
        return
    log, _ = DialogueLog.objects.get_or_create(dialogue=dialogue)
    if log.closed:
        append(Erasures(dialogue.slug, count))  # those before are logged already
    else:
        DialogueLog.objects.filter(pk=log.pk).update(
            erased_statements=F("erased_statements") + count
        )


def drop_seals(dialogue: Dialogue) -> None:
    """Delete what links a participant to tags, and what opens the seals of votes."""
    VoteSeal.objects.filter(participant__dialogue=dialogue).delete()
    WithdrawnTag.objects.filter(dialogue=dialogue).delete()


def seal_example(dialogue: Dialogue) -> None:
    """Log an example's settings, statements and votes as if they had been entered here."""
    log_act(dialogue, Act(Verb.OPEN, None, "", {}))
    votes = Vote.objects.filter(participant__dialogue=dialogue)
    rows = [
        (*vote, client, server, salt, False)
        for vote in votes.values_list("participant_id", "statement_id")
        for client, server, salt in [[secrets.token_bytes(NONCE_BYTES) for _ in range(3)]]
    ]
    with connection.cursor() as cursor:
        cursor.executemany(FIRST_SEAL, rows)


def log_act(dialogue: Dialogue, act: Act) -> None:
    """Log what staff did as far as the public can see it; nothing for a draft."""
    if not is_logged(dialogue) or (dialogue.state == "draft" and act.verb != Verb.WITHDRAW):
        return
    if act.verb.logged_as is LoggedAs.SETTINGS:
        document = settings_document(dialogue)
        append(Settings(dialogue.slug, hashlib.sha256(document).digest()), document)
    _log_invitations(dialogue)
    if act.text is not None and act.verb.logged_as is LoggedAs.MODERATION:
        _log_decision(dialogue, act, act.text)


def _log_decision(dialogue: Dialogue, act: Act, text: ModeratedText) -> None:
    number, reason = text.number, act.reason or "none"
    kind = kind_of(type(text))
    collection, done = kind.collection, act.verb.logged_actions
    if kind.taken_up_at and act.verb == Verb.APPEAL_CHANGED:  # it only waits again
        done = (Verb.TAKE_BACK.value,)
    for action in done:
        if collection == STATEMENTS:
            append(Moderation(dialogue.slug, number, action, reason))
        else:
            append(TextModeration(dialogue.slug, collection, number, action, reason))
    if act.verb == Verb.MERGE:
        append(Merge(dialogue.slug, number, int(act.details["into"])))


def _log_invitations(dialogue: Dialogue) -> None:
    """Log how many codes were made; a draft's codes once it is no longer a draft."""
    for batch in dialogue.code_batches.filter(logged=False).order_by("pk"):
        append(Invitations(dialogue.slug, batch.tier, batch.size + batch.withdrawn))
    dialogue.code_batches.filter(logged=False).update(logged=True)


def settings_document(dialogue: Dialogue) -> bytes:
    """The dialogue's settings as its pages show them: JSON with sorted names."""
    values = {name: getattr(dialogue, name) for name in _PUBLISHED}
    aside = dialogue.exclusion_rules.order_by("statement__number", "value")
    values["set_aside"] = [
        {"looked_up": number, "voted": field_codecs.VOTE.write(VALUES[value])}
        for number, value in aside.values_list("statement__number", "value")
    ]
    hours = dialogue.hours_set_aside.order_by("hour", "way").values_list("hour", "way")
    values["set_aside"] += [
        {"admitted": way, "hour": f"{datetime.fromtimestamp(hour * 3600, UTC):%Y-%m-%dT%H:00Z}"}
        for hour, way in hours
    ]
    if batches := list(dialogue.entry_batches.all()):
        values["batches"] = [_batch(each, dialogue.minimum_shown) for each in batches]
    text = json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, indent=1)
    return f"{text}\n".encode()


def _batch(batch: EntryBatch, step: int) -> dict[str, Any]:
    """A batch of a helper's entries as pages show it. While it is open, its people are not told."""
    people = None if batch.is_open else floor_to_step(batch.participants, step)
    return {
        "number": batch.number,
        "channel": batch.channel,
        "place": batch.place,
        "organization": batch.organization,
        "most": batch.most,
        "people_at_least": people,
        "counts": not batch.is_set_aside,
    }

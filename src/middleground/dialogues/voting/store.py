"""Takes votes: the hot path's only write, a batch of ballots in one durable transaction.

A ballot is checked, stored and answered with the next card. A ballot sent twice counts once,
because a vote is one row keyed by participant and statement. The same transaction seals each new or
changed vote for the public log (``sealing/records.py``).
"""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from middleground.core.threads import urgent
from middleground.dialogues.identity.keys import KeyDestroyed, WrongKey
from middleground.dialogues.identity.proofs import check_proof
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import DailyCount, Dialogue, Participant, Vote, VoteSeal
from middleground.dialogues.queries import OwnVotes, votes_of
from middleground.dialogues.sealing.records import FIRST_SEAL, erase_seals
from middleground.dialogues.voting.changes import note_changes
from middleground.dialogues.voting.dealing import Card, StatementPool, StatementPools
from middleground.dialogues.voting.reading import CardRead, read_counts, translation_read
from middleground.ledger.records.vote_opening import NONCE_BYTES

WITHDRAW = "withdraw"
VALUES = {"agree": 1, "pass": 0, "disagree": -1, WITHDRAW: None}


class Refusal(Enum):
    """Why a ballot was not taken. Nothing was stored."""

    NO_DIALOGUE = "no_dialogue"
    NOT_OPEN = "not_open"
    NO_STATEMENT = "no_statement"
    BAD_PROOF = "bad_proof"
    WRONG_KEY = "wrong_key"


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote as sent. ``value`` None withdraws an earlier vote.

    ``nonce`` is the device's own, for the vote's leaf; without one, the server makes both nonces.
    ``read``: the language of the translation on the card, "" if it showed the original; None for a
    vote that was not given on a card.
    """

    slug: str
    token: bytes
    number: int
    value: int | None
    proof: str
    nonce: bytes | None = None
    read: str | None = None


@dataclass(frozen=True, slots=True)
class StoredVote:
    """A stored ballot; it is on disk when the caller gets this.

    ``card`` comes next; after a withdrawal it is the same statement again. ``dealt``: we chose the
    statement, so the vote counts.
    """

    dialogue: Dialogue
    value: int | None
    card: Card
    dealt: bool


Outcome = StoredVote | Refusal


@dataclass(slots=True)
class _CheckedBallot:
    """A ballot that passed the checks, while its batch is processed."""

    place: int
    ballot: Ballot
    pool: StatementPool
    participant: int
    statement: int
    dealt: bool


class DayCounts:
    """In how many parts the votes of a day are counted."""

    parts = 1


def count_days_in_parts(parts: int) -> None:
    """Let transactions of several processes seldom wait for each other.

    Each holds its row of the daily count until its commit is on disk. The part is chosen anew for
    each transaction, because the count of one process would tell what it took since its start.
    """
    DayCounts.parts = parts


def store_votes(ballots: Sequence[Ballot], pools: StatementPools, now: datetime) -> list[Outcome]:
    """Store the ballots in one transaction; returns the outcomes in the same order.

    Raises ``django.db.DatabaseError`` if the database cannot store; then nothing was stored.
    """
    outcomes: list[Outcome] = [Refusal.NO_DIALOGUE] * len(ballots)
    valid: list[_CheckedBallot] = []
    try:
        with urgent.votes.resting() as rest, transaction.atomic():
            dialogues = {
                dialogue.slug: dialogue
                for dialogue in Dialogue.objects.filter(slug__in={each.slug for each in ballots})
            }
            for place, ballot in enumerate(ballots):
                checked = _check(place, ballot, dialogues.get(ballot.slug), pools, now)
                if isinstance(checked, Refusal):
                    outcomes[place] = checked
                else:
                    valid.append(checked)
            before = votes_of({entry.participant for entry in valid})
            fresh = _store(valid, before, now)
            rest()  # the commit waits for the disk, in which time others may work
    finally:
        # Also after an error: a commit can succeed although its confirmation is lost.
        note_changes({entry.pool.dialogue.pk for entry in valid})
    _note_read(fresh)
    for entry, card in _next_cards(valid, before):
        outcomes[entry.place] = StoredVote(
            entry.pool.dialogue, entry.ballot.value, card, entry.dealt
        )
    return outcomes


def _check(
    place: int, ballot: Ballot, dialogue: Dialogue | None, pools: StatementPools, now: datetime
) -> _CheckedBallot | Refusal:
    if dialogue is None or dialogue.phase(now) == "draft":
        return Refusal.NO_DIALOGUE
    if not dialogue.is_open(now):
        return Refusal.NOT_OPEN
    pool = pools.of(dialogue)
    statement = pool.by_number.get(ballot.number)
    if statement is None:
        return Refusal.NO_STATEMENT
    try:
        dealt = check_proof(dialogue.pk, ballot.token, statement.pk, ballot.proof)
        participant = pseudonym(dialogue.pk, ballot.token)
    except KeyDestroyed:  # an old backup was restored, in which the dialogue is still open
        return Refusal.NOT_OPEN
    except WrongKey:
        return Refusal.WRONG_KEY
    if dealt is None:
        return Refusal.BAD_PROOF
    return _CheckedBallot(place, ballot, pool, participant, statement.pk, dealt)


@dataclass(slots=True)
class _Changes:
    """What a batch changes, as if its ballots had been stored one by one, in their order."""

    participants: dict[int, int] = field(default_factory=dict)  # participant → dialogue
    deletions: dict[tuple[int, int], _CheckedBallot] = field(default_factory=dict)
    # (participant, statement) → (value, dealt); written after the deletions
    votes: dict[tuple[int, int], tuple[int, bool]] = field(default_factory=dict)
    # (participant, statement) → the device's nonce of a new vote
    seals: dict[tuple[int, int], bytes] = field(default_factory=dict)
    # Votes that an earlier batch sealed and this one changes.
    changed: set[tuple[int, int]] = field(default_factory=set)
    new_votes: Counter[int] = field(default_factory=Counter)  # by dialogue, for the daily count


def _store(
    valid: Sequence[_CheckedBallot], votes: Mapping[int, OwnVotes], now: datetime
) -> list[_CheckedBallot]:
    """Write the changes, and update ``votes``; return the ballots on what had no vote before.

    If one participant sends several ballots on one statement in a batch, the last counts.
    """
    changes = _Changes()
    fresh = []
    for entry in valid:
        if entry.statement not in votes[entry.participant].values:
            fresh.append(entry)
        _change(entry, votes[entry.participant], changes)
    if changes.participants or changes.votes or changes.deletions:
        _write(changes, now)
    return fresh


def _note_read(fresh: Iterable[_CheckedBallot]) -> None:
    """Count in memory what was read on the cards; only where texts are translated."""
    for entry in fresh:
        ballot, dialogue = entry.ballot, entry.pool.dialogue
        if dialogue.other_languages and entry.dealt and ballot.value and ballot.read is not None:
            translation = translation_read(dialogue, ballot.number, ballot.read)
            if translation >= 0:
                read_counts.note(CardRead(dialogue.pk, entry.statement, translation, ballot.value))


def _change(entry: _CheckedBallot, mine: OwnVotes, changes: _Changes) -> None:
    """Apply one ballot to the participant's votes."""
    value, old = entry.ballot.value, mine.values.get(entry.statement)
    dialogue, key = entry.pool.dialogue.pk, (entry.participant, entry.statement)
    if value == old:
        return
    if value is None:
        del mine.values[entry.statement]
        mine.looked_up.discard(entry.statement)
        changes.votes.pop(key, None)
        changes.seals.pop(key, None)
        changes.changed.discard(key)
        changes.deletions.setdefault(key, entry)
        return
    dealt = entry.dealt
    if not mine.values:
        changes.participants[entry.participant] = dialogue
    if old is None:
        changes.new_votes[dialogue] += 1
        changes.seals[key] = entry.ballot.nonce or secrets.token_bytes(NONCE_BYTES)
        if not dealt:
            mine.looked_up.add(entry.statement)
    elif key in changes.votes:
        dealt = changes.votes[key][1]
    else:
        changes.changed.add(key)
    mine.values[entry.statement] = value
    changes.votes[key] = value, dealt


def _write(changes: _Changes, now: datetime) -> None:
    # In key order, so that two servers on one PostgreSQL never deadlock.
    votes = [(*key, value, dealt) for key, (value, dealt) in sorted(changes.votes.items())]
    newcomers: Counter[int] = Counter()
    with connection.cursor() as cursor:
        # Everyone with votes has a row. Inserted one by one, because the row count tells who is new
        # (an author is not), on SQLite and PostgreSQL alike.
        for participant, dialogue in sorted(changes.participants.items()):
            cursor.execute(_ADD_PARTICIPANT, (participant, dialogue))
            newcomers[dialogue] += max(cursor.rowcount, 0)
        if changes.deletions:
            _erase(changes.deletions.values())
            cursor.executemany(_DELETE_VOTE, sorted(changes.deletions))
        if votes:
            cursor.executemany(UPSERT_VOTE, votes)
            _seal(cursor, changes)
        day = timezone.localdate(now)
        part = secrets.randbelow(DayCounts.parts)
        for dialogue, new_votes in sorted(changes.new_votes.items()):
            cursor.execute(_COUNT_DAY, (dialogue, day, part, newcomers[dialogue], new_votes))


def _erase(taken_back: Iterable[_CheckedBallot]) -> None:
    """Delete everything that could open the seal of a withdrawn vote."""
    for entry in taken_back:
        seals = VoteSeal.objects.filter(
            participant_id=entry.participant, statement_id=entry.statement
        )
        erase_seals(entry.pool.dialogue, seals)


def _seal(cursor: CursorWrapper, changes: _Changes) -> None:
    """Store what seals new votes; a changed vote keeps its nonces and gets a new salt."""
    new = [
        (*key, nonce, secrets.token_bytes(NONCE_BYTES), secrets.token_bytes(NONCE_BYTES), False)
        for key, nonce in sorted(changes.seals.items())
    ]
    if new:
        cursor.executemany(FIRST_SEAL, new)
    if changes.changed:
        salts = [(secrets.token_bytes(NONCE_BYTES), *key) for key in sorted(changes.changed)]
        cursor.executemany(_NEW_SALT, salts)


def _next_cards(
    valid: Sequence[_CheckedBallot], votes: Mapping[int, OwnVotes]
) -> Iterator[tuple[_CheckedBallot, Card]]:
    """The next card of each participant; dealing once per pool costs a fraction."""
    waiting: dict[int, list[_CheckedBallot]] = defaultdict(list)
    for entry in valid:
        if entry.ballot.value is not None:
            waiting[id(entry.pool)].append(entry)
            continue
        statement, mine = entry.pool.statements[entry.statement], votes[entry.participant]
        yield entry, entry.pool.card(statement, entry.ballot.proof, mine, dealt=entry.dealt)
    for entries in waiting.values():
        participants = [(entry.ballot.token, votes[entry.participant]) for entry in entries]
        yield from zip(entries, entries[0].pool.next_cards(participants), strict=True)


_VOTE, _PARTICIPANT = Vote._meta.db_table, Participant._meta.db_table
_DAY = DailyCount._meta.db_table
# Participants not admitted by a code wait until they confirm; see participation/admission.py.
_ADD_PARTICIPANT = (
    f"INSERT INTO {_PARTICIPANT} (id, dialogue_id, tier)"  # noqa: S608
    f" VALUES (%s, %s, '{Participant.Tier.UNCONFIRMED}') ON CONFLICT (id) DO NOTHING"
)
# A changed vote keeps its ``dealt``: the server chose that statement.
UPSERT_VOTE = (
    f"INSERT INTO {_VOTE} (participant_id, statement_id, value, dealt)"  # noqa: S608
    " VALUES (%s, %s, %s, %s) ON CONFLICT (participant_id, statement_id)"
    " DO UPDATE SET value = excluded.value"
)
_NEW_SALT = (
    f"UPDATE {VoteSeal._meta.db_table} SET salt = %s"  # noqa: S608
    " WHERE participant_id = %s AND statement_id = %s"
)
_DELETE_VOTE = f"DELETE FROM {_VOTE} WHERE participant_id = %s AND statement_id = %s"  # noqa: S608
_COUNT_DAY = (
    f"INSERT INTO {_DAY} AS d (dialogue_id, day, part, participants, votes, statements)"  # noqa: S608
    " VALUES (%s, %s, %s, %s, %s, 0) ON CONFLICT (dialogue_id, day, part) DO UPDATE SET"
    " participants = d.participants + excluded.participants, votes = d.votes + excluded.votes"
)

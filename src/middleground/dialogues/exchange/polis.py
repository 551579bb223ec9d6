"""Import and export of whole dialogues in the Polis format."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from http import HTTPStatus

import numpy as np
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.exchange.polis_map import ExportNumbers, with_map
from middleground.dialogues.identity.keys import destroyed_keys
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import DailyCount, Dialogue, Participant, Statement, Vote
from middleground.dialogues.voting.store import UPSERT_VOTE
from middleground.engine import Votes
from middleground.polis import PolisExport, PolisStatement
from middleground.texts.normalise import normalise
from middleground.texts.sameness import dedup_hash

ROWS_AT_ONCE = 5_000
LONGEST_TEXT = 1_000
STATUS = {
    "accepted": Statement.Status.APPROVED,
    "unmoderated": Statement.Status.APPROVED,
    "rejected": Statement.Status.REJECTED,
}
DELETED = "(text deleted)"  # Polis has no empty statements
Progress = Callable[[int, int], None]


class ImportRefused(Refused):
    """The conversation cannot be imported."""

    refusals = {
        "address_taken": RefusalText(
            _("People have taken part in “%(slug)s” here. Choose another address with --slug.")
        ),
        "bad_address": RefusalText(
            _("“%(slug)s” cannot be an address: %(why)s Choose another with --slug."),
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ),
        "earlier_keys": RefusalText(
            _("The keys folder belongs to an earlier installation. Use another.")
        ),
        "too_long": RefusalText(
            _(
                "Statement %(number)d has %(length)d characters, the limit is %(limit)d. "
                "Shorten it in comments.csv."
            ),
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ),
    }


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed; the counts are 0 if everything was there already."""

    dialogue: Dialogue
    created: bool
    statements: int
    participants: int
    votes: int


def import_conversation(
    export: PolisExport, slug: str, progress: Progress | None = None
) -> Imported:
    """Store a conversation as a closed dialogue, or update an earlier import of it.

    Pseudonyms are computed from the participants' numbers, and statements keep their numbers, so
    importing the same folder again changes nothing. It is one transaction.
    Raises ``ImportRefused``.
    """
    _refuse_bad_address(slug)
    _refuse_long_texts(export)
    with transaction.atomic():
        dialogue, created = Dialogue.objects.get_or_create(
            slug=slug,
            defaults={
                "question": normalise(export.topic)[:200] or slug,
                "background": export.description,
                "host_name": "unknown host (imported)",
                "state": Dialogue.State.CLOSED,
                "imported": True,
            },
        )
        if not created and dialogue.participants.exclude(tier=Participant.Tier.IMPORTED).exists():
            raise ImportRefused("address_taken", slug=slug)
        if dialogue.pk in destroyed_keys():
            raise ImportRefused("earlier_keys")
        participants = _import_participants(dialogue, export)
        statements = _import_statements(dialogue, export, participants)
        votes = import_votes(dialogue, export.last_votes(), participants, statements.keys, progress)
        if statements.changed or participants.added or votes:
            Dialogue.objects.filter(pk=dialogue.pk).update(
                revision=dialogue.revision + 1, imported=True
            )
    return Imported(dialogue, created, statements.changed, participants.added, votes)


@dataclass(frozen=True, slots=True)
class ImportedParticipants:
    """Pseudonyms by the participant's number in the file, and how many are new."""

    pseudonyms: dict[int, int]
    added: int


@dataclass(frozen=True, slots=True)
class ImportedStatements:
    """Primary keys by the statement's number in the file, and how many changed."""

    keys: dict[int, int]
    changed: int


def add_participants(dialogue: Dialogue, numbers: set[int], tier: str) -> ImportedParticipants:
    """Store a participant for each number; existing ones stay unchanged."""
    pseudonyms = {
        number: pseudonym(dialogue.pk, b"imported:%d" % number) for number in sorted(numbers)
    }
    there = set(dialogue.participants.values_list("pk", flat=True))
    new = [key for key in pseudonyms.values() if key not in there]
    Participant.objects.bulk_create(
        [Participant(id=key, dialogue=dialogue, tier=tier) for key in new],
        batch_size=ROWS_AT_ONCE,
    )
    return ImportedParticipants(pseudonyms, len(new))


def import_votes(
    dialogue: Dialogue,
    votes: Votes,
    participants: ImportedParticipants,
    statements: dict[int, int],
    progress: Progress | None = None,
) -> int:
    """Store each participant's last vote on each statement; return how many were new or changed."""
    there = {
        (participant, statement): value
        for participant, statement, value in Vote.objects.filter(
            participant__dialogue=dialogue
        ).values_list("participant_id", "statement_id", "value")
    }
    wanted = {
        (participants.pseudonyms[person], statements[number]): (value, dealt)
        for person, number, value, dealt in _rows(votes)
    }
    rows = [(*key, *vote) for key, vote in wanted.items() if there.get(key) != vote[0]]
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ROWS_AT_ONCE):
            cursor.executemany(UPSERT_VOTE, rows[start : start + ROWS_AT_ONCE])
            if progress:
                progress(min(start + ROWS_AT_ONCE, len(rows)), len(rows))
    return len(rows)


def count_day(dialogue: Dialogue, day: date, participants: int, votes: int) -> None:
    """Set a day's counts, for participation over time."""
    DailyCount.objects.update_or_create(
        dialogue=dialogue, day=day, part=0, defaults={"participants": participants, "votes": votes}
    )


def export_conversation(dialogue: Dialogue, url: str = "") -> PolisExport:
    """The dialogue with every vote, participants numbered in the order of their pseudonyms.

    With the groups of its map, and what is needed to compute that, which takes seconds. Sensitive:
    whoever knows a few votes of a participant can re-identify them (docs/cli.md).
    """
    statements = list(dialogue.statements.order_by("number"))
    numbers = {statement.pk: statement.number for statement in statements}
    rows = list(
        Vote.objects.filter(participant__dialogue=dialogue)
        .order_by("participant_id", "statement_id")
        .values_list("participant_id", "statement_id", "value", "dealt")
    )
    authors = {statement.author_id for statement in statements if statement.author_id}
    participants = {
        key: index for index, key in enumerate(sorted({row[0] for row in rows} | authors))
    }
    order = sorted((participants[person], numbers[key], *vote) for person, key, *vote in rows)
    columns = np.array(order, dtype=np.int64).reshape(-1, 4)
    export = PolisExport(
        topic=dialogue.question,
        url=url,
        description=dialogue.background,
        statements=tuple(_exported(statement, participants) for statement in statements),
        votes=Votes(columns[:, 0], columns[:, 1], columns[:, 2], columns[:, 3] == 1),
    )
    return with_map(export, dialogue, ExportNumbers(participants, numbers))


def export_texts(dialogue: Dialogue, url: str = "") -> PolisExport:
    """The dialogue's texts alone: no vote, no author, no text that was deleted.

    For the desk, where no role shows who voted what, or who wrote it.
    """
    kept = dialogue.statements.exclude(text="").order_by("number")
    return PolisExport(
        topic=dialogue.question,
        url=url,
        description=dialogue.background,
        statements=tuple(
            replace(_exported(statement, defaultdict(int)), author=None) for statement in kept
        ),
        votes=Votes([], [], []),
    )


def _exported(statement: Statement, participants: Mapping[int, int]) -> PolisStatement:
    shown = statement.status == Statement.Status.APPROVED
    waiting = statement.status == Statement.Status.PENDING or (shown and not statement.reviewed)
    midnight = datetime.combine(statement.received_on, datetime.min.time(), tzinfo=UTC)
    return PolisStatement(
        id=statement.number,
        text=statement.text or DELETED,
        author=participants[statement.author_id] if statement.author_id else None,
        status="unmoderated" if waiting else "accepted" if shown else "rejected",
        created=int(midnight.timestamp() * 1000),
    )


def _rows(votes: Votes) -> Iterator[tuple[int, int, int, bool]]:
    dealt = np.ones(len(votes), dtype=np.bool_) if votes.dealt is None else votes.dealt
    columns = (votes.participant, votes.statement, votes.value, dealt)
    return zip(*(column.tolist() for column in columns), strict=True)


def _refuse_bad_address(slug: str) -> None:
    try:
        Dialogue._meta.get_field("slug").clean(slug, None)
    except ValidationError as error:
        raise ImportRefused("bad_address", slug=slug, why=" ".join(error.messages)) from None


def _refuse_long_texts(export: PolisExport) -> None:
    for statement in export.statements:
        if len(statement.text) > LONGEST_TEXT:
            raise ImportRefused(
                "too_long", number=statement.id, length=len(statement.text), limit=LONGEST_TEXT
            )


def _import_participants(dialogue: Dialogue, export: PolisExport) -> ImportedParticipants:
    voters = set(np.unique(export.votes.participant).tolist())
    authors = {item.author for item in export.statements if item.author is not None}
    return add_participants(dialogue, voters | authors, Participant.Tier.IMPORTED)


def _import_statements(
    dialogue: Dialogue, export: PolisExport, participants: ImportedParticipants
) -> ImportedStatements:
    there = {statement.number: statement for statement in dialogue.statements.all()}
    used = {statement.dedup_hash: number for number, statement in there.items()}
    new, altered = [], []
    for item in export.statements:
        mark = _mark(item, used)
        values: dict[str, object] = {
            "text": item.text,
            "dedup_hash": mark,
            "status": STATUS[item.status],
            "reviewed": item.status != "unmoderated",
            "origin": Statement.Origin.IMPORTED,
            "author_id": participants.pseudonyms[item.author] if item.author is not None else None,
        }
        if item.status != "rejected":
            values["reason"] = ""
        statement = there.get(item.id)
        if statement and statement.text_deleted and values["status"] == statement.status:
            continue  # its retention is over: the text must not come back
        values["rejected_on"] = _rejected_on(item, statement)
        if statement is None:
            day = _day(item) or timezone.localdate()
            new.append(Statement(dialogue=dialogue, number=item.id, received_on=day, **values))
        elif any(getattr(statement, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(statement, name, value)
            altered.append(statement)
    Statement.objects.bulk_create(new, batch_size=500)
    for statement in altered:
        statement.save()
    return ImportedStatements(
        dict(dialogue.statements.values_list("number", "pk")), len(new) + len(altered)
    )


def _rejected_on(item: PolisStatement, statement: Statement | None) -> date | None:
    """The day of rejection, from which the retention of the text is counted."""
    if STATUS[item.status] != Statement.Status.REJECTED:
        return None
    return (statement and statement.rejected_on) or timezone.localdate()


def _mark(item: PolisStatement, used: dict[str, int]) -> str:
    """The text's hash. Polis allows duplicate texts, so a later one gets a different hash."""
    mark = dedup_hash(item.text)
    if used.setdefault(mark, item.id) == item.id:
        return mark
    return hashlib.sha256(f"{mark} imported as {item.id}".encode()).hexdigest()


def _day(item: PolisStatement) -> date | None:
    """The day in UTC, as exports write it, so that export and import change nothing."""
    if item.created is None:
        return None
    return datetime.fromtimestamp(item.created / 1000, tz=UTC).date()

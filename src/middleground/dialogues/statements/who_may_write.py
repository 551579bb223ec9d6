"""Who may write a statement, and at which pace statements are shown without a moderator.

Otherwise one program with fresh cookies fills the moderators' queue within seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from middleground.core.dates import hour_of
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import Dialogue, Participant, Statement, Vote


@dataclass(frozen=True, slots=True)
class MissingToWrite:
    """What somebody still has to do before they may write. False if it is nothing."""

    votes: int = 0
    confirmation: bool = False

    def __bool__(self) -> bool:
        return bool(self.votes or self.confirmation)


def missing_to_write(dialogue: Dialogue, token: bytes, wanted: int | None = None) -> MissingToWrite:
    """What the dialogue's rule asks of this participant, beyond what they have done.

    ``wanted``: so many votes; None: as many as before a statement.
    """
    wanted = dialogue.votes_before_writing if wanted is None else wanted
    if not wanted:
        return MissingToWrite()
    participant = pseudonym(dialogue.pk, token)
    tiers = Participant.objects.filter(pk=participant).values_list("tier", flat=True)
    confirmed = tiers.first() not in (None, Participant.Tier.UNCONFIRMED)
    return MissingToWrite(votes_missing(dialogue, participant, wanted), not confirmed)


def votes_missing(dialogue: Dialogue, participant: int, wanted: int) -> int:
    """How many votes on dealt statements are missing of the wanted ones.

    At most as many as there are statements on which the participant can still vote.
    """
    votes = Vote.objects.filter(participant_id=participant)
    missing = wanted - votes.filter(dealt=True).count()
    if missing <= 0:
        return 0
    left = Statement.objects.votable().filter(dialogue=dialogue)
    return min(missing, left.exclude(pk__in=votes.values("statement_id")).count())


def count_written(dialogue: Dialogue, now: datetime) -> None:
    """Count one more new statement of this hour. The caller has locked the dialogue's row.

    Beyond the pace nothing is counted, so that a flood does not write the row each time.
    """
    hour = hour_of(now)
    if dialogue.writing_hour != hour:
        dialogue.writing_hour, dialogue.written_in_hour = hour, 0
    if dialogue.written_in_hour > dialogue.statements_an_hour:
        return
    dialogue.written_in_hour += 1
    dialogue.save(update_fields=["writing_hour", "written_in_hour"])


def is_beyond_pace(dialogue: Dialogue, now: datetime) -> bool:
    """Whether more statements were written in this hour than are shown without a moderator."""
    busy = dialogue.written_in_hour > dialogue.statements_an_hour
    return busy and dialogue.writing_hour == hour_of(now)

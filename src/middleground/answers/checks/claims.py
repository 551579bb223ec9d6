"""What bodies say is done, and beside each of it what residents say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from middleground.answers.checks.told import ToldCheck, told_of_done
from middleground.answers.checks.why import ToldSentences, sentences_of
from middleground.answers.models import SAY_DONE, Commitment, CommitmentEvent


@dataclass(frozen=True, slots=True)
class DoneClaim:
    """A milestone that is reached, or a commitment that is kept, as its body says.

    ``milestone``: its number; None for the whole. ``event``: the number of the event that says so.
    """

    event: int
    milestone: int | None
    what: str
    on: date
    residents: ToldCheck
    sentences: tuple[ToldSentences, ...] = ()  # where the whole check is told


def claims_of(commitments: Iterable[Commitment]) -> dict[int, list[DoneClaim]]:
    """By the commitment's primary key, the newest first. One query."""
    by_pk = {each.pk: each for each in commitments}
    found: dict[int, list[DoneClaim]] = defaultdict(list)
    if not by_pk:
        return found
    events = CommitmentEvent.objects.filter(commitment__in=by_pk, kind__in=SAY_DONE)
    for event in events.select_related("resident_check").order_by("commitment", "-number"):
        event.commitment = by_pk[event.commitment_id]
        found[event.commitment_id].append(claim_of(event))
    return found


def claim_of(event: CommitmentEvent) -> DoneClaim:
    """Reads the event's commitment and check."""
    return DoneClaim(
        event.number, event.facts.get("milestone"), event.what, event.on, told_of_done(event)
    )


def claims_in(events: Sequence[CommitmentEvent]) -> dict[int | None, DoneClaim]:
    """By the milestone's number, or None for the whole: of the events of one commitment.

    One query, for why residents said so.
    """
    said = [claim_of(event) for event in events if event.kind in SAY_DONE]
    why = sentences_of(each.residents.check for each in said if each.residents.check)
    return {each.milestone: _with_sentences(each, why) for each in said}


def _with_sentences(claim: DoneClaim, why: Mapping[int, list[ToldSentences]]) -> DoneClaim:
    check = claim.residents.check
    return replace(claim, sentences=tuple(why.get(check.pk, ()))) if check else claim

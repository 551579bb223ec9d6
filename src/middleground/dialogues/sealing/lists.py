"""Makes the vote lists and totals of a closed dialogue, and logs them with its end.

Everything is derived with the dialogue's key, so that a repetition after a power cut gives the same
files. Whoever has the key can open each commitment; when it is destroyed, nobody can.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from middleground.core.processes.election import require_elected
from middleground.dialogues.identity.keys import keyed_hash
from middleground.dialogues.models import (
    Dialogue,
    DialogueLog,
    StaffAction,
    StoredMap,
    Verb,
    WithdrawnTag,
)
from middleground.dialogues.sealing.boxes import forget_boxes
from middleground.dialogues.sealing.records import sealed_votes
from middleground.disclosure.bands import may_publish_exact
from middleground.ledger import LoggedRecord, write_entry
from middleground.ledger.codecs.field_codecs import Vote as Answer
from middleground.ledger.commitments.answer_proof import LinePlace, prove
from middleground.ledger.commitments.commitment import ANSWERS, VoteTotals, commit, tally_of
from middleground.ledger.commitments.group import ORDER, hash_to_scalar
from middleground.ledger.files.publishing import publish_document
from middleground.ledger.files.totals import OpenedTotal, Totals, write_totals
from middleground.ledger.files.vote_list import ListedVote, filled_length, write_vote_list
from middleground.ledger.records.entries import ClosedDialogue, Erasures, LoggedList, Moderation
from middleground.publiclog.log_key import signing_key
from middleground.publiclog.sequencer import sequencing

# Statement → participants whose votes on it the final map counts, ascending.
CountedVotes = Mapping[int, NDArray[np.int64]]


@dataclass(slots=True)
class _Votes:
    """A statement's votes by tag: those that the final map counts, and other promised tags."""

    counted: dict[bytes, Answer] = field(default_factory=dict)
    beside: set[bytes] = field(default_factory=set)

    def tally(self) -> VoteTotals:
        return tally_of(self.counted.values())


def place_lists(dialogue: Dialogue, counted_votes: Callable[[Dialogue], CountedVotes]) -> None:
    """Log a closed dialogue's vote lists, totals and end. Takes .5 ms for a vote."""
    votes = _votes(dialogue, counted_votes(dialogue))
    shown = set(dialogue.statements.published().values_list("number", flat=True))
    folder, lists = Path(settings.LEDGER), []
    opened: dict[int, OpenedTotal | None] = {}
    for number, own in sorted(votes.items()):
        tally = own.tally()
        counts = (tally.agree, tally.passed, tally.disagree)
        if number in shown and may_publish_exact(*counts, dialogue.minimum_shown):
            blindings = {line[0]: blinding_of(dialogue, *line) for line in own.counted.items()}
            lines = _opened_lines(dialogue, number, own, blindings)
            opened[number] = OpenedTotal(tally, sum(blindings.values()) % ORDER)
        else:
            lines = _withheld_lines(dialogue, number, own, is_shown=number in shown)
            opened[number] = None
        document = write_vote_list(dialogue.slug, number, lines)
        require_elected()
        lists.append(LoggedList(dialogue.slug, number, publish_document(folder, document)))
    require_elected()
    totals = publish_document(folder, write_totals(Totals(dialogue.slug, opened)))
    final = StoredMap.objects.get(dialogue=dialogue, final=True)
    end = ClosedDialogue(dialogue.slug, bytes.fromhex(final.document_hash), len(lists), totals)
    _place(dialogue, [*_unshown(dialogue, votes.keys() - shown), *lists], end)
    forget_boxes(dialogue)


def blinding_of(dialogue: Dialogue, tag: bytes, answer: Answer) -> int:
    """The blinding factor of a vote's commitment. Raises ``KeyDestroyed``."""
    message = tag + bytes([ANSWERS.index(answer)])
    return hash_to_scalar(keyed_hash(dialogue.pk, b"vote-blinding", message))


def _votes(dialogue: Dialogue, counted: CountedVotes) -> dict[int, _Votes]:
    """All sealed statements by number, with their votes.

    Of votes that the map does not count only promised tags are listed: anybody can make as many
    unconfirmed votes as they like.
    """
    numbers = dialogue.statements.exclude(salt=None).values_list("number", flat=True)
    participants = {statement: set(each.tolist()) for statement, each in counted.items()}
    found: dict[int, _Votes] = defaultdict(_Votes) | {n: _Votes() for n in numbers}
    for vote in sealed_votes(dialogue):
        if vote.participant in participants.get(vote.statement, ()):
            found[vote.number].counted[vote.tag] = vote.answer
        elif vote.promised:  # also on a statement whose text is deleted, and with it the salt
            found[vote.number].beside.add(vote.tag)
    withdrawn = WithdrawnTag.objects.filter(dialogue=dialogue)
    for text, number in withdrawn.values_list("tag", "number"):
        found[number].beside.add(bytes.fromhex(text))
    return found


def _opened_lines(
    dialogue: Dialogue, number: int, votes: _Votes, blindings: Mapping[bytes, int]
) -> Iterator[ListedVote]:
    log = signing_key().name
    for tag, answer in votes.counted.items():
        blinding = blindings[tag]
        commitment = commit(answer, blinding)
        place = LinePlace(log, dialogue.slug, number, tag)
        scalars = _scalars(dialogue, commitment, place)
        yield ListedVote(tag, "counted", commitment, prove(answer, blinding, place, scalars))
    for tag in _filled_up(dialogue, number, votes.beside, filled_length(len(votes.beside))):
        yield ListedVote(tag, "beside")


def _withheld_lines(
    dialogue: Dialogue, number: int, votes: _Votes, *, is_shown: bool
) -> Iterator[ListedVote]:
    """Tags of real votes and of none, so that their number says no more than what is published.

    The map shows bands of the counted votes on a statement that is shown, and nothing of others.
    """
    counted = (
        _upper_ends(votes.tally(), dialogue.minimum_shown)
        if is_shown
        else filled_length(len(votes.counted))
    )
    target = counted + filled_length(len(votes.beside))
    for tag in _filled_up(dialogue, number, {*votes.counted, *votes.beside}, target):
        yield ListedVote(tag, "withheld")


def _filled_up(dialogue: Dialogue, number: int, tags: set[bytes], target: int) -> set[bytes]:
    """The tags, and as many of no vote as are missing to the target."""
    missing = range(target - len(tags))
    names = (f"{number} {filler}".encode() for filler in missing)
    return tags | {keyed_hash(dialogue.pk, b"list-filler", name) for name in names}


def _upper_ends(tally: VoteTotals, minimum: int) -> int:
    """The most votes that the bands of the published total allow."""
    counts = (tally.agree, tally.passed, tally.disagree)
    return sum((count // minimum + 1) * minimum - 1 for count in counts)


def _scalars(dialogue: Dialogue, commitment: bytes, place: LinePlace) -> Callable[[], int]:
    """Returns the secret random numbers of one proof, the same for the same commitment and place.

    They depend on everything that the proof's challenge depends on: one used for two challenges
    would give the blinding factor away.
    """
    head = f"{place.log}\n{place.dialogue}\n{place.statement}\n".encode() + place.tag + commitment
    count = iter(range(2**31))
    return lambda: hash_to_scalar(
        keyed_hash(dialogue.pk, b"vote-proof", head + next(count).to_bytes(4, "big"))
    )


def _unshown(dialogue: Dialogue, numbers: Collection[int]) -> list[Moderation]:
    """Records of the statements that are not shown without a decision that the log tells.

    Nobody has decided on them yet, their authors deleted them, or they came with an example.
    """
    acts = StaffAction.objects.filter(dialogue=dialogue, verb__in=(Verb.REJECT, Verb.MERGE))
    decided = acts.exclude(statement=None).values_list("statement__number", flat=True)
    return [
        Moderation(dialogue.slug, number, "not_shown", "none")
        for number in sorted({*numbers} - {*decided})
    ]


def _place(dialogue: Dialogue, before: list[Moderation | LoggedList], end: ClosedDialogue) -> None:
    with sequencing() as sequencer:
        log, _ = DialogueLog.objects.get_or_create(dialogue=dialogue)
        records: list[LoggedRecord] = [*before, end]
        if log.erased_statements:
            records.insert(0, Erasures(dialogue.slug, log.erased_statements))
        sequencer.place([write_entry(record) for record in records])
        DialogueLog.objects.filter(pk=log.pk).update(
            closed=True, totals_hash=end.document.hex(), erased_statements=0
        )

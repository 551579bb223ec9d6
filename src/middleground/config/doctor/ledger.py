"""The doctor's checks of the public log: its consistency, its witnesses, and ends of dialogues."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from middleground.config import environment
from middleground.config.backup import hash_of
from middleground.config.doctor.messages import Messages, advice, error, well

if TYPE_CHECKING:
    from middleground.ledger.notes.checkpoint import Checkpoint
    from middleground.ledger.notes.note import Note

SUBJECT = "Public log"
TROUBLE = "See “Trouble” in docs/ledger.md."
TROUBLE_OF_SEVERAL = f"{TROUBLE} All machines must share one folder: {environment.LEDGER.name}."
# So long may result and lists of a large dialogue take to make; and so much later it is an error,
# because two days after the end verifiers call it one.
TIME_FOR_RESULT, TIME_UNTIL_ERROR = timedelta(hours=2), timedelta(days=1)
MOST_VERIFIED = 200_000  # entries; verifying that many takes seconds


def _check_files(newest: Checkpoint) -> Messages:
    """Verify the stored log: of a large one the root, a random sample of tiles, and documents."""
    from middleground.ledger import verify
    from middleground.ledger.checks.pieces import (
        bundles_of,
        check_bundles,
        check_document_names,
        check_root,
    )
    from middleground.publiclog.log_key import signing_key

    folder = Path(settings.LEDGER)
    if newest.size <= MOST_VERIFIED:
        report = verify(folder, signing_key().verifier)
        wrong = [
            " ".join([each.sentence, *each.details[:1]])
            for each in report.findings
            if each.state == "fails"
        ]
        looked = "All files are what was signed."
    else:
        numbers = range(bundles_of(newest.size))
        sample = random.SystemRandom().sample(numbers, MOST_VERIFIED // 256)
        bundles = check_bundles(folder, newest, sample)
        found = [check_root(folder, newest), *bundles, *check_document_names(folder)]
        wrong = [each for each in found if each]
        looked = (
            f"{len(sample)} of {len(numbers)} files, chosen at random, are what was signed, and so"
            " are all documents that are there. The log is large: “middleground verify” also reads"
            " its texts, and finds what is missing."
        )
    if wrong:
        hint = "Put its files back from a backup; see “Trouble” in docs/ledger.md."
        yield error(68, SUBJECT, f"The stored log is damaged: {wrong[0]}", hint)
    else:
        yield well(69, SUBJECT, looked)


def check_sealed_votes() -> Messages:
    """Check that the votes of each final map, which an auditor is given, are what was sealed."""
    from middleground.dialogues.maps.log_record import matrix_path
    from middleground.dialogues.models import StoredMap

    final = StoredMap.objects.filter(final=True).exclude(votes_seal="").select_related("dialogue")
    for stored in final.order_by("dialogue_id"):
        path = matrix_path(stored.dialogue)
        if not path.is_file():
            what = f"There is no {path}"
        elif hash_of(path) != stored.votes_seal:
            what = f"{path} is not what was sealed"
        else:
            continue
        hint = "Put it back from a backup."
        if connection.vendor == "postgresql":
            hint = f"Set {environment.SEALED.name} to the folder that all share, or put it back."
        yield error(78, "Sealed votes", f"{what}: no auditor can check that result.", hint)


def _check_boxes(newest: Checkpoint) -> Messages:
    """Check that each open dialogue's box, from which receipts are made, is what was logged."""
    from middleground.dialogues.models import Dialogue
    from middleground.dialogues.sealing.boxes import newest_box
    from middleground.ledger import write_entry
    from middleground.ledger.merkle.entry_bundle import BadBundle
    from middleground.ledger.merkle.tile_folder import MissingTile, TileFolder
    from middleground.ledger.merkle.tiles import WIDTH
    from middleground.ledger.records.entries import LoggedBox

    tiles = TileFolder(Path(settings.LEDGER), newest.size)
    for dialogue in Dialogue.objects.filter(imported=False).order_by("pk"):
        placed = newest_box(dialogue)
        if placed is None or placed.index >= newest.size:
            continue  # nobody has a receipt from a box that is not signed yet
        try:
            root = placed.box.computed_root(MOST_VERIFIED)
        except FileNotFoundError:
            continue  # the next round has just replaced it
        bundle, place = divmod(placed.index, WIDTH)
        try:
            entry = tiles.entries(bundle)[place]
        except (MissingTile, BadBundle):
            continue  # the stored log is damaged, which is said already
        if root is None or entry != write_entry(LoggedBox(dialogue.slug, root)):
            message = f"The box of “{dialogue.slug}” is damaged: some receipts would not hold."
            yield advice(81, "Sealed votes", message, "The next round of the log makes it anew.")


def check_log() -> Messages:
    """Check that folder and database agree and the witnesses signed lately."""
    from middleground.ledger.notes.checkpoint import BadCheckpoint, open_checkpoint
    from middleground.publiclog.log_key import signing_key
    from middleground.publiclog.publisher import why_stuck
    from middleground.publiclog.upkeep.lateness import is_log_late

    file = Path(settings.LEDGER) / "checkpoint"
    if is_log_late():
        message = "No round of it ended well lately, so receipts do not come. Does the server run?"
        yield advice(71, SUBJECT, message, "Its output says why. See “Trouble” in docs/ledger.md.")
    if problem := why_stuck():
        hint = TROUBLE_OF_SEVERAL if connection.vendor == "postgresql" else TROUBLE
        yield error(52, SUBJECT, f"It cannot grow: {problem}.", hint)
        return
    if not file.is_file():
        yield well(54, SUBJECT, "Empty: nothing is signed yet.")
        return
    try:
        checkpoint, note = open_checkpoint(file.read_bytes(), signing_key().verifier)
    except (BadCheckpoint, OSError) as damaged:
        yield error(53, SUBJECT, f"Its newest checkpoint cannot be read: {damaged}.")
        return
    yield well(54, SUBJECT, f"{checkpoint.size} entries, signed.")
    yield from _check_files(checkpoint)
    yield from _check_boxes(checkpoint)
    yield from _check_witnesses(note)


def _check_witnesses(note: Note) -> Messages:
    from middleground.ledger.notes.cosignature import cosigned_at
    from middleground.ledger.notes.keys import read_verifier_key
    from middleground.ledger.notes.note import BadNote

    for _, line in settings.LEDGER_WITNESSES:
        key = read_verifier_key(line)
        try:
            when = cosigned_at(note, key)
        except BadNote as forged:
            yield error(55, SUBJECT, f"{forged}.")
            continue
        if when is None:
            message = f"{key.name} has not signed the newest checkpoint."
            yield advice(56, SUBJECT, message, "Does the witness run?")
        else:
            said = f"{key.name} signed it, {datetime.fromtimestamp(when, UTC):%Y-%m-%d %H:%M} UTC."
            yield well(57, SUBJECT, said)


def check_ends(now: datetime) -> Messages:
    """Check that dialogues that have ended have their result, and their lists in the log."""
    from middleground.dialogues.queries import ended_without_result

    for dialogue in ended_without_result(now):
        # An imported one may have no time of its end.
        since = now - dialogue.closes_at if dialogue.closes_at else TIME_FOR_RESULT
        if since < TIME_FOR_RESULT:
            continue
        missing = (
            "its votes are not listed in the public log"
            if dialogue.has_final  # type: ignore[attr-defined]
            else "it has no final result"
        )
        message = f"“{dialogue.slug}” has ended, and {missing}."
        hint = (
            "The output of the server says why. Does it run? Two days after the end, whoever checks"
            " the log is told that the dialogue is overdue."
        )
        make = advice if since < TIME_UNTIL_ERROR else error
        yield make(75, SUBJECT, message, hint)

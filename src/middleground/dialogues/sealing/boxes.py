"""Fills the box of an open dialogue's votes in each round, and finds one's own vote in it.

The log gets the box's root. The box itself is a file as private as the database: the places of all
votes, without anything that says whose they are. Only the newest is kept.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from middleground.core.durable import sync
from middleground.core.processes.election import require_elected
from middleground.dialogues.models import Dialogue
from middleground.dialogues.sealing.records import sealed_votes
from middleground.ledger import VoteOpening, write_entry
from middleground.ledger.merkle.ballot_box import DEPTH, fill
from middleground.ledger.merkle.box_file import BoxFile, write_box
from middleground.ledger.merkle.hashing import HASH_BYTES
from middleground.ledger.records.entries import LoggedBox
from middleground.publiclog.sequencer import sequencing

_NAME = re.compile(r"([-\w]+)\.([0-9]{1,19})\.box", re.ASCII)


@dataclass(frozen=True, slots=True)
class PlacedBox:
    """The newest box of a dialogue, and the index of its entry in the log."""

    index: int
    box: BoxFile


def place_box(dialogue: Dialogue) -> None:
    """Log the root of a new box with all votes of the dialogue, whether or not any changed."""
    seals = [
        VoteOpening(
            vote.client, vote.server, vote.salt, dialogue.slug, vote.number, vote.answer
        ).seal()
        for vote in sealed_votes(dialogue)
    ]
    slots = secrets.SystemRandom().sample(range(1 << DEPTH), len(seals))
    path = _folder() / f"{dialogue.slug}.box.new"
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        root = write_box(fill(seals, slots), secrets.token_bytes(HASH_BYTES), file)
    sync(path)
    with sequencing() as sequencer:
        index = sequencer.place([write_entry(LoggedBox(dialogue.slug, root))])
    require_elected()
    path.replace(_folder() / f"{dialogue.slug}.{index}.box")
    forget_boxes(dialogue, before=index)


def newest_box(dialogue: Dialogue) -> PlacedBox | None:
    """None if there is no box yet, or its file is lost."""
    found = max(_boxes_of(dialogue), default=None)
    return PlacedBox(found[0], BoxFile(found[1])) if found else None


def forget_boxes(dialogue: Dialogue, before: int | None = None) -> None:
    """Delete the dialogue's boxes, or those before this entry of the log."""
    for index, path in list(_boxes_of(dialogue)):
        if before is None or index < before:
            path.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.SEALED) / "boxes"


def _boxes_of(dialogue: Dialogue) -> Iterator[tuple[int, Path]]:
    for path in _folder().glob(f"{dialogue.slug}.*.box"):
        match = _NAME.fullmatch(path.name)
        if match and match[1] == dialogue.slug:
            yield int(match[2]), path

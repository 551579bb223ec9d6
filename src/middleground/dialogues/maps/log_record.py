"""Logs published maps by their hash, with the data needed to compute them again."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.conf import settings

from middleground.core.durable import sync
from middleground.dialogues.maps.eligibility import EligibleVotes
from middleground.dialogues.maps.live import LiveMaps, live_maps
from middleground.dialogues.models import Dialogue, StoredMap
from middleground.dialogues.results import published as results
from middleground.dialogues.results.open_data import map_document
from middleground.dialogues.sealing.records import is_logged
from middleground.engine import MapFacts
from middleground.ledger.files.matrix import VoteMatrix, write_matrix
from middleground.ledger.records.entries import LoggedMap
from middleground.ledger.records.vote_opening import NONCE_BYTES
from middleground.publiclog.append import append
from middleground.texts.normalise import normalise

# So many letters of a map's ``votes_seal`` end the temporary name of its file of votes.
_SEAL_LETTERS = 16
_TEMPORARY = re.compile(rf"([-\w]+)\.votes\.([0-9a-f]{{{_SEAL_LETTERS}}})", re.ASCII)


def seal_live_map(stored: StoredMap) -> None:
    """Set a salted hash of the votes behind an open dialogue's map, which is not stored yet.

    The votes themselves are not kept: they would reveal who changed what between two maps, and so
    could not be given to an auditor.
    """
    salt = secrets.token_bytes(NONCE_BYTES)
    stored.votes_seal = hashlib.sha256(salt + bytes.fromhex(stored.data["input_hash"])).hexdigest()


def seal_final_map(
    stored: StoredMap, facts: MapFacts, counted: EligibleVotes, previous: MapFacts | None
) -> bytes:
    """Set the hashes with which an auditor can check a final map's votes and figures.

    Returns the file of its votes, which the auditor is given. Stores nothing.
    """
    salt = secrets.token_bytes(NONCE_BYTES)
    data = write_matrix(_matrix(salt, stored, counted, previous))
    stored.votes_seal = hashlib.sha256(data).hexdigest()
    stored.facts_seal = sealed_facts(salt, facts)
    return data


def sealed_facts(salt: bytes, facts: MapFacts) -> str:
    """SHA-256 of the salt and the map's exact facts, serialised as the engine does."""
    text = json.dumps(facts.to_dict(), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(salt + text.encode()).hexdigest()


def matrix_path(dialogue: Dialogue) -> Path:
    """The path of a closed dialogue's sealed votes, which must be as private as the database."""
    return Path(settings.SEALED) / f"{dialogue.slug}.votes"


def write_votes(row: StoredMap, data: bytes) -> Path:
    """Write a final map's file of votes under a temporary name beside its path.

    Nobody but the owner can read it, at no time. A crash can leave it, also half written.
    """
    place = matrix_path(row.dialogue)
    place.parent.mkdir(parents=True, exist_ok=True)
    path = place.with_name(f"{place.name}.{row.votes_seal[:_SEAL_LETTERS]}")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
    sync(path)
    return path


def delete_leftover_votes(maps: LiveMaps = live_maps) -> None:
    """Delete temporary files of votes that no stored map names and no thread is preparing."""
    for path in sorted(Path(settings.SEALED).glob("*.votes.*")):
        if named := _TEMPORARY.fullmatch(path.name):
            _delete_if_leftover(path, named[1], named[2], maps)


def _delete_if_leftover(path: Path, slug: str, seal: str, maps: LiveMaps) -> None:
    dialogue = Dialogue.objects.filter(slug=slug).first()
    # 0 is no dialogue's key: of a deleted dialogue nobody makes a map.
    with maps.of(dialogue.pk if dialogue else 0).making() as free:
        named = StoredMap.objects.filter(dialogue__slug=slug, votes_seal__startswith=seal).exists()
        if free and not named:
            path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class MapRecord:
    """A map's record for the public log, and the file that the record names by its hash."""

    record: LoggedMap
    document: bytes
    replaces: str

    def append(self) -> None:
        """Append the record to the log. Call this in the transaction that stores the map."""
        append(self.record, self.document, replaces=self.replaces)


def map_record(stored: StoredMap, published: results.PublishedMap) -> MapRecord | None:
    """The log record of a map about to be stored, or None if the dialogue is not logged.

    While maps of an open dialogue wait for the log to grow, only the newest gets a file; the
    verifiers allow for that, and docs/ledger.md says so.
    """
    if not is_logged(stored.dialogue):
        return None
    document = map_document(published)
    stored.document_hash = hashlib.sha256(document).hexdigest()
    record = LoggedMap(
        dialogue=stored.dialogue.slug,
        document=bytes.fromhex(stored.document_hash),
        votes=bytes.fromhex(stored.votes_seal),
        engine=stored.data["engine_version"],
        seed=stored.data["seed"],
        options=json.dumps(stored.data["options"], sort_keys=True),
    )
    return MapRecord(record, document, "" if stored.final else f"map:{stored.dialogue.slug}")


def _matrix(
    salt: bytes, stored: StoredMap, counted: EligibleVotes, previous: MapFacts | None
) -> VoteMatrix:
    votes, admitted = counted.shown(), counted.admitted
    participants, rank = np.unique(votes.participant, return_inverse=True)
    beside = counted.uncounted.participant if counted.uncounted else np.empty(0, dtype=np.int64)
    tiers = [
        admitted.names[code] if code >= 0 else "none" for code in admitted.of(participants).tolist()
    ]
    shown = stored.dialogue.statements.votable().order_by("number")
    dealt = votes.dealt if votes.dealt is not None else np.ones(len(votes), dtype=np.bool_)
    return VoteMatrix(
        salt=salt,
        dialogue=stored.dialogue.slug,
        engine=stored.data["engine_version"],
        seed=stored.data["seed"],
        options=stored.data["options"],
        previous=previous.to_dict() if previous else None,
        statements={each.pk: (each.number, normalise(each.text)) for each in shown},
        tiers=tuple(tiers),
        beside=tuple(np.isin(participants, beside).tolist()),
        participant=rank.astype(np.int64),
        statement=votes.statement,
        value=votes.value,
        dealt=dealt,
    )

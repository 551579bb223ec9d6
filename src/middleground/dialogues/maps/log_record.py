"""Logging published maps by their hash, with what is needed to compute them again."""

from __future__ import annotations

import hashlib
import json
import secrets
from pathlib import Path

import numpy as np
from django.conf import settings

from middleground.dialogues.maps.eligibility import Counted
from middleground.dialogues.models import Dialogue, StoredMap
from middleground.dialogues.results.open_data import map_document
from middleground.dialogues.results.published import newest_map
from middleground.dialogues.sealing.records import is_logged
from middleground.engine import MapFacts
from middleground.ledger.files.matrix import VoteMatrix, write_matrix
from middleground.ledger.merkle.tile_folder import write_whole
from middleground.ledger.records.entries import PublishedMap
from middleground.ledger.records.vote_opening import NONCE_BYTES
from middleground.publiclog.append import append
from middleground.texts.normalise import normalise


def seal_live_map(stored: StoredMap) -> None:
    """Give the map of an open dialogue a hash of its votes.

    The votes themselves are not kept: they would tell who changed what in between, and no auditor
    could be given them without that.
    """
    salt = secrets.token_bytes(NONCE_BYTES)
    stored.votes_seal = hashlib.sha256(salt + bytes.fromhex(stored.input_hash)).hexdigest()
    stored.save(update_fields=["votes_seal"])


def seal_final_map(stored: StoredMap, counted: Counted, previous: MapFacts | None) -> None:
    """Give the final map the hashes by which an auditor can tell that votes and figures are right.

    Its votes are kept as a file for the auditor.
    """
    salt = secrets.token_bytes(NONCE_BYTES)
    data = write_matrix(_matrix(salt, stored, counted, previous))
    stored.votes_seal = hashlib.sha256(data).hexdigest()
    stored.facts_seal = sealed_facts(salt, stored.facts)
    stored.save(update_fields=["votes_seal", "facts_seal"])
    file = matrix_path(stored.dialogue)
    write_whole(file, data)
    file.chmod(0o600)


def sealed_facts(salt: bytes, facts: MapFacts) -> str:
    """SHA-256 of the salt and the map's exact facts as the engine writes them."""
    text = json.dumps(facts.to_dict(), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(salt + text.encode()).hexdigest()


def matrix_path(dialogue: Dialogue) -> Path:
    """Where the sealed votes of a closed dialogue lie: as private as the database."""
    return Path(settings.DATA) / "sealed" / f"{dialogue.slug}.votes"


def log_map(dialogue: Dialogue, stored: StoredMap) -> None:
    """Log the map that was just stored.

    Of an open dialogue's maps that wait for the log to grow, only the newest gets a file; the
    verifiers know that, and docs/ledger.md says it.
    """
    published = newest_map(dialogue)
    if not is_logged(dialogue) or published is None:
        return
    document = map_document(published)
    record = PublishedMap(
        dialogue=dialogue.slug,
        document=hashlib.sha256(document).digest(),
        votes=bytes.fromhex(stored.votes_seal),
        engine=stored.engine_version,
        seed=stored.seed,
        options=json.dumps(stored.options, sort_keys=True),
    )
    if stored.final:
        append(record, document)
        return
    append(record, document, replaces=f"map:{dialogue.slug}")


def _matrix(
    salt: bytes, stored: StoredMap, counted: Counted, previous: MapFacts | None
) -> VoteMatrix:
    votes, admitted = counted.shown(), counted.admitted
    people, rank = np.unique(votes.participant, return_inverse=True)
    beside = counted.beside.participant if counted.beside else np.empty(0, dtype=np.int64)
    tiers = [admitted.names[code] if code >= 0 else "none" for code in admitted.of(people).tolist()]
    shown = stored.dialogue.statements.votable().order_by("number")
    dealt = votes.dealt if votes.dealt is not None else np.ones(len(votes), dtype=np.bool_)
    return VoteMatrix(
        salt=salt,
        dialogue=stored.dialogue.slug,
        engine=stored.engine_version,
        seed=stored.seed,
        options=stored.options,
        previous=previous.to_dict() if previous else None,
        statements={each.pk: (each.number, normalise(each.text)) for each in shown},
        tiers=tuple(tiers),
        beside=tuple(np.isin(people, beside).tolist()),
        participant=rank.astype(np.int64),
        statement=votes.statement,
        value=votes.value,
        dealt=dealt,
    )

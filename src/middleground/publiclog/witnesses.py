"""Requests to witnesses to cosign the newest checkpoint: the host's side of C2SP tlog-witness.

A witness that is offline or refuses blocks nothing: the log grows without it, the log's page shows
when it last signed, and it is asked again in the next round.
"""

from __future__ import annotations

import logging
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from middleground.core.jobs import part
from middleground.core.jobs.troubles import note_failure, note_success
from middleground.core.processes.election import require_elected
from middleground.ledger.files import publishing
from middleground.ledger.merkle.consistency import consistency_proof
from middleground.ledger.merkle.tile_folder import MissingTile, TileFolder
from middleground.ledger.notes import witness_protocol
from middleground.ledger.notes.checkpoint import Checkpoint, open_checkpoint
from middleground.ledger.notes.cosignature import cosigned_at
from middleground.ledger.notes.keys import VerifierKey, read_verifier_key
from middleground.ledger.notes.note import BadNote, Note, Signature, read_signature
from middleground.publiclog.log_key import signing_key

logger = logging.getLogger(__name__)

ASK = part(
    "ask the witnesses",
    _("Asking the witnesses of the public log"),
    _("A witness has not signed the newest entries. The public log goes on."),
    _("The public log’s page says which one. Ask whoever runs it."),
)
SECONDS = 10  # timeout for one witness
LONGEST_ANSWER = 10_000  # bytes


class WitnessRefused(Exception):
    """The witness did not sign; the message has its answer."""


def ask_witnesses() -> list[str]:
    """Ask all witnesses that have not signed the newest checkpoint; return errors by witness.

    Raises ``BadCheckpoint`` or ``OSError`` if the log's own newest checkpoint cannot be read.
    """
    folder, log = Path(settings.LEDGER), signing_key().verifier
    if not settings.LEDGER_WITNESSES or not (folder / "checkpoint").is_file():
        return []
    checkpoint, note = open_checkpoint((folder / "checkpoint").read_bytes(), log)
    signed, troubles = [], []
    for address, line in settings.LEDGER_WITNESSES:
        key = read_verifier_key(line)
        if cosigned_at(note, key) is not None:
            continue
        try:
            signed.append(_signature(folder, address, key, checkpoint, note))
        except (WitnessRefused, OSError, HTTPException, BadNote, MissingTile) as problem:
            troubles.append(f"{key.name}: {problem}")
            note_failure(ASK.name, problem)
            logger.warning("The witness %s did not sign: %s", key.name, problem)
    if not troubles:
        note_success(ASK.name)
    if signed:
        publishing.add_cosignatures(folder, log, signed, require_elected)
    return troubles


def _signature(
    folder: Path, address: str, key: VerifierKey, checkpoint: Checkpoint, note: Note
) -> Signature:
    """Ask with a proof from the size that the witness signed last; retry from the size it names."""
    old = _signed_last(folder, key, checkpoint.size)
    status, answer = _post(address, _request(folder, old, checkpoint, note))
    if status == 409 and answer.strip().isdecimal() and int(answer) <= checkpoint.size:
        status, answer = _post(address, _request(folder, int(answer), checkpoint, note))
    if status != 200:
        raise WitnessRefused(f"it answered {status} {answer.strip()[:200]}")
    for line in answer.splitlines():
        signature = read_signature(line)
        if signature.is_by(key) and cosigned_at(note.with_signatures([signature]), key) is not None:
            return signature
    raise WitnessRefused("its answer has no signature by its key")


def _signed_last(folder: Path, key: VerifierKey, newest: int) -> int:
    """The largest size that this witness signed according to our files; 0 if there is none."""
    log = signing_key().verifier
    sizes = [int(p.name) for p in (folder / "checkpoints").iterdir() if p.name.isdecimal()]
    for size in sorted(sizes, reverse=True)[:20]:
        _, note = open_checkpoint((folder / publishing.checkpoint_path(size)).read_bytes(), log)
        if size <= newest and cosigned_at(note, key) is not None:
            return size
    return 0


def _request(folder: Path, old: int, checkpoint: Checkpoint, note: Note) -> bytes:
    nodes = TileFolder(folder, checkpoint.size)
    proof = consistency_proof(nodes, old, checkpoint.size)
    ours = Note(note.text, note.signatures[:1])
    return witness_protocol.write_request(
        witness_protocol.Request(old, tuple(proof), str(ours).encode())
    )


class _NoRedirect(HTTPRedirectHandler):
    """Refuses redirects, so that a witness is asked at its own address only."""

    def redirect_request(self, *_: object) -> None:
        return None


def _post(address: str, body: bytes) -> tuple[int, str]:
    request = Request(f"{address.rstrip('/')}/add-checkpoint", data=body, method="POST")  # noqa: S310
    request.add_header("Content-Type", "text/plain; charset=utf-8")
    try:
        with build_opener(_NoRedirect).open(request, timeout=SECONDS) as answer:
            return answer.status, answer.read(LONGEST_ANSWER).decode("utf-8", "replace")
    except HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read(LONGEST_ANSWER).decode("utf-8", "replace")

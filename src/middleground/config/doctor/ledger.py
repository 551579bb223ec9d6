"""The doctor's checks of the public log: its settings, its consistency and its witnesses."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from middleground.config import environment
from middleground.config.doctor.checks import CheckResult, CheckResults, Level

SUBJECT = "Public log"


def check_log_settings() -> CheckResults:
    name, value = environment.LEDGER_SECONDS.name, environment.LEDGER_SECONDS.read()
    try:
        usable = 0 < float(value) < float("inf")
    except ValueError:
        usable = False
    if not usable:
        yield CheckResult(Level.MEND, name, f"{value!r} is not a number of seconds above 0.", True)
    yield _witnesses()


def _witnesses() -> CheckResult:
    from middleground.ledger.notes.keys import BadKey, read_verifier_key

    name = environment.WITNESSES.name
    try:
        found = environment.witnesses(environment.WITNESSES.read())
        for _, key in found:
            read_verifier_key(key)
    except (environment.Misconfigured, BadKey) as problem:
        return CheckResult(Level.MEND, name, str(problem), blocks=True)
    if not found:
        message = "Nobody else signs the public log. Ask a newsroom or a critic: docs/ledger.md."
        return CheckResult(Level.ADVICE, name, message)
    return CheckResult(Level.OK, name, f"{len(found)} asked to sign the public log.")


def check_log() -> CheckResults:
    """Check that folder and database agree and the witnesses signed lately. Needs Django."""
    from middleground.ledger.notes.checkpoint import BadCheckpoint, open_checkpoint
    from middleground.ledger.notes.cosignature import cosigned_at
    from middleground.ledger.notes.keys import read_verifier_key
    from middleground.ledger.notes.note import BadNote
    from middleground.publiclog.log_key import signing_key
    from middleground.publiclog.publisher import why_stuck

    file = Path(settings.LEDGER) / "checkpoint"
    if problem := why_stuck():
        message = f"It cannot grow: {problem}. See “Trouble” in docs/ledger.md."
        yield CheckResult(Level.MEND, SUBJECT, message)
        return
    if not file.is_file():
        yield CheckResult(Level.OK, SUBJECT, "Empty: nothing is signed yet.")
        return
    try:
        checkpoint, note = open_checkpoint(file.read_bytes(), signing_key().verifier)
    except (BadCheckpoint, OSError) as damaged:
        yield CheckResult(Level.MEND, SUBJECT, f"Its newest checkpoint cannot be read: {damaged}.")
        return
    yield CheckResult(Level.OK, SUBJECT, f"{checkpoint.size} entries, signed.")
    for _, line in settings.LEDGER_WITNESSES:
        key = read_verifier_key(line)
        try:
            when = cosigned_at(note, key)
        except BadNote as forged:
            yield CheckResult(Level.MEND, SUBJECT, f"{forged}.")
            continue
        if when is None:
            message = f"{key.name} has not signed the newest checkpoint. Does the witness run?"
            yield CheckResult(Level.ADVICE, SUBJECT, message)
        else:
            said = f"{key.name} signed it, {datetime.fromtimestamp(when, UTC):%Y-%m-%d %H:%M} UTC."
            yield CheckResult(Level.OK, SUBJECT, said)

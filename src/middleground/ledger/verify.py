"""Verify and recount a log from its published files, without network, database or clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from middleground.ledger.checks.count.final_maps import check_final_maps
from middleground.ledger.checks.count.lists import check_lists
from middleground.ledger.checks.count.totals import check_totals
from middleground.ledger.checks.documents import check_documents
from middleground.ledger.checks.ending.closing import check_closing
from middleground.ledger.checks.ending.settings import check_overdue
from middleground.ledger.checks.findings import CheckFinding, Report, fails, holds, unclear
from middleground.ledger.checks.history import check_history
from middleground.ledger.checks.log import read_log, too_much_missing
from middleground.ledger.checks.own_reasons import check_own_reasons
from middleground.ledger.checks.promises import check_promises
from middleground.ledger.checks.receipts import check_receipts
from middleground.ledger.checks.signed.listing import check_listing
from middleground.ledger.checks.signed.signatures import check_signatures
from middleground.ledger.checks.signed.tiles import check_tiles
from middleground.ledger.checks.signed.witnesses import check_witnesses
from middleground.ledger.checks.site.check import check_site
from middleground.ledger.checks.site.shown import check_shown
from middleground.ledger.checks.texts import check_texts
from middleground.ledger.checks.unchecked import about_unchecked
from middleground.ledger.notes.keys import COSIGNATURE, NOTE, BadKey, VerifierKey, read_verifier_key


def verify(
    folder: Path,
    log_key: VerifierKey | None = None,
    witness_keys: Sequence[VerifierKey] | None = None,
    now: datetime | None = None,
) -> Report:
    """Check all files in ``folder`` and return the findings in plain words.

    Parameters
    ----------
    folder
        A copy of the published log (see ``files/publishing.py``). The reader may add other
        checkpoints of the same log to ``checkpoints/``, promises to ``promises/`` and receipts
        to ``receipts/``.
    log_key, witness_keys
        Keys that the reader has from another source. None: the keys come from the folder's file
        ``keys``, and a finding says so, because a forged folder has a forged file ``keys``.
    now
        The reader's time, with which dialogues that should have been closed are found. None: this
        is not checked, and the last finding says so.

    No content of the files makes this function raise.
    """
    keys, findings = _keys(folder, log_key, witness_keys)
    if not keys:
        return Report(tuple(findings))
    key, witnesses = keys[0], keys[1:]
    signed, found = check_signatures(folder, key)
    findings += found
    if not signed:
        return Report(tuple(findings))
    if missing := too_much_missing(folder, signed[-1].checkpoint):
        return Report((*findings, *missing))
    log, found = read_log(folder, signed[-1].checkpoint)
    findings += check_history(signed, log) + check_listing(folder)
    findings += check_tiles(folder, log) + found
    findings += check_witnesses(signed, witnesses)
    sizes = [each.checkpoint.size for each in signed]
    findings += check_texts(folder, log) + check_documents(folder, log, sizes)
    findings += check_own_reasons(folder, log)
    recount, found = check_lists(folder, log, key.name)
    findings += check_closing(folder, log, recount) + check_overdue(folder, log, now)
    findings += found + check_totals(folder, log, recount)
    findings += check_final_maps(folder, log, recount)
    found, of_site = check_site(folder, log)
    about_shown, of_shown = check_shown(folder, log, now)
    findings += found + about_shown + check_promises(folder, key, log, recount)
    findings += check_receipts(folder, key, log, recount)
    return Report((*findings, about_unchecked(folder, log, now, [*of_site, *of_shown])))


def _keys(
    folder: Path, log_key: VerifierKey | None, witness_keys: Sequence[VerifierKey] | None
) -> tuple[list[VerifierKey], list[CheckFinding]]:
    """Return the log's key, then its witnesses'; nothing if the log's key cannot be read."""
    own: list[VerifierKey] = []
    if log_key is None or witness_keys is None:
        try:
            text = (folder / "keys").read_bytes().decode("utf-8", "replace")
            own = [read_verifier_key(line) for line in text.splitlines()]
        except (OSError, BadKey) as problem:
            if log_key is None:
                return [], [fails("key", "The log's key cannot be read.", [f"keys: {problem}."])]
    witnesses = witness_keys if witness_keys is not None else own[1:]
    keys = [*([log_key] if log_key else own[:1]), *witnesses]
    if [key.kind for key in keys] != [NOTE, *(COSIGNATURE for _ in witnesses)]:
        return [], [fails("key", "The log's key cannot be read.", ["keys: the kinds are wrong."])]
    if log_key is not None:
        return keys, [holds("key", f"The reader's own key is used: {log_key}")]
    sentence = "The log's key is taken from the folder. Compare it with what the host printed:"
    return keys, [unclear("key", sentence, [str(own[0])])]

"""Do the published documents, such as settings and maps, match their logged hashes?"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

from middleground.ledger.checks.files import files_in
from middleground.ledger.checks.findings import CheckFinding, fails, holds, unclear
from middleground.ledger.checks.log import Log
from middleground.ledger.records.entries import LoggedMap
from middleground.ledger.records.kinds import UnknownEntry


def check_documents(folder: Path, log: Log, sizes: Sequence[int]) -> list[CheckFinding]:
    """Compare documents with their hashes. They may be missing, as a mirror need not keep all.

    ``sizes`` are those of the signed checkpoints, smallest first.
    """
    logged = _logged(log)
    present, wrong, strange = set(), [], []
    for name, path in files_in(folder, "documents/*"):
        if hashlib.sha256(path.read_bytes()).hexdigest() != path.name:
            wrong.append(f"{name} ({logged.get(path.name, 'never logged')}): it was altered.")
        elif path.name not in logged:
            strange.append(f"{name}.")
        present.add(path.name)
    replaced = _replaced_maps(log, sizes) - present
    missing = [
        f"{what}: documents/{name}."
        for name, what in logged.items()
        if name not in present and name not in replaced
    ]
    found: list[CheckFinding] = []
    if wrong:
        found.append(
            fails("document", "Published documents are not those that were logged.", wrong)
        )
    elif logged:
        found.append(
            holds(
                "document",
                f"Published documents that are as logged: {len(logged.keys() & present)}.",
            )
        )
    if missing:
        sentence = f"Logged documents that are not in this copy: {len(missing)}."
        found.append(unclear("document", sentence, missing))
    if replaced:
        found.append(_about_replaced({name: logged[name] for name in logged if name in replaced}))
    if strange:
        sentence = f"Documents that were never logged: {len(strange)}."
        found.append(unclear("document", sentence, strange))
    return found


def _logged(log: Log) -> dict[str, str]:
    """Map each document's hash to the record, of any kind, that names it."""
    found = {}
    for index, record in log.records:
        document, dialogue = getattr(record, "document", None), getattr(record, "dialogue", None)
        if document is None:
            continue
        kind = record.kind if isinstance(record, UnknownEntry) else record.KIND
        owner = f" of {dialogue}" if dialogue else ""
        found[document.hex()] = f"{kind}{owner}, entry {index}"
    return found


def _about_replaced(maps: dict[str, str]) -> CheckFinding:
    sentence = (
        f"Maps that a newer one replaced before the log grew: {len(maps)}. The log holds their "
        "hashes only; their files are not published."
    )
    lines = [f"{what}: documents/{name}." for name, what in maps.items()]
    return unclear("replaced", sentence, lines)


def _replaced_maps(log: Log, sizes: Sequence[int]) -> set[str]:
    """Maps that were followed by the dialogue's next map before the log was signed.

    The host need not publish their files, but must publish the file of every other map.
    """
    found: set[str] = set()
    newest: dict[str, tuple[int, str]] = {}
    for index, record in log.of(LoggedMap):
        before = newest.get(record.dialogue)
        if before is not None and bisect_right(sizes, before[0]) == bisect_right(sizes, index):
            found.add(before[1])
        newest[record.dialogue] = index, record.document.hex()
    return found

"""Are settings, maps and responses the files that were logged by their hash?"""

from __future__ import annotations

import hashlib
from pathlib import Path

from middleground.ledger.checks.files import files_in
from middleground.ledger.checks.findings import Finding, fails, holds, unclear
from middleground.ledger.checks.log import Log
from middleground.ledger.records import Commitment, PublishedMap, Response, Settings


def check_documents(folder: Path, log: Log) -> list[Finding]:
    """A document may be missing (a mirror need not keep all); it may not differ."""
    logged: dict[str, str] = {}
    for index, record in log.records:
        if isinstance(record, Settings | PublishedMap | Response | Commitment):
            logged[record.document.hex()] = f"{record.KIND} of {record.dialogue}, entry {index}"
    present, wrong, strange = set(), [], []
    for name, path in files_in(folder, "documents/*"):
        if hashlib.sha256(path.read_bytes()).hexdigest() != path.name:
            wrong.append(f"{name} ({logged.get(path.name, 'never logged')}): it was altered.")
        elif path.name not in logged:
            strange.append(f"{name}.")
        present.add(path.name)
    missing = [f"{what}: documents/{name}." for name, what in logged.items() if name not in present]
    found: list[Finding] = []
    if wrong:
        found.append(
            fails("document", "Published documents are not those that were logged.", wrong)
        )
    elif logged:
        found.append(
            holds(
                "document", f"Published documents that are as logged: {len(logged) - len(missing)}."
            )
        )
    if missing:
        sentence = f"Logged documents that are not in this copy: {len(missing)}."
        found.append(unclear("document", sentence, missing))
    if strange:
        sentence = f"Documents that were never logged: {len(strange)}."
        found.append(unclear("document", sentence, strange))
    return found

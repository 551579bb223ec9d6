"""Computes the stored hashes of texts again, for migrations, when the rule of sameness changes."""

from __future__ import annotations

import hashlib
from typing import Any

from middleground.texts.sameness import dedup_hash

_AT_ONCE = 500


def hash_again(rows: Any, group: str) -> None:
    """Store the hash of today's rule for each of the rows that has its text.

    ``rows``: a queryset of a migration's model. ``group``: the field within which no two texts that
    wait or are shown have one hash. Two that became the same get two hashes, as an import gives
    them, so that nothing is lost.
    """
    taken: dict[Any, set[str]] = {}
    changed = []
    names = ["pk", group, "number", "text", "status", "dedup_hash"]
    for row in rows.exclude(text="").order_by(group, "number").only(*names).iterator():
        used = taken.setdefault(getattr(row, f"{group}_id"), set())
        mark = dedup_hash(row.text)
        is_imported = getattr(row, "origin", "") == "imported"
        if is_imported or row.status in {"pending", "approved"}:
            if mark in used:
                told = f"{mark} imported as {row.number}"  # as exchange/polis.py has it
                mark = hashlib.sha256(told.encode()).hexdigest()
            used.add(mark)
        if row.dedup_hash != mark:
            row.dedup_hash = mark
            changed.append(row)
    rows.model.objects.using(rows.db).bulk_update(changed, ["dedup_hash"], batch_size=_AT_ONCE)

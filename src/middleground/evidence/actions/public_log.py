"""Sources and claims in the public log: how each stands, by the hash of a document.

A job looks for what changed. So an import is logged like a form, and what was entered while a
dialogue was a draft is logged once it is public, and not before.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Q

from middleground.core import dates
from middleground.core.changes import version
from middleground.dialogues.models import Dialogue
from middleground.evidence.cleaning import FIELDS
from middleground.evidence.models import Claim, ClaimData, Passage, Source, StatementCitation
from middleground.ledger.records.entries import LoggedEvidence
from middleground.publiclog.append import append, stands_since

_MODELS = (Source, Claim, Passage, StatementCitation, ClaimData, Dialogue)
_TABLES = [model._meta.db_table for model in _MODELS]

# Imported dialogues are in no log.
_IN_THE_LOG = ~Q(dialogue__state=Dialogue.State.DRAFT) & Q(dialogue__imported=False)


class EvidenceLog:
    """Logs what is not in the public log as it stands; quick while nothing changes."""

    def __init__(self) -> None:
        self._looked_at = -1  # the tables' version; a process that starts looks once more

    def log_changes(self) -> int:
        """Return how many sources and claims were logged."""
        now = version(_TABLES)
        if now == self._looked_at:
            return 0
        logged = sum(_log_source(pk) for pk in _changed_sources())
        logged += sum(_log_claim(pk) for pk in _changed_claims())
        self._looked_at = now if not logged else -1  # what it wrote is looked at once more
        return logged


def shown_source(source: Source) -> dict[str, Any]:
    """What its document says, and since when."""
    return _shown(source, source_content(source))


def shown_claim(claim: Claim) -> dict[str, Any]:
    return _shown(claim, claim_content(claim))


def source_content(source: Source) -> dict[str, Any]:
    """What is withdrawn says why, and nothing else."""
    content: dict[str, Any] = {
        "format": "middleground-source/1",
        "dialogue": source.dialogue.slug,
        "source": source.number,
        "added_on": source.added_on.isoformat(),
    }
    if source.withdrawn:
        return {**content, "withdrawn": source.withdrawn}
    fields = {name: getattr(source, name) for name in FIELDS}
    if source.proposed:  # others keep the documents that they have
        fields["proposed_by"] = "a participant"
    return {**content, **fields, "copy": source.copy_hash}


def claim_content(claim: Claim) -> dict[str, Any]:
    """The claim with its passages, its figures, and the statements that cite it."""
    content: dict[str, Any] = {
        "format": "middleground-claim/1",
        "dialogue": claim.dialogue.slug,
        "claim": claim.number,
        "added_on": claim.added_on.isoformat(),
    }
    if claim.withdrawn:
        return {**content, "withdrawn": claim.withdrawn}
    passages = claim.passages.all()
    data = getattr(claim, "data", None)
    content |= {
        "text": claim.text,
        "in_background": claim.in_background,
        "cited_by": sorted(each.statement.number for each in claim.citations.all()),
        "passages": [
            {"source": each.source.number, "side": each.side, "quote": each.quote,
             "place": each.place}
            for each in sorted(passages, key=lambda each: each.number)
            if not each.source.withdrawn
        ],
    }  # fmt: skip
    if data is not None:
        content["data"] = {
            "source": data.source.number, "what": data.what, "place": data.place,
            "unit": data.unit, "rows": data.rows,
        }  # fmt: skip
    return content


def _shown(row: Source | Claim, content: dict[str, Any]) -> dict[str, Any]:
    return {**content, "changed_on": stands_since(_json(content), row.logged, row.logged_on)}


def _json(content: dict[str, Any]) -> bytes:
    """JSON in one form only."""
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _changed_sources() -> list[int]:
    rows = Source.objects.filter(_IN_THE_LOG).select_related("dialogue").order_by("pk")
    return [each.pk for each in rows if _hash(_json(source_content(each))) != each.logged]


def _changed_claims() -> list[int]:
    rows = whole_claims().filter(_IN_THE_LOG).order_by("pk")
    return [each.pk for each in rows if _hash(_json(claim_content(each))) != each.logged]


def whole_claims() -> Any:
    found = Claim.objects.select_related("dialogue", "data__source")
    return found.prefetch_related("citations__statement", "passages__source")


@transaction.atomic
def _log_source(pk: int) -> bool:
    Source.objects.select_for_update().get(pk=pk)
    source = Source.objects.select_related("dialogue").get(pk=pk)
    return _log(source, "sources", _json(source_content(source)))


@transaction.atomic
def _log_claim(pk: int) -> bool:
    Claim.objects.select_for_update().get(pk=pk)
    claim = whole_claims().get(pk=pk)
    return _log(claim, "claims", _json(claim_content(claim)))


def _log(row: Source | Claim, collection: str, document: bytes) -> bool:
    digest = sha256(document).digest()
    if digest.hex() == row.logged:
        return False
    append(LoggedEvidence(row.dialogue.slug, collection, row.number, digest), document)
    type(row).objects.filter(pk=row.pk).update(logged=digest.hex(), logged_on=dates.today())
    return True


def _hash(document: bytes) -> str:
    return sha256(document).hexdigest()

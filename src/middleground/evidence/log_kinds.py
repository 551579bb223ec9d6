"""The kind of log entries for evidence, which no check interprets.

Pure: the verifier loads this module without Django.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from middleground.ledger.codecs.field_codecs import Hash, Label, Number
from middleground.ledger.records.kinds import register


@register
@dataclass(frozen=True, slots=True)
class LoggedEvidence:
    """How a source or a claim stands from here on; ``collection``: "sources" or "claims"."""

    KIND: ClassVar[str] = "evidence"
    dialogue: Label
    collection: Label
    number: Number
    document: Hash

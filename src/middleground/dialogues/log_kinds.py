"""The kinds of log entries for dialogues, besides those of the ledger itself.

Pure: the verifier loads this module without Django.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from middleground.ledger.codecs.field_codecs import Label, Number
from middleground.ledger.records.kinds import register


@register
@dataclass(frozen=True, slots=True)
class Merge:
    """A statement is no longer shown for votes because another says the same. No vote moves."""

    KIND: ClassVar[str] = "merge"
    dialogue: Label
    statement: Number
    into: Number


@register
@dataclass(frozen=True, slots=True)
class Correction:
    """An author corrected a typing error: the text ``number`` is gone, and is ``became`` now."""

    KIND: ClassVar[str] = "correction"
    dialogue: Label
    collection: Label
    number: Number
    became: Number


@register
@dataclass(frozen=True, slots=True)
class Invitations:
    """How many codes were made for a tier, but not which."""

    KIND: ClassVar[str] = "invitations"
    dialogue: Label
    tier: Label
    count: Number

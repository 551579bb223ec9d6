"""The kinds of log entries for dialogues, besides those of the ledger itself.

Pure: the verifier loads this module without Django.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from middleground.ledger.codecs.field_codecs import Hash, Label, Number
from middleground.ledger.records.kinds import register


@register
@dataclass(frozen=True, slots=True)
class Settings:
    """A dialogue's settings from here on; ``document`` is the hash of their file."""

    KIND: ClassVar[str] = "settings"
    dialogue: Label
    document: Hash


@register
@dataclass(frozen=True, slots=True)
class Moderation:
    """A staff decision on a statement, and the code of the reason ("none" if there is none)."""

    KIND: ClassVar[str] = "moderation"
    dialogue: Label
    statement: Number
    action: Label
    reason: Label


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
class Invitations:
    """How many codes were made for a tier, but not which."""

    KIND: ClassVar[str] = "invitations"
    dialogue: Label
    tier: Label
    count: Number

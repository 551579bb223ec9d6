"""The kinds of log entries for answers that no check interprets.

Pure: the verifier loads this module without Django.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from middleground.ledger.codecs.field_codecs import Hash, Label, Number
from middleground.ledger.records.kinds import register


@register
@dataclass(frozen=True, slots=True)
class LoggedCommitment:
    """Something happened to a commitment: its event of this number, and the document of it all."""

    KIND: ClassVar[str] = "commitment"
    dialogue: Label
    commitment: Number
    event: Number
    document: Hash


@register
@dataclass(frozen=True, slots=True)
class LoggedAnswerRules:
    """What a host promises about answers; ``document`` is the hash of the rules from here on."""

    KIND: ClassVar[str] = "answer-rules"
    dialogue: Label
    document: Hash

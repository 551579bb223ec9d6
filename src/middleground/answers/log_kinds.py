"""The kinds of log entries for answers.

Pure: the verifier loads this module without Django.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from middleground.ledger.codecs.field_codecs import Hash, Label, Number
from middleground.ledger.records.kinds import register


@register
@dataclass(frozen=True, slots=True)
class LoggedResponse:
    """A version of a body's answer to a case, and the document that holds it."""

    KIND: ClassVar[str] = "response"
    dialogue: Label
    case: Number
    version: Number
    document: Hash


@register
@dataclass(frozen=True, slots=True)
class RetractedResponse:
    """A body withdrew its answer to a case."""

    KIND: ClassVar[str] = "response-withdrawn"
    dialogue: Label
    case: Number
    version: Number

"""The kind of log entries for what posts say in threads, which no check interprets.

Pure: the verifier loads this module without Django.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from middleground.ledger.codecs.field_codecs import Hash, Label, Number
from middleground.ledger.records.kinds import register


@register
@dataclass(frozen=True, slots=True)
class LoggedPostComment:
    """A post said the comment of this number; ``document`` tells who signed it, and when."""

    KIND: ClassVar[str] = "post-comment"
    dialogue: Label
    comment: Number
    document: Hash

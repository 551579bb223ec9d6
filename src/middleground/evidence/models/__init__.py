"""The tables of evidence."""

from middleground.evidence.models.claim import Claim, Passage, StatementCitation
from middleground.evidence.models.source import Source

__all__ = ["Claim", "Passage", "Source", "StatementCitation"]

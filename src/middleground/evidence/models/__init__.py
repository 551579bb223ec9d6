"""The tables of evidence."""

from middleground.evidence.models.claim import Claim, ClaimData, Passage, StatementCitation
from middleground.evidence.models.source import Source, SourceThread

__all__ = ["Claim", "ClaimData", "Passage", "Source", "SourceThread", "StatementCitation"]

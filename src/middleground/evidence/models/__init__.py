"""The tables of evidence."""

from middleground.evidence.models.claim import Claim, ClaimData, Passage, StatementCitation
from middleground.evidence.models.source import Source

__all__ = ["Claim", "ClaimData", "Passage", "Source", "StatementCitation"]

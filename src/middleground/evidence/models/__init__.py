"""The tables of evidence."""

from middleground.evidence.models.address_state import AddressState
from middleground.evidence.models.claim import Claim, ClaimData, Passage, StatementCitation
from middleground.evidence.models.proposed_source import (
    PROPOSED,
    ProposedSource,
    ProposedSourceAction,
    ProposedSourceAppeal,
    ProposedSourceMark,
    SimilarProposal,
)
from middleground.evidence.models.source import Source, SourceThread
from middleground.evidence.models.translation import ClaimTranslation, SourceTranslation

__all__ = [
    "PROPOSED",
    "AddressState",
    "Claim",
    "ClaimData",
    "ClaimTranslation",
    "Passage",
    "ProposedSource",
    "ProposedSourceAction",
    "ProposedSourceAppeal",
    "ProposedSourceMark",
    "SimilarProposal",
    "Source",
    "SourceThread",
    "SourceTranslation",
    "StatementCitation",
]

"""Tables of concerns, cases and what happened to them, of responses and of commitments."""

from middleground.answers.models.case import (
    Case,
    CaseConcern,
    CaseStatus,
    CaseThread,
    Resolution,
)
from middleground.answers.models.check import CheckAnswer, ResidentCheck
from middleground.answers.models.commitment import (
    SAY_DONE,
    Commitment,
    CommitmentEvent,
    CommitmentStatus,
)
from middleground.answers.models.concern import FIRST_COMMENT, Concern, SetAside, place_of
from middleground.answers.models.event import CaseEvent
from middleground.answers.models.owed import OwedAnswer
from middleground.answers.models.response import (
    Disposition,
    Outcome,
    Response,
    ResponseCitation,
    ResponseDraft,
)
from middleground.answers.models.rules import AnswerRules
from middleground.answers.models.sentence import (
    SENTENCES,
    CheckSentence,
    SentenceAction,
    SentenceAppeal,
    SentenceMark,
    SimilarSentence,
)
from middleground.answers.models.suggestions import Suggestions
from middleground.answers.models.translation import CaseTranslation, ResponseTranslation

__all__ = [
    "FIRST_COMMENT",
    "SAY_DONE",
    "SENTENCES",
    "AnswerRules",
    "Case",
    "CaseConcern",
    "CaseEvent",
    "CaseStatus",
    "CaseThread",
    "CaseTranslation",
    "CheckAnswer",
    "CheckSentence",
    "Commitment",
    "CommitmentEvent",
    "CommitmentStatus",
    "Concern",
    "Disposition",
    "Outcome",
    "OwedAnswer",
    "ResidentCheck",
    "Resolution",
    "Response",
    "ResponseCitation",
    "ResponseDraft",
    "ResponseTranslation",
    "SentenceAction",
    "SentenceAppeal",
    "SentenceMark",
    "SetAside",
    "SimilarSentence",
    "Suggestions",
    "place_of",
]

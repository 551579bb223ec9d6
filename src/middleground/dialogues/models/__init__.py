"""The tables of a dialogue. None stores a time at which a participant did something.

Only a mark on participants whom the host set aside tells the hour in which they were admitted.
"""

from middleground.dialogues.models.admission import (
    Code,
    CodeBatch,
    ExclusionRule,
    PreviewLink,
)
from middleground.dialogues.models.arrival import (
    EntryBatch,
    HourlyAdmission,
    SetAsideHour,
    WaitingPlace,
)
from middleground.dialogues.models.dialogue import (
    PHASES,
    RESERVED_SLUGS,
    DailyCount,
    Dialogue,
    validate_not_reserved,
)
from middleground.dialogues.models.exposure import StatementExposureCount
from middleground.dialogues.models.participant import Participant
from middleground.dialogues.models.retention_hold import APPEALED_DAYS, REJECTED_DAYS, RetentionHold
from middleground.dialogues.models.seal import DialogueLog, VoteSeal, WithdrawnTag
from middleground.dialogues.models.staff_action import (
    DialogueMembership,
    DraftDeletion,
    LoggedAs,
    StaffAction,
    Verb,
)
from middleground.dialogues.models.statement import Statement, StatementQuerySet
from middleground.dialogues.models.stored_map import PastMap, StoredMap
from middleground.dialogues.models.texts.gone_number import GoneNumber
from middleground.dialogues.models.texts.mark import StatementMark, TextMark
from middleground.dialogues.models.texts.moderated_text import ModeratedText, in_state
from middleground.dialogues.models.texts.moderation import Appeal, AppealAgainst, Reason
from middleground.dialogues.models.texts.similar_text import SimilarStatement, SimilarText
from middleground.dialogues.models.texts.topic import StatementTopic, Topic
from middleground.dialogues.models.texts.translation import (
    DialogueTranslation,
    StatementTranslation,
    TextTranslation,
    TopicTranslation,
    TranslationTry,
)
from middleground.dialogues.models.vote import Vote

__all__ = [
    "APPEALED_DAYS",
    "PHASES",
    "REJECTED_DAYS",
    "RESERVED_SLUGS",
    "Appeal",
    "AppealAgainst",
    "Code",
    "CodeBatch",
    "DailyCount",
    "Dialogue",
    "DialogueLog",
    "DialogueMembership",
    "DialogueTranslation",
    "DraftDeletion",
    "EntryBatch",
    "ExclusionRule",
    "GoneNumber",
    "HourlyAdmission",
    "LoggedAs",
    "ModeratedText",
    "Participant",
    "PastMap",
    "PreviewLink",
    "Reason",
    "RetentionHold",
    "SetAsideHour",
    "SimilarStatement",
    "SimilarText",
    "StaffAction",
    "Statement",
    "StatementExposureCount",
    "StatementMark",
    "StatementQuerySet",
    "StatementTopic",
    "StatementTranslation",
    "StoredMap",
    "TextMark",
    "TextTranslation",
    "Topic",
    "TopicTranslation",
    "TranslationTry",
    "Verb",
    "Vote",
    "VoteSeal",
    "WaitingPlace",
    "WithdrawnTag",
    "in_state",
    "validate_not_reserved",
]  # fmt: skip

"""The kinds of entries that the verifiers' checks interpret, one dataclass each.

Entries hold labels and hashes only. A long or public document is logged by the SHA-256 of its
bytes, and its file is published as ``documents/<hash>``. Of participants' votes the log holds roots
of boxes and hashes of lists (docs/decisions/0039); their texts are logged as seals
(``text_opening.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from middleground.ledger.codecs.field_codecs import Hash, Label, Number, Text
from middleground.ledger.records.kinds import register

STATEMENTS = "statements"  # the collection of texts that votes are about


@register
@dataclass(frozen=True, slots=True)
class LoggedBox:
    """The votes of an open dialogue at one moment: the root of a box (``merkle/ballot_box.py``)."""

    KIND: ClassVar[str] = "box"
    dialogue: Label
    root: Hash


@register
@dataclass(frozen=True, slots=True)
class SealedText:
    """A participant's text; ``seal`` hides its words until its salt is published."""

    KIND: ClassVar[str] = "sealed-text"
    dialogue: Label
    collection: Label
    number: Number
    seal: Hash


@register
@dataclass(frozen=True, slots=True)
class Erasures:
    """How many texts were made unopenable since the last such record."""

    KIND: ClassVar[str] = "erasures"
    dialogue: Label
    texts: Number


@register
@dataclass(frozen=True, slots=True)
class LoggedMap:
    """A published opinion map and everything needed to compute it again.

    ``document`` is the map file's hash, ``votes`` the hash of the sealed vote matrix, ``options``
    the engine's options in one line.
    """

    KIND: ClassVar[str] = "map"
    dialogue: Label
    document: Hash
    votes: Hash
    engine: Label
    seed: Number
    options: Text


@register
@dataclass(frozen=True, slots=True)
class LoggedList:
    """The votes on a statement of a closed dialogue: the hash of ``files/vote_list.py``'s file."""

    KIND: ClassVar[str] = "votes"
    dialogue: Label
    statement: Number
    document: Hash


@register
@dataclass(frozen=True, slots=True)
class ClosedDialogue:
    """The end of a dialogue: after it, the log may say no more of its votes, maps and statements.

    ``map`` is the hash of the final map's document, ``lists`` the number of vote lists, and
    ``document`` the hash of the totals (``files/totals.py``).
    """

    KIND: ClassVar[str] = "closed"
    dialogue: Label
    map: Hash
    lists: Number
    document: Hash


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
class TextModeration:
    """A staff decision on a text that is no statement, and the code of the reason."""

    KIND: ClassVar[str] = "text-moderation"
    dialogue: Label
    collection: Label
    number: Number
    action: Label
    reason: Label


@register
@dataclass(frozen=True, slots=True)
class LoggedResponse:
    """A version of a body's answer to a case; ``document`` is the hash of the answer as signed."""

    KIND: ClassVar[str] = "response"
    dialogue: Label
    case: Number
    version: Number
    document: Hash


@register
@dataclass(frozen=True, slots=True)
class WithdrawnResponse:
    """A body withdrew its answer to a case."""

    KIND: ClassVar[str] = "response-withdrawn"
    dialogue: Label
    case: Number
    version: Number


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


@register
@dataclass(frozen=True, slots=True)
class LoggedEvidence:
    """How a source or a claim stands from here on; ``collection``: "sources" or "claims"."""

    KIND: ClassVar[str] = "evidence"
    dialogue: Label
    collection: Label
    number: Number
    document: Hash

"""The kinds of entries that the verifiers' checks interpret, one dataclass each.

Entries hold labels and hashes only. A long or public document is logged by the SHA-256 of its
bytes, and its file is published as ``documents/<hash>``. A participant's votes and texts are logged
as seals: see ``vote_opening.py`` and ``text_opening.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from middleground.ledger.codecs.field_codecs import Hash, Label, Number, Text
from middleground.ledger.records.kinds import register

STATEMENTS = "statements"  # the collection of texts that votes are about


@register
@dataclass(frozen=True, slots=True)
class SealedVote:
    """A vote; ``seal`` hides participant and answer (``vote_opening.VoteOpening.seal``)."""

    KIND: ClassVar[str] = "vote"
    dialogue: Label
    seal: Hash


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
    """How many votes and texts were made unopenable since the last such record."""

    KIND: ClassVar[str] = "erasures"
    dialogue: Label
    votes: Number
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

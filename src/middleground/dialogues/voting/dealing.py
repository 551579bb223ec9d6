"""What the vote path holds in memory of one dialogue: its statements, and which comes next.

A deck is built from the database and thrown away when ``Dialogue.revision`` or the published map
has changed; nothing is kept in it that the database does not have.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

import numpy as np
from django.db.models import Count

from middleground.dialogues.identity.pseudonyms import draw, proof
from middleground.dialogues.models import Dialogue, Statement, StoredMap, Vote
from middleground.engine import Exposure, Selection, StatementSelector
from middleground.ledger.merkle.hashing import EMPTY_ROOT
from middleground.ledger.notes.checkpoint import BadCheckpoint
from middleground.publiclog.publisher import newest_checkpoint

MAP_CHECK_SECONDS = 5.0
# Counts are kept up vote by vote. People who delete all their votes are noticed by recounting, no
# oftener than this, since it reads every vote.
RECOUNT_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Card:
    """One statement as it is put before a participant. ``number`` is None when all are voted.

    ``value`` is the vote that the participant has on it: a card can come back, to be changed.
    """

    number: int | None
    text: str
    proof: str
    value: int | None
    answered: int | str
    total: int


@dataclass(slots=True)
class Deck:
    """A dialogue's votable statements and the router that deals them."""

    dialogue: Dialogue
    statements: dict[int, Statement]  # by primary key
    by_number: dict[int, Statement]
    router: StatementSelector
    map_id: int | None
    root: bytes  # of the log's newest checkpoint, from which the draws derive
    checked_at: float = field(default_factory=time.monotonic)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def deal(self, token: bytes, votes: Mapping[int, int]) -> Card:
        """The next card for someone who has these votes (statement key → value) so far."""
        return self.deal_many([(token, votes)])[0]

    def deal_many(self, people: Sequence[tuple[bytes, Mapping[int, int]]]) -> list[Card]:
        """``deal`` for each of several people, at little more than the cost of one."""
        asked = [(list(votes), list(votes.values())) for _, votes in people]
        draws = [draw(self.dialogue.pk, self.root, token, len(votes)) for token, votes in people]
        with self._turn:
            choices = self.router.choose_many(asked, np.array(draws))
        return [
            self._next(token, votes, choice)
            for (token, votes), choice in zip(people, choices, strict=True)
        ]

    def take_exposures(self) -> dict[int, Exposure]:
        """By statement's key, what was dealt since this was last asked."""
        with self._turn:
            return self.router.take_exposures()

    def _next(self, token: bytes, votes: Mapping[int, int], choice: Selection | None) -> Card:
        if choice is None:
            return Card(None, "", "", None, self._answered(votes), len(self.statements))
        statement = self.statements[choice.statement]
        return self.card(statement, proof(self.dialogue.pk, token, statement.pk, dealt=True), votes)

    def card(self, statement: Statement, proof: str, votes: Mapping[int, int]) -> Card:
        return Card(
            number=statement.number,
            text=statement.text,
            proof=proof,
            value=votes.get(statement.pk),
            answered=self._answered(votes),
            total=len(self.statements),
        )

    def _answered(self, votes: Mapping[int, int]) -> int:
        return len(self.statements.keys() & votes.keys())


class Decks:
    """All decks of this process. Safe to use from several threads."""

    def __init__(self) -> None:
        self._decks: dict[int, Deck] = {}
        self._seen: dict[int, Counter[int]] = {}
        self._counted_at: dict[int, float] = {}
        self._replaced: list[Deck] = []  # whose exposures are still to be taken
        self._lock = threading.Lock()

    def of(self, dialogue: Dialogue) -> Deck:
        """The deck for the dialogue as just read from the database."""
        with self._lock:
            deck = self._decks.get(dialogue.pk)
            if deck is None or deck.dialogue.revision != dialogue.revision or _map_changed(deck):
                if deck is not None:
                    self._replaced.append(deck)
                deck = self._build(dialogue)
                self._decks[dialogue.pk] = deck
            deck.dialogue = dialogue
            return deck

    def count(self, dialogue_id: int, statement_id: int, change: int) -> None:
        """Keep the numbers of votes by statement up to date, for the router's sense of need."""
        with self._lock:
            if dialogue_id in self._seen:
                self._seen[dialogue_id][statement_id] += change
                self._decks[dialogue_id].router.count(statement_id, change)

    def take_exposures(self) -> dict[int, Exposure]:
        """By statement's key, what all decks dealt since this was last asked."""
        with self._lock:
            decks, self._replaced = [*self._replaced, *self._decks.values()], []
        dealt, expected = Counter[int](), defaultdict[int, float](float)
        for deck in decks:
            for statement, exposure in deck.take_exposures().items():
                dealt[statement] += exposure.dealt
                expected[statement] += exposure.expected
        return {s: Exposure(dealt[s], expected[s]) for s in expected}

    def _build(self, dialogue: Dialogue) -> Deck:
        statements = list(Statement.objects.votable().filter(dialogue=dialogue).order_by("number"))
        for statement in statements:
            statement.dialogue = dialogue
        newest = StoredMap.objects.filter(dialogue=dialogue).order_by("-made_at", "-id").first()
        if time.monotonic() - self._counted_at.get(dialogue.pk, -inf) > RECOUNT_SECONDS:
            self._seen[dialogue.pk] = _votes_by_statement(dialogue)
            self._counted_at[dialogue.pk] = time.monotonic()
        seen = self._seen[dialogue.pk]
        return Deck(
            dialogue=dialogue,
            statements={statement.pk: statement for statement in statements},
            by_number={statement.number: statement for statement in statements},
            router=StatementSelector.from_facts(
                newest.facts if newest else None, [s.pk for s in statements], seen
            ),
            map_id=newest.pk if newest else None,
            root=_newest_root(),
        )


def _newest_root() -> bytes:
    """What the draws derive from. A log in trouble must not keep anyone from taking part."""
    try:
        return newest_checkpoint().root
    except (BadCheckpoint, OSError):
        return EMPTY_ROOT


def _map_changed(deck: Deck) -> bool:
    if time.monotonic() - deck.checked_at < MAP_CHECK_SECONDS:
        return False
    deck.checked_at = time.monotonic()
    newest = StoredMap.objects.filter(dialogue=deck.dialogue).order_by("-made_at", "-id")
    return newest.values_list("pk", flat=True).first() != deck.map_id


def _votes_by_statement(dialogue: Dialogue) -> Counter[int]:
    rows = Vote.objects.filter(participant__dialogue=dialogue).values_list("statement_id")
    return Counter(dict(rows.annotate(votes=Count("value"))))


# One for the process: the vote path and the pages deal from the same.
decks = Decks()

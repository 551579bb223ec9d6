"""What the vote path keeps in memory for each dialogue: its statements and which comes next.

A pool of statements is built from the database and holds nothing that the database does not. A new
``Dialogue.revision`` replaces it at once, a published map within seconds.

What is dealt depends on the statements, the newest map, the log's newest checkpoint and the
participant alone. It must not depend on votes that no map shows yet: who asks for cards with many
cookies sees each probability, and from one vote more on a statement they would see that somebody
took part, and on what they voted.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from middleground.dialogues.identity.proofs import proof
from middleground.dialogues.identity.pseudonyms import selection_randomness
from middleground.dialogues.models import Dialogue, Participant, Statement
from middleground.dialogues.queries import OwnVotes
from middleground.dialogues.translations.shown import keep_translations
from middleground.engine import Exposure, MapFacts, Options, Selection, StatementSelector
from middleground.ledger.merkle.hashing import EMPTY_ROOT
from middleground.ledger.notes.checkpoint import BadCheckpoint
from middleground.publiclog.publisher import newest_checkpoint


@dataclass(frozen=True, slots=True)
class Card:
    """A statement as shown to a participant. ``number`` is None when all have been voted on.

    ``value`` is the participant's vote on it, because a card can come back to be changed.
    ``origin`` is a ``Statement.Origin``: the card says who speaks. ``language``: of the text, as
    its writer said it. ``goal`` is how many votes are
    asked for, and ``needed`` how many that count put a person into the map; 0 where there can be
    no map. ``dealt``: we chose the statement; a vote on one that was looked up does not count, so
    ``looked_up`` of those ``answered`` bring nobody nearer to the map.
    """

    number: int | None
    text: str
    proof: str
    value: int | None
    answered: int
    total: int
    origin: str = ""
    goal: int = 0
    needed: int = 0
    dealt: bool = True
    looked_up: int = 0
    language: str = ""

    @property
    def until_goal(self) -> int:
        return max(self.goal - self.answered, 0)

    @property
    def until_counted(self) -> int:
        return max(self.needed + self.looked_up - self.answered, 0)

    @property
    def mark(self) -> int:
        """The answer with which the person is counted in the map; 0 where there can be no map."""
        return self.needed and self.needed + self.looked_up


def votes_to_count(dialogue: Dialogue, statements: int) -> int:
    """How many votes put anybody who comes into a map of so many statements; 0: there is no map.

    Also 0 where votes of people without a code count apart: a card does not know who reads it, and
    must not promise all of them a place.
    """
    if Participant.Tier.OPEN in dialogue.uncounted_tiers:
        return 0
    options = Options()
    enough = statements >= max(options.min_statements, options.min_votes)
    return options.min_votes if enough else 0


@dataclass(frozen=True, slots=True)
class _Map:
    """The published map that guides the choice of statements; empty before the first map."""

    pk: int | None
    facts: MapFacts | None


@dataclass(slots=True)
class StatementPool:
    """A dialogue's votable statements and the selector that deals them."""

    dialogue: Dialogue
    statements: dict[int, Statement]  # by primary key
    by_number: dict[int, Statement]
    selector: StatementSelector
    map: _Map
    root: bytes  # of the log's newest checkpoint; the draws derive from it
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def next_card(self, token: bytes, votes: OwnVotes) -> Card:
        """The next card for a participant with these votes."""
        return self.next_cards([(token, votes)])[0]

    def next_cards(self, participants: Sequence[tuple[bytes, OwnVotes]]) -> list[Card]:
        """``next_card`` for several participants, at little more than the cost of one."""
        asked = [(list(votes.values), list(votes.values.values())) for _, votes in participants]
        draws = [
            selection_randomness(self.dialogue.pk, self.root, token, len(votes.values))
            for token, votes in participants
        ]
        with self._lock:
            choices = self.selector.choose_many(asked, np.array(draws))
        return [
            self._next(token, votes, choice)
            for (token, votes), choice in zip(participants, choices, strict=True)
        ]

    def take_exposures(self) -> dict[int, Exposure]:
        """What was dealt since the last call, by statement key."""
        with self._lock:
            return self.selector.take_exposures()

    def _next(self, token: bytes, votes: OwnVotes, choice: Selection | None) -> Card:
        if choice is None:
            return self._card(votes)
        statement = self.statements[choice.statement]
        return self.card(statement, proof(self.dialogue.pk, token, statement.pk, dealt=True), votes)

    def card(
        self, statement: Statement, proof: str, votes: OwnVotes, *, dealt: bool = True
    ) -> Card:
        return self._card(votes, statement, proof, dealt=dealt)

    def _card(
        self,
        votes: OwnVotes,
        statement: Statement | None = None,
        proof: str = "",
        *,
        dealt: bool = True,
    ) -> Card:
        total = len(self.statements)
        return Card(
            number=statement.number if statement else None,
            text=statement.text if statement else "",
            proof=proof,
            value=votes.values.get(statement.pk) if statement else None,
            answered=len(self.statements.keys() & votes.values.keys()),
            total=total,
            origin=statement.origin if statement else "",
            language=statement.language if statement else "",
            goal=min(self.dialogue.vote_goal, total),
            needed=votes_to_count(self.dialogue, total),
            dealt=dealt,
            looked_up=len(self.statements.keys() & votes.looked_up),
        )


class StatementPools:
    """All pools of this process. Thread-safe."""

    def __init__(self) -> None:
        self._pools: dict[int, StatementPool] = {}
        # Replaced pools whose exposures are not stored yet.
        self._replaced: list[StatementPool] = []
        self._lock = threading.Lock()

    def of(self, dialogue: Dialogue) -> StatementPool:
        """The pool for the dialogue as just read from the database.

        The vote writer calls this inside its transaction, so slow work is left to ``renew``; for a
        new revision only the statements are read again.
        """
        with self._lock:
            pool = self._pools.get(dialogue.pk)
            if pool is not None and pool.dialogue.revision == dialogue.revision:
                keep_translations(dialogue, pool.dialogue)
                pool.dialogue = dialogue
                return pool
        known = pool.map if pool else _newest_map(dialogue)
        return self._swap(dialogue, _statements(dialogue), known)

    def renew(self, now: datetime) -> None:
        """Bring the pools of all open dialogues up to date with maps and the public log.

        The scheduled job calls this, in parallel with the thread that writes votes. A new
        checkpoint gives new draws at once, whether or not anybody voted meanwhile.
        """
        root = _newest_root()
        for dialogue in Dialogue.objects.filter(state=Dialogue.State.OPEN):
            if not dialogue.is_open(now):
                continue
            pool, newest = self._pools.get(dialogue.pk), _newest_map_id(dialogue)
            if pool is None or newest != pool.map.pk:
                self._swap(dialogue, _statements(dialogue), _newest_map(dialogue))
            else:
                pool.root = root

    def _swap(self, dialogue: Dialogue, statements: list[Statement], known: _Map) -> StatementPool:
        """Replace the dialogue's pool by a new one."""
        keep_translations(dialogue)
        by_key = {statement.pk: statement for statement in statements}
        by_number = {statement.number: statement for statement in statements}
        root = _newest_root()
        with self._lock:
            selector = StatementSelector.from_facts(known.facts, list(by_key))
            pool = StatementPool(dialogue, by_key, by_number, selector, known, root)
            before = self._pools.get(dialogue.pk)
            if before is not None:
                self._replaced.append(before)
            self._pools[dialogue.pk] = pool
        return pool

    def take_exposures(self) -> dict[int, Exposure]:
        """What all pools dealt since the last call, by statement key."""
        with self._lock:
            pools, self._replaced = [*self._replaced, *self._pools.values()], []
        dealt, expected = Counter[int](), defaultdict[int, float](float)
        for pool in pools:
            for statement, exposure in pool.take_exposures().items():
                dealt[statement] += exposure.dealt
                expected[statement] += exposure.expected
        return {s: Exposure(dealt[s], expected[s]) for s in expected}


def _statements(dialogue: Dialogue) -> list[Statement]:
    statements = list(Statement.objects.votable().filter(dialogue=dialogue).order_by("number"))
    for statement in statements:
        statement.dialogue = dialogue
    return statements


def _newest_map(dialogue: Dialogue) -> _Map:
    newest = dialogue.maps.only("id", "dialogue", "data").first()
    return _Map(newest.pk, newest.facts) if newest else _Map(None, None)


def _newest_map_id(dialogue: Dialogue) -> int | None:
    return dialogue.maps.values_list("pk", flat=True).first()


def _newest_root() -> bytes:
    """The log root that draws derive from. A broken log must not stop anyone from voting."""
    try:
        return newest_checkpoint().root
    except (BadCheckpoint, OSError):
        return EMPTY_ROOT


# One per process, so that the vote path and the pages deal from the same pools.
statement_pools = StatementPools()

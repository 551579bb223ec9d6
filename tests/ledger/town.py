"""A published log of one closed and one open dialogue, made in three batches.

80 participants vote on statements 1 to 3 and 5, and two on statement 4, which is withheld. Ten
change their vote on statement 1, and one deletes it. The text of rejected statement 5 is sealed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ledger.keyring import log_key, witness_key
from middleground.dialogues.log_kinds import Invitations, Merge, Moderation, Settings
from middleground.ledger.files.openings import write_openings
from middleground.ledger.files.publishing import (
    add_cosignatures,
    publish,
    publish_document,
    publish_file,
    write_keys,
)
from middleground.ledger.files.texts import texts_path, write_texts
from middleground.ledger.files.totals import Totals, tally_of, write_totals
from middleground.ledger.merkle.batches import shuffled
from middleground.ledger.notes.checkpoint import open_checkpoint
from middleground.ledger.notes.cosignature import cosign
from middleground.ledger.notes.promise import Promise, sign_promise
from middleground.ledger.records.entries import STATEMENTS, Erasures, LoggedMap
from middleground.ledger.records.kinds import LoggedRecord, write_entry
from middleground.ledger.records.text_opening import TextOpening
from middleground.ledger.records.vote_opening import VoteOpening, tag_of

LA = "los-angeles"
KEY, WITNESS = log_key(), witness_key()
WITHHELD, REJECTED = 4, 5


def some(length: int, *parts: object) -> bytes:
    """Pseudo-random bytes that are the same in every run."""
    return hashlib.sha256(repr(parts).encode()).digest()[:length]


def chance() -> Callable[[int], int]:
    count = iter(range(10**9))
    return lambda n: int.from_bytes(some(8, "pick", next(count)), "big") % n


def vote_of(person: int, statement: int, turn: int = 0, dialogue: str = LA) -> VoteOpening:
    place = (person, statement, turn, dialogue)
    return VoteOpening(
        some(16, "client", *place),
        some(16, "server", *place),
        dialogue,
        statement,
        tag_of(b"k" * 32, dialogue, person.to_bytes(8, "big"), statement),
        (1, 0, -1, 1)[some(1, "vote", *place)[0] % 4],
    )


def words_of(statement: int, dialogue: str = LA) -> TextOpening:
    salt = some(16, "salt", statement, dialogue)
    return TextOpening(salt, dialogue, STATEMENTS, statement, f"Statement {statement}, in words.")


@dataclass
class Town:
    """The host's data and the folder that it publishes."""

    folder: Path
    votes: list[VoteOpening] = field(default_factory=list)
    entries: list[bytes] = field(default_factory=list)

    def batch(self, time: int, records: list[LoggedRecord], votes: list[VoteOpening]) -> None:
        """Publish records and shuffled votes, and let the witness cosign at ``time``."""
        mixed = shuffled(votes, lambda vote: vote.tag, chance())
        new = [*map(write_entry, records), *(vote.entry() for vote in mixed)]
        self.append(time, new)
        self.votes += mixed

    def append(self, time: int, new: list[bytes]) -> None:
        publish(self.folder, KEY, len(self.entries), new)
        self.entries += new
        _, note = open_checkpoint((self.folder / "checkpoint").read_bytes(), KEY.verifier)
        add_cosignatures(self.folder, KEY.verifier, [cosign(note, WITNESS, time)])

    def opened(self, statement: int) -> list[tuple[int, VoteOpening]]:
        """The votes on a statement with their indices, without the deleted one."""
        places = {entry: index for index, entry in enumerate(self.entries)}
        return [
            (places[vote.entry()], vote)
            for vote in self.votes
            if (vote.dialogue, vote.statement) == (LA, statement) and vote != DELETED
        ]

    def promise(self, name: str, leaf: bytes, by: int) -> None:
        note = sign_promise(Promise(KEY.name, leaf, by), KEY)
        publish_file(self.folder, f"promises/{name}", str(note))


DELETED = vote_of(7, 2)


def build(folder: Path) -> Town:
    town = Town(folder)
    write_keys(folder, KEY.verifier, [WITNESS.verifier])
    first_votes(town)
    second_thoughts(town)
    map_and_settings(town)
    close(town)
    town.promise("mine", vote_of(3, 1).leaf(), 1_500)
    return town


def first_votes(town: Town) -> None:
    settings = publish_document(town.folder, b"The settings of the dialogue.\n")
    records: list[LoggedRecord] = [
        Settings(LA, settings),
        Settings("riverside", publish_document(town.folder, b"Other settings.\n")),
        Invitations(LA, "invited", 500),
        *(words_of(statement).sealed() for statement in range(1, 6)),
        words_of(1, "riverside").sealed(),
    ]
    votes = [vote_of(person, statement) for person in range(80) for statement in (1, 2, 3, 5)]
    votes += [vote_of(person, WITHHELD) for person in range(2)]
    votes += [vote_of(person, 1, dialogue="riverside") for person in range(30)]
    town.batch(1_000, records, votes)


def second_thoughts(town: Town) -> None:
    records: list[LoggedRecord] = [
        Moderation(LA, REJECTED, "reject", "off_topic"),
        Merge(LA, 3, 1),
        Erasures(LA, 1, 0),
    ]
    town.batch(2_000, records, [vote_of(person, 1, turn=1) for person in range(10)])


def map_and_settings(town: Town) -> None:
    made = publish_document(town.folder, b"The map.\n")
    records: list[LoggedRecord] = [
        LoggedMap(LA, made, some(32, "votes"), "1.0", 7, '{"groups": "auto"}'),
        Settings(LA, publish_document(town.folder, b"Later settings.\n")),
        Settings("riverside", some(32, "not in this copy")),
    ]
    town.batch(3_000, records, [])


def close(town: Town) -> None:
    tallies = {}
    for statement in (1, 2, 3, REJECTED):
        opened = town.opened(statement)
        publish_file(
            town.folder, f"openings/{LA}/{statement}", write_openings(LA, statement, opened)
        )
        last = {vote.tag: vote.vote for _, vote in sorted(opened, key=lambda pair: pair[0])}
        tallies[statement] = tally_of(last.values())
    totals = Totals(LA, 2, {**tallies, WITHHELD: None})
    publish_file(town.folder, f"totals/{LA}", write_totals(totals))
    words = write_texts(LA, STATEMENTS, [words_of(statement) for statement in (1, 2, 3, 4)])
    publish_file(town.folder, texts_path(LA, STATEMENTS), words)

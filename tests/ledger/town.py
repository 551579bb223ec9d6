"""A published log of one closed and one open dialogue.

Four participants vote on statements 1 to 3 and 5, and two on statement 4, which is withheld. Two
change their vote on statement 1, and one takes a vote on statement 2 back. One looked statement 3
up. The text of rejected statement 5 is sealed. Boxes of quiet rounds make the log longer than one
bundle. There are so few votes because the second verifier takes some 10 ms for each.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ledger.keyring import log_key, witness_key
from ledger.town_map import Counts, counts_of, map_bytes, map_data
from middleground.dialogues.log_kinds import Invitations, Merge
from middleground.ledger.codecs.field_codecs import Vote
from middleground.ledger.commitments.answer_proof import LinePlace, prove
from middleground.ledger.commitments.commitment import commit, tally_of
from middleground.ledger.commitments.group import ORDER
from middleground.ledger.files.publishing import (
    add_cosignatures,
    publish,
    publish_document,
    publish_file,
    write_keys,
)
from middleground.ledger.files.texts import texts_path, write_texts
from middleground.ledger.files.totals import OpenedTotal, Totals, write_totals
from middleground.ledger.files.vote_list import ListedVote, write_vote_list
from middleground.ledger.merkle.ballot_box import fill
from middleground.ledger.merkle.box_file import BoxFile, write_box
from middleground.ledger.merkle.tile_folder import TileFolder
from middleground.ledger.notes.checkpoint import open_checkpoint
from middleground.ledger.notes.cosignature import cosign
from middleground.ledger.notes.promise import Promise, sign_promise
from middleground.ledger.records.entries import (
    STATEMENTS,
    ClosedDialogue,
    Erasures,
    LoggedBox,
    LoggedList,
    LoggedMap,
    Moderation,
    Settings,
)
from middleground.ledger.records.kinds import LoggedRecord, write_entry
from middleground.ledger.records.receipt import boxed_vote, write_receipt
from middleground.ledger.records.text_opening import TextOpening
from middleground.ledger.records.vote_opening import VoteOpening

LA = "los-angeles"
MINIMUM = 1  # smallest number of people shown
CLOSES = "1970-01-01T00:50:00Z"
KEY, WITNESS = log_key(), witness_key()
WITHHELD, REJECTED = 4, 5


def some(length: int, *parts: object) -> bytes:
    """Pseudo-random bytes that are the same in every run."""
    return hashlib.sha256(repr(parts).encode()).digest()[:length]


def scalars(*parts: object) -> Callable[[], int]:
    """Returns a generator of pseudo-random scalars, the same in every run."""
    count = iter(range(10**9))
    return lambda: int.from_bytes(some(32, "scalar", *parts, next(count)), "big") % ORDER


def vote_of(person: int, statement: int, change: int = 0, dialogue: str = LA) -> VoteOpening:
    place = (person, statement, dialogue)
    return VoteOpening(
        some(16, "client", *place),
        some(16, "server", *place),
        some(16, "salt", *place, change),
        dialogue,
        statement,
        (1, 0, -1, 1, 1, -1, 0)[(person + 2 * statement + 3 * change) % 7],
    )


def blinding_of(tag: bytes) -> int:
    return int.from_bytes(some(32, "blinding", tag), "big") % ORDER


def line_of(
    tag: bytes, statement: int, answer: Vote, *, dialogue: str = LA, log: str = KEY.name
) -> ListedVote:
    """A counted line of a vote list with its proof."""
    blinding = blinding_of(tag)
    proof = prove(answer, blinding, LinePlace(log, dialogue, statement, tag), scalars(tag))
    return ListedVote(tag, "counted", commit(answer, blinding), proof)


def words_of(statement: int, dialogue: str = LA) -> TextOpening:
    salt = some(16, "salt", statement, dialogue)
    return TextOpening(salt, dialogue, STATEMENTS, statement, f"Statement {statement}; -in words.")


@dataclass
class Town:
    """The host's data and the folder that it publishes."""

    folder: Path
    entries: list[bytes] = field(default_factory=list)
    boxes: dict[int, Path] = field(default_factory=dict)  # by entry

    def log(self, time: int, *records: LoggedRecord) -> None:
        """Publish records, and let the witness cosign at ``time``."""
        self.append(time, [write_entry(record) for record in records])

    def append(self, time: int, new: list[bytes]) -> None:
        publish(self.folder, KEY, len(self.entries), new)
        self.entries += new
        _, note = open_checkpoint((self.folder / "checkpoint").read_bytes(), KEY.verifier)
        add_cosignatures(self.folder, KEY.verifier, [cosign(note, WITNESS, time)])

    def box(self, votes: Iterable[VoteOpening], dialogue: str = LA) -> LoggedBox:
        """Fill a box, which is to be the next entry, and keep its file."""
        turn = len(self.entries)
        seals = [vote.seal() for vote in votes]
        slots = (int.from_bytes(some(4, "slot", turn, n), "big") for n in range(len(seals)))
        self.boxes[turn] = self.folder.parent / f"{turn}.box"
        self.folder.parent.mkdir(exist_ok=True)
        with self.boxes[turn].open("wb") as out:
            return LoggedBox(dialogue, write_box(fill(seals, slots), some(32, "box", turn), out))

    def document(self, data: bytes) -> bytes:
        return publish_document(self.folder, data)

    def promise(self, name: str, vote: VoteOpening) -> None:
        promise = Promise(KEY.name, vote.dialogue, vote.statement, vote.tag)
        publish_file(self.folder, f"promises/{name}", str(sign_promise(promise, KEY)))

    def receipt(self, name: str, vote: VoteOpening, entry: int) -> bytes:
        """Put a receipt for the vote in the box of this entry into the copy; returns it."""
        found = BoxFile(self.boxes[entry]).find(vote.seal())
        assert found
        boxed = boxed_vote(vote, *found)
        size = len(self.entries)
        note = (self.folder / "checkpoint").read_bytes()
        receipt = write_receipt(boxed, entry, TileFolder(self.folder, size), size, note)
        path = self.folder / "receipts" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(receipt)
        return receipt


FIRST_BOX, SECOND_BOX = 8, 14  # the entries of the boxes of los-angeles
PEOPLE, CHANGED = range(4), range(2)
QUIET_ROUNDS = 353
FILLERS = 16  # of the withheld list
STATEMENTS_WITH_VOTES = (1, 2, 3, WITHHELD, REJECTED)


def first_choices() -> list[VoteOpening]:
    votes = [vote_of(person, statement) for person in PEOPLE for statement in (1, 2, 3, 5)]
    return votes + [vote_of(person, WITHHELD) for person in range(2)]


def final_choices() -> list[VoteOpening]:
    """The votes at the close: two are changed, one was taken back."""
    changed = {vote_of(person, 1).tag: vote_of(person, 1, change=1) for person in CHANGED}
    return [changed.get(vote.tag, vote) for vote in first_choices() if vote.tag != DELETED.tag]


DELETED = vote_of(3, 2)
LOOKED_UP = vote_of(2, 3)  # stands beside the total


def build(folder: Path) -> Town:
    town = build_open(folder)
    Close(town).publish()
    town.promise("mine", vote_of(3, 1))
    return town


def build_open(folder: Path) -> Town:
    """The town before the close of los-angeles."""
    town = Town(folder)
    write_keys(folder, KEY.verifier, [WITNESS.verifier])
    opening(town)
    boxes(town)
    map_and_settings(town)
    return town


def opening(town: Town) -> None:
    town.log(
        1_000,
        Settings(LA, town.document(settings_of("open"))),
        Settings("riverside", town.document(settings_of("open", minimum_shown=2))),
        *(words_of(statement).sealed() for statement in range(1, 6)),
        words_of(1, "riverside").sealed(),
    )


def boxes(town: Town) -> None:
    assert len(town.entries) == FIRST_BOX
    town.log(1_500, town.box(first_choices()))
    riverside = [vote_of(person, 1, dialogue="riverside") for person in PEOPLE]
    town.log(
        2_000,
        town.box(riverside, "riverside"),
        Invitations(LA, "invited", 500),
        Moderation(LA, REJECTED, "reject", "off_topic"),
        Merge(LA, 3, 1),
        Erasures(LA, 0),
    )
    assert len(town.entries) == SECOND_BOX
    quiet = (LoggedBox("riverside", some(32, "quiet round", n)) for n in range(QUIET_ROUNDS))
    town.log(2_500, town.box(final_choices()), *quiet)


def map_and_settings(town: Town) -> None:
    town.log(
        3_000,
        Settings(LA, town.document(settings_of("closed"))),
        Settings("riverside", some(32, "not in this copy")),
        LoggedMap(LA, town.document(MAP), some(32, "votes"), "1.0", 7, '{"groups": "auto"}'),
    )


def settings_of(state: str, **others: object) -> bytes:
    """What verifiers read of a dialogue's settings."""
    values = {"state": state, "opens_at": None, "closes_at": CLOSES, "minimum_shown": MINIMUM}
    return f"{json.dumps(values | others, indent=1)}\n".encode()


CLOSED_SETTINGS = hashlib.sha256(settings_of("closed")).hexdigest()


def counts_on_the_map() -> dict[int, Counts]:
    """Two of the four are in a group."""
    by_tag = {vote_of(n, s).tag: n for n in PEOPLE for s in STATEMENTS_WITH_VOTES}
    left_out = (DELETED.tag, LOOKED_UP.tag)
    votes = [vote for vote in final_choices() if vote.tag not in left_out]
    return {
        number: counts_of(
            ("A" if by_tag[vote.tag] < 2 else "none", vote.vote)
            for vote in votes
            if vote.statement == number
        )
        for number in STATEMENTS_WITH_VOTES
    }


def following(opened: dict[int, OpenedTotal | None]) -> dict[int, Counts]:
    """The counts of a host that changed totals and whose map follows; the group comes first."""
    found = counts_on_the_map()
    for number, total in opened.items():
        if total is not None:
            sums = (total.votes.agree, total.votes.passed, total.votes.disagree)
            inside = [min(each) for each in zip(found[number]["A"], sums, strict=True)]
            rest = [whole - part for whole, part in zip(sums, inside, strict=True)]
            found[number] = {"A": tuple3(inside), "none": tuple3(rest)}
    return found


def tuple3(numbers: list[int]) -> tuple[int, int, int]:
    agree, passed, disagree = numbers
    return agree, passed, disagree


def final_map() -> dict[str, Any]:
    return map_data(counts_on_the_map(), MINIMUM)


MAP = map_bytes(final_map())
LAST_MAP = SECOND_BOX + 1 + QUIET_ROUNDS + 2  # its entry; the lists follow


@cache
def lists_and_totals() -> tuple[dict[int, list[ListedVote]], Totals]:
    """The vote list of each statement, and what is opened. Not to be changed by tests."""
    lists: dict[int, list[ListedVote]] = {}
    opened: dict[int, OpenedTotal | None] = {}
    for statement in STATEMENTS_WITH_VOTES:
        votes = {v.tag: v.vote for v in final_choices() if v.statement == statement}
        if statement == WITHHELD:
            tags = [*votes, *(some(32, "filler", n) for n in range(FILLERS))]
            lists[statement] = [ListedVote(tag, "withheld") for tag in sorted(tags)]
            opened[statement] = None
            continue
        beside = [vote.tag for vote in (DELETED, LOOKED_UP) if vote.statement == statement]
        counted = {tag: answer for tag, answer in votes.items() if tag not in beside}
        lines = [line_of(tag, statement, answer) for tag, answer in counted.items()]
        lines += [ListedVote(tag, "beside") for tag in beside]
        lists[statement] = sorted(lines, key=lambda line: line.tag)
        opened[statement] = total_of(counted)
    return lists, Totals(LA, opened)


def total_of(counted: dict[bytes, Vote]) -> OpenedTotal:
    """The total of these tags' answers, with the factor that opens it."""
    return OpenedTotal(tally_of(counted.values()), sum(map(blinding_of, counted)) % ORDER)


def as_it_is(data: bytes) -> bytes:
    return data


class Close:
    """What the host logs at the close of los-angeles. Tests change parts of it first."""

    def __init__(self, town: Town) -> None:
        lists, totals = lists_and_totals()
        self.town = town
        self.lists = {statement: list(lines) for statement, lines in lists.items()}
        self.opened = dict(totals.statements)
        self.list_bytes: dict[int, Callable[[bytes], bytes]] = {}  # by statement
        self.totals_bytes = as_it_is
        self.map: dict[str, Any] = final_map()
        self.map_follows = False  # whether the map shows what ``opened`` says
        self.records: Callable[[list[LoggedRecord]], list[LoggedRecord]] = list
        self.shown = [1, 2, 3, 4]
        self.afterwards: Callable[[list[LoggedRecord]], object] = list

    def publish(self) -> None:
        logged: list[LoggedRecord] = []
        for statement, lines in self.lists.items():
            change = self.list_bytes.get(statement, as_it_is)
            document = self.town.document(change(write_vote_list(LA, statement, lines)))
            logged.append(LoggedList(LA, statement, document))
        totals = self.totals_bytes(write_totals(Totals(LA, self.opened)))
        final = self._publish_map()
        end = ClosedDialogue(LA, final, len(logged), self.town.document(totals))
        records = self.records([*logged, end])
        self.town.log(4_000, *records)
        words = write_texts(LA, STATEMENTS, [words_of(statement) for statement in self.shown])
        publish_file(self.town.folder, texts_path(LA, STATEMENTS), words)
        self.afterwards(records)

    def _publish_map(self) -> bytes:
        """Log the final map again if the test changed it; returns its hash."""
        if self.map_follows:
            self.map = map_data(following(self.opened), MINIMUM)
        document = map_bytes(self.map)
        if document != MAP:
            final = LoggedMap(LA, self.town.document(document), some(32, "votes"), "1.0", 7, "{}")
            self.town.log(3_500, final)
        return hashlib.sha256(document).digest()


def copy(town: Town, folder: Path) -> Town:
    """The same town published below another folder, for a test to change."""
    shutil.copytree(town.folder, folder / "published")
    return Town(folder / "published", list(town.entries), dict(town.boxes))

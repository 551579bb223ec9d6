"""What no check can find, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from ledger.tampering.kinds import Change, map_of, total, with_vote
from ledger.town import FILLERS, LA, WITHHELD, Close, blinding_of, line_of, some, total_of, vote_of
from middleground.ledger.commitments.group import ORDER
from middleground.ledger.files.totals import OpenedTotal
from middleground.ledger.files.vote_list import ListedVote
from middleground.ledger.records.entries import Erasures, LoggedBox


class Unseen(NamedTuple):
    name: str
    change: Change
    reason: str


def vote_dropped(close: Close) -> None:
    """The host keeps a vote back from the start, and all numbers follow."""
    line = next(line for line in close.lists[1] if line.tag == vote_of(3, 1).tag)
    close.lists[1].remove(line)
    close.opened[1] = without(total(close, 1), vote_of(3, 1).vote, line.tag)


def vote_put_beside(close: Close) -> None:
    vote_dropped(close)
    close.lists[1].append(ListedVote(vote_of(3, 1).tag, "beside"))


def without(before: OpenedTotal, answer: int, tag: bytes) -> OpenedTotal:
    name = {1: "agree", 0: "passed", -1: "disagree"}[answer]
    fewer = replace(before.votes, **{name: getattr(before.votes, name) - 1})
    return OpenedTotal(fewer, (before.blinding - blinding_of(tag)) % ORDER)


def vote_changed(close: Close) -> None:
    vote = vote_of(3, 1)
    other = -1 if vote.vote == 1 else 1
    close.lists[1] = [line for line in close.lists[1] if line.tag != vote.tag]
    close.lists[1].append(line_of(vote.tag, 1, other))
    close.opened[1] = with_vote(without(total(close, 1), vote.vote, vote.tag), vote.tag, other)


def person_invented(close: Close) -> None:
    close.lists[1].append(line_of(some(32, "nobody"), 1, 1))
    close.opened[1] = with_vote(total(close, 1), some(32, "nobody"), 1)


def result_withheld(close: Close) -> None:
    """The result that the host dislikes stays shut."""
    close.lists[1] = [ListedVote(line.tag, "withheld") for line in close.lists[1]]
    close.opened[1] = None


def few_votes_opened(close: Close) -> None:
    votes = [vote_of(person, WITHHELD) for person in range(2)]
    close.lists[WITHHELD] = [line_of(vote.tag, WITHHELD, vote.vote) for vote in votes]
    close.opened[WITHHELD] = total_of({vote.tag: vote.vote for vote in votes})


def withheld_list_filled_up(close: Close) -> None:
    close.lists[WITHHELD] += [ListedVote(some(32, "more", n), "withheld") for n in range(9)]


def withheld_list_emptied(close: Close) -> None:
    assert len(close.lists[WITHHELD]) == 2 + FILLERS
    close.lists[WITHHELD] = []


def statement_said_to_be_deleted(close: Close) -> None:
    del close.lists[2], close.opened[2]
    close.records = lambda records: [Erasures(LA, 1), *records]


def never_closed(close: Close) -> None:
    close.records = lambda _: []


def results_without_an_end(close: Close) -> None:
    close.records = lambda records: records[:-1]


def map_of_other_numbers(close: Close) -> None:
    document = close.town.document(b"A map with other numbers.\n")
    close.records = lambda records: [
        map_of(LA, document), *records[:-1], replace(records[-1], map=document),
    ]  # fmt: skip


def box_of_other_votes(close: Close) -> None:
    close.records = lambda records: [LoggedBox(LA, some(32, "no box")), *records]


def texts_kept_back(close: Close) -> None:
    close.shown = [1]


OWN = "Only its holder sees it: by a promise, a receipt, or the proof of the answer after the close"
HOST = "The host runs the dialogue and could as well have let somebody vote so"
UNSEEN = [
    Unseen("a vote kept back", vote_dropped, OWN),
    Unseen("a vote put beside, with its total", vote_put_beside, f"{OWN}. A promise is then open"),
    Unseen("a vote changed before the close", vote_changed, OWN),
    Unseen("a participant invented", person_invented, HOST),
    Unseen("a result withheld", result_withheld, "The finding “withheld” tells how many are"),
    Unseen("a small total opened", few_votes_opened, "Minima are in the settings; it is no lie"),
    Unseen("a withheld list filled up", withheld_list_filled_up, "Filling it is the rule"),
    Unseen("a withheld list emptied", withheld_list_emptied, OWN),
    Unseen(
        "a statement said to be deleted",
        statement_said_to_be_deleted,
        "Its author may delete it. The log tells how many were; promises on it are broken",
    ),
    Unseen("never closed", never_closed, "The finding “closing” names open dialogues"),
    Unseen("lists without an end", results_without_an_end, "As if the log were copied meanwhile"),
    Unseen("a map of other numbers", map_of_other_numbers, "Maps are compared by computing them"),
    Unseen("a box without votes", box_of_other_votes, "A box is random bytes to everybody else"),
    Unseen("words kept back", texts_kept_back, "The finding “text” tells how many are shown"),
]

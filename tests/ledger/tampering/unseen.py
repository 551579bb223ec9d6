"""What no check can find, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from ledger.tampering.kinds import Change, total, with_vote
from ledger.tampering.maps import all_of, decided_before, left_out, withheld
from ledger.town import (
    LA,
    MINIMUM,
    Close,
    blinding_of,
    counts_on_the_map,
    line_of,
    some,
    vote_of,
)
from ledger.town_map import map_data
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
    close.map_follows = True
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
    close.map_follows = True
    vote = vote_of(3, 1)
    other = -1 if vote.vote == 1 else 1
    close.lists[1] = [line for line in close.lists[1] if line.tag != vote.tag]
    close.lists[1].append(line_of(vote.tag, 1, other))
    close.opened[1] = with_vote(without(total(close, 1), vote.vote, vote.tag), vote.tag, other)


def person_invented(close: Close) -> None:
    close.map_follows = True
    close.lists[1].append(line_of(some(32, "nobody"), 1, 1))
    close.opened[1] = with_vote(total(close, 1), some(32, "nobody"), 1)


def never_closed(close: Close) -> None:
    close.records = lambda _: []


def results_without_an_end(close: Close) -> None:
    close.records = lambda records: records[:-1]


def statement_said_to_be_deleted(close: Close) -> None:
    del close.lists[2], close.opened[2]
    left_out(2)(close)
    close.records = lambda records: [Erasures(LA, 1), *records]


def statement_rejected(close: Close) -> None:
    all_of(left_out(2), withheld(2), decided_before(2, "reject"))(close)


def result_withheld_by_false_counts(close: Close) -> None:
    """The map says that nobody passed or disagreed, and that many agreed."""
    counts = counts_on_the_map()
    counts[1] = {"A": (0, 0, 0), "none": (40, 0, 0)}
    close.map = map_data(counts, MINIMUM)
    withheld(1, lines=16 + 40)(close)


def people_moved(close: Close) -> None:
    counts = counts_on_the_map()
    counts[1] = {"A": counts[1]["none"], "none": counts[1]["A"]}
    close.map = map_data(counts, MINIMUM)


def other_shares(close: Close) -> None:
    close.map |= {"groups": [], "middle_ground": [1], "divisive": [2]}
    for each in close.map["statements"]:
        each["shares"] = {"A": {"agree": 0.99, "low": 0.9, "high": 1.0}}


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
    Unseen(
        "a statement said to be deleted, and on no map",
        statement_said_to_be_deleted,
        "Its author may delete it. The log tells how many were; promises on it are broken",
    ),
    Unseen(
        "a statement kept from the map by a decision",
        statement_rejected,
        "Moderators may. The log tells each decision, and so does the page of them",
    ),
    Unseen(
        "false counts of a statement that stays shut",
        result_withheld_by_false_counts,
        "What is not opened cannot be added up. The verdict tells how many statements stay shut; "
        "who is given the sealed votes computes the map again",
    ),
    Unseen(
        "people moved between groups on the map",
        people_moved,
        "The log opens sums over all groups. Who is given the sealed votes computes the map again",
    ),
    Unseen(
        "other shares, places and findings on the map",
        other_shares,
        "They follow from single votes. Who is given the sealed votes computes the map again",
    ),
    Unseen("never closed", never_closed, "The finding “closing” names open dialogues"),
    Unseen("lists without an end", results_without_an_end, "As if the log were copied meanwhile"),
    Unseen("a box without votes", box_of_other_votes, "A box is random bytes to everybody else"),
    Unseen("words kept back", texts_kept_back, "The finding “text” tells how many are shown"),
]

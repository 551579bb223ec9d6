"""The sealed vote matrix: all input of a published map, for an auditor in confidence.

::

    sealed-votes/v1
    salt <nonce>
    dialogue los-angeles
    engine 1.4
    seed 7
    options {"dimensions": 4, …}
    previous {…}                     the facts of the previous map, or null
    statement 17 12 The words.       key in the map's figures, number, words
    …
    participant open 17+ 19- 20=     tier, then votes: agree, disagree, pass
    participant invited 17-? 21+     question mark: the participant looked the statement up
    beside invited 17+ 19+           not in the map, counted only: the host excluded this tier
    …

The log holds SHA-256 of the whole file; because of the salt, the hash cannot confirm a guess.
Participants have no name or pseudonym and are sorted by their random numbers. A line holds all
answers of one participant, so a few known votes identify the line and reveal the others: the file
is never published.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from middleground.ledger.codecs.field_codecs import LABEL, NONCE, NUMBER, BadRecord

_MARKS = {1: "+", 0: "=", -1: "-"}
_VOTE = re.compile(r"([0-9]{1,19})([+=-])(\??)")
_HEAD = ("salt", "dialogue", "engine", "seed", "options", "previous")


@dataclass(frozen=True, slots=True)
class VoteMatrix:
    """Votes as parallel arrays of equal length, with participants numbered from 0, and tiers.

    ``statements`` maps the keys in ``statement`` and in the figures to number and words.
    ``beside`` is true for participants who are counted only and have no part in the map.
    """

    salt: bytes
    dialogue: str
    engine: str
    seed: int
    options: dict[str, Any]
    previous: dict[str, Any] | None
    statements: dict[int, tuple[int, str]]
    tiers: tuple[str, ...]
    beside: tuple[bool, ...]
    participant: NDArray[np.int64]
    statement: NDArray[np.int64]
    value: NDArray[np.int8]
    dealt: NDArray[np.bool_]


def write_matrix(matrix: VoteMatrix) -> bytes:
    """Encode the file. Raises ``BadRecord``."""
    return "".join(_lines(matrix)).encode()


def read_matrix(data: bytes) -> VoteMatrix:
    """Decode the file. Raises ``BadRecord`` unless ``write_matrix`` writes the same bytes."""
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError as problem:
        raise BadRecord("the file is not UTF-8") from problem
    if lines[0] != "sealed-votes/v1" or lines[-1] or len(lines) < 2 + len(_HEAD):
        raise BadRecord("the file does not begin as sealed votes do, or is cut off")
    head = {
        name: _after(line, name)
        for name, line in zip(_HEAD, lines[1 : 1 + len(_HEAD)], strict=True)
    }
    statements, participants = _body(lines[1 + len(_HEAD) : -1])
    votes = [vote for _, _, own in participants for vote in own]
    matrix = VoteMatrix(
        salt=NONCE.read(head["salt"]),
        dialogue=LABEL.read(head["dialogue"]),
        engine=head["engine"],
        seed=NUMBER.read(head["seed"]),
        options=_json(head["options"]),
        previous=_json(head["previous"]),
        statements=statements,
        tiers=tuple(tier for _, tier, _ in participants),
        beside=tuple(kind == "beside" for kind, _, _ in participants),
        participant=np.repeat(
            np.arange(len(participants)), [len(own) for _, _, own in participants]
        ),
        statement=np.array([vote[0] for vote in votes], dtype=np.int64),
        value=np.array([vote[1] for vote in votes], dtype=np.int8),
        dealt=np.array([vote[2] for vote in votes], dtype=np.bool_),
    )
    if write_matrix(matrix) != data:
        raise BadRecord("the file is not spelled as sealed votes are")
    return matrix


def _lines(matrix: VoteMatrix) -> Iterator[str]:
    yield "sealed-votes/v1\n"
    yield f"salt {NONCE.write(matrix.salt)}\ndialogue {LABEL.write(matrix.dialogue)}\n"
    yield f"engine {matrix.engine}\nseed {NUMBER.write(matrix.seed)}\n"
    yield f"options {_one_line(matrix.options)}\nprevious {_one_line(matrix.previous)}\n"
    for key, (number, words) in sorted(matrix.statements.items()):
        yield f"statement {key} {NUMBER.write(number)} {words}\n"
    columns = (matrix.statement, matrix.value, matrix.dealt)
    votes = [
        f"{statement}{_MARKS[value]}{'' if dealt else '?'}"
        for statement, value, dealt in zip(*(each.tolist() for each in columns), strict=True)
    ]
    order = np.lexsort((matrix.statement, matrix.participant))
    ends = np.searchsorted(matrix.participant[order], np.arange(len(matrix.tiers)), side="right")
    start = 0
    for tier, beside, end in zip(matrix.tiers, matrix.beside, ends.tolist(), strict=True):
        own = [votes[place] for place in order[start:end].tolist()]
        kind = "beside" if beside else "participant"
        yield f"{' '.join([kind, LABEL.write(tier), *own])}\n"
        start = end


def _body(
    lines: list[str],
) -> tuple[dict[int, tuple[int, str]], list[tuple[str, str, list[tuple[int, int, bool]]]]]:
    statements: dict[int, tuple[int, str]] = {}
    participants = []
    for line in lines:
        kind, _, rest = line.partition(" ")
        if kind == "statement":
            key, number, words = (*rest.split(" ", 2), "", "")[:3]
            statements[NUMBER.read(key)] = NUMBER.read(number), words
        elif kind in ("participant", "beside"):
            tier, *own = rest.split(" ")
            participants.append((kind, LABEL.read(tier), [_vote(word) for word in own]))
        else:
            raise BadRecord(f"{line[:40]!r} is neither a statement nor a participant")
    return statements, participants


def _vote(word: str) -> tuple[int, int, bool]:
    match = _VOTE.fullmatch(word)
    if not match:
        raise BadRecord(f"{word[:40]!r} is not a vote")
    value = {mark: value for value, mark in _MARKS.items()}[match[2]]
    return NUMBER.read(match[1]), value, not match[3]


def _after(line: str, name: str) -> str:
    if not line.startswith(f"{name} "):
        raise BadRecord(f"the line of {name} is missing")
    return line.removeprefix(f"{name} ")


def _one_line(value: dict[str, Any] | None) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as problem:
        raise BadRecord(f"not JSON: {problem}") from problem

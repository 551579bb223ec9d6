"""Votes with a known structure: camps, crowds without groups, and the real conversations."""

from __future__ import annotations

import csv

import numpy as np

from middleground.engine import Votes
from support.real_conversations import real_folder


def camps(participants: int = 60, statements: int = 20) -> Votes:
    """Two camps: statements 0-4 shared by all, the rest split; a tenth is noise.

    Every third participant is in the smaller camp, which agrees with the even split statements.
    """
    rng = np.random.default_rng(5)
    participant, statement = np.divmod(np.arange(participants * statements), statements)
    side = np.where(participant % 3 == 0, -1, 1)
    value = np.where(statement < 5, 1, side * np.where(statement % 2, 1, -1))
    noise = rng.random(len(value)) < 1 / 10
    return Votes(participant, statement, np.where(noise, -value, value))


def crowd(participants: int = 200, statements: int = 40, seed: int = 0) -> Votes:
    """No groups: everyone agrees with each statement with the statement's own probability."""
    rng = np.random.default_rng(seed)
    share = rng.uniform(0.15, 0.9, statements)
    participant, statement = np.nonzero(rng.random((participants, statements)) < 0.6)
    value = np.where(rng.random(len(statement)) < share[statement], 1, -1)
    value[rng.random(len(value)) < 0.1] = 0
    return Votes(participant, statement, value)


def cloud(participants: int = 600, statements: int = 60, seed: int = 0) -> Votes:
    """No groups: opinions are positions from one isotropic normal distribution in the plane."""
    rng = np.random.default_rng(seed)
    position = rng.standard_normal((participants, 2))
    loading = rng.standard_normal((statements, 2))
    logit = rng.standard_normal(statements) + position @ loading.T
    participant, statement = np.nonzero(rng.random((participants, statements)) < 0.5)
    chance = 1 / (1 + np.exp(-logit[participant, statement]))
    return Votes(participant, statement, np.where(rng.random(len(chance)) < chance, 1, -1))


def three_camps(participants: int = 300, statements: int = 45) -> Votes:
    """Each camp agrees with its own third of the statements; an eighth is noise."""
    rng = np.random.default_rng(2)
    participant, statement = np.divmod(np.arange(participants * statements), statements)
    value = np.where(participant % 3 == statement % 3, 1, -1)
    noise = rng.random(len(value)) < 1 / 8
    return Votes(participant, statement, np.where(noise, -value, value))


def real_votes(name: str) -> tuple[Votes, tuple[int, ...]]:
    """Votes and rejected statements of a real conversation, read without the product's reader."""
    folder = real_folder(name)
    with (folder / "votes.csv").open(newline="", encoding="utf-8") as file:
        rows = [(r["voter-id"], r["comment-id"], r["vote"]) for r in csv.DictReader(file)]
    with (folder / "comments.csv").open(newline="", encoding="utf-8") as file:
        rejected = [int(r["comment-id"]) for r in csv.DictReader(file) if r["moderated"] == "-1"]
    columns = np.array(rows, dtype=np.int64).T
    return Votes(columns[0], columns[1], columns[2]), tuple(rejected)

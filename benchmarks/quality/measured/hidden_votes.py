"""Hides a fifth of the votes and compares how well each method predicts them."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import expit

from middleground.engine import Options, Votes, analyse
from middleground.engine.arrays.canonical_order import tabulate
from middleground.engine.polis_method.pca import PrincipalPlane
from middleground.engine.polis_method.vote_calibration import fit_vote_calibration, log_odds
from quality import red_dwarf
from quality.baselines import look_up, person_and_statement, statement_mean
from quality.data import SEEDS, Floats, Ints, conversations, part
from quality.scores import auc, calibration_error, chance_calibration_error, log_loss, tenths

METHODS = ("statement mean", "person + statement", "red-dwarf", "parity", "ours")


def measure() -> dict[str, Any]:
    """Measure log loss, AUC and calibration error by method and conversation, means over seeds."""
    found: dict[str, dict[str, list[float]]] = {name: {} for name in METHODS}
    said: dict[str, list[tuple[Floats, Any]]] = {"parity": [], "ours": []}
    luck: dict[str, float] = {}
    for name, votes in conversations():
        runs: dict[str, list[list[float]]] = {method: [] for method in METHODS}
        for seed in range(SEEDS):
            held = np.random.default_rng(seed).random(len(votes)) < 0.2
            asked = held & (votes.value != 0)
            answer = votes.value[asked] > 0
            chances = predictions(
                part(votes, ~held), votes.participant[asked], votes.statement[asked], seed
            )
            for method, chance in chances.items():
                scores = (log_loss, auc, calibration_error)
                runs[method].append([score(chance, answer) for score in scores])
            for method, kept in said.items():
                kept.append((chances[method], answer))
        luck[name] = float(
            np.mean([chance_calibration_error(chance) for chance, _ in said["ours"][-SEEDS:]])
        )
        for method, rows in runs.items():
            if rows:
                found[method][name] = np.mean(rows, axis=0).tolist()
    pooled = {
        name: [np.concatenate(each) for each in zip(*rows, strict=True)]
        for name, rows in said.items()
    }
    return {
        "methods": {name: rows for name, rows in found.items() if rows},
        "pooled calibration": {name: calibration_error(*rows) for name, rows in pooled.items()},
        "calibration by luck": luck,
        "tenths": {name: tenths(*rows) for name, rows in pooled.items()},
    }


def predictions(train: Votes, participants: Ints, asked: Ints, seed: int) -> dict[str, Floats]:
    chances = {
        "statement mean": statement_mean(train, participants, asked),
        "person + statement": person_and_statement(train, participants, asked),
        "parity": analyse(train, Options(parity=True), seed=seed).predict(participants, asked),
        "ours": analyse(train, seed=seed).predict(participants, asked),
    }
    theirs = red_dwarf.run(train, seed)
    if not isinstance(theirs, str):
        chances["red-dwarf"] = by_their_plane(train, theirs, participants, asked)
    return chances


def by_their_plane(train: Votes, theirs: dict[str, Any], participants: Ints, asked: Ints) -> Floats:
    """Apply parity mode's rule to red-dwarf's positions, because it gives no probabilities."""
    table = tabulate(train)
    at = look_up(np.array(theirs["statements"]), table.statements)
    who = look_up(np.array(theirs["people"]), table.participants)
    plane = PrincipalPlane(
        np.array(theirs["mean"])[at],
        np.array(theirs["axes"]).T[at],
        np.array(theirs["points"])[who],
        np.sqrt(len(at) / np.diff(table.indptr)),
    )
    alpha, beta, gamma = fit_vote_calibration(table, plane)
    agree, disagree = (
        np.bincount(table.column[table.value == v], minlength=len(at)) for v in (1, -1)
    )
    odds = log_odds(agree, disagree)
    odds = np.append(odds[np.argsort(table.statements)], odds.mean())
    loading = np.vstack([np.array(theirs["axes"]).T, np.zeros(2)])
    points = np.vstack([np.array(theirs["points"]), np.zeros(2)])
    column = look_up(np.array(theirs["statements"]), asked)
    moved = (points[look_up(np.array(theirs["people"]), participants)] * loading[column]).sum(
        axis=1
    )
    chance: Floats = expit(alpha + beta * odds[column] + gamma * moved)
    return chance


def show(found: dict[str, Any]) -> None:
    methods = found["methods"]
    names = list(next(iter(methods.values())))
    for k, title in enumerate(("Log loss", "AUC", "Calibration error")):
        print(f"\n**{title}**\n")
        print("| conversation | " + " | ".join(methods) + " |")
        print("|---" * (1 + len(methods)) + "|")
        for name in names:
            row = [f"{methods[method][name][k]:.3f}" for method in methods]
            print(f"| {name} | " + " | ".join(row) + " |")
        mean = [np.mean([row[k] for row in methods[method].values()]) for method in methods]
        print("| **mean** | " + " | ".join(f"{x:.3f}" for x in mean) + " |")
    ours, parity = methods["ours"], methods["parity"]
    loss = [np.mean([row[0] for row in each.values()]) for each in (ours, parity)]
    better = sum(ours[name][0] < parity[name][0] for name in names)
    print(
        f"\nLog loss, ours / parity: {loss[0] / loss[1]:.3f}; better on {better} of {len(names)}."
    )
    pooled = ", ".join(f"{name} {x:.3f}" for name, x in found["pooled calibration"].items())
    print(f"Calibration error over all votes together: {pooled}.")
    luck = ", ".join(f"{name} {x:.3f}" for name, x in found["calibration by luck"].items())
    mean = np.mean(list(found["calibration by luck"].values()))
    print(f"Were each of our probabilities exactly true, it would be {mean:.3f} ({luck}).")

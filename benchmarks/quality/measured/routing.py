"""Log loss on hidden votes after some answers, with selected and with random statements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.special import expit

from middleground.engine import MapFacts, StatementSelector, Votes, analyse
from middleground.engine.selection.project import participant_posteriors
from quality.data import conversations, part
from quality.scores import log_loss

ANSWERS = 15
# The most participants per conversation, and the fewest for a conversation to count.
_MOST, _LEAST = 150, 10


def measure() -> dict[str, Any]:
    """Measure the mean log loss after 1..15 answers per conversation, both ways."""
    found = {}
    for name, votes in conversations():
        curves = _curves(votes)
        if curves is not None:
            found[name] = curves
            print(name, "done")
    return found


def _curves(votes: Votes) -> dict[str, list[float]] | None:
    rng, participants = np.random.default_rng(0), np.unique(votes.participant)
    learn = np.isin(votes.participant, participants[rng.random(len(participants)) < 0.6])
    facts = analyse(part(votes, learn)).facts
    rest = part(votes, ~learn)
    losses: dict[str, list[list[float]]] = {"random": [], "routed": []}
    for person in rng.permutation(np.unique(rest.participant)):
        own = rest.participant == person
        asked, values = rest.statement[own], rest.value[own]
        hidden = rng.random(len(asked)) < 0.3
        if np.count_nonzero(~hidden) < 25 or np.count_nonzero(values[hidden]) < 5:
            continue
        pool = dict(zip(asked[~hidden].tolist(), values[~hidden].tolist(), strict=True))
        test = dict(zip(asked[hidden].tolist(), values[hidden].tolist(), strict=True))
        for way, each in losses.items():
            each.append(list(_answers(facts, pool, test, way == "routed", rng)))
        if len(losses["random"]) == _MOST:
            break
    if len(losses["random"]) < _LEAST:
        return None
    return {way: np.mean(each, axis=0).tolist() for way, each in losses.items()}


def _answers(
    facts: MapFacts,
    pool: dict[int, int],
    test: dict[int, int],
    routed: bool,
    rng: np.random.Generator,
) -> Iterator[float]:
    router = StatementSelector.from_facts(facts, pool)
    voted: list[int] = []
    for _ in range(ANSWERS):
        choice = router.choose(voted, [pool[s] for s in voted], rng) if routed else None
        left = [s for s in pool if s not in voted]
        voted.append(choice.statement if choice else int(rng.choice(left)))
        yield _loss_from(facts, {s: pool[s] for s in voted}, test)


def _loss_from(facts: MapFacts, told: dict[int, int], test: dict[int, int]) -> float:
    known = {s.statement: s for s in facts.statements}
    sides = [(known[s], v) for s, v in told.items() if v and s in known]
    precision = np.array([1 / facts.model.b_variance, *[1.0] * len(facts.model.scale)])
    means, spreads = participant_posteriors(
        np.array([s.intercept for s, _ in sides]),
        np.array([(1.0, *s.loading) for s, _ in sides]).reshape(-1, len(precision)),
        np.array([[v / 2 for _, v in sides]]),
        precision,
    )
    mean, spread = means[0], spreads[0]
    asked = [known[s] for s, v in test.items() if v and s in known]
    f = np.array([(1.0, *s.loading) for s in asked]).reshape(-1, len(precision))
    variance = np.einsum("ni,ij,nj->n", f, spread, f)
    logit = np.array([s.intercept for s in asked]) + f @ mean
    answer = np.array([test[s.statement] > 0 for s in asked])
    return log_loss(expit(logit / np.sqrt(1 + np.pi / 8 * variance)), answer)


def needed(curves: dict[str, list[float]]) -> int | None:
    """Count selected answers until the loss equals that of all random ones; None if never."""
    reached = np.flatnonzero(np.array(curves["routed"]) <= curves["random"][-1])
    return int(reached[0]) + 1 if len(reached) else None


def average(found: dict[str, Any]) -> dict[str, list[float]]:
    return {
        way: np.mean([curves[way] for curves in found.values()], axis=0).tolist()
        for way in ("random", "routed")
    }


def show(found: dict[str, Any]) -> None:
    print("\n| conversation | random at 15 | routed at 5 | 8 | 11 | 15 | answers needed |")
    print("|---|---|---|---|---|---|---|")
    for name, curves in {**found, "**mean**": average(found)}.items():
        routed = curves["routed"]
        cells = [curves["random"][-1], *(routed[k - 1] for k in (5, 8, 11, 15))]
        print(f"| {name} | " + " | ".join(f"{x:.3f}" for x in cells) + f" | {needed(curves)} |")
